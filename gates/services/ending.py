"""Ends and hands over programs: stop, running, close (G10). A stop is never a failure."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.text import many_lines
from gates import policies
from gates.domain.contents import DecisionInput
from gates.domain.waivers import Fault
from gates.enums import ClosureKind
from gates.models import Closure
from gates.selectors.ledger import limits_of
from gates.services.applying import set_state
from gates.services.base import complete, lock_program, today_of
from phases.models import Task, Workstream
from phases.selectors import Plan
from programs.domain.calendar import day_of
from programs.enums import PROGRAM_MANAGER, ProgramState
from programs.models import Program, Role
from programs.selectors import Cast, cast_of

# What is cleared up, by whom (first role that the program has), and what shows it.
DISPOSAL = (
    ("data", "Delete or return the program's data", ("data-pipeline-owner", PROGRAM_MANAGER), "Deletion record"),
    ("model-access", "Withdraw access to the model and its keys", ("model-owner", PROGRAM_MANAGER), "Access list"),
    ("accounts", "Close accounts and rights given for the program", ("security-lead", PROGRAM_MANAGER), "Account list"),
)


def stop(actor: User, program: Program, wanted: DecisionInput, plan: Plan) -> Closure:
    """End the (locked) program on purpose; called by the decision that says so."""
    closure = Closure.objects.create(
        program=program,
        kind=ClosureKind.STOPPED,
        reason_code=wanted.stop_reason,
        reason=wanted.reason.strip(),
        people_told=many_lines(wanted.people_told),
        lessons=many_lines(wanted.lessons),
        cost_avoided_amount=wanted.cost_avoided,
        cost_currency=(wanted.cost_currency or program.cost_currency)[:3],
        disposal=many_lines(wanted.disposal),
        ended_by=actor,
        ended_at=clock.now(),
    )
    closure.disposal_tasks.set(_disposal(program, plan.cast))
    set_state(actor, program, ProgramState.STOPPED, Verb.PROGRAM_STOPPED, wanted.reason.strip())
    return closure


def run(actor: User, program: Program, reason: str) -> None:
    """Hand the (locked) program over to running: Go at the last gate, or its last condition closed."""
    set_state(actor, program, ProgramState.RUNNING, Verb.PROGRAM_RUNNING, reason)


def run_no_more(actor: User, program: Program, reason: str) -> None:
    """Take the hand-over back after a corrected decision."""
    set_state(actor, program, ProgramState.ACTIVE, Verb.PROGRAM_RESUMED, reason)


@transaction.atomic
def close_program(
    *,
    actor: User,
    program: Program,
    reason: str,
    lessons: str,
    people_told: str,
    disposal: str,
    cost_avoided: Decimal | None = None,
) -> Closure:
    """Retire a program that runs; closing twice is once. Errors: NotAllowed, Incomplete, Invalid (not running)."""
    program = lock_program(program)
    done = Closure.objects.filter(program=program, kind=ClosureKind.CLOSED, ended_by=actor).first()
    if done is not None:
        return done
    cast = cast_of(program)
    policies.may_stop(actor, cast).require()
    if program.state != ProgramState.RUNNING:
        raise Invalid("Only a running program is closed; one before its last gate is stopped.")
    asks = (
        ("reason", reason, "Say why it ends."),
        ("lessons", lessons, "Keep the lessons."),
        ("people_told", people_told, "Say who was told."),
        ("disposal", disposal, "Say what becomes of data, model access and accounts (G10)."),
    )
    complete([Fault(name, ask) for name, text, ask in asks if not text.strip()])
    closure = Closure.objects.create(
        program=program,
        kind=ClosureKind.CLOSED,
        reason=reason.strip(),
        people_told=many_lines(people_told),
        lessons=many_lines(lessons),
        cost_avoided_amount=cost_avoided,
        cost_currency=program.cost_currency,
        disposal=many_lines(disposal),
        ended_by=actor,
        ended_at=clock.now(),
    )
    closure.disposal_tasks.set(_disposal(program, cast))
    set_state(actor, program, ProgramState.CLOSED, Verb.PROGRAM_CLOSED, reason.strip())
    return closure


def _disposal(program: Program, cast: Cast) -> list[Task]:
    """Create the tasks that clear up; they can be finished although the program has ended."""
    today = today_of(program)
    due = program.calendar.add_working_days(today, limits_of(program).disposal_working_days)
    stream = Workstream.objects.filter(program=program).order_by("phase__position", "position").last()
    if stream is None:
        return []
    return [_task(program, stream, cast, today, due, *row) for row in DISPOSAL]


def _task(
    program: Program,
    stream: Workstream,
    cast: Cast,
    today: dt.date,
    due: dt.date,
    slug: str,
    title: str,
    roles: tuple[str, ...],
    deliverable: str,
) -> Task:
    return Task.objects.create(
        program=program,
        workstream=stream,
        slug=f"disposal-{slug}",
        title=title,
        deliverable=deliverable,
        owner_role=_owner(cast, roles),
        start_day=max(day_of(program.start_date, today), 1),
        start_date=today,
        due_day=max(day_of(program.start_date, due), 1),
        due_date=due,
        baseline_date=due,
        after_end=True,
    )


def _owner(cast: Cast, roles: tuple[str, ...]) -> Role:
    """The first of these roles that somebody holds, else the last one."""
    known = [cast.by_slug[slug] for slug in roles if slug in cast.by_slug]
    return next((role for role in known if role.holder_id is not None), known[-1])
