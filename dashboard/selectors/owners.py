"""The ownership matrix: areas and roles with their people, what they said, their load and every gap. Must not write."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Min

from accounts.models import Absence, User
from core.templatetags.ui import day, shortday
from dashboard.domain.words import since
from ownership.domain.gaps import Gap, Post, Span, area_gaps, away_gaps, crowded, gate_window, overlap, unreached
from ownership.enums import GapKind, Seat
from ownership.selectors import Book, holding_of, load_book, most_roles, person_of, window_days
from phases.enums import CriterionState, EventKind, EventState, TaskState
from phases.models import Criterion, Event, Task
from programs.enums import Duration
from programs.models import OwnershipArea, Role
from programs.selectors import Cast, active

_LOUDEST = list(GapKind)  # kinds stand in the order of their weight
AHEAD = 21  # days in which a coming absence is worth a word


@dataclass(frozen=True)
class Said:
    """What stands in the column "Confirmed": the state as a word and a colour, and the person's own words."""

    colour: str
    text: str
    words: str = ""


@dataclass(frozen=True)
class OwnerRow:
    """One role as the matrix prints it; `away` is a coming absence of the holder in words."""

    slug: str
    name: str
    summary: str
    holder: User | None
    deputy: User | None
    load: int
    needed_by: str
    areas: list[str]
    empty: str
    away: str
    owner_said: Said
    deputy_said: Said | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class AreaCard:
    """One ownership area: who answers how fast for what, and what is missing."""

    slug: str
    name: str
    role: str
    role_name: str
    owner: User | None
    deputy: User | None
    team: str
    covers: str
    may_decide: str
    response: tuple[str, ...]
    said: Said
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Matrix:
    """Everything of the owners page, gaps first."""

    areas: list[AreaCard]
    rows: list[OwnerRow]
    warnings: tuple[Gap, ...]
    book: Book

    @property
    def owned(self) -> int:
        """How many areas count as owned."""
        return sum(not card.gaps for card in self.areas)


def load_matrix(cast: Cast, today: dt.date) -> Matrix:
    """Read the matrix of a program (seven queries, whatever its size)."""
    load, needed = _load(cast)
    areas = list(OwnershipArea.objects.filter(program=cast.program))
    absences = absences_of(cast, today)
    book = load_book(cast.program)
    posts = [post_of(role, absences) for role in cast.roles]
    warnings = (*unreached(posts), *_away(cast, posts), *crowded(posts, most_roles(cast.program)))
    names: dict[int, list[str]] = {}
    for area in areas:
        names.setdefault(area.role_id, []).append(area.name)
    of_role: dict[str, list[Gap]] = {}
    for gap in warnings:
        of_role.setdefault(gap.role, []).append(gap)
    cards = [_card(area, cast.by_id[area.role_id], book, today) for area in areas]
    rows = [
        _row(role, book, load[role.pk], needed.get(role.pk), names.get(role.pk, []), absences, of_role, today)
        for role in cast.roles
    ]
    return Matrix(
        areas=sorted(cards, key=lambda card: _LOUDEST.index(card.gaps[0].kind) if card.gaps else len(_LOUDEST)),
        rows=sorted(rows, key=lambda row: (row.holder is not None, not row.gaps)),
        warnings=warnings,
        book=book,
    )


def response_times(area: OwnershipArea) -> tuple[str, ...]:
    """Write how fast an area's owner answers: "feed breach: within 4 hours" (S62)."""
    return tuple(
        f"{wait['trigger']}: {_within(int(wait['amount']), str(wait['unit']))}" for wait in area.response_times
    )


def _within(amount: int, unit: str) -> str:
    if unit == Duration.AT_ONCE:
        return "at once"
    if unit == Duration.SAME_DAY:
        return "the same day"
    word = unit.replace("_", " ")
    return f"within {amount} {word.removesuffix('s') if amount == 1 else word}"


def post_of(role: Role, absences: Mapping[int, tuple[Span, ...]]) -> Post:
    """A role with its present people and their absences, as the rules see it. No query."""
    holder, deputy = active(role.holder), active(role.deputy)
    return Post(
        slug=role.slug,
        name=role.name,
        holder=person_of(holder),
        deputy=person_of(deputy),
        holder_away=absences.get(holder.pk, ()) if holder else (),
        deputy_away=absences.get(deputy.pk, ()) if deputy else (),
    )


