"""Tables of chats and webhooks: the channels of programs, and what was posted to them."""

from channels.models.channel import Channel
from channels.models.post import ChannelAttempt, ChannelPost

__all__ = ["Channel", "ChannelAttempt", "ChannelPost"]
