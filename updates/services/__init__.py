"""Writes of the updates app."""

from updates.services.posting import acknowledge, post_update
from updates.services.subscribing import subscribe

__all__ = ["acknowledge", "post_update", "subscribe"]
