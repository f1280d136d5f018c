"""Tables of the reminder engine, one subject a file. The database is the queue; nothing else holds work."""

from reminders.models.addresses import MailEvent, Suppression
from reminders.models.answers import Answer
from reminders.models.delivery import Attempt, Delivery, Mail
from reminders.models.engine import EngineState, MailboxMessage, ProgramPlan, Rule
from reminders.models.operations import Alarm, Heartbeat, Tally
from reminders.models.preferences import Preference

__all__ = [
    "Alarm",
    "Answer",
    "Attempt",
    "Delivery",
    "EngineState",
    "Heartbeat",
    "Mail",
    "MailEvent",
    "MailboxMessage",
    "Preference",
    "ProgramPlan",
    "Rule",
    "Suppression",
    "Tally",
]
