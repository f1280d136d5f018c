"""Who looks after the chats and webhooks of a program. Must not write. Everybody who sees a program reads its log."""

from accounts.models import User
from core.decisions import Decision, refused
from programs.policies import may_manage
from programs.selectors import Cast


def may_configure(actor: User, cast: Cast) -> Decision:
    """Add, change, pause, renew, remove, test and resend: whoever manages the program, while it is alive."""
    may = may_manage(actor, cast)
    if may and not cast.program.is_active:
        return refused(f"This program is {cast.program.state}; nothing in it changes.")
    return may
