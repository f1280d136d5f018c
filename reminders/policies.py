"""Who may look after the engine. Must not write."""

from accounts.models import User
from core.decisions import Decision, allowed_if


def may_operate(actor: User) -> Decision:
    """Operations: look at the whole engine, pause it, release what is held. Administrators only."""
    return allowed_if(actor.is_administrator, "Only an administrator may look after the reminder engine.")


def may_lift(actor: User) -> Decision:
    """Send mail again to an address from which it came back. Administrators only."""
    return allowed_if(actor.is_active and actor.is_administrator, "Only an administrator lifts this.")
