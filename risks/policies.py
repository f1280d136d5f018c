"""Who may accept, rescore and finish in the risk register, and why not. Must not write."""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from programs.enums import RISK_LEAD, SPONSOR, ProgramState
from programs.policies import in_role
from programs.selectors import Cast
from risks.models import Risk

ALIVE = (ProgramState.ACTIVE, ProgramState.RUNNING)


def may_accept(actor: User, risk: Risk, cast: Cast) -> Decision:
    """Sign for a risk: the sponsor above tolerance or from the high band on, else the risk lead; never its owner."""
    closed = _alive(cast)
    if not closed:
        return closed
    if not cast.program.small_team and actor.pk == cast.by_id[risk.owner_role_id].holder_id:
        return refused("You own this risk; somebody else has to accept it (G2).")
    needed = SPONSOR if _is_high(risk, cast) else RISK_LEAD
    role = cast.by_slug.get(needed)
    return _in(actor, cast, (needed,), f"Only {role.name if role else needed} or the deputy may accept this risk.")


def may_rescore(actor: User, risk: Risk, cast: Cast) -> Decision:
    """Change a current score or finish an action: the risk's owner or the risk and governance lead."""
    closed = _alive(cast)
    if not closed:
        return closed
    owner = cast.by_id[risk.owner_role_id].slug
    return _in(actor, cast, (owner, RISK_LEAD), "Only the risk's owner or the risk lead may change this.")


def _is_high(risk: Risk, cast: Cast) -> bool:
    scale = cast.program.risk_scale
    if risk.current_score > scale.get("default_tolerance", 0):
        return True
    low, _ = scale.get("bands", {}).get("high", (0, 0))
    return bool(risk.current_score >= low)


def _in(actor: User, cast: Cast, slugs: tuple[str, ...], why: str) -> Decision:
    return ALLOWED if any(in_role(actor, cast, slug) for slug in slugs) else refused(why)


def _alive(cast: Cast) -> Decision:
    state = cast.program.state
    return ALLOWED if state in ALIVE else refused(f"This program is {state}; nothing in it changes.")
