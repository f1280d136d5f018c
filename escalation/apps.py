"""Start-up of escalation: listens to the activity record, so that metrics and risks need not know of it."""

from django.apps import AppConfig

from activity.listeners import subscribe


class EscalationConfig(AppConfig):
    """Escalation app."""

    name = "escalation"

    def ready(self) -> None:
        """Hear of breaches, acknowledgements and finished actions in the transaction in which they happen."""
        # Models exist only once all apps are loaded.
        from escalation.services.listening import on_activity  # noqa: PLC0415

        subscribe(on_activity)
