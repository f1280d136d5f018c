"""Who may share what. Must not write."""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from programs.enums import PROGRAM_MANAGER, SPONSOR
from programs.policies import in_role
from programs.selectors import Cast


def may_share(actor: User, cast: Cast) -> Decision:
    """Share a program's status: its manager, its sponsor, their deputies, an administrator.

    Asked when a link is made and again each time it is opened: a link dies with its maker's right.
    """
    if not actor.is_active:
        return refused("The account is deactivated.")
    if actor.is_administrator or in_role(actor, cast, PROGRAM_MANAGER) or in_role(actor, cast, SPONSOR):
        return ALLOWED
    who = f"{cast.manager or 'nobody at present'}) or the sponsor ({cast.sponsor or 'nobody at present'}"
    return refused(f"Only the program manager ({who}), a deputy or an administrator shares this status.")


def may_share_portfolio(actor: User) -> Decision:
    """Share a portfolio's status: administrators, who see every program in it."""
    if actor.is_active and actor.is_administrator:
        return ALLOWED
    return refused("Only an administrator shares a whole portfolio.")


def may_set_template(actor: User) -> Decision:
    """Choose the slides of the whole installation: administrators."""
    if actor.is_active and actor.is_administrator:
        return ALLOWED
    return refused("Only an administrator chooses the slide template.")
