"""How long somebody has until an alert must be acknowledged (S73, S74). Pure; the numbers are the program's data."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from metrics.enums import AlertLevel

HOURS = {AlertLevel.WARNING: ("alert_warning_ack_hours", 24), AlertLevel.CRITICAL: ("alert_critical_ack_hours", 4)}
"""The name among a program's limits and the built-in edition's number, for programs of an edition without it."""


def acknowledge_by(opened: datetime, level: AlertLevel, limits: Mapping[str, Any]) -> datetime:
    """The instant until which an alert of `level` may wait. Errors: ValueError for a number that is none."""
    name, default = HOURS[level]
    return opened + timedelta(hours=int(limits.get(name, default)))
