"""Closed lists of the phases app. Must not import Django."""

from enum import StrEnum


class EventKind(StrEnum):
    """A gate decides, a checkpoint looks."""

    GATE = "gate"
    CHECKPOINT = "checkpoint"


class EventState(StrEnum):
    """Whether the gate's decision or the checkpoint's outcome is on record."""

    PENDING = "pending"
    DECIDED = "decided"


class Outcome(StrEnum):
    """What can be recorded: gates take `go`, checkpoints their own words (rules file, "Decisions")."""

    GO = "go"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    OFF_TRACK = "off-track"


class Level(StrEnum):
    """How binding a criterion is at the program's tier."""

    MUST = "must"
    SHOULD = "should"

    @property
    def label(self) -> str:
        """Words on screen."""
        return "Must-meet" if self is Level.MUST else "Should-meet"


class CriterionState(StrEnum):
    """Where the proof of a criterion stands."""

    OPEN = "open"
    HANDED_IN = "handed_in"
    VERIFIED = "verified"
    SENT_BACK = "sent_back"


class TaskState(StrEnum):
    """A task is open or done; there is no percentage (honesty rule 1)."""

    OPEN = "open"
    DONE = "done"


class EvidenceKind(StrEnum):
    """How a proof is given."""

    LINK = "link"
    NOTE = "note"
    FILE = "file"


class ItemKind(StrEnum):
    """What can carry a date, a reminder and a history."""

    CRITERION = "criterion"
    TASK = "task"
    EVENT = "event"


class DateField(StrEnum):
    """Which date was changed."""

    DUE = "due"
    FORECAST = "forecast"
