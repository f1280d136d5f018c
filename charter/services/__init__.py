"""Writes of the charter, one subject a file: policy, transaction, change, activity entry."""

from charter.services.brief import acknowledge, publish_brief, save_brief
from charter.services.data import add_gap, add_source, change_gap, change_source, check_source, close_gap
from charter.services.dependencies import add_dependency, change_dependency
from charter.services.outcome import add_measurement, verify_baseline, verify_measurement, write_outcome
from charter.services.problem import sign_problem, write_problem
from charter.services.stakeholders import log_contact, plan_group

__all__ = [
    "acknowledge",
    "add_dependency",
    "add_gap",
    "add_measurement",
    "add_source",
    "change_dependency",
    "change_gap",
    "change_source",
    "check_source",
    "close_gap",
    "log_contact",
    "plan_group",
    "publish_brief",
    "save_brief",
    "sign_problem",
    "verify_baseline",
    "verify_measurement",
    "write_outcome",
    "write_problem",
]
