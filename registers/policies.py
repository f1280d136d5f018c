"""Who may write into the registers, and who answers. Must not write.

Every function answers with the reason, which pages show beside the missing button and services send with a 403.
Everybody who sees a program reads all of its registers.
"""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from programs import policies as programs
from programs.enums import PROGRAM_MANAGER, SPONSOR
from programs.models import Role
from programs.selectors import Cast, active
from registers.models import Assumption, Issue, ScopeChange


def may_log(actor: User, cast: Cast) -> Decision:
    """Add an assumption, issue, scope change or decision: everybody with a role or deputy role here."""
    if not cast.program.is_active:
        return refused(f"This program is {cast.program.state}; nothing in it changes.")
    if actor.is_administrator or any(actor.pk == person.pk for person in cast.people):
        return ALLOWED
    if actor.is_executive_viewer:
        return refused("Executive viewers read every program and change nothing.")
    return refused("Only people with a role in this program may write here.")


def may_change_assumption(actor: User, assumption: Assumption, cast: Cast) -> Decision:
    """Reword an assumption or its test: who wrote it down, its owner or the deputy, the program manager."""
    return _own(actor, assumption, cast, cast.by_id[assumption.owner_role_id])


def may_rank(actor: User, cast: Cast) -> Decision:
    """Say which five would hurt most: the program manager, for the whole program."""
    return _manager(actor, cast)


def may_test(actor: User, assumption: Assumption, cast: Cast) -> Decision:
    """Record a test result, or explain why there is none yet: the owner, the deputy or the program manager."""
    return _role(actor, cast, cast.by_id[assumption.owner_role_id])


def may_change_issue(actor: User, issue: Issue, cast: Cast) -> Decision:
    """Correct an issue: who opened it, the role it routes to or the program manager."""
    return _own(actor, issue, cast, cast.by_id[issue.area.role_id])


def may_close_issue(actor: User, issue: Issue, cast: Cast) -> Decision:
    """Close or reopen an issue: the role of its ownership area or the program manager."""
    return _role(actor, cast, cast.by_id[issue.area.role_id])


def may_decide_scope(actor: User, change: ScopeChange, cast: Cast) -> Decision:
    """Approve or refuse: the sponsor or the deputy, never the program manager or who asked (S16, G2)."""
    allowed = may_log(actor, cast)
    if not allowed:
        return allowed
    if change.logged_by_id == actor.pk:
        return refused("You asked for this change; somebody else has to decide it (G2).")
    if not programs.in_role(actor, cast, SPONSOR):
        return refused(f"Only the sponsor ({cast.sponsor or 'nobody at present'}) or the deputy decides scope changes.")
    if cast.manager is not None and cast.manager.pk == actor.pk:
        return refused("The program manager prepares a scope change and cannot decide it (G2).")
    return ALLOWED


def may_withdraw_scope(actor: User, change: ScopeChange, cast: Cast) -> Decision:
    """Take a request back: who asked for it."""
    allowed = may_log(actor, cast)
    if not allowed or change.logged_by_id == actor.pk:
        return allowed
    return refused(f"Only {change.logged_by}, who asked for it, may take it back.")


def may_hold_session(actor: User, cast: Cast) -> Decision:
    """Record the challenge session: the program manager or the sponsor, or their deputies."""
    allowed = may_log(actor, cast)
    if not allowed or programs.in_role(actor, cast, SPONSOR):
        return allowed
    if _manager(actor, cast):
        return ALLOWED
    names = f"the program manager ({cast.manager or 'nobody at present'}) or the sponsor"
    return refused(f"Only {names} ({cast.sponsor or 'nobody at present'}) records the session.")


def _manager(actor: User, cast: Cast) -> Decision:
    allowed = may_log(actor, cast)
    return programs.may_manage(actor, cast) if allowed else allowed


def _role(actor: User, cast: Cast, role: Role) -> Decision:
    allowed = may_log(actor, cast)
    if not allowed or programs.in_role(actor, cast, role.slug) or _manager(actor, cast):
        return allowed
    named = active(role.holder) or "nobody at present"
    manager = cast.holder(PROGRAM_MANAGER) or "nobody at present"
    return refused(f"Only {role.name} ({named}), the deputy or the program manager ({manager}) may do this.")


def _own(actor: User, row: Assumption | Issue, cast: Cast, role: Role) -> Decision:
    allowed = may_log(actor, cast)
    if not allowed or row.logged_by_id == actor.pk:
        return allowed
    return _role(actor, cast, role)
