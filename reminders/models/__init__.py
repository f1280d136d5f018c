"""Tables of the reminder engine, one subject a file. The database is the queue; nothing else holds work."""

from reminders.models.delivery import Attempt, Delivery, Mail
from reminders.models.engine import EngineState, MailboxMessage, ProgramPlan, Rule
from reminders.models.operations import Alarm, Heartbeat, Tally

__all__ = [
    "Alarm",
    "Attempt",
    "Delivery",
    "EngineState",
    "Heartbeat",
    "Mail",
    "MailboxMessage",
    "ProgramPlan",
    "Rule",
    "Tally",
]
