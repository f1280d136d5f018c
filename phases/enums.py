"""Closed lists of the phases app. Must not import Django."""

from enum import StrEnum


class EventKind(StrEnum):
    """A gate decides, a checkpoint looks; a mini-gate decides about one change after day 90 (G21)."""

    GATE = "gate"
    CHECKPOINT = "checkpoint"
    MINI_GATE = "mini-gate"


class EventState(StrEnum):
    """Whether the gate's decision or the checkpoint's outcome is on record."""

    PENDING = "pending"
    DECIDED = "decided"


class Outcome(StrEnum):
    """What can be recorded: gates, checkpoints and the launch checkpoint have their own words ("Decisions")."""

    GO = "go"
    CONDITIONAL_GO = "conditional-go"
    HOLD = "hold"
    RECYCLE = "recycle"
    STOP = "stop"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    OFF_TRACK = "off-track"
    CLEAR_TO_LAUNCH = "clear-to-launch"
    LAUNCH_WITH_CONDITIONS = "launch-with-conditions"
    DO_NOT_LAUNCH = "do-not-launch"

    @property
    def label(self) -> str:
        """Words on screen."""
        return self.value.replace("-", " ").capitalize()


GATE_WORDS = (Outcome.GO, Outcome.CONDITIONAL_GO, Outcome.HOLD, Outcome.RECYCLE, Outcome.STOP)
CHECKPOINT_WORDS = (Outcome.ON_TRACK, Outcome.AT_RISK, Outcome.OFF_TRACK)
LAUNCH_WORDS = (Outcome.CLEAR_TO_LAUNCH, Outcome.LAUNCH_WITH_CONDITIONS, Outcome.DO_NOT_LAUNCH)
UNLOCKING = (Outcome.GO, Outcome.CONDITIONAL_GO)
"""The words at a gate that unlock the next phase (G1)."""
LAUNCHING = (Outcome.CLEAR_TO_LAUNCH, Outcome.LAUNCH_WITH_CONDITIONS)
"""The words at the launch checkpoint after which real users may be exposed (G18)."""
POSTPONING = (Outcome.HOLD, Outcome.RECYCLE, Outcome.DO_NOT_LAUNCH)
"""The words after which the event stays pending, with a new date."""


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
    METRIC = "metric"


class ItemKind(StrEnum):
    """What can carry a date, a reminder and a history."""

    CRITERION = "criterion"
    TASK = "task"
    EVENT = "event"


class DateField(StrEnum):
    """Which date was changed."""

    DUE = "due"
    FORECAST = "forecast"
