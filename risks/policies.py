"""Who may add, change, score, accept and close in the risk register, and why not. Must not write."""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from programs.enums import PROGRAM_MANAGER, RISK_LEAD, SPONSOR, ProgramState
from programs.policies import in_role
from programs.selectors import Cast
from risks.domain.scale import Scale
from risks.models import MitigationAction, Risk

ALIVE = (ProgramState.ACTIVE, ProgramState.RUNNING)


def may_add(actor: User, cast: Cast) -> Decision:
    """Write a risk down: everybody with a role or deputy role here; who sees something coming says so."""
    closed = _alive(cast)
    if not closed:
        return closed
    if actor.is_administrator or any(actor.pk == person.pk for person in cast.people):
        return ALLOWED
    if actor.is_executive_viewer:
        return refused("Executive viewers read every program and change nothing.")
    return refused("Only people with a role in this program may write here.")


def may_keep(actor: User, risk: Risk, cast: Cast) -> Decision:
    """Keep a risk in order (words, owner, actions, signs, reviews): its owner, the risk lead or the program manager."""
    owner = cast.by_id[risk.owner_role_id].slug
    why = "Only the risk's owner, the risk lead or the program manager may do this."
    return _alive(cast) and _in(actor, cast, (owner, RISK_LEAD, PROGRAM_MANAGER), why)


def may_accept(actor: User, risk: Risk, cast: Cast) -> Decision:
    """Sign for a risk: the sponsor above tolerance or from the high band on, else the risk lead; never its owner."""
    return _answer_for(actor, risk, cast, "accept")


def may_close(actor: User, risk: Risk, cast: Cast) -> Decision:
    """Close a risk: who might accept it, never its owner, or closing would be the easy way past a gate (G23)."""
    return _answer_for(actor, risk, cast, "close")


def may_rescore(actor: User, risk: Risk, cast: Cast) -> Decision:
    """Change a current score: the risk's owner or the risk and governance lead."""
    owner = cast.by_id[risk.owner_role_id].slug
    why = "Only the risk's owner or the risk lead may change this."
    return _alive(cast) and _in(actor, cast, (owner, RISK_LEAD), why)


def may_finish(actor: User, action: MitigationAction, risk: Risk, cast: Cast) -> Decision:
    """Finish an action: who answers for it, the risk's owner or the risk lead."""
    slugs = (cast.by_id[action.owner_role_id].slug, cast.by_id[risk.owner_role_id].slug, RISK_LEAD)
    why = "Only the action's owner, the risk's owner or the risk lead may change this."
    return _alive(cast) and _in(actor, cast, slugs, why)


def _answer_for(actor: User, risk: Risk, cast: Cast, verb: str) -> Decision:
    """Answer for a risk in place of its owner: the sponsor when it is high or above tolerance, else the risk lead."""
    closed = _alive(cast)
    if not closed:
        return closed
    if not cast.program.small_team and actor.pk == cast.by_id[risk.owner_role_id].holder_id:
        return refused(f"You own this risk; somebody else has to {verb} it (G2).")
    scale = Scale.from_data(cast.program.risk_scale)
    high = scale.above(risk.current_score) or scale.is_high(risk.current_score)
    needed = SPONSOR if high else RISK_LEAD
    role = cast.by_slug.get(needed)
    return _in(actor, cast, (needed,), f"Only {role.name if role else needed} or the deputy may {verb} this risk.")


def _in(actor: User, cast: Cast, slugs: tuple[str, ...], why: str) -> Decision:
    return ALLOWED if any(in_role(actor, cast, slug) for slug in slugs) else refused(why)


def _alive(cast: Cast) -> Decision:
    state = cast.program.state
    return ALLOWED if state in ALIVE else refused(f"This program is {state}; nothing in it changes.")
