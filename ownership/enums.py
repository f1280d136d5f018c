"""Closed lists of ownership. Must not import Django."""

from enum import StrEnum


class Seat(StrEnum):
    """Which of the two people of a role is meant."""

    OWNER = "owner"
    DEPUTY = "deputy"


class Answer(StrEnum):
    """What became of a nomination."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        """The word on screen."""
        return "Waiting" if self is Answer.OPEN else self.value.capitalize()


class GapKind(StrEnum):
    """What is missing behind an ownership area or a role."""

    NOBODY = "nobody"
    DEACTIVATED = "deactivated"
    NOT_ACCEPTED = "not-accepted"
    NOT_YET = "not-yet"
    NO_DEPUTY = "no-deputy"
    DEPUTY_NOT_ACCEPTED = "deputy-not-accepted"
    AWAY = "away"
    TOO_MANY = "too-many"
    UNREACHED = "unreached"


class Severity(StrEnum):
    """How loud a gap is: one that blocks keeps an area from counting as owned."""

    BLOCKS = "blocks"
    WARNS = "warns"

    @property
    def colour(self) -> str:
        """The status colour a gap is drawn in."""
        return "red" if self is Severity.BLOCKS else "amber"


class Act(StrEnum):
    """The one act that mends a gap."""

    NOMINATE_OWNER = "nominate-owner"
    NOMINATE_DEPUTY = "nominate-deputy"
    ACCEPT = "accept"
    ACCEPT_DEPUTY = "accept-deputy"
    WAIT = "wait"
    COVER = "cover"
    SPREAD = "spread"
    COVER_MAIL = "cover-mail"

    @property
    def label(self) -> str:
        """The words of the button."""
        return _ACTS[self]


_ACTS = {
    Act.NOMINATE_OWNER: "Nominate an owner",
    Act.NOMINATE_DEPUTY: "Nominate a deputy",
    Act.ACCEPT: "Accept it",
    Act.ACCEPT_DEPUTY: "Accept it as deputy",
    Act.WAIT: "See the nomination",
    Act.COVER: "See what stops",
    Act.SPREAD: "Hand one over",
    Act.COVER_MAIL: "Nominate somebody else",
}
