"""The example portfolio: three programs with a past, made through the services people use, and removed in one go.

Example programs are marked, so that their reminders stay in the mailbox. Must not touch real programs.
"""

import datetime as dt
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import ProtectedError, Q

from accounts.models import User
from accounts.services.people import close_account
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.decisions import refused
from gates.models import Condition, GateReview, Waiver
from gates.services.history import record_day
from governance.models import GovernanceEvent
from metrics.models import Metric
from phases import services as phases
from phases.enums import EvidenceKind, Outcome
from phases.files import remove as remove_file
from phases.models import Criterion, Evidence, Task, Workstream
from playbooks import policies
from playbooks.domain.plan import LaunchPlan, plan_launch
from playbooks.domain.spec import LaunchSpec
from playbooks.domain.story import Step, Story, timeline
from playbooks.selectors import example_files, known_playbooks
from playbooks.services import chartering, gatekeeping
from playbooks.services.launching import launch
from playbooks.services.measuring import measure
from programs.domain.calendar import date_of_day
from programs.domain.localtime import local_date, local_instant
from programs.models import OwnershipArea, Program, Role, StakeholderGroup
from programs.selectors import Cast, cast_of
from programs.services import vacate_role
from risks.models import Risk

EXAMPLE_DOMAIN = "@nordwind.example.com"
LAUNCH_HOUR, EVENING = 8, 20
MEASURED = {
    "g30-poc-replayed": ("Recall 0.93", "at least 0.90"),
    "g30-data-representative": ("4 % shift", "at most 10 %"),
    "g30-data-quality": ("97.8 % complete", "at least 95 %"),
    "g30-user-voice": ("7 users", "at least 5"),
    "g60-eval-passed": ("Recall 0.94", "at least 0.90"),
    "g60-slices-fair": ("1.6 points", "at most 2.0 points"),
    "g60-cost-envelope": ("9,400 EUR a month", "at most 12,000 EUR"),
}
"""What some proofs of the examples measured, and within what."""
READ_DAILY = 7
"""The readings of so many past days are kept one by one, those before once a week: loading stays quick."""

# Rows that hold on to roles; they go before the program takes the rest with it.
_BEFORE_ROLES = (
    Condition,
    GateReview,
    Waiver,
    Task,
    Criterion,
    Workstream,
    Risk,
    GovernanceEvent,
    Metric,
    OwnershipArea,
    StakeholderGroup,
)


def load_examples(*, now: dt.datetime) -> list[Program]:
    """Launch the three examples so that they stand on their day today; nothing when any example is there.

    Side effects: the clock is moved while their past is written, so call it before other threads serve.
    """
    if Program.objects.filter(is_example=True).exists():
        return []
    return [_load(*read, now=now) for read in example_files()]


def _load(data: LaunchSpec, story: Story, *, now: dt.datetime) -> Program:
    today = local_date(now, data.program.time_zone)
    start = today - dt.timedelta(days=story.day - 1)
    target = date_of_day(start, 90 + 84) if data.outcome else None
    spec = data.model_copy(
        update={
            "program": data.program.model_copy(update={"start_date": start}),
            "outcome": data.outcome.model_copy(update={"target_date": target}) if data.outcome else None,
        }
    )
    plan = plan_launch(known_playbooks()[spec.program.playbook], spec)
    with transaction.atomic():
        launched = local_instant(start, LAUNCH_HOUR, spec.program.time_zone)
        with clock.frozen(launched):
            program = launch(actor=None, spec=spec, now=launched, is_example=True)
        _live(program, plan, story, now)
    return program


def _live(program: Program, plan: LaunchPlan, story: Story, now: dt.datetime) -> None:
    """Take the steps of the story in order, and keep the day's reading each evening there is one to keep."""
    cast, work, today = cast_of(program), _work(program), local_date(now, program.time_zone)
    steps = [s for s in timeline(plan, story) if local_instant(s.on, s.hour, program.time_zone) <= now]
    for on in (program.start_date + dt.timedelta(days=n) for n in range((today - program.start_date).days + 1)):
        for step in (s for s in steps if s.on == on):
            with clock.frozen(local_instant(on, step.hour, program.time_zone)):
                _take(program, cast, work, step)
            if step.kind == "vacate":
                cast = cast_of(program)
        evening = local_instant(on, EVENING, program.time_zone)
        if on == today - dt.timedelta(days=1):
            with clock.frozen(evening):
                measure(program)
        recent = (today - on).days <= READ_DAILY or (on - program.start_date).days % 7 == 0
        if recent and evening <= now:
            with clock.frozen(evening):
                if (on - program.start_date).days % 7 == 0:
                    gatekeeping.review_risks(program)
                record_day(program, on)


class _Work(NamedTuple):
    """Tasks and criteria by slug, for who answers for them; the services look at a row as it is when they change it."""

    tasks: dict[str, Task]
    criteria: dict[str, Criterion]


