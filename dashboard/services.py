"""Keeps the two tables of convenience up to date. Must not change anything that people entered.

Neither write is recorded as activity: a looked-at page and a computed line are no change of a program.
"""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from accounts.models import User
from activity.models import Entry
from core import clock
from core.errors import Invalid
from core.locks import locked
from dashboard.models import Standing, Visit
from dashboard.selectors.lines import gate_state, verdict_of
from dashboard.selectors.overview import load_overviews
from dashboard.selectors.work import open_count
from gates.selectors.ledger import Ledger, load_ledgers
from gates.selectors.reading import read_program
from phases.selectors.plan import Plan
from phases.selectors.reading import Reading
from programs import services as programs
from programs.domain.localtime import local_instant
from programs.models import Program, Role

BATCH = 100  # programs computed with one set of queries
OPEN_WORK_KEPT = 60  # seconds
VISIT_ENDS_AFTER = dt.timedelta(hours=1)
VISIT_WRITTEN_EVERY = dt.timedelta(minutes=10)
_NEED = {"red": 4, "grey": 2, "amber": 3, "green": 1}


def note_visit(*, user: User, program: Program, visit: Visit | None) -> dt.datetime | None:
    """Remember that `user` looks at `program` now; return when the visit before this one ended (None: the first).

    A visit ends after an hour without a look. At most one write in ten minutes, so that reading stays reading.
    """
    now = clock.now()
    if visit is None:
        Visit.objects.update_or_create(user=user, program=program, defaults={"last_at": now})
        return None
    quiet = now - visit.last_at
    if quiet >= VISIT_ENDS_AFTER:
        visit.before_at, visit.last_at = visit.last_at, now
        visit.save(update_fields=["before_at", "last_at"])
    elif quiet >= VISIT_WRITTEN_EVERY:
        visit.last_at = now
        visit.save(update_fields=["last_at"])
    return visit.before_at


def changed(entry: Entry) -> None:
    """Mark a program's line as out of date; called for every activity entry, inside its transaction.

    The actor's own number of open items is forgotten once the change is committed.
    """
    if entry.actor_id is not None:
        transaction.on_commit(partial(cache.delete, _work_key(entry.actor_id)))
    if entry.program_id is not None:
        Standing.objects.filter(program_id=entry.program_id).update(good_until=entry.at)


def open_work(user: User, today: dt.date) -> int:
    """Return how much `user` owes within a week, at most a minute old unless somebody else changed it (one query)."""
    kept: int | None = cache.get(_work_key(user.pk))
    if kept is None:
        kept = open_count(user, today)
        keep_open_work(user, kept)
    return kept


def keep_open_work(user: User, number: int) -> None:
    """Keep a number worked out elsewhere for a minute."""
    cache.set(_work_key(user.pk), number, OPEN_WORK_KEPT)


def _work_key(user_id: int) -> str:
    return f"open-work:{user_id}"


def stale(found: QuerySet[Program]) -> QuerySet[Program]:
    """Return those of `found` whose line is missing or has to be computed again."""
    return found.filter(Q(standing__isnull=True) | Q(standing__good_until__lte=clock.now()))


def refresh(found: Iterable[Program]) -> int:
    """Compute and store the lines of the programs `found`; return how many. Nineteen queries for each hundred."""
    listed = list(found)
    for start in range(0, len(listed), BATCH):
        _refresh_batch(listed[start : start + BATCH])
    return len(listed)


@transaction.atomic
def _refresh_batch(batch: list[Program]) -> None:
    # Held while computing: a change that comes in meanwhile waits, then marks the new line out of date.
    list(locked(Standing.objects.filter(program__in=batch)).values_list("pk"))
    rows = Entry.objects.filter(program_id__in=[p.pk for p in batch]).order_by().values_list("program_id")
    updated: dict[int, dt.datetime] = dict(rows.annotate(Max("at")))
    ledgers = load_ledgers([(p, clock.today(p.time_zone)) for p in batch])
    plans = load_overviews(batch, lists=False)
    lines = [_line(plan, updated.get(plan.program.pk), ledgers[plan.program.pk]) for plan in plans]
    fields = [f.name for f in Standing._meta.concrete_fields if not f.primary_key]
    Standing.objects.bulk_create(lines, update_conflicts=True, unique_fields=["program"], update_fields=fields)


def _line(plan: Plan, last_update: dt.datetime | None, ledger: Ledger) -> Standing:
    program, today = plan.program, ledger.today
    reading = read_program(plan, today=today, last_update=last_update, ledger=ledger)
    gaps = len(plan.cast.vacant)
    gate = reading.gate
    return Standing(
        program=program,
        good_until=local_instant(today + dt.timedelta(days=1), 0, program.time_zone),
        need=_need(reading, gaps),
        colour=reading.status.colour.value,
        verdict=verdict_of(plan, reading)[:500],
        gates=[[event.day, gate_state(plan, event.pk, today)] for event in plan.events if event.is_gate],
        gate_name=gate.name if gate else "",
        gate_date=gate.due_date if gate else None,
        gaps=gaps,
        updated_on=(last_update or program.launched_at).date(),
    )


def _need(reading: Reading, gaps: int) -> int:
    """Worst colour first, then the nearer gate, then more gaps."""
    days = max(0, 99 - max(0, (reading.gate.due_date - reading.today).days)) if reading.gate else 0
    return _NEED[reading.status.colour.value] * 100_000 + min(days, 99) * 100 + min(gaps, 99)


@transaction.atomic
def set_role_people(*, actor: User, role: Role, holder: User | None, deputy: User | None, version: int) -> Role:
    """Set holder and deputy of a role in one go, also when they change places; nobody as holder makes it a gap.

    Errors: NotAllowed, Invalid, Conflict (from `programs.services`); then nothing of it is saved.
    """
    if holder is not None and holder == deputy:
        raise Invalid("One person cannot be holder and deputy of the same role.", field="deputy")
    seen: int | None = version
    if role.deputy_id is not None and role.deputy_id != (deputy.pk if deputy else None):
        role, seen = programs.set_deputy(actor=actor, role=role, person=None, version=seen), None
    if holder is None:
        role, seen = programs.vacate_role(actor=actor, role=role, version=seen), None
    elif role.holder_id != holder.pk:
        role, seen = programs.fill_role(actor=actor, role=role, person=holder, version=seen), None
    if deputy is not None and role.deputy_id != deputy.pk:
        role = programs.set_deputy(actor=actor, role=role, person=deputy, version=seen)
    return role
