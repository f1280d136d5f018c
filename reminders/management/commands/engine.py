"""`manage.py engine`: planner and sender without Celery, for cron-like operation, crash tests and restored copies."""

import json
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from reminders.enums import Process
from reminders.services import tick
from reminders.services.heartbeats import here, seen
from reminders.services.restoring import after_restore


class Command(BaseCommand):
    """Run passes of the engine until stopped (`--loop`), or one (`--once`), or make a restored copy safe."""

    help = "The reminder engine without Celery."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--loop`, `--once` or `--after-restore`, and the pause between passes."""
        kind = parser.add_mutually_exclusive_group(required=True)
        kind.add_argument("--loop", action="store_true", help="until SIGTERM or Ctrl+C")
        kind.add_argument("--once", action="store_true", help="one pass, like `tick --json`")
        kind.add_argument(
            "--after-restore",
            action="store_true",
            help="after restoring a backup, before anything else runs: pause the engine and hold all that is due",
        )
        parser.add_argument("--every", type=float, default=30.0, metavar="SECONDS", help="pause between passes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object per pass. A failed pass is told and the next one tried."""
        if options["after_restore"]:
            self.stdout.write(json.dumps({"paused": True, "held": after_restore()}))
            return
        stopped = threading.Event()
        if options["loop"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopped.set())
        while True:
            if options["loop"]:
                close_old_connections()  # one that the database has dropped meanwhile is not used again
                seen(here(Process.LOOP), Process.LOOP)
            try:
                self.stdout.write(json.dumps(tick().as_json()))
                self.stdout.flush()
            except Exception as error:
                if options["once"]:
                    raise
                self.stderr.write(f"this pass failed: {type(error).__name__}: {error}")
            if options["once"] or stopped.wait(options["every"]):
                return
