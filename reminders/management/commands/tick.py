"""`manage.py tick`: one pass of the engine by hand, for cron, for looking, for tests."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reminders.services import tick


class Command(BaseCommand):
    """Plan, compose and send once, then say what was done."""

    help = "One pass of the reminder engine; prints what it did."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--json`."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the pass. Exit 0 also when mails were refused: the counts say so."""
        done = tick().as_json()
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(", ".join(f"{name} {number}" for name, number in done.items()))
