"""Readiness over time: kept days, why it moved, every slip, late flips, re-checks. Must not write."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from activity.enums import Verb
from activity.models import Entry
from core import clock
from gates.domain.history import Because, Counted, Move, shifts
from gates.domain.honesty import Honesty, LateFlips, late_flips
from gates.models import ReadingDay, Recheck, RecheckRound
from gates.selectors.facts import counted
from gates.selectors.freezing import musts_since_gate
from gates.selectors.minigates import scope_of
from gates.selectors.names import Names, names_in
from phases.domain.readiness import Scoring
from phases.enums import ItemKind
from phases.models import Criterion, DateChange, Event, Task
from phases.selectors import Plan
from programs.models import Program

MOVING = {
    Verb.EVIDENCE_ADDED: "evidence added",
    Verb.EVIDENCE_WITHDRAWN: "evidence withdrawn",
    Verb.CRITERION_VERIFIED: "verified",
    Verb.CRITERION_SENT_BACK: "sent back",
    Verb.CRITERION_HANDED_IN: "handed in",
    Verb.CRITERION_REOPENED: "reopened",
    Verb.CRITERION_TAILORED: "tailored",
    Verb.APPLICABILITY_ANSWERED: "whether it applies was answered",
    Verb.WAIVER_APPROVED: "waived",
    Verb.WAIVER_EXPIRED: "its waiver expired",
}
"""What can move a criterion's part in the score, in words."""


@dataclass(frozen=True)
class Line:
    """Why one criterion moved the score: what changed, and who did it when (nobody: time did)."""

    slug: str
    text: str
    words: str
    who: str
    did: str
    at: dt.datetime | None


@dataclass(frozen=True)
class Moved:
    """One dimension of one day: its score before and after, with the lines that moved it."""

    dimension: str
    before: int | None
    after: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Day:
    """One kept day with what moved since the day before; empty for the first."""

    row: ReadingDay
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class Slip:
    """Every move of one thing's date, oldest first."""

    kind: str
    label: str
    address: str
    baseline: dt.date
    due: dt.date
    changes: tuple[DateChange, ...]

    @property
    def days(self) -> int:
        """Calendar days between baseline and the date agreed now."""
        return (self.due - self.baseline).days

    @property
    def twice(self) -> bool:
        """Whether an agreed date was moved more than once, which is amber (honesty rule 7)."""
        return sum(change.field == "due" for change in self.changes) > 1


def days_of(program: Program) -> list[ReadingDay]:
    """Return the kept days of a program, oldest first (one query)."""
    return list(ReadingDay.objects.filter(program=program).order_by("date"))


def why_moved(program: Program, days: Sequence[ReadingDay]) -> list[Day]:
    """Return the days, newest first, with what moved each of them since the day before (three queries)."""
    if not days:
        return []
    texts = dict(Criterion.objects.filter(program=program).values_list("slug", "text"))
    entries = list(
        Entry.objects.filter(program_id=program.pk, verb__in=list(MOVING), at__gt=days[0].recorded_at).order_by("id")
    )
    names = names_in((), *(entry.actor_id for entry in entries))
    scoring = Scoring.from_data(program.scoring)
    found = [Day(days[0], ())]
    for before, after in pairwise(days):
        own = {str(e.data.get("slug")): e for e in entries if before.recorded_at < e.at <= after.recorded_at}
        found.append(Day(after, _moved(before, after, scoring, texts, own, names)))
    return found[::-1]


def _moved(
    before: ReadingDay,
    after: ReadingDay,
    scoring: Scoring,
    texts: Mapping[str, str],
    entries: Mapping[str, Entry],
    names: Names,
) -> tuple[Moved, ...]:
    labels = {row["slug"]: row["name"] for row in (*before.dimensions, *after.dimensions)}
    gate = f"{after.gate_name} is the gate ahead now" if before.gate_slug != after.gate_slug else ""
    return tuple(
        Moved(
            labels.get(shift.dimension, shift.dimension),
            shift.before,
            shift.after,
            tuple(_line(move, texts, entries.get(move.slug), names, gate) for move in shift.moves),
        )
        for shift in shifts(Counted.of_day(before.proofs), Counted.of_day(after.proofs), scoring=scoring)
    )


def _line(move: Move, texts: Mapping[str, str], entry: Entry | None, names: Names, gate: str) -> Line:
    text = texts.get(move.slug, move.slug)
    if entry is not None:
        who = names.name(entry.actor_id) or "Roadmap 90"
        return Line(move.slug, text, move.words, who, MOVING[Verb(entry.verb)], entry.at)
    cause = "time: evidence, a waiver or a freeze ended"
    if move.because in (Because.JOINED, Because.LEFT):
        cause = gate or "the list of criteria changed"
    return Line(move.slug, text, move.words, "", cause, None)


def slips_of(program: Program) -> list[Slip]:
    """Return every thing whose date was ever moved, largest slip first; none is left out (four queries)."""
    changes: dict[tuple[str, int], list[DateChange]] = {}
    for change in DateChange.objects.filter(program=program).select_related("changed_by").order_by("id"):
        changes.setdefault((change.item_kind, change.item_id), []).append(change)
    items: dict[tuple[str, int], Criterion | Task | Event] = {}
    wanted = {kind: [item for own, item in changes if own == kind] for kind in ItemKind}
    rows: list[Criterion | Task | Event] = [
        *Event.objects.filter(pk__in=wanted[ItemKind.EVENT]),
        *Criterion.objects.filter(pk__in=wanted[ItemKind.CRITERION]),
        *Task.objects.filter(pk__in=wanted[ItemKind.TASK]),
    ]
    for item in rows:
        item.program = program
        items[(_kind(item).value, item.pk)] = item
    found = [
        Slip(kind, str(item), item.get_absolute_url(), item.baseline_date, item.due_date, tuple(changes[(kind, pk)]))
        for (kind, pk), item in items.items()
    ]
    return sorted(found, key=lambda slip: (-slip.days, slip.label))


def _kind(item: Criterion | Task | Event) -> ItemKind:
    if isinstance(item, Event):
        return ItemKind.EVENT
    return ItemKind.CRITERION if isinstance(item, Criterion) else ItemKind.TASK


def late_flips_of(event: Event, plan: Plan) -> LateFlips:
    """Say whether too many must-meets of a gate turned met lately (honesty rule 5). One query for a mini-gate."""
    musts = musts_since_gate(counted(event, plan, scope_of(event)), event, plan)
    return late_flips(musts, now=clock.now(), rules=Honesty.from_data(plan.program.limits))


def rechecks_of(event: Event) -> tuple[RecheckRound | None, list[Recheck]]:
    """Return the draw before a gate with its rows (two queries)."""
    drawn = RecheckRound.objects.filter(event=event).select_related("drawn_by").first()
    if drawn is None:
        return None, []
    rows = list(Recheck.objects.filter(round=drawn).select_related("criterion", "checked_by"))
    for row in rows:
        row.criterion.program, row.round = event.program, drawn
    return drawn, rows
