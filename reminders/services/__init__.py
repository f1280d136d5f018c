"""Writes of the reminder engine: rules, planning, composing, sending, and one pass of it all."""

from reminders.services.counting import send_due, tick
from reminders.services.rules import copy_default_rules
from reminders.services.ticking import TickResult

__all__ = ["TickResult", "copy_default_rules", "send_due", "tick"]
