"""Closed lists of the governance app. Must not import Django."""

from enum import StrEnum


class GovernanceKind(StrEnum):
    """The four kinds of event after day 90 (S76)."""

    REVIEW = "review"
    AUDIT = "audit"
    UPDATE = "update"
    REASSESSMENT = "reassessment"


class Finding(StrEnum):
    """What an occurrence came to; not held is written by the application when a later one was."""

    IN_ORDER = "in-order"
    ACTIONS = "actions"
    ESCALATED = "escalated"
    NOT_HELD = "not-held"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {
            Finding.IN_ORDER: "In order",
            Finding.ACTIONS: "Actions agreed",
            Finding.ESCALATED: "Escalated",
            Finding.NOT_HELD: "Not held",
        }[self]


class Basis(StrEnum):
    """Where a benefit value comes from; with a second person's check it gives the grade."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    NONE = "none"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {
            Basis.MEASURED: "Measured",
            Basis.ESTIMATED: "Estimated",
            Basis.NONE: "Nothing could be read",
        }[self]


class ChangeKind(StrEnum):
    """What was changed; all four go the same route (g90-change-control)."""

    MODEL = "model"
    DATA = "data"
    PROMPT = "prompt"
    PROCESS = "process"
