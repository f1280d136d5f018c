"""`manage.py engine`: planner and sender without Celery, for cron-like operation and crash tests."""

import json
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from reminders.services import tick


class Command(BaseCommand):
    """Run passes of the engine until stopped (`--loop`), or one (`--once`)."""

    help = "The reminder engine without Celery."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--loop` or `--once`, and the pause between passes."""
        kind = parser.add_mutually_exclusive_group(required=True)
        kind.add_argument("--loop", action="store_true", help="until SIGTERM or Ctrl+C")
        kind.add_argument("--once", action="store_true", help="one pass, like `tick --json`")
        parser.add_argument("--every", type=float, default=30.0, metavar="SECONDS", help="pause between passes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object per pass. A failed pass is told and the next one tried."""
        stopped = threading.Event()
        if options["loop"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopped.set())
        while True:
            if options["loop"]:
                close_old_connections()  # one that the database has dropped meanwhile is not used again
            try:
                self.stdout.write(json.dumps(tick().as_json()))
                self.stdout.flush()
            except Exception as error:
                if options["once"]:
                    raise
                self.stderr.write(f"this pass failed: {type(error).__name__}: {error}")
            if options["once"] or stopped.wait(options["every"]):
                return
