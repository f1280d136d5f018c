"""Closed lists of the status pages. Must not import Django."""

from enum import StrEnum


class Trigger(StrEnum):
    """Why a snapshot was kept."""

    WEEKLY = "weekly"
    GATE = "gate"
    UPDATE = "update"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {"weekly": "Weekly", "gate": "Decision", "update": "Update"}[self.value]


class Area(StrEnum):
    """The lines of "where it stands", in order."""

    VALUE = "value"
    RISK = "risk"
    READINESS = "readiness"
    OWNERSHIP = "ownership"
    SCHEDULE = "schedule"
    COST = "cost"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {"risk": "Safety and risk"}.get(self.value, self.value.capitalize())
