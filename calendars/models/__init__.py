"""Tables of the calendars app."""

from calendars.models.feed import Feed
from calendars.models.invitation import Invitation, InvitationChoice, ProgramInvitations, ReviewTime

__all__ = ["Feed", "Invitation", "InvitationChoice", "ProgramInvitations", "ReviewTime"]
