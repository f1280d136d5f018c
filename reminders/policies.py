"""Who may look after the engine, and who may answer a reminder. Must not write."""

from accounts.models import User
from core.decisions import Decision, allowed_if
from reminders.models import Delivery


def may_operate(actor: User) -> Decision:
    """Operations: look at the whole engine, pause it, release what is held. Administrators only."""
    return allowed_if(actor.is_administrator, "Only an administrator may look after the reminder engine.")


def may_answer(actor: User, delivery: Delivery) -> Decision:
    """Acknowledge or snooze: whoever got the reminder, nobody in their name."""
    own = actor.is_active and actor.pk == delivery.user_id
    return allowed_if(own, "Only the person who got a reminder answers it.")
