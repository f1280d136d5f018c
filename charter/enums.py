"""Closed lists of the charter. Must not import Django."""

from enum import StrEnum


class CharterKind(StrEnum):
    """What an activity entry of this app is about."""

    OUTCOME = "outcome"
    MEASUREMENT = "measurement"
    PROBLEM = "problem"
    BRIEF = "brief"
    SOURCE = "data-source"
    GAP = "data-gap"
    STAKEHOLDER = "stakeholder"
    DEPENDENCY = "dependency"


class Confidence(StrEnum):
    """How good the baseline is known, as its writer says; grade A is earned by a second person (see domain.outcome)."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    NONE = "none"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {
            Confidence.MEASURED: "Measured: there is a source and a period",
            Confidence.ESTIMATED: "Estimated: somebody's best guess",
            Confidence.NONE: "None: nobody knows yet",
        }[self]


class Seat(StrEnum):
    """Who signs a problem statement: two people (S28)."""

    BUSINESS_OWNER = "business-owner"
    SPONSOR = "sponsor"

    @property
    def label(self) -> str:
        """Words on screen."""
        return "Business owner" if self is Seat.BUSINESS_OWNER else "Sponsor"


class CheckKind(StrEnum):
    """The three things to know about a data source (S35)."""

    RELIABLE = "reliable"
    REPRESENTATIVE = "representative"
    CONTINUOUS = "continuous"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {
            CheckKind.RELIABLE: "Reliable",
            CheckKind.REPRESENTATIVE: "Representative",
            CheckKind.CONTINUOUS: "Continuously available",
        }[self]


class Finding(StrEnum):
    """What a check of a source said."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class GapSize(StrEnum):
    """How far the data of the proof of concept is from live data (S34)."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Stance(StrEnum):
    """Where a group stands towards the program (S41)."""

    UNKNOWN = "unknown"
    SUPPORTS = "supports"
    NEUTRAL = "neutral"
    WORRIED = "worried"
    OPPOSES = "opposes"


class DependencyState(StrEnum):
    """How far something we wait for is (S81)."""

    ASKED = "asked"
    AGREED = "agreed"
    DELIVERED = "delivered"
    DROPPED = "dropped"

    @property
    def is_open(self) -> bool:
        """Whether it is still waited for."""
        return self in (DependencyState.ASKED, DependencyState.AGREED)
