"""Reads of the plan. Must not write."""

from phases.selectors.items import find_criterion, find_event, find_task, responsible_for, verifiers_for
from phases.selectors.plan import Plan, load_plan
from phases.selectors.reading import Reading, read_program

__all__ = [
    "Plan",
    "Reading",
    "find_criterion",
    "find_event",
    "find_task",
    "load_plan",
    "read_program",
    "responsible_for",
    "verifiers_for",
]
