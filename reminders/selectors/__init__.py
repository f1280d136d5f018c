"""Reads of the reminder engine, one subject a file. Must not write."""

from reminders.selectors.facts import load_facts, load_rules
from reminders.selectors.health import Health, delivery_report, health
from reminders.selectors.ledger import LedgerFilter, ledger, state_counts
from reminders.selectors.preview import PreviewDay, preview

__all__ = [
    "Health",
    "LedgerFilter",
    "PreviewDay",
    "delivery_report",
    "health",
    "ledger",
    "load_facts",
    "load_rules",
    "preview",
    "state_counts",
]
