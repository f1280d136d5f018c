"""The executive page: what is shown of a program to those who decide on it, live, as it was, and shared by link."""

from django.apps import AppConfig

from activity.listeners import subscribe


class StatusPagesConfig(AppConfig):
    """Sits on everything that is recorded and changes none of it; keeps snapshots and links of its own."""

    name = "status_pages"

    def ready(self) -> None:
        """Hear of decisions and published updates, to freeze the page as it was then."""
        # Models exist only once all apps are loaded.
        from status_pages.services.snapshots import on_activity  # noqa: PLC0415

        subscribe(on_activity)
