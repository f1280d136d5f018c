"""Start-up of the reminders: listens to the activity record, so that no app below has to know of mail."""

from django.apps import AppConfig
from django.conf import settings
from django.core.signals import request_finished

from activity.listeners import subscribe


class RemindersConfig(AppConfig):
    """Reminders app."""

    name = "reminders"

    def ready(self) -> None:
        """Hear of every change in the transaction in which it happens (rule 3)."""
        # Models exist only once all apps are loaded.
        from reminders.services import watchman  # noqa: PLC0415  (models load later)
        from reminders.services.changes import on_activity  # noqa: PLC0415  (models load later)
        from reminders.services.reach import on_confirmed  # noqa: PLC0415  (models load later)

        subscribe(on_activity)
        subscribe(on_confirmed)
        if settings.ENGINE_WATCHED:
            request_finished.connect(watchman.start, dispatch_uid="reminders.watchman")
