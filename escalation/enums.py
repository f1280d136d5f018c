"""Closed lists of the escalation app. Must not import Django."""

from enum import StrEnum


class Cause(StrEnum):
    """What started an escalation."""

    BREACH = "breach"
    OVERDUE_ACTION = "overdue_action"
    HAND = "hand"

    @property
    def label(self) -> str:
        """The words shown to people."""
        return _CAUSES[self]


_CAUSES = {
    Cause.BREACH: "A limit was breached",
    Cause.OVERDUE_ACTION: "An action is overdue",
    Cause.HAND: "Pressed by hand",
}


class Subject(StrEnum):
    """What an escalation is about; ALERT is the word the record of activities uses for an alert of a metric."""

    ALERT = "metric_alert"
    ACTION = "mitigation_action"
    RISK = "risk"
    ISSUE = "issue"
    MATTER = "matter"


class Part(StrEnum):
    """In which part somebody is told."""

    HOLDER = "holder"
    DEPUTY = "deputy"
    STAND_IN = "stand_in"
