"""Every reminder of a program with what became of it: to whom, why, when, and what the server said (rule 8)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

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
class Present:
    """The people, rules and kinds that occur in a program's ledger, for its filters."""

    people: tuple[tuple[int, str], ...]
    rules: frozenset[str]
    kinds: frozenset[str]


@dataclass(frozen=True)
class Counts:
    """How many reminders there are by state (those without any are left out), and how many of all by hand."""

    states: dict[str, int]
    again: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.states.values())


def ledger(program: Program, asked: LedgerFilter | None = None) -> QuerySet[Delivery]:
    """The program's reminders, latest planned first, with their people and mails; `asked` narrows them down."""
    rows = _narrowed(program, asked or LedgerFilter()).select_related("user", "mail").defer("mail__mime")
    return rows.order_by("-planned_for", "-pk")


def state_counts(program: Program, asked: LedgerFilter | None = None) -> Counts:
    """How many reminders are in each state, with every filter but that of the state."""
    rows = _narrowed(program, replace(asked or LedgerFilter(), state="")).order_by().values("state")
    found = list(rows.annotate(number=Count("pk"), again=Count("pk", filter=Q(occurrence__startswith=MARK))))
    return Counts({row["state"]: row["number"] for row in found}, sum(row["again"] for row in found))


def present(program: Program) -> Present:
    """What the ledger of a program can be narrowed to (one query)."""
    rows = Delivery.objects.filter(program=program).order_by()
    found = list(rows.values_list("user_id", "user__name", "user__email", "rule", "item_kind").distinct())
    people = {pk: name or email for pk, name, email, _, _ in found}
    return Present(
        people=tuple(sorted(people.items(), key=lambda pair: pair[1].lower())),
        rules=frozenset(row[3] for row in found),
        kinds=frozenset(row[4] for row in found),
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
