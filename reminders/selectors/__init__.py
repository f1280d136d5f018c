"""Reads of the reminder engine, one subject a file. Must not write."""

from reminders.selectors.facts import load_facts, load_rules
from reminders.selectors.health import Health, delivery_report, health
from reminders.selectors.ledger import LedgerFilter, ledger, state_counts

__all__ = [
    "Health",
    "LedgerFilter",
    "delivery_report",
    "health",
    "ledger",
    "load_facts",
    "load_rules",
    "state_counts",
]
