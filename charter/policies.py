"""Who may write into the charter, sign, verify and acknowledge. Must not write.

Every function answers with the reason, which pages show beside the missing button and services send with a 403.
Everybody who sees a program reads all of its charter.
"""

from accounts.models import User
from charter.enums import Seat
from charter.models import DataGap, DataSource, Dependency, OutcomeDetail, OutcomeMeasurement, ProblemStatement
from core.decisions import ALLOWED, Decision, refused
from programs import policies as programs
from programs.enums import PROGRAM_MANAGER, SPONSOR
from programs.models import Role, StakeholderGroup
from programs.selectors import Cast, active
from registers.policies import may_log

BUSINESS_OWNER = "business-owner"
DATA_OWNER = "data-pipeline-owner"


def may_write_outcome(actor: User, cast: Cast) -> Decision:
    """Write a version of the outcome or the problem: the business owner, the deputy or the program manager."""
    return _of_roles(actor, cast, BUSINESS_OWNER)


def may_verify_baseline(actor: User, detail: OutcomeDetail, cast: Cast) -> Decision:
    """Verify a baseline: anybody with a role here but who wrote it (G2)."""
    return _another(actor, cast, detail.written_by, "You wrote this version; somebody else verifies its baseline (G2).")


def may_verify_measurement(actor: User, row: OutcomeMeasurement, cast: Cast) -> Decision:
    """Verify a measurement: anybody with a role here but who took it (G2)."""
    return _another(actor, cast, row.logged_by, "You took this measurement; somebody else verifies it (G2).")


def may_sign(actor: User, statement: ProblemStatement, seat: Seat, cast: Cast) -> Decision:
    """Sign a problem statement: who holds or deputises the seat's role, once per version (S28)."""
    allowed = may_log(actor, cast)
    if not allowed:
        return allowed
    if not programs.in_role(actor, cast, seat.value):
        return refused(f"Only the {seat.label.lower()} ({_named(cast, seat.value)}) or the deputy signs here.")
    if any(one.signed_by_id == actor.pk and one.seat != seat for one in statement.signatures.all()):
        return refused("You have signed this version already; the second signature is another person's (S28).")
    return ALLOWED


def may_write_brief(actor: User, cast: Cast) -> Decision:
    """Write and publish the program brief: the program manager or the deputy."""
    allowed = may_log(actor, cast)
    return programs.may_manage(actor, cast) if allowed else allowed


def may_acknowledge(actor: User, group: StakeholderGroup, cast: Cast) -> Decision:
    """Acknowledge the brief for a group: who keeps that group, see `speaker_of`."""
    allowed = may_log(actor, cast)
    slug = speaker_of(group, cast)
    if not allowed or programs.in_role(actor, cast, slug):
        return allowed
    name = cast.by_slug[slug].name if slug in cast.by_slug else slug
    return refused(f"Only {name} ({_named(cast, slug)}) or the deputy acknowledges for {group.name}.")


def speaker_of(group: StakeholderGroup, cast: Cast) -> str:
    """Return the role that acknowledges for a group: the one that keeps it.

    The sponsor does where that is the program manager, who writes the brief, and where nobody holds or deputises it.
    """
    role = cast.by_id[group.owner_role_id]
    empty = active(role.holder) is None and active(role.deputy) is None
    return SPONSOR if role.slug == PROGRAM_MANAGER or empty else role.slug


def may_change_source(actor: User, row: DataSource, cast: Cast) -> Decision:
    """Describe or check a source: who wrote it down, the data pipeline owner or the program manager."""
    allowed = may_log(actor, cast)
    return allowed if not allowed or row.logged_by_id == actor.pk else _of_roles(actor, cast, DATA_OWNER)


def may_change_gap(actor: User, row: DataGap, cast: Cast) -> Decision:
    """Change or close a gap: the role that closes it, the data pipeline owner or the program manager."""
    return _of_roles(actor, cast, cast.by_id[row.owner_role_id].slug, DATA_OWNER)


def may_plan_group(actor: User, owner: Role, cast: Cast) -> Decision:
    """Say a group's stance, rhythm and next contact: the role that keeps the group or the program manager."""
    return _of_roles(actor, cast, owner.slug)


def may_change_dependency(actor: User, row: Dependency, cast: Cast) -> Decision:
    """Change a dependency: who wrote it down, the role that looks after it or the program manager."""
    allowed = may_log(actor, cast)
    if not allowed or row.logged_by_id == actor.pk:
        return allowed
    return _of_roles(actor, cast, cast.by_id[row.owner_role_id].slug)


def _another(actor: User, cast: Cast, author: User, reason: str) -> Decision:
    allowed = may_log(actor, cast)
    return refused(reason) if allowed and author.pk == actor.pk else allowed


def _of_roles(actor: User, cast: Cast, *slugs: str) -> Decision:
    """Whoever holds or deputises one of the roles, the program manager, or an administrator."""
    allowed = may_log(actor, cast)
    if not allowed or programs.may_manage(actor, cast) or any(programs.in_role(actor, cast, slug) for slug in slugs):
        return allowed
    known = [slug for slug in dict.fromkeys(slugs) if slug in cast.by_slug]
    named = [f"{cast.by_slug[slug].name} ({_named(cast, slug)})" for slug in known]
    who = f"{', '.join(named)}, the deputy" if named else "the deputy"
    return refused(f"Only {who} or the program manager ({_named(cast, PROGRAM_MANAGER)}) may do this.")


def _named(cast: Cast, slug: str) -> str:
    return str(cast.holder(slug) or "nobody at present")
