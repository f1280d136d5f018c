"""Closed lists of the metrics app. Must not import Django."""

from enum import StrEnum


class Direction(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"


class Frequency(StrEnum):
    """How often a reading is expected."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class AlertLevel(StrEnum):
    """How bad a breached limit is."""

    WARNING = "warning"
    CRITICAL = "critical"
