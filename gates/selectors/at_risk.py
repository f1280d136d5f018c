"""Work ahead of its gate (G16). Must not write."""

from gates.domain import at_risk as rules
from gates.domain.at_risk import Work
from gates.selectors.ledger import Ledger
from phases.enums import UNLOCKING
from phases.models import Phase
from phases.selectors import Plan


def locked_phases(plan: Plan, ledger: Ledger) -> dict[int, str]:
    """Phases that no gate has unlocked yet, by id, with the name of that gate (G1); a lapsed decision locks again."""
    found = {}
    for phase in plan.phases:
        gate = _locking(phase, plan, ledger)
        if gate:
            found[phase.pk] = gate
    return found


def work_at_risk(plan: Plan, ledger: Ledger) -> tuple[Work, ...]:
    """Tasks that are worked on although their phase is locked: they carry the badge."""
    locked = locked_phases(plan, ledger)
    rows = (
        Work(
            slug=task.slug,
            title=task.title,
            phase=task.workstream.phase.name,
            locked=task.workstream.phase_id in locked,
            started=rules.is_started(done=not task.is_open, first_day=task.start_date, today=ledger.today),
            days=rules.length(task.start_date, task.due_date),
        )
        for task in plan.tasks
    )
    return rules.at_risk(rows)


def cost_at_risk(plan: Plan, ledger: Ledger) -> int:
    """Planned days of work that are lost if the gate is not passed."""
    return rules.cost_days(work_at_risk(plan, ledger))


def _locking(phase: Phase, plan: Plan, ledger: Ledger) -> str:
    before = [e for e in plan.events if e.is_gate and e.day < phase.start_day]
    return next((e.name for e in reversed(before) if ledger.outcome(e) not in UNLOCKING), "")
