"""Turns areas, roles and acceptances into what the rules of ownership look at. Must not write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import User
from core import clock
from ownership.domain import demands
from ownership.domain.gaps import MOST_ROLES, WINDOW_DAYS, Gap, Holding, Person, unowned
from ownership.enums import Answer, Seat
from ownership.models import Nomination, OwnershipAcceptance
from programs.enums import ProgramState
from programs.models import OwnershipArea, Program, Role
from programs.querysets import visible_to
from programs.selectors import cast_of

ENDED = (ProgramState.STOPPED, ProgramState.CLOSED)
"""States in which roles are history and stay as they were."""


def person_of(user: User | None) -> Person | None:
    """Return a user as the rules see them."""
    if user is None:
        return None
    since = user.no_mail_since
    return Person(user.pk, str(user), user.is_active, since.date() if since else None)


def holding_of(area: OwnershipArea, role: Role) -> Holding:
    """Return an area as it stands; `role` has its people loaded. No query."""
    return Holding(
        slug=area.slug,
        name=area.name,
        role=role.slug,
        role_name=role.name,
        owner=person_of(role.holder),
        deputy=person_of(role.deputy),
        accepted=area.accepted_by_id is not None and area.accepted_by_id == role.holder_id,
        effective_from=area.effective_from,
        deputy_accepted=area.deputy_accepted_by_id is not None and area.deputy_accepted_by_id == role.deputy_id,
    )


def holdings(areas: Iterable[OwnershipArea], roles: Mapping[int, Role]) -> tuple[Holding, ...]:
    """Return areas as they stand, in their order. No query."""
    return tuple(holding_of(area, roles[area.role_id]) for area in areas)


def load_holdings(program: Program) -> tuple[Holding, ...]:
    """Return the areas of a program as they stand (two queries)."""
    return holdings(OwnershipArea.objects.filter(program=program), cast_of(program).by_id)


def unowned_areas(program: Program) -> tuple[Gap, ...]:
    """Return the first gap of each area that nobody owns today (two queries). S59."""
    return unowned(load_holdings(program), clock.today(program.time_zone))


def shortfalls(program: Program, slug: str) -> tuple[str, ...]:
    """Say what the register lacks for a criterion today; two queries for the criteria about areas, else none."""
    if slug not in demands.DEMANDS:
        return ()
    return demands.shortfalls(slug, load_holdings(program), clock.today(program.time_zone))


def most_roles(program: Program) -> int:
    """Roles one person may hold before it is a gap: the program's own limit, else the rule's."""
    return int(program.limits.get("most_roles_per_person", MOST_ROLES))


def window_days(program: Program) -> int:
    """Calendar days before a gate that are its window: the program's own limit, else the rule's."""
    return int(program.limits.get("gate_window_days", WINDOW_DAYS))


@dataclass(frozen=True)
class Book:
    """Who accepted what and who is asked, of one program, by role and seat."""

    standing: Mapping[tuple[int, str], OwnershipAcceptance]
    coming: Mapping[tuple[int, str], OwnershipAcceptance]
    asked: Mapping[tuple[int, str], tuple[Nomination, ...]]

    def accepted(self, role: Role, seat: Seat) -> OwnershipAcceptance | None:
        """The acceptance in force of whoever sits there now."""
        found = self.standing.get((role.pk, seat.value))
        sitting = role.holder_id if seat is Seat.OWNER else role.deputy_id
        return found if found is not None and found.person_id == sitting else None

    def waiting(self, role: Role, seat: Seat) -> tuple[Nomination, ...]:
        """The open nominations for a seat, newest first."""
        return self.asked.get((role.pk, seat.value), ())


def load_book(program: Program) -> Book:
    """Load acceptances in force or to come and open nominations (two queries)."""
    standing: dict[tuple[int, str], OwnershipAcceptance] = {}
    coming: dict[tuple[int, str], OwnershipAcceptance] = {}
    rows = OwnershipAcceptance.objects.filter(program=program, area=None, ended_at=None).select_related("person")
    for row in rows:
        (coming if row.taken_at is None else standing)[row.role_id, row.seat] = row
    asked: dict[tuple[int, str], tuple[Nomination, ...]] = {}
    for nomination in open_nominations().filter(program=program).select_related("person", "role"):
        key = (nomination.role_id, nomination.seat)
        asked[key] = (*asked.get(key, ()), nomination)
    return Book(standing, coming, asked)


def open_nominations() -> QuerySet[Nomination]:
    """Return nominations nobody has answered."""
    return Nomination.objects.filter(answer=Answer.OPEN)


def transfer_log(program: Program) -> list[OwnershipAcceptance]:
    """Return every acceptance of a role with its people, newest first, also what ended (one query). S60."""
    rows = OwnershipAcceptance.objects.filter(program=program, area=None)
    return list(rows.select_related("person", "role", "deputy", "ended_by"))


def answered_nominations(program: Program) -> list[Nomination]:
    """Return the nominations that did not end in an acceptance, newest first (one query)."""
    rows = Nomination.objects.filter(program=program).exclude(answer__in=[Answer.OPEN, Answer.ACCEPTED])
    return list(rows.select_related("person", "role", "nominated_by"))


def get_program_for_nominee(actor: User, slug: str) -> Program:
    """Return a program the actor may see or is nominated in. Errors: Http404 for everybody else.

    Whoever is asked to take a role has none yet, and still has to be able to read what is asked.
    """
    program = visible_to(actor).filter(slug=slug).first()
    if program is None:
        asked = Nomination.objects.filter(person=actor, answer__in=[Answer.OPEN, Answer.SUPERSEDED, Answer.WITHDRAWN])
        coming = OwnershipAcceptance.objects.filter(person=actor, taken_at=None, ended_at=None)
        mine = Q(pk__in=asked.values("program")) | Q(pk__in=coming.values("program"))
        program = Program.objects.select_related("portfolio").filter(mine, slug=slug).first()
    if program is None:
        raise Http404("No such program")
    return program
