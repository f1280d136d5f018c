"""Gates that decide: decisions, conditions, waivers, opinions, stop and close."""

from django.apps import AppConfig


class GatesConfig(AppConfig):
    """Sits on the plan; reads what `registers` records between gates."""

    name = "gates"

    def ready(self) -> None:
        """Let the calendar after day 90 answer for the criterion that is about it (S75)."""
        # Models exist only once all apps are loaded.
        from governance.selectors.calendar import schedule_gaps  # noqa: PLC0415
        from phases import checks  # noqa: PLC0415

        checks.register("g90-governance-calendar", schedule_gaps)
