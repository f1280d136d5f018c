"""Registers the app with Django and asks to hear of every change. Must not do more when it loads."""

from django.apps import AppConfig

from activity.listeners import subscribe


class DashboardConfig(AppConfig):
    """The pages members open first."""

    name = "dashboard"

    def ready(self) -> None:
        """Mark a program's portfolio line as out of date whenever something happens in it."""
        # Models cannot be imported while the app registry loads.
        from dashboard.services import changed  # noqa: PLC0415  (models load later)

        subscribe(changed)