def absences_of(cast: Cast, today: dt.date) -> dict[int, tuple[Span, ...]]:
    """The absences of a program's people that are not over, soonest first (one query)."""
    found: dict[int, tuple[Span, ...]] = {}
    rows = Absence.objects.filter(user__in=cast.people, end__gte=today).order_by("start")
    for user_id, start, end in rows.values_list("user_id", "start", "end"):
        found[user_id] = (*found.get(user_id, ()), (start, end))
    return found


def said_of(role: Role, seat: Seat, book: Book, today: dt.date) -> Said:
    """What is known of a seat's acceptance, loudest first. No query."""
    sitting = active(role.holder if seat is Seat.OWNER else role.deputy)
    accepted = book.accepted(role, seat)
    coming = book.coming.get((role.pk, seat.value))
    waiting = book.waiting(role, seat)
    if coming is not None:
        return Said("amber", f"{coming.person} takes over on {day(coming.effective_from)}", coming.words)
    others = [n for n in waiting if sitting is None or n.person_id != sitting.pk]
    if others:
        asked = others[0]
        return Said("amber", f"waits for {asked.person}, asked {shortday(asked.nominated_on)}")
    if sitting is None:
        return Said("red", "vacant")
    if accepted is None:
        when = f", asked {shortday(waiting[0].nominated_on)}" if waiting else ""
        return Said("amber", f"not confirmed yet{when}")
    if accepted.effective_from > today:
        return Said("amber", f"confirmed, from {day(accepted.effective_from)} on", accepted.words)
    return Said("green", f"confirmed {shortday(accepted.accepted_at.date())}", accepted.words)


def _card(area: OwnershipArea, role: Role, book: Book, today: dt.date) -> AreaCard:
    return AreaCard(
        slug=area.slug,
        name=area.name,
        role=role.slug,
        role_name=role.name,
        owner=active(role.holder),
        deputy=active(role.deputy),
        team=area.team,
        covers=area.covers,
        may_decide=area.may_decide,
        response=response_times(area),
        said=said_of(role, Seat.OWNER, book, today),
        gaps=area_gaps(holding_of(area, role), today),
    )


def _row(
    role: Role,
    book: Book,
    load: int,
    needed: dt.date | None,
    areas: list[str],
    absences: Mapping[int, tuple[Span, ...]],
    gaps: Mapping[str, list[Gap]],
    today: dt.date,
) -> OwnerRow:
    holder, deputy = active(role.holder), active(role.deputy)
    empty = ""
    if holder is None:
        empty = f"Empty {since(role.vacant_since, today)}" if role.vacant_since else "Account deactivated"
    said = said_of(role, Seat.DEPUTY, book, today)
    return OwnerRow(
        slug=role.slug,
        name=role.name,
        summary=role.summary,
        holder=holder,
        deputy=deputy,
        load=load,
        needed_by=day(needed) if needed else "",
        areas=areas,
        empty=empty,
        away=_away_words(absences.get(holder.pk, ()) if holder else (), today),
        owner_said=said_of(role, Seat.OWNER, book, today),
        deputy_said=None if said.text == "vacant" else said,
        gaps=tuple(gaps.get(role.slug, ())),
    )


def _away_words(spans: Iterable[Span], today: dt.date) -> str:
    near = next((s for s in spans if overlap(s, (today, today + dt.timedelta(days=AHEAD)))), None)
    return f"away {shortday(near[0])} to {shortday(near[1])}" if near else ""


def _away(cast: Cast, posts: list[Post]) -> tuple[Gap, ...]:
    gates = Event.objects.filter(program=cast.program, kind=EventKind.GATE, state=EventState.PENDING)
    days = window_days(cast.program)
    found: tuple[Gap, ...] = ()
    for name, due in gates.order_by("day").values_list("name", "due_date"):
        found += away_gaps(posts, name, gate_window(due, days))
    return found


def _load(cast: Cast) -> tuple[Counter[int], dict[int, dt.date]]:
    """Open items by role, and the day the first of them is due: by then the role is needed (two queries)."""
    criteria = Criterion.objects.filter(program=cast.program, applicable=True).exclude(state=CriterionState.VERIFIED)
    tasks = Task.objects.filter(program=cast.program, state=TaskState.OPEN)
    total: Counter[int] = Counter()
    needed: dict[int, dt.date] = {}
    for rows in (criteria, tasks):
        for role, count, first in rows.order_by().values_list("owner_role").annotate(Count("pk"), Min("due_date")):
            total[role] += count
            needed[role] = min(first, needed.get(role, first))
    return total, needed
