"""``manage.py generate_portfolio --programs N [--seed S]``: a realistic portfolio for benchmarks and demonstrations."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from playbooks.services.bulk import generate

MOST = 10_000


class Command(BaseCommand):
    """Adds to what is there; the same seed on the same day draws the same programs."""

    help = "Generate programs with people, progress and activity for benchmarks. Not for an installation in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare how many, and the seed of the draw."""
        parser.add_argument("--programs", type=_number, required=True, metavar="N", help=f"how many, 1 to {MOST}")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed draws the same (default 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate and say how many."""
        made = generate(programs=options["programs"], seed=options["seed"], now=clock.now())
        self.stdout.write(f"{made} programs generated")


def _number(text: str) -> int:
    number = int(text) if text.isdigit() else 0
    if not 1 <= number <= MOST:
        raise ArgumentTypeError(f"takes a whole number from 1 to {MOST}, not {text!r}")
    return number
