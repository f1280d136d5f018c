"""Tables of the reminder engine, one subject a file. The database is the queue; nothing else holds work."""

from reminders.models.delivery import Attempt, Delivery, Mail
from reminders.models.engine import EngineState, MailboxMessage, ProgramPlan, Rule
from reminders.models.preferences import Preference

__all__ = ["Attempt", "Delivery", "EngineState", "Mail", "MailboxMessage", "Preference", "ProgramPlan", "Rule"]
