"""`manage.py rehearse SPEC`: who will get which mail, seen by living through the whole program in fast motion.

The command starts itself once more with an environment of its own: a fresh folder with an SQLite database, a mail
server on loopback, no broker. So nothing it does can reach the installation's data, mail server or people.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from playbooks.domain.faults import FileFaultsError
from playbooks.domain.spec import LaunchSpec, parse_spec
from playbooks.management.commands.launch_program import FAULTY, read_limited
from playbooks.selectors import known_playbooks
from rehearsal.domain.letters import HEADINGS, line, row
from rehearsal.services import Scenario, rehearse
from rehearsal.services.post_office import PostOffice
from rehearsal.services.stage import set_up

LONGEST = 400
NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ROADMAP_NOW", "ROADMAP_SPEED", "DEBUG", "ALLOWED_HOSTS")


class Command(BaseCommand):
    """Exit 0 with one line per mail; exit 2 with one line per fault of the file."""

    help = "Rehearse a program from a specification file and print every mail it would send."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, how long, which scenario, which form."""
        parser.add_argument("spec", metavar="SPEC", help="a YAML file like those in examples/")
        parser.add_argument(
            "--days", type=int, default=90, help="program days to live through; 90 also shows the last gate's ladder"
        )
        parser.add_argument("--scenario", choices=[s.value for s in Scenario], default=Scenario.IDLE.value)
        parser.add_argument("--json", action="store_true", help="print one JSON object per mail")
        parser.add_argument("--inside", type=int, default=0, metavar="PORT", help="used by the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the file, then rehearse in a process and folder of its own."""
        if not 1 <= options["days"] <= LONGEST:
            raise CommandError(f"--days takes a number from 1 to {LONGEST}")
        path = str(options["spec"])
        try:
            spec = parse_spec(read_limited(path), known_playbooks())
            if options["inside"]:
                self._inside(spec, options)
                return
        except FileFaultsError as error:
            for fault in error.faults:
                self.stderr.write(f"{path}: {fault}", style_func=str)
            sys.exit(FAULTY)
        self._outside(path, options)

    def _outside(self, path: str, options: dict[str, Any]) -> None:
        """Start the rehearsal with nothing of this installation within its reach, and pass on what it prints."""
        with tempfile.TemporaryDirectory(prefix="roadmap-rehearsal-") as folder:
            port = _free_port()
            environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
            environment |= {
                "DJANGO_SETTINGS_MODULE": "roadmap_site.settings",
                "ROADMAP_DATA": folder,
                "ROADMAP_REHEARSAL": "1",
                "EMAIL_URL": f"smtp://127.0.0.1:{port}",
                "LOG_LEVEL": "WARNING",
            }
            command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "rehearse", path]
            command += ["--days", str(options["days"]), "--scenario", options["scenario"], "--inside", str(port)]
            command += ["--json"] if options["json"] else []
            with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - ourselves
                for text in child.stdout or ():
                    self.stdout.write(text, ending="")
            if child.returncode:
                sys.exit(child.returncode)

    def _inside(self, spec: LaunchSpec, options: dict[str, Any]) -> None:
        """Live through the program on the throw-away database."""
        began, count = time.monotonic(), 0
        set_up()
        if not options["json"]:
            self.stdout.write(line(HEADINGS))
        with PostOffice(options["inside"]) as post_office:
            told = rehearse(
                spec,
                days=options["days"],
                scenario=Scenario(options["scenario"]),
                post_office=post_office,
                tell=lambda text: self.stderr.write(f"not done: {text}", style_func=str),
            )
            for letter, day in told:
                count += 1
                written = (
                    json.dumps(letter.as_json(), ensure_ascii=False) if options["json"] else line(row(letter, day))
                )
                self.stdout.write(written)
        if not options["json"]:
            self.stdout.write(
                f"\n{count} mails in {options['days']} days, rehearsed in {time.monotonic() - began:.0f} s"
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
