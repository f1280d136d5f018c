"""Turns a loaded plan and its reading into the values mission control prints. No queries, no writes.

Everything is computed here, so that the template only prints: a template loop with lookups is what makes pages slow.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.utils.safestring import SafeString

from accounts.models import User
from core.charts import criterion_cells, day_strip
from core.shapes import Cell
from core.templatetags.ui import day as written
from core.templatetags.ui import shortday
from core.text import shorten
from dashboard.domain.strip import StripFacts, days_of, spoken
from dashboard.domain.words import in_days, since
from dashboard.selectors.lines import gate_state
from phases.domain.readiness import Proof
from phases.enums import CriterionState, EventState
from phases.models import Criterion, Event, PlanItem, Task
from phases.policies import may_work_on
from phases.selectors.plan import Plan
from phases.selectors.reading import Reading
from programs.domain.calendar import date_of_day
from programs.models import Role
from programs.selectors import active

WEEK_ROWS = 12
NEXT_ROWS = 4


@dataclass(frozen=True)
class PhaseRow:
    """One column of the day strip."""

    number: int
    name: str
    dates: str
    drawing: SafeString
    mark: str
    state: str
    rest: str


@dataclass(frozen=True)
class DimensionRow:
    """One row of readiness: name, cells, printed score."""

    name: str
    cells: SafeString
    points: int
    verified: int


@dataclass(frozen=True)
class WeekRow:
    """One line of "this week": a task its owner may tick off here; everything else is a link to its page."""

    item: PlanItem
    title: str
    href: str
    may_tick: bool
    done: bool
    due: str
    late: bool
    owner: str
    owner_id: int | None


def phase_rows(plan: Plan, reading: Reading) -> list[PhaseRow]:
    """Return the three columns of the strip."""
    facts = strip_facts(plan, reading.today)
    calendar = plan.program.calendar
    rows = []
    for number, phase in enumerate(plan.phases, start=1):
        gate = next((e for e in plan.events if e.is_gate and e.phase_id == phase.pk), None)
        days = days_of(facts, phase.start_day, phase.end_day, calendar)
        mark, state, rest = _gate_words(plan, reading, gate)
        label = spoken(days, name=f"Phase {number}, {phase.name}", today=reading.day, gate=f"{state}{rest}")
        drawing = day_strip(
            days,
            today=reading.day,
            gate=gate_state(plan, gate.pk, reading.today) if gate else "",
            label=label,
            fullest=facts.fullest,
        )
        dates = f"{shortday(phase.start_date)} to {shortday(phase.end_date)}"
        rows.append(PhaseRow(number, phase.name, dates, drawing, mark, state, rest))
    return rows


def strip_facts(plan: Plan, today: dt.date) -> StripFacts:
    """Count finished items per day, and collect the days on which open ones are due."""
    finished: Counter[dt.date] = Counter()
    due: set[dt.date] = set()
    for task in plan.tasks:
        if task.done_at:
            finished[task.done_at.date()] += 1
        else:
            due.add(task.due_date)
    for criterion in plan.criteria:
        if criterion.verified_at:
            finished[criterion.verified_at.date()] += 1
        elif criterion.is_open:
            due.add(criterion.due_date)
    return StripFacts(plan.program.start_date, today, finished, frozenset(due))


def _gate_words(plan: Plan, reading: Reading, gate: Event | None) -> tuple[str, str, str]:
    if gate is None:
        return "grey", "No gate", ""
    if gate.state == EventState.DECIDED:
        on = shortday(gate.decided_at.date()) if gate.decided_at else ""
        return "green", f"{gate.name} passed", f" on {on}"
    upcoming = plan.next_gate()
    if upcoming is None or upcoming.pk != gate.pk:
        state = "Not started" if reading.day < gate.phase.start_day else "Waiting"
        return "grey", state, f", {gate.name} on {written(gate.due_date)}"
    counted = [c for c in plan.criteria_of(gate) if c.applicable]
    met = sum(reading.proofs[c.pk] is Proof.VERIFIED_FRESH for c in counted)
    rest = f", {met} of {len(counted)} criteria met"
    if gate.due_date < reading.today:
        return "red", f"{gate.name} overdue", f" since {written(gate.due_date)}{rest}"
    return reading.status.colour.value, gate.name, f" on {written(gate.due_date)}{rest}"


def dimension_rows(plan: Plan, reading: Reading) -> list[DimensionRow]:
    """Return readiness per dimension, weakest first, with one cell per criterion up to the gate ahead."""
    base = f"/programs/{plan.program.slug}/criteria/"
    last = reading.gate.day if reading.gate else 10_000
    cells: dict[str, list[Cell]] = {}
    for criterion in plan.criteria:
        if criterion.applicable and criterion.event.day <= last:
            state, word = _cell(criterion, reading.proofs[criterion.pk])
            label = f"{shorten(criterion.text, 80)}: {word}{', must-meet' if criterion.is_must else ''}"
            cells.setdefault(criterion.dimension_slug, []).append(
                Cell(state, criterion.is_must, label, f"{base}{criterion.slug}/")
            )
    return [
        DimensionRow(
            reading.dimension_names[row.dimension],
            criterion_cells(cells.get(row.dimension, [])),
            row.points,
            row.verified_points,
        )
        for row in reading.readiness.dimensions
    ]


def _cell(criterion: Criterion, proof: Proof) -> tuple[str, str]:
    if proof is Proof.STALE:
        return "no", "evidence too old"
    if criterion.state == CriterionState.SENT_BACK:
        return "no", "sent back"
    if proof is Proof.VERIFIED_FRESH:
        return "ok", "verified"
    return ("na", "no evidence") if proof is Proof.NONE else ("rv", "not verified yet")


def week(plan: Plan, reading: Reading, actor: User) -> tuple[str, list[WeekRow], list[WeekRow], int, int]:
    """Return the program week's words, its rows, the first rows of the next one, and how many are done of how many."""
    first_day = (max(reading.day, 1) - 1) // 7 * 7 + 1
    start = date_of_day(plan.program.start_date, first_day)
    items: list[Criterion | Task] = [*(c for c in plan.criteria if c.applicable), *plan.tasks]
    items.sort(key=lambda i: (i.due_date, i.pk))
    this = [i for i in items if 0 <= (i.due_date - start).days < 7 or 0 <= (_finished_on(i) - start).days < 7]
    coming = [i for i in items if 7 <= (i.due_date - start).days < 14 and i.is_open]
    done = sum(not i.is_open for i in this)
    this.sort(key=lambda i: (i.is_open, i.due_date))
    rows = [_week_row(plan, i, reading.today, actor) for i in this[:WEEK_ROWS]]
    return (
        f"Days {first_day} to {first_day + 6}",
        rows,
        [_week_row(plan, i, reading.today, actor) for i in coming[:NEXT_ROWS]],
        done,
        len(this),
    )


