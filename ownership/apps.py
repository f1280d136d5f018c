"""Start-up of ownership: hears of roles that change hands and of accounts that close, in their own transaction."""

from django.apps import AppConfig

from activity.listeners import subscribe


class OwnershipConfig(AppConfig):
    """Ownership app."""

    name = "ownership"

    def ready(self) -> None:
        """Hear of every change in the transaction in which it happens (S60)."""
        # Models exist only once all apps are loaded.
        from ownership.services.hearing import on_activity  # noqa: PLC0415  (models load later)

        subscribe(on_activity)
