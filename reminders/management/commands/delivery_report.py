"""`manage.py delivery_report`: did every mail go out, and if not, why not."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from reminders.selectors import delivery_report


class Command(BaseCommand):
    """Due, sent, waiting, failed, cancelled and expired by reason, oldest due."""

    help = "What became of all reminders."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--json`."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report."""
        report = delivery_report(clock.now())
        if options["json"]:
            self.stdout.write(json.dumps(report))
            return
        for name, value in report.items():
            if isinstance(value, dict):
                self.stdout.write(f"{name}: {sum(value.values())}")
                for reason, number in sorted(value.items()):
                    self.stdout.write(f"  {number:>6}  {reason}")
            else:
                self.stdout.write(f"{name}: {value if value not in (None, '') else '-'}")
