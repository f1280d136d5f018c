"""What the program promises and rests on: outcome, problem, brief, data, stakeholders, dependencies."""

from django.apps import AppConfig

from activity.listeners import subscribe
from phases import checks


class CharterConfig(AppConfig):
    """Sits on the registers: a frozen outcome changes by an approved scope change alone."""

    name = "charter"

    def ready(self) -> None:
        """Have a say before criteria are handed in, and hear of approved scope changes in their own transaction."""
        # Models exist only once all apps are loaded.
        from charter.selectors.gaps import CHECKS  # noqa: PLC0415 - see above
        from charter.services.follow import on_activity  # noqa: PLC0415 - see above

        for slug, check in CHECKS.items():
            checks.register(slug, check)
        subscribe(on_activity)
