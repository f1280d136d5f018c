"""Closed lists of the programs app. Must not import Django."""

from enum import StrEnum


class ProgramState(StrEnum):
    """Where a program is in its life; only an active one sends reminders.

    Running means handed over by Go at the last gate; stopped, ended on purpose before; closed, ended after running.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    RUNNING = "running"
    STOPPED = "stopped"
    CLOSED = "closed"


class Duration(StrEnum):
    """Unit of a response or waiting time."""

    AT_ONCE = "at_once"
    MINUTES = "minutes"
    HOURS = "hours"
    SAME_DAY = "same_day"
    WORKING_DAYS = "working_days"


SPONSOR = "sponsor"
PROGRAM_MANAGER = "program-manager"
RISK_LEAD = "risk-governance-lead"