def _work(program: Program) -> _Work:
    tasks = Task.objects.filter(program=program).select_related("program", "owner_role")
    criteria = Criterion.objects.filter(program=program).select_related("program", "owner_role", "verifier_role")
    return _Work({task.slug: task for task in tasks}, {criterion.slug: criterion for criterion in criteria})


def _take(program: Program, cast: Cast, work: _Work, step: Step) -> None:
    """Carry out one step as the person whose step it is; skipped when that role has nobody."""
    if step.kind in ("decide", "vacate"):
        _steer(program, cast, step)
    elif step.kind == "done":
        task = work.tasks[step.slug]
        phases.complete_task(actor=_owner(cast, task), task=task)
    else:
        _prove(cast, work.criteria[step.slug], step)


def _steer(program: Program, cast: Cast, step: Step) -> None:
    if step.kind == "vacate":
        vacate_role(actor=_required(cast.manager), role=cast.by_slug[step.slug])
        return
    if not gatekeeping.is_plain(program, step.slug):
        gatekeeping.date_actions(program)
    gatekeeping.take(
        program,
        step.slug,
        word=Outcome(step.details["outcome"]),
        reason=step.details["reason"],
        condition=step.details["condition"] or "",
    )


def _prove(cast: Cast, criterion: Criterion, step: Step) -> None:
    owner = _owner(cast, criterion)
    verifier = cast.holder(criterion.verifier_role.slug) or cast.deputy(criterion.verifier_role.slug)
    match step.kind:
        case "evidence":
            _add_evidence(owner, criterion, step.on)
        case "hand_in":
            gatekeeping.log_missing_decisions(criterion.program, criterion.slug, owner, "Decision")
            chartering.prepare(criterion.program, criterion.slug)
            gatekeeping.confirm_metrics(criterion.program, criterion.slug)
            phases.hand_in(actor=owner, criterion=criterion)
        case "forecast":
            phases.forecast(actor=owner, item=criterion, **step.details)
        case "verify" if verifier is not None and verifier != owner:
            phases.verify(actor=verifier, criterion=criterion)
        case "send_back" if verifier is not None and verifier != owner:
            phases.send_back(actor=verifier, criterion=criterion, reason=step.details["reason"])


def _add_evidence(owner: User, criterion: Criterion, on: dt.date) -> None:
    words = criterion.slug.split("-", 1)[1]
    phases.add_evidence(
        actor=owner,
        criterion=criterion,
        kind=EvidenceKind.LINK,
        title=f"{words.replace('-', ' ').capitalize()}: {criterion.evidence_type.replace('-', ' ')}",
        url=f"https://docs.nordwind.example.com/{criterion.program.slug}/{words}",
        describes_version="1.0",
        effective_date=on,
        result=MEASURED.get(criterion.slug, ("", ""))[0],
        limit=MEASURED.get(criterion.slug, ("", ""))[1],
    )


def _owner(cast: Cast, item: Criterion | Task) -> User:
    return _required(cast.holder(item.owner_role.slug) or cast.manager)


def _required(person: User | None) -> User:
    if person is None:
        raise ValueError("an example program needs a sponsor and a program manager throughout its story")
    return person


@transaction.atomic
def remove_examples(*, actor: User) -> int:
    """Delete every example program the actor may manage, with everything in it; return how many.

    What was recorded as activity stays, being append-only. People of the examples go with the last of them; who got
    mail by then or is in a decision log keeps a closed account. Errors: NotAllowed when there are examples but none
    is the actor's to remove.
    """
    programs = list(Program.objects.filter(is_example=True))
    mine = [program for program in programs if policies.may_remove_example(actor, program)]
    if programs and not mine:
        refused("Only an administrator or the manager of an example program may remove it.").require()
    for program in mine:
        _remove(actor, program)
    if mine and len(mine) == len(programs):
        _remove_people()
    return len(mine)


def _remove(actor: User, program: Program) -> None:
    activity.record(
        actor_id=actor.pk,
        verb=Verb.PROGRAM_REMOVED,
        subject_kind="program",
        subject_id=program.pk,
        subject_label=program.name,
        program_id=program.pk,
        data={"example": True},
    )
    files = Evidence.objects.filter(criterion__program=program).exclude(file_key="")
    for key in files.values_list("file_key", flat=True):
        transaction.on_commit(partial(remove_file, key))
    for table in _BEFORE_ROLES:
        rows: Any = table
        rows.objects.filter(program=program).delete()
    program.delete()


def _remove_people() -> None:
    mine = Q(email__endswith=EXAMPLE_DOMAIN)
    busy = Role.objects.filter(Q(holder__email__endswith=EXAMPLE_DOMAIN) | Q(deputy__email__endswith=EXAMPLE_DOMAIN))
    if busy.exists():
        return  # somebody gave an example person a role in a real program
    for person in User.objects.filter(mine):
        try:
            with transaction.atomic():
                person.delete()
        except ProtectedError:
            close_account(person)
