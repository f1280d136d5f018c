"""Closed lists of the metrics app. Must not import Django."""

from enum import StrEnum


class Direction(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {"higher": "Higher is better", "lower": "Lower is better", "range": "Inside a range"}[self.value]


class Frequency(StrEnum):
    """How often a reading is expected."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class AlertLevel(StrEnum):
    """How bad a breached limit is."""

    WARNING = "warning"
    CRITICAL = "critical"


class ReadingSource(StrEnum):
    """How a reading came in."""

    FORM = "form"
    CSV = "csv"
    API = "api"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {"form": "by hand", "csv": "imported", "api": "monitoring"}[self.value]


class Freshness(StrEnum):
    """Whether what is known of a metric is recent enough to be believed."""

    NEVER = "never"
    FRESH = "fresh"
    OVERDUE = "overdue"
    SILENT = "silent"
