"""Facts over many programs for the steering committee, each in one query whatever their number. Must not write."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from dashboard.domain.steering import Ends, age_bucket, median
from gates.enums import ClosureKind, ConditionState
from gates.models import Closure, Condition, Decision, Replan
from phases.enums import EventKind, EventState
from phases.models import Event, Phase
from programs.domain.calendar import day_of
from programs.enums import ProgramState
from programs.models import Portfolio, Program
from risks.models import Risk

GATES_AHEAD = 30
GATES_SHOWN = 12
LATENCY_DAYS = 365
SIZE = range(1, 6)


@dataclass(frozen=True)
class Stops:
    """Early stops and what they avoided spending, by currency; counted as such, never as failures (G10)."""

    count: int
    avoided: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class HeatCell:
    """Open risks of one likelihood and impact, over all programs."""

    likelihood: int
    impact: int
    count: int

    @property
    def score(self) -> int:
        """Likelihood times impact."""
        return self.likelihood * self.impact


def portfolios(programs: QuerySet[Program]) -> list[Portfolio]:
    """Return the portfolios the actor sees something in (one query)."""
    return list(Portfolio.objects.filter(programs__in=programs).distinct().order_by("name"))


def ends(programs: QuerySet[Program]) -> Ends:
    """Count how programs ended (one query)."""
    found = programs.order_by().aggregate(
        over=Count("pk", filter=Q(state__in=[ProgramState.RUNNING, ProgramState.CLOSED])),
        stopped=Count("pk", filter=Q(state=ProgramState.STOPPED)),
    )
    return Ends(found["over"], found["stopped"])


def stops(programs: QuerySet[Program]) -> Stops:
    """Return early stops with the cost they avoided (one query)."""
    rows = Closure.objects.filter(program__in=programs, kind=ClosureKind.STOPPED).order_by()
    grouped = rows.values_list("cost_currency").annotate(number=Count("pk"), avoided=Sum("cost_avoided_amount"))
    listed = sorted(grouped)
    avoided = tuple((currency, amount) for currency, _, amount in listed if amount)
    return Stops(sum(number for _, number, _ in listed), avoided)


def decision_latency(programs: QuerySet[Program], today: dt.date) -> tuple[int | None, int]:
    """Return the median days from a gate's agreed day to its decision in a year, and of how many (one query; S24)."""
    since = dt.datetime.combine(today - dt.timedelta(days=LATENCY_DAYS), dt.time(), dt.UTC)
    rows = Decision.objects.filter(
        program__in=programs, event__kind=EventKind.GATE, superseded_by__isnull=True, decided_at__gte=since
    )
    days = [max(0, (at.date() - due).days) for at, due in rows.order_by().values_list("decided_at", "event__due_date")]
    return median(days), len(days)


def slips(programs: QuerySet[Program]) -> list[tuple[str, int, int]]:
    """Return working days lost by cause with how many moves, most first (one query)."""
    rows = Replan.objects.filter(program__in=programs, working_days__gt=0).order_by()
    grouped = rows.values_list("cause").annotate(days=Sum("working_days"), moves=Count("pk"))
    return sorted(((cause, days, moves) for cause, days, moves in grouped), key=lambda row: (-row[1], row[0]))


def conditions(programs: QuerySet[Program], today: dt.date) -> Counter[str]:
    """Count open conditions of decisions that count by how near their day is (one query; G15)."""
    rows = Condition.objects.filter(program__in=programs, decision__superseded_by__isnull=True)
    due = rows.exclude(state=ConditionState.CLOSED).order_by().values_list("due_date", flat=True)
    return Counter(age_bucket((day - today).days) for day in due)


def heat(programs: QuerySet[Program]) -> list[list[HeatCell]]:
    """Return open risks by likelihood (rows, highest first) and impact (one query)."""
    rows = Risk.objects.filter(program__in=programs, closed_at=None).order_by()
    grouped = rows.values_list("current_likelihood", "current_impact").annotate(Count("pk"))
    found = {(likelihood, impact): number for likelihood, impact, number in grouped}
    return [[HeatCell(row, column, found.get((row, column), 0)) for column in SIZE] for row in reversed(SIZE)]


def gates_ahead(programs: QuerySet[Program], today: dt.date) -> list[Event]:
    """Return the gates of the next thirty days, soonest first (one query)."""
    rows = Event.objects.filter(
        program__in=programs.filter(state=ProgramState.ACTIVE),
        kind=EventKind.GATE,
        state=EventState.PENDING,
        due_date__range=(today, today + dt.timedelta(days=GATES_AHEAD)),
    )
    return list(rows.select_related("program").order_by("due_date", "pk")[:GATES_SHOWN])


def days_in_phase(programs: list[Program], today: dt.date) -> dict[int, str]:
    """Say for each program which phase it is in and for how many days (one query)."""
    found: dict[int, list[tuple[str, int, int]]] = {}
    rows = Phase.objects.filter(program__in=programs).order_by("position")
    for program_id, name, first, last in rows.values_list("program_id", "name", "start_day", "end_day"):
        found.setdefault(program_id, []).append((name, first, last))
    said = {}
    for program in programs:
        day = day_of(program.start_date, today)
        phases = found.get(program.pk, [])
        phase = next((p for p in phases if day <= p[2]), phases[-1] if phases else None)
        if phase is not None and day >= phase[1]:
            said[program.pk] = f"{phase[0]}, day {day - phase[1] + 1}"
    return said
