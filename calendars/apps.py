"""Calendars: invitations that the reminder engine carries, and feeds that a calendar program subscribes to."""

from django.apps import AppConfig

from activity.listeners import subscribe
from reminders import carried


class CalendarsConfig(AppConfig):
    """Hears of every change after the reminders did, and hands the engine what an invitation is made of."""

    name = "calendars"

    def ready(self) -> None:
        """Listen to the record; say which invitations still hold and what they carry."""
        # Models exist only once all apps are loaded.
        from calendars.services.listening import on_activity  # noqa: PLC0415  (models load later)
        from calendars.services.mailing import complete, outdated  # noqa: PLC0415  (models load later)

        subscribe(on_activity)
        carried.register(outdated=outdated, complete=complete)
