"""Who may do what with people. Each answer is a `Decision` with its reasons. Must not change anything."""

from accounts.models import User
from accounts.selectors import other_administrator_exists
from core.decisions import ALLOWED, Decision, allowed_if, refused

LAST_ADMINISTRATOR = "This is the last administrator; make somebody else administrator first."


def may_manage_people(actor: User) -> Decision:
    """Only active administrators see and change the list of people."""
    return allowed_if(actor.is_active and actor.is_administrator, "Only administrators manage people.")


def may_invite(actor: User) -> Decision:
    """Only administrators invite; an app above may bring its own decision for its own roles."""
    return allowed_if(actor.is_active and actor.is_administrator, "Only administrators invite people.")


def may_deactivate(actor: User, user: User) -> Decision:
    """Administrators, not themselves, and never the last one."""
    return may_manage_people(actor) and _may_switch_off(actor, user)


def _may_switch_off(actor: User, user: User) -> Decision:
    if not user.is_active:
        return refused("This account is already deactivated.")
    if actor.pk == user.pk:
        return refused("You cannot deactivate your own account; another administrator can.")
    return _keeps_an_administrator(user)


def may_reactivate(actor: User, user: User) -> Decision:
    """Administrators, and only an account that is switched off."""
    return may_manage_people(actor) and allowed_if(not user.is_active, "This account is already active.")


def may_set_administrator(actor: User, user: User, *, on: bool) -> Decision:
    """Administrators; the right goes only to active people and never leaves the last holder."""
    allowed = may_manage_people(actor)
    if not allowed:
        return allowed
    if on:
        return allowed_if(user.is_active, "A deactivated account cannot hold rights.")
    return _keeps_an_administrator(user)


def may_set_executive_viewer(actor: User, user: User) -> Decision:
    """Administrators, for active people."""
    return may_manage_people(actor) and allowed_if(user.is_active, "A deactivated account cannot hold rights.")


def may_change_profile(actor: User, user: User) -> Decision:
    """People change their own profile and absences; administrators anybody's."""
    own = actor.is_active and actor.pk == user.pk
    return allowed_if(own or bool(may_manage_people(actor)), "Only the person or an administrator changes this.")


def _keeps_an_administrator(user: User) -> Decision:
    if not user.is_administrator or other_administrator_exists(user):
        return ALLOWED
    return refused(LAST_ADMINISTRATOR)
