"""Turns roles of a program into the seats that `domain.calling` decides about. Must not write."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Absence, User
from core import clock
from escalation.defaults import defaults
from escalation.domain.calling import Call, Calls, Person, Seat, calls, stand_in
from programs.models import Program, Role
from programs.selectors import Cast, cast_of


@dataclass(frozen=True)
class Callers:
    """Everybody who can be told in one program, and who of them is away today."""

    cast: Cast
    away: frozenset[int]

    def calls(self, roles: Iterable[Role]) -> Calls:
        """Who is told in these roles today."""
        return calls(self._seat(self.cast.by_id[role.pk]) for role in roles if role.pk in self.cast.by_id)

    def stand_in(self) -> Call | None:
        """Who is told when the last rung is empty."""
        named = [self.cast.by_slug[slug] for slug in defaults().stand_in if slug in self.cast.by_slug]
        return stand_in([self._seat(role) for role in named])

    def _seat(self, role: Role) -> Seat:
        return Seat(role.slug, role.name, self._person(role.holder), self._person(role.deputy))

    def _person(self, user: User | None) -> Person | None:
        return Person(user.pk, str(user), user.is_active, user.pk in self.away) if user is not None else None


def callers_of(program: Program, cast: Cast | None = None, today: dt.date | None = None) -> Callers:
    """Load the people of a program and today's absences (two queries; one with a `cast` at hand)."""
    cast = cast or cast_of(program)
    today = today or clock.today(program.time_zone)
    ids = {pk for role in cast.roles for pk in (role.holder_id, role.deputy_id) if pk is not None}
    away = Absence.objects.filter(user__in=ids, start__lte=today, end__gte=today).values_list("user_id", flat=True)
    return Callers(cast, frozenset(away))
