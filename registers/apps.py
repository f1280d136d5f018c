"""What a program learns and decides between gates: assumptions, issues, scope, decisions, the challenge session."""

from django.apps import AppConfig

from activity.listeners import subscribe


class RegistersConfig(AppConfig):
    """Sits on the plan; knows nothing of gates' decisions."""

    name = "registers"

    def ready(self) -> None:
        """Hear of steps of the plan in the transaction in which they happen, to refuse what is not borne out (S48)."""
        # Models exist only once all apps are loaded.
        from registers.services.guards import on_activity  # noqa: PLC0415

        subscribe(on_activity)
