"""Who may look after the engine, change a program's rules, and choose what reaches a person. Must not write."""

from accounts.models import User
from accounts.policies import may_change_profile
from core.decisions import Decision, allowed_if
from programs.policies import may_manage
from programs.selectors import Cast
from reminders.selectors.facts import ALIVE


def may_operate(actor: User) -> Decision:
    """Operations: look at the whole engine, pause it, release what is held. Administrators only."""
    return allowed_if(actor.is_administrator, "Only an administrator may look after the reminder engine.")


def may_change_rules(actor: User, cast: Cast) -> Decision:
    """A program's rules: its manager, the deputy or an administrator, while the program sends reminders."""
    alive = allowed_if(cast.program.state in ALIVE, f"This program is {cast.program.state}: nothing of it changes.")
    return may_manage(actor, cast) and alive


def may_choose(actor: User, user: User) -> Decision:
    """What reaches a person is theirs alone to choose; not even an administrator makes it fewer."""
    own = bool(may_change_profile(actor, user)) and actor.pk == user.pk
    return allowed_if(own, "Only the person chooses what reaches them.")