def _finished_on(item: Criterion | Task) -> dt.date:
    at = item.done_at if isinstance(item, Task) else item.verified_at
    return at.date() if at is not None and not item.is_open else dt.date.min


def _week_row(plan: Plan, item: Criterion | Task, today: dt.date, actor: User) -> WeekRow:
    is_task = isinstance(item, Task)
    owner = plan.owner_of(item)
    days = (item.due_date - today).days
    near = f"{item.due_date:%a}" if 1 < days < 7 else shortday(item.due_date)
    if not item.is_open:
        near = "Done" if is_task else "Verified"
    elif -1 <= days <= 1:
        near = in_days(days).capitalize()
    return WeekRow(
        item=item,
        title=shorten(str(item), 110),
        href=f"/programs/{plan.program.slug}/{'tasks' if is_task else 'criteria'}/{item.slug}/",
        may_tick=is_task and item.is_open and bool(may_work_on(actor, item, plan.cast)),
        done=not item.is_open,
        due=near,
        late=item.is_open and days < 0,
        owner=str(owner) if owner else "",
        owner_id=owner.pk if owner else None,
    )


def day_words(reading: Reading) -> tuple[int, str]:
    """Return the large day number, kept within the ninety days, and the words beside it."""
    if reading.day < 1:
        return 0, f"of 90 days, starts {in_days(1 - reading.day)}"
    if reading.day > 90:
        over = reading.day - 90
        return 90, f"of 90 days, over for {over} day{'s' if over != 1 else ''}"
    return reading.day, "of 90 days"


def figures(plan: Plan, reading: Reading) -> list[tuple[str, str]]:
    """Return the facts beside the day number."""
    rows = [("Today", written(reading.today))]
    gate = plan.next_gate()
    if gate:
        rows.append((gate.name, in_days((gate.due_date - reading.today).days)))
    used = min(max(reading.day, 0), 90) * 100 // 90
    return [*rows, ("Time used", f"{used}%"), ("Pace", reading.readiness.pace_text)]


@dataclass(frozen=True)
class OwnerFacts:
    """The owners card: who there is, which roles are empty, which have no deputy."""

    total: int
    filled: int
    without_deputy: int
    chips: list[User | None]
    gaps: list[tuple[Role, str]]
    undeputised: list[Role]


def owners(plan: Plan, today: dt.date) -> OwnerFacts:
    """Return the owners card; gaps come first because they are louder than progress."""
    roles = plan.cast.roles
    vacant = plan.cast.vacant
    without = [r for r in roles if active(r.holder) and not active(r.deputy)]
    gaps = [(r, f"Empty {since(r.vacant_since, today)}" if r.vacant_since else "Account deactivated") for r in vacant]
    return OwnerFacts(
        total=len(roles),
        filled=len(roles) - len(vacant),
        without_deputy=len(without),
        chips=[active(r.holder) for r in roles],
        gaps=gaps,
        undeputised=without[:3],
    )
