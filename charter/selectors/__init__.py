"""Reads of the charter: what pages, gates and reports ask. Must not write."""

from charter.selectors.outcome import OutcomeReading, outcome_reading
from charter.selectors.problem import unsigned_after_day

__all__ = ["OutcomeReading", "outcome_reading", "unsigned_after_day"]
