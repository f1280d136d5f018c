"""``manage.py load_example``: the example portfolio, three programs standing on day 12, 37 and 58 today."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from playbooks.services import load_examples


class Command(BaseCommand):
    """Run twice, it changes nothing the second time. Run it before the server starts: it moves the clock meanwhile."""

    help = "Load the example portfolio (three programs, removable with one click); nothing when it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and name the programs."""
        made = load_examples(now=clock.now())
        for program in made:
            self.stdout.write(f"{program.name}: /programs/{program.slug}/")
        if not made:
            self.stdout.write("The example portfolio is there already.")
