"""Closed lists of the calendars app. Must not import Django."""

from enum import StrEnum


class Method(StrEnum):
    """What an invitation mail asks of a calendar (RFC 5546)."""

    REQUEST = "request"
    CANCEL = "cancel"


class FeedKind(StrEnum):
    """What a feed holds: everything that is one person's, everything of a program, or what executives may see."""

    MINE = "mine"
    PROGRAM = "program"
    STATUS = "status"
