"""Start-up of the channels: listens to the activity record and is sent in the same pass as the mails."""

from django.apps import AppConfig

from activity.listeners import subscribe
from reminders import carriers


class ChannelsConfig(AppConfig):
    """Chats and webhooks of programs."""

    name = "channels"

    def ready(self) -> None:
        """Hear of every change in the transaction in which it happens; be carried by every tick."""
        # Models exist only once all apps are loaded.
        from channels.selectors.log import waiting  # noqa: PLC0415  (models load later)
        from channels.services.hearing import on_activity  # noqa: PLC0415  (models load later)
        from channels.services.passing import carry, hold_due  # noqa: PLC0415  (models load later)

        subscribe(on_activity)
        carriers.register(carriers.Outbox("post", "posts", carry, hold_due, waiting))
