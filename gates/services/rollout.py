"""Steps of the rollout after the launch checkpoint (G18): no exposure before clearance, a halt needs no meeting."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from core.text import one_line
from gates import policies
from gates.domain import launch
from gates.domain.launch import Step
from gates.domain.waivers import Fault
from gates.enums import StepState
from gates.models import LaunchStep
from gates.selectors.ledger import Ledger, load_ledger
from gates.services.base import complete, lock_program, note, same_version, save, today_of
from phases.enums import LAUNCHING, EventKind
from phases.models import Event
from programs.models import Program
from programs.selectors import cast_of


@transaction.atomic
def plan_step(
    *,
    actor: User,
    program: Program,
    name: str,
    exposure: str,
    planned_date: dt.date,
    entry_test: str,
    exit_test: str,
    halt_conditions: Sequence[str],
) -> LaunchStep:
    """Add the next step of the rollout; the same step added twice is once. Errors: NotAllowed, Incomplete."""
    program = lock_program(program)
    policies.may_roll_out(actor, cast_of(program)).require()
    halts = [one_line(text)[:300] for text in halt_conditions if one_line(text)]
    asks = (
        ("name", name, "Name the step."),
        ("exposure", exposure, "Say who is exposed."),
        ("entry_test", entry_test, "Say which number must hold before it."),
        ("exit_test", exit_test, "Say which number must hold before the next one."),
        ("halt_conditions", "".join(halts), "Name at least one condition that stops it."),
    )
    complete([Fault(field, ask) for field, text, ask in asks if not text.strip()])
    rows = LaunchStep.objects.filter(program=program)
    twin = rows.filter(name=one_line(name)[:200]).first()
    if twin is not None:
        return twin
    step = LaunchStep.objects.create(
        program=program,
        position=max(rows.values_list("position", flat=True), default=0) + 1,
        name=one_line(name)[:200],
        exposure=one_line(exposure)[:200],
        planned_date=planned_date,
        entry_test=one_line(entry_test)[:500],
        exit_test=one_line(exit_test)[:500],
        halt_conditions=halts,
    )
    note(actor, Verb.LAUNCH_STEP_PLANNED, step, program, planned=planned_date.isoformat())
    return step


@transaction.atomic
def enter_step(*, actor: User, step: LaunchStep, entry_number: str, version: int | None = None) -> LaunchStep:
    """Expose the step's users, with the number that allows it. Errors: NotAllowed, Conflict, Invalid (with causes)."""
    step = _fresh(step)
    policies.may_roll_out(actor, cast_of(step.program)).require()
    if step.state == StepState.ENTERED and step.entered_by_id == actor.pk:
        return step
    same_version(step, version)
    rows = [_value(row) for row in LaunchStep.objects.filter(program=step.program)]
    causes = launch.why_not_enter(_value(step), rows, cleared=is_cleared(step.program), entry_number=entry_number)
    if causes:
        raise Invalid(" ".join(causes), field="entry_number")
    step.state, step.entry_number = StepState.ENTERED, one_line(entry_number)[:200]
    step.entered_by, step.entered_at = actor, clock.now()
    save(step, "state", "entry_number", "entered_by", "entered_at")
    note(actor, Verb.LAUNCH_STEP_ENTERED, step, step.program, number=step.entry_number)
    return step


@transaction.atomic
def leave_step(*, actor: User, step: LaunchStep, exit_number: str, version: int | None = None) -> LaunchStep:
    """Record that the step's exit test holds. Errors: NotAllowed, Conflict, Invalid."""
    step = _fresh(step)
    policies.may_roll_out(actor, cast_of(step.program)).require()
    if step.state == StepState.LEFT and step.exit_number == one_line(exit_number)[:200]:
        return step
    same_version(step, version)
    causes = launch.why_not_leave(_value(step), exit_number=exit_number)
    if causes:
        raise Invalid(" ".join(causes), field="exit_number")
    step.state, step.exit_number, step.left_at = StepState.LEFT, one_line(exit_number)[:200], clock.now()
    save(step, "state", "exit_number", "left_at")
    note(actor, Verb.LAUNCH_STEP_LEFT, step, step.program, number=step.exit_number)
    return step


@transaction.atomic
def halt_step(*, actor: User, step: LaunchStep, because: str) -> LaunchStep:
    """Stop the rollout: anybody with a role, at once, no version asked (G18). Errors: NotAllowed, Invalid."""
    step = _fresh(step)
    policies.may_halt(actor, cast_of(step.program)).require()
    if step.state == StepState.HALTED:
        return step
    if not because.strip():
        raise Invalid("Say which halt condition holds.", field="because")
    if not launch.may_halt(_value(step), because):
        raise Invalid("Only a running step is halted.")
    step.state, step.halted_because = StepState.HALTED, one_line(because)[:500]
    step.halted_at, step.halted_by = clock.now(), actor
    save(step, "state", "halted_because", "halted_at", "halted_by")
    note(actor, Verb.LAUNCH_STEP_HALTED, step, step.program, reason=step.halted_because)
    return step


def is_cleared(program: Program) -> bool:
    """Whether a launch checkpoint's decision that counts today lets real users be exposed."""
    rows = Event.objects.filter(program=program, kind=EventKind.CHECKPOINT)
    return cleared_by(load_ledger(program, today_of(program)), rows)


def cleared_by(ledger: Ledger, events: Iterable[Event]) -> bool:
    """The same from what was loaded already (no queries)."""
    return any(ledger.outcome(e) in LAUNCHING for e in events if e.kind == EventKind.CHECKPOINT)


def _fresh(step: LaunchStep) -> LaunchStep:
    return locked(LaunchStep.objects.select_related("program").filter(pk=step.pk)).get()


def _value(step: LaunchStep) -> Step:
    return Step(step.position, StepState(step.state), step.entry_number, step.exit_number)
