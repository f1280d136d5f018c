"""Who may define, measure, correct, answer and connect. Must not write.

Every function answers with the reason, which pages show beside the missing button and services send with a 403.
Everybody who sees a program reads all of its metrics.
"""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from metrics.models import Metric
from programs.enums import RISK_LEAD, ProgramState
from programs.policies import in_role, may_manage
from programs.selectors import Cast

ALIVE = (ProgramState.ACTIVE, ProgramState.RUNNING)
MONITORING = "monitoring-owner"


def is_alive(cast: Cast) -> Decision:
    """Readings go on after day 90; a paused, stopped or closed program takes none."""
    state = cast.program.state
    return ALLOWED if state in ALIVE else refused(f"This program is {state}; nothing in it changes.")


def may_define(actor: User, cast: Cast) -> Decision:
    """Add a metric: the program manager, the deputy or an administrator."""
    alive = is_alive(cast)
    return may_manage(actor, cast) if alive else alive


def may_change(actor: User, metric: Metric, cast: Cast) -> Decision:
    """Change a metric or its limits: its owner or the deputy, the program manager."""
    alive = is_alive(cast)
    if not alive:
        return alive
    if _owns(actor, metric, cast) or may_manage(actor, cast):
        return ALLOWED
    return refused(
        f"Only the metric's owner ({_owner(metric, cast)}), the deputy or the program manager may change it."
    )


def may_weaken(actor: User, metric: Metric, cast: Cast) -> Decision:
    """Let a confirmed limit pass more: never its owner alone (G2, G14), unless the program runs as a small team."""
    alive = is_alive(cast)
    if not alive:
        return alive
    if _owns(actor, metric, cast) and not cast.program.small_team:
        return refused("You own this metric; somebody else has to weaken a confirmed limit (G14).")
    if in_role(actor, cast, RISK_LEAD) or may_manage(actor, cast):
        return ALLOWED
    return may_change(actor, metric, cast)


def may_confirm(actor: User, metric: Metric, cast: Cast) -> Decision:
    """Say that an example's numbers are ours: its owner or the deputy (S51).

    While the role has neither, the program manager stands in, as everywhere; the gap stays drawn.
    """
    alive = is_alive(cast)
    if not alive:
        return alive
    if _owns(actor, metric, cast):
        return ALLOWED
    role = cast.by_id[metric.owner_role_id].slug
    if cast.holder(role) is None and cast.deputy(role) is None:
        return may_manage(actor, cast)
    return refused(f"Only the metric's owner ({_owner(metric, cast)}) or the deputy may confirm its numbers.")


def may_measure(actor: User, metric: Metric, cast: Cast) -> Decision:
    """Add, import or correct readings: its owner or the deputy, the monitoring owner, the program manager."""
    alive = is_alive(cast)
    if not alive:
        return alive
    if _owns(actor, metric, cast) or in_role(actor, cast, MONITORING) or may_manage(actor, cast):
        return ALLOWED
    return refused(
        f"Only the metric's owner ({_owner(metric, cast)}), the monitoring owner or the program manager may do this."
    )


def may_import(actor: User, cast: Cast, metrics: list[Metric]) -> Decision:
    """Bring in a file: whoever may measure at least one of the program's metrics."""
    alive = is_alive(cast)
    if not alive:
        return alive
    if may_manage(actor, cast) or any(may_measure(actor, metric, cast) for metric in metrics):
        return ALLOWED
    return refused("Only owners of metrics, the monitoring owner and the program manager may import readings.")


def may_connect(actor: User, cast: Cast) -> Decision:
    """Make and revoke keys for monitoring systems: the program manager, the deputy or an administrator."""
    alive = is_alive(cast)
    return may_manage(actor, cast) if alive else alive


def _owns(actor: User, metric: Metric, cast: Cast) -> bool:
    return in_role(actor, cast, cast.by_id[metric.owner_role_id].slug)


def _owner(metric: Metric, cast: Cast) -> str:
    role = cast.by_id[metric.owner_role_id]
    return str(cast.holder(role.slug) or f"{role.name}, nobody at present")
