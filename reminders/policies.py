"""Who looks after the engine, changes rules, answers, sends again, reads a mail, chooses what comes. Must not write."""

from accounts.models import User
from accounts.policies import may_change_profile
from core.decisions import ALLOWED, Decision, allowed_if, refused
from programs import policies as programs
from programs.enums import SPONSOR
from programs.selectors import Cast
from reminders.domain.gone import EXAMPLE
from reminders.models import Delivery
from reminders.selectors.facts import ALIVE, sends


def may_operate(actor: User) -> Decision:
    """Operations: look at the whole engine, pause it, release what is held. Administrators only."""
    return allowed_if(actor.is_administrator, "Only an administrator may look after the reminder engine.")


def may_resend(actor: User, cast: Cast) -> Decision:
    """Send a reminder again by hand: the program manager or an administrator, while reminders of the program leave."""
    if cast.program.state not in ALIVE:
        return refused(f"This program is {cast.program.state}; no reminders leave.")
    if not sends(cast.program):
        return refused(f"{EXAMPLE}.")
    return programs.may_manage(actor, cast)


def may_read_mail(actor: User, cast: Cast, recipient_id: int) -> Decision:
    """Read a mail as it was sent: the recipient, the program manager, the sponsor, their deputies, administrators."""
    if actor.pk == recipient_id or programs.in_role(actor, cast, SPONSOR) or programs.may_manage(actor, cast):
        return ALLOWED
    return refused("Only the recipient, the program manager, the sponsor or an administrator reads its text.")


def may_lift(actor: User) -> Decision:
    """Send mail again to an address from which it came back. Administrators only."""
    return allowed_if(actor.is_active and actor.is_administrator, "Only an administrator lifts this.")


def may_answer(actor: User, delivery: Delivery) -> Decision:
    """Acknowledge or snooze: whoever got the reminder, nobody in their name."""
    own = actor.is_active and actor.pk == delivery.user_id
    return allowed_if(own, "Only the person who got a reminder answers it.")


def may_change_rules(actor: User, cast: Cast) -> Decision:
    """A program's rules: its manager, the deputy or an administrator, while the program sends reminders."""
    alive = allowed_if(cast.program.state in ALIVE, f"This program is {cast.program.state}: nothing of it changes.")
    return programs.may_manage(actor, cast) and alive


def may_choose(actor: User, user: User) -> Decision:
    """What reaches a person is theirs alone to choose; not even an administrator makes it fewer."""
    own = bool(may_change_profile(actor, user)) and actor.pk == user.pk
    return allowed_if(own, "Only the person chooses what reaches them.")
