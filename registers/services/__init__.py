"""Writes of the registers, one subject a file: policy, transaction, change, activity entry."""

from registers.services.assumptions import (
    add_assumption,
    change_assumption,
    explain_untested,
    rank_assumption,
    record_test,
)
from registers.services.challenge import record_session
from registers.services.decisions import log_decision
from registers.services.issues import change_issue, close_issue, open_issue, reopen_issue
from registers.services.scope import approve_scope, refuse_scope, request_scope, withdraw_scope

__all__ = [
    "add_assumption",
    "approve_scope",
    "change_assumption",
    "change_issue",
    "close_issue",
    "explain_untested",
    "log_decision",
    "open_issue",
    "rank_assumption",
    "record_session",
    "record_test",
    "refuse_scope",
    "reopen_issue",
    "request_scope",
    "withdraw_scope",
]
