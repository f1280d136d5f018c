"""Many programs at once, for benchmarks and demonstrations: the rows of a launch, in bulk, with a past drawn by lot.

The same seed draws the same portfolio for the same day. Must not be used for real programs: progress is written without
the services and their rules.
"""

import datetime as dt
import random
from collections.abc import Iterator
from functools import partial
from itertools import islice

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from activity.models import Entry
from core import clock
from metrics.models import Metric, Reading
from phases.enums import CriterionState, EventKind, EventState, EvidenceKind, Outcome, TaskState
from phases.models import Criterion, Event, Evidence, Task
from playbooks.domain.plan import LaunchPlan, plan_launch
from playbooks.domain.profile import QUESTIONS, SystemKind
from playbooks.domain.spec import LaunchSpec
from playbooks.selectors import default_playbook
from playbooks.services.launching import program_row
from playbooks.services.measuring import last_read, weekly
from playbooks.services.rows import ProgramRows, create_rows
from programs.domain.localtime import local_date, local_instant
from programs.enums import PROGRAM_MANAGER, SPONSOR
from programs.models import Portfolio, Program
from programs.services import portfolio_named

BATCH = 40  # programs written with one set of statements
DOMAIN = "generated.example.com"
MOST_PEOPLE = 400


def _words(text: str) -> list[str]:
    return text.split(",")


_PLACES = (
    ("DE", "Europe/Berlin"),
    ("GB", "Europe/London"),
    ("US", "America/New_York"),
    ("FR", "Europe/Paris"),
    ("IN", "Asia/Kolkata"),
    ("JP", "Asia/Tokyo"),
    ("BR", "America/Sao_Paulo"),
    ("AU", "Australia/Sydney"),
)
_THINGS = _words("Claims,Invoice,Contract,Demand,Fraud,Churn,Quality,Energy,Triage,Pricing,Routing,Ticket,Shift,Stock")
_KINDS = _words("assistant,forecast,search,reader,screening,advisor,planner,classifier,monitor,summariser")
_UNITS = _words("Customer operations,Corporate services,Logistics,Finance,People,Engineering,Sales,Field service")
_FIRST = _words("Ana,Bo,Chen,Dara,Eli,Femi,Gita,Hana,Ivo,Jun,Kofi,Lena,Milo,Nora,Omar,Pia,Quin,Rosa,Sami,Tove,Uma,Vera")
_LAST = _words("Adler,Brandt,Costa,Dahl,Eder,Fox,Gupta,Holm,Ito,Jansen,Kaya,Lund,Mori,Nagy,Okoye,Pires,Rossi,Silva")


def generate(*, programs: int, seed: int, now: dt.datetime) -> int:
    """Write `programs` generated programs, each batch in a transaction of its own; return how many.

    Starts lie between 100 days ago and 5 days ahead. Records program.launched for each, so reminders plan them.
    """
    lot = random.Random(seed)  # noqa: S311 - a draw that can be repeated, nothing secret
    people = _people(lot, min(MOST_PEOPLE, 20 + programs))
    portfolios = [portfolio_named(name) for name in _UNITS]
    taken = set(Program.objects.values_list("slug", flat=True))
    drawn = (_draw(lot, people, portfolios, taken, now) for _ in range(programs))
    while batch := list(islice(drawn, BATCH)):
        _write(batch, now)
    return programs


@transaction.atomic
def _write(batch: list[ProgramRows], now: dt.datetime) -> None:
    Program.objects.bulk_create([rows.program for rows in batch])
    create_rows(batch)
    Evidence.objects.bulk_create([proof for rows in batch for proof in _evidence(rows)])
    measured = Metric.objects.filter(program__in=[rows.program for rows in batch], last_measured_at__isnull=False)
    Reading.objects.bulk_create(weekly(measured.select_related("program")))
    for rows in batch:
        with clock.frozen(min(now, rows.program.launched_at)):
            activity.record(
                actor_id=None,
                verb=Verb.PROGRAM_LAUNCHED,
                subject_kind="program",
                subject_id=rows.program.pk,
                subject_label=rows.program.name,
                program_id=rows.program.pk,
                data={"generated": True},
            )
    Entry.objects.bulk_create([entry for rows in batch for entry in _entries(rows)])


def _people(lot: random.Random, wanted: int) -> list[User]:
    """The pool of people, made once and used again by the next run."""
    known = {user.email: user for user in User.objects.filter(email__endswith=f"@{DOMAIN}")}
    unusable = make_password(None)
    new = []
    for number in range(wanted):
        # Drawn also for who is there already, so that a second run draws the same programs.
        zone, name = lot.choice(_PLACES)[1], f"{lot.choice(_FIRST)} {lot.choice(_LAST)}"
        email = f"person{number:04d}@{DOMAIN}"
        if email not in known:
            new.append(User(email=email, name=name, time_zone=zone, password=unusable))
    everybody = {**known, **{user.email: user for user in User.objects.bulk_create(new)}}
    return [everybody[email] for email in sorted(everybody)][:wanted]


def _draw(
    lot: random.Random, people: list[User], portfolios: list[Portfolio], taken: set[str], now: dt.datetime
) -> ProgramRows:
    plan = plan_launch(default_playbook(), _spec(lot, people, portfolios, now))
    start, zone = plan.spec.program.start_date, plan.spec.program.time_zone
    program = program_row(plan, local_instant(start, 8, zone), launch_key=None, is_example=False)
    program.portfolio = next(item for item in portfolios if item.name == plan.spec.program.portfolio)
    program.slug = _free(program.name, taken)
    rows = ProgramRows(program, plan, {user.email: user for user in people}, vacant_since=start)
    rows.alter = partial(_progress, lot, rows, local_date(now, zone), lot.uniform(0.7, 1.0), _undecided(lot, plan, now))
    return rows


