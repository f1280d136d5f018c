"""What is measured in production."""

from django.apps import AppConfig

from activity.listeners import subscribe


class MetricsConfig(AppConfig):
    """Metrics app."""

    name = "metrics"

    def ready(self) -> None:
        """Hear of steps of the plan in the transaction in which they happen, to refuse what is not borne out (S52)."""
        # Models exist only once all apps are loaded.
        from metrics.services.guards import on_activity  # noqa: PLC0415

        subscribe(on_activity)
