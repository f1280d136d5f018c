"""Writes of the plan, one subject a file: policy, transaction, change, activity entry."""

from phases.services.dates import forecast, redate, redate_event
from phases.services.evidence import add_evidence, withdraw_evidence
from phases.services.people import delegate, reassign
from phases.services.review import hand_in, send_back, verify
from phases.services.series import add_series
from phases.services.tasks import complete_task, reopen_task

__all__ = [
    "add_evidence",
    "add_series",
    "complete_task",
    "delegate",
    "forecast",
    "hand_in",
    "reassign",
    "redate",
    "redate_event",
    "reopen_task",
    "send_back",
    "verify",
    "withdraw_evidence",
]
