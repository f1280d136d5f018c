"""Writes of the metrics, one subject a file: policy, transaction, change, activity entry."""

from metrics.services.alerts import acknowledge, settle, write_acknowledgement
from metrics.services.definitions import Definition, add_metric, change_limits, change_metric, confirm_metric
from metrics.services.readings import (
    Faulty,
    Stored,
    add_reading,
    correct_reading,
    finish_import,
    ingest,
    stage_import,
)
from metrics.services.tokens import Made, authenticate, create_token, revoke_token, used

__all__ = [
    "Definition",
    "Faulty",
    "Made",
    "Stored",
    "acknowledge",
    "add_metric",
    "add_reading",
    "authenticate",
    "change_limits",
    "change_metric",
    "confirm_metric",
    "correct_reading",
    "create_token",
    "finish_import",
    "ingest",
    "revoke_token",
    "settle",
    "stage_import",
    "used",
    "write_acknowledgement",
]