def _spec(lot: random.Random, people: list[User], portfolios: list[Portfolio], now: dt.datetime) -> LaunchSpec:
    country, zone = lot.choice(_PLACES)
    start = local_date(now, zone) - dt.timedelta(days=lot.randint(-5, 100))
    cast = lot.sample(people, 12)
    roles = {}
    for number, role in enumerate(default_playbook().roles):
        if role.slug in (SPONSOR, PROGRAM_MANAGER) or lot.random() > 0.06:
            deputy = cast[(number + 5) % len(cast)].email if lot.random() < 0.4 else None
            roles[role.slug] = {"person": cast[number % len(cast)].email, "deputy": deputy}
    profile = {slug: lot.random() < 0.3 for slug in QUESTIONS if slug != "system_kind"}
    return LaunchSpec.model_validate(
        {
            "program": {
                "name": f"{lot.choice(_THINGS)} {lot.choice(_KINDS)}",
                "portfolio": lot.choice(portfolios).name,
                "playbook": default_playbook().template.slug,
                "start_date": start,
                "time_zone": zone,
                "calendar": {"country": country},
                "profile": {"system_kind": lot.choice(list(SystemKind)), **profile},
            },
            "people": [{"name": user.name, "email": user.email} for user in cast],
            "roles": roles,
        }
    )


def _free(name: str, taken: set[str]) -> str:
    base, number = name.lower().replace(" ", "-"), 1
    while f"{base}-{number}" in taken:
        number += 1
    taken.add(f"{base}-{number}")
    return f"{base}-{number}"


def _undecided(lot: random.Random, plan: LaunchPlan, now: dt.datetime) -> frozenset[str]:
    """Events without an outcome: those ahead, and now and then the latest one behind, which is then overdue."""
    today = local_date(now, plan.spec.program.time_zone)
    behind = [item.definition.slug for item in plan.events if item.due.on < today]
    late = behind[-1:] if lot.random() < 0.15 else []
    return frozenset({item.definition.slug for item in plan.events} - set(behind) | set(late))


def _progress(
    lot: random.Random, rows: ProgramRows, today: dt.date, skill: float, undecided: frozenset[str], row: Model
) -> None:
    """Give a criterion, task, event or metric the state it may have reached by today."""
    if isinstance(row, Event) and row.slug not in undecided:
        row.state = EventState.DECIDED
        row.outcome = Outcome.GO if row.kind == EventKind.GATE else Outcome.ON_TRACK
        row.reason = "Generated for a benchmark."
        row.decided_at = local_instant(row.due_date, 16, rows.program.time_zone)
        row.decided_by = rows.roles[SPONSOR if row.kind == EventKind.GATE else PROGRAM_MANAGER].holder
    elif isinstance(row, Task) and row.due_date < today and lot.random() < skill:
        row.state = TaskState.DONE
        row.done_at = local_instant(row.due_date, 12, rows.program.time_zone)
        row.done_by = row.owner_role.holder or rows.roles[PROGRAM_MANAGER].holder
    elif isinstance(row, Metric) and rows.program.start_date < today - dt.timedelta(days=1):
        last_read(row, local_instant(today - dt.timedelta(days=1), 18, rows.program.time_zone))
    elif isinstance(row, Criterion) and row.applicable and row.due_date < today:
        _prove(lot, rows, row, sure=row.event.slug not in undecided, skill=skill)


def _prove(lot: random.Random, rows: ProgramRows, row: Criterion, *, sure: bool, skill: float) -> None:
    owner = row.owner_role.holder or rows.roles[PROGRAM_MANAGER].holder
    verifier = row.verifier_role.holder or rows.roles[SPONSOR].holder
    at = local_instant(row.due_date, 14, rows.program.time_zone)
    if sure or lot.random() < skill:
        row.state, row.verified_at, row.verified_by = CriterionState.VERIFIED, at, verifier
    else:
        row.state = lot.choice([CriterionState.OPEN, CriterionState.HANDED_IN, CriterionState.SENT_BACK])
        row.state_reason = "The period is missing." if row.state == CriterionState.SENT_BACK else ""
    if row.state != CriterionState.OPEN:
        row.handed_in_at, row.handed_in_by = at - dt.timedelta(days=1), owner


def _evidence(rows: ProgramRows) -> Iterator[Evidence]:
    for row in rows.criteria.values():
        if row.state != CriterionState.OPEN and row.handed_in_by is not None and row.handed_in_at is not None:
            yield Evidence(
                criterion=row,
                kind=EvidenceKind.LINK,
                title=row.slug.split("-", 1)[1].replace("-", " ").capitalize(),
                url=f"https://docs.{DOMAIN}/{rows.program.slug}/{row.slug}",
                effective_date=row.handed_in_at.date(),
                added_by=row.handed_in_by,
                added_at=row.handed_in_at,
            )


def _entries(rows: ProgramRows) -> Iterator[Entry]:
    """What the timeline would hold: finished tasks and verified criteria, oldest first."""
    found = []
    for task in rows.tasks.values():
        if task.done_at is not None:
            found.append((task.done_at, task.done_by_id, Verb.TASK_DONE, "task", task.pk, task.title, task.slug))
    for row in rows.criteria.values():
        if row.verified_at is not None:
            found.append(
                (row.verified_at, row.verified_by_id, Verb.CRITERION_VERIFIED, "criterion", row.pk, row.text, row.slug)
            )
    for at, actor, verb, kind, pk, label, slug in sorted(found, key=lambda each: (each[0], each[4])):
        yield Entry(
            at=at,
            actor_id=actor,
            verb=verb,
            program_id=rows.program.pk,
            subject_kind=kind,
            subject_id=pk,
            subject_label=label[:400],
            data={"slug": slug},
        )
