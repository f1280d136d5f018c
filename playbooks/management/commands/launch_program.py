"""``manage.py launch_program SPEC [--dry-run] [--json]``: launch a program from a specification file.

Parses, calls, prints; the rules are in the domain and the launch service.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from playbooks.domain.faults import Fault, FileFaultsError
from playbooks.domain.plan import LaunchPlan, plan_launch
from playbooks.domain.spec import LaunchSpec, parse_spec
from playbooks.domain.yamltree import MAX_BYTES
from playbooks.selectors import free_program_slug, known_playbooks
from playbooks.services import launch
from playbooks.text import plan_text

FAULTY = 2


class Command(BaseCommand):
    """Exit 0 when launched (or planned); exit 2 with one line a fault on standard error, and nothing saved."""

    help = "Launch a program from a specification file (YAML). --dry-run prints the dated plan and saves nothing."
    requires_system_checks: tuple[str, ...] = ()  # a fault in a file is answered at once

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and the two switches."""
        parser.add_argument("spec", metavar="SPEC", help="a YAML file like those in examples/")
        parser.add_argument("--dry-run", action="store_true", help="print the dated plan, save nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON document instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Launch, or print the plan. Side effects: none with --dry-run or on a fault."""
        path = str(options["spec"])
        try:
            spec = parse_spec(read_limited(path), known_playbooks())
            plan, slug = self._launch(spec, dry=options["dry_run"])
        except FileFaultsError as error:
            for fault in error.faults:
                self.stderr.write(f"{path}: {fault}", style_func=str)
            sys.exit(FAULTY)
        document = plan.as_json(slug)
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self.stdout.write(plan_text(plan, slug, launched=not options["dry_run"]))

    def _launch(self, spec: LaunchSpec, *, dry: bool) -> tuple[LaunchPlan, str]:
        plan = plan_launch(known_playbooks()[spec.program.playbook], spec)
        if dry:
            return plan, free_program_slug(spec.program.name)
        return plan, launch(actor=None, spec=spec, now=clock.now()).slug


def read_limited(path: str) -> bytes:
    """The bytes of a file, one more than the limit at most, which the reader refuses. Errors: FileFaultsError."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileFaultsError([Fault(0, "file", f"cannot be read: {error.strerror}")]) from None
