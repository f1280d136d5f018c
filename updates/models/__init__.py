"""Tables of the updates app."""

from updates.models.subscription import Subscription
from updates.models.update import Acknowledgement, StatusUpdate

__all__ = ["Acknowledgement", "StatusUpdate", "Subscription"]
