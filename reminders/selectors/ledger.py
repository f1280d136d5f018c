"""Every reminder of a program with what became of it: to whom, why, when, and what the server said (rule 8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.gathering import PreparedRows
from programs.domain.localtime import local_instant
from programs.models import Program, Role
from reminders.domain.again import MARK
from reminders.models import Delivery


@dataclass(frozen=True)
class LedgerFilter:
    """What the ledger is narrowed to; empty fields narrow nothing. `since` and `until` are days of the program."""

    state: str = ""
    person: int | None = None
    rule: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""


@dataclass(frozen=True)
class Group:
    """How many reminders of one rule about one kind of thing one person has in one state; `again` of them by hand."""

    person: int
    rule: str
    kind: str
    state: str
    number: int
    again: int

    def meets(self, asked: LedgerFilter) -> bool:
        """Whether person, rule and kind are those that are asked for."""
        pairs = ((asked.person, self.person), (asked.rule, self.rule), (asked.kind, self.kind))
        return all(not wanted or wanted == own for wanted, own in pairs)


@dataclass(frozen=True)
class Present:
    """The people, rules and kinds that occur in a program's ledger, for its filters, and how often they go together."""

    people: tuple[tuple[int, str], ...]
    groups: tuple[Group, ...]

    @property
    def rules(self) -> frozenset[str]:
        """The rules that occur."""
        return frozenset(group.rule for group in self.groups)

    @property
    def kinds(self) -> frozenset[str]:
        """What the reminders are about."""
        return frozenset(group.kind for group in self.groups)


@dataclass(frozen=True)
class Counts:
    """How many reminders there are by state (those without any are left out), and how many of all by hand."""

    states: dict[str, int]
    again: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.states.values())


_SHOWN = (
    "key", "program_id", "item_kind", "item_label", "rule", "occurrence", "due_date", "part", "role_slug", "gaps",
    "planned_on", "planned_for", "state", "reason",
    "user__name", "user__email", "user__time_zone", "mail__sent_at", "mail__reply", "mail__message_id",
)  # fmt: skip
"""What the page and the file read of a row; the other columns load when asked for."""


def ledger(program: Program, asked: LedgerFilter | None = None) -> QuerySet[Delivery]:
    """The program's reminders, latest planned first, with their people and mails; `asked` narrows them down."""
    return _shown(_narrowed(program, asked or LedgerFilter()))


def _shown(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.select_related("user", "mail").only(*_SHOWN).order_by("-planned_for", "-pk")


PER_PAGE = 15
_NEWEST = PreparedRows(lambda program: _shown(Delivery.objects.filter(program=program))[:PER_PAGE])


def newest(program: Program) -> list[Delivery]:
    """The first page of the whole ledger, which is what most visits read (one query)."""
    return _NEWEST.rows(program.pk)


def state_counts(program: Program, asked: LedgerFilter, there: Present) -> Counts:
    """How many reminders are in each state, with every filter but that of the state (no query, one for days or words).

    `there` is the `present` of the same program.
    """
    if not (asked.since or asked.until or asked.text):
        return _summed((g.state, g.number, g.again) for g in there.groups if g.meets(asked))
    rows = _narrowed(program, replace(asked, state="")).order_by().values("state")
    return _summed(rows.annotate(number=Count("pk"), again=_BY_HAND).values_list("state", "number", "again"))


_BY_HAND = Count("pk", filter=Q(occurrence__startswith=MARK))


def _summed(groups: Iterable[tuple[str, int, int]]) -> Counts:
    states: dict[str, int] = {}
    by_hand = 0
    for state, number, again in groups:
        states[state] = states.get(state, 0) + number
        by_hand += again
    return Counts(states, by_hand)


def _present(program_id: int) -> QuerySet[Delivery, Any]:
    rows = Delivery.objects.filter(program=program_id).order_by()
    groups = ("user_id", "user__name", "user__email", "rule", "item_kind", "state")
    counted: QuerySet[Delivery, Any] = rows.values(*groups).annotate(number=Count("pk"), again=_BY_HAND)
    return counted.values_list(*groups, "number", "again")


_PRESENT = PreparedRows(_present)


def present(program: Program) -> Present:
    """What the ledger of a program can be narrowed to (one query)."""
    found = _PRESENT.values(program.pk)
    people = {pk: name or email for pk, name, email, *_ in found}
    return Present(
        people=tuple(sorted(people.items(), key=lambda pair: pair[1].lower())),
        groups=tuple(Group(person, *rest) for person, _, _, *rest in found),
    )


def role_names(program: Program) -> dict[str, str]:
    """The names of the program's roles by slug (one query)."""
    return dict(Role.objects.filter(program=program).order_by().values_list("slug", "name"))


def every_row(program: Program, asked: LedgerFilter) -> Iterator[Delivery]:
    """The ledger row by row, never held as a whole, for a file of any length."""
    return ledger(program, asked).iterator(chunk_size=500)


def _narrowed(program: Program, asked: LedgerFilter) -> QuerySet[Delivery]:
    """Days become instants in the program's zone, so that the ledger's own index serves them."""
    rows = Delivery.objects.filter(program=program)
    exact = {"state": asked.state, "user": asked.person, "rule": asked.rule, "item_kind": asked.kind}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    zone = program.time_zone
    if asked.since:
        rows = rows.filter(planned_for__gte=local_instant(asked.since, 0, zone))
    if asked.until:
        rows = rows.filter(planned_for__lt=local_instant(asked.until + timedelta(days=1), 0, zone))
    return rows.filter(item_label__icontains=asked.text) if asked.text else rows
