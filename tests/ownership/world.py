"""A small program with two ownership areas: the model (Mia, deputy Max) and monitoring (nobody).

Rows are written directly, so that a test of a service does not stand on that service.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from ownership.enums import Seat
from ownership.models import Nomination, OwnershipAcceptance
from ownership.services import accept
from programs.models import OwnershipArea, Program, Role
from tests import factories

DAY_24 = dt.datetime(2026, 1, 28, 9, tzinfo=dt.UTC)
TODAY = DAY_24.date()
WORDS = "I look after it and answer the same day."


@dataclass
class World:
    """The program, its people and a stranger."""

    built: factories.Built
    stranger: User

    @property
    def program(self) -> Program:
        """The program as it is now."""
        return Program.objects.get(pk=self.built.program.pk)

    def person(self, name: str) -> User:
        """Somebody by first name: pat manages, mia owns the model, max is her deputy, ivy and sam stand by."""
        return self.built.people[name]

    def role(self, slug: str = "model-owner") -> Role:
        """A role as it is now."""
        return Role.objects.select_related("program", "holder", "deputy").get(program=self.built.program, slug=slug)

    def area(self, slug: str = "own-model") -> OwnershipArea:
        """An area as it is now."""
        return OwnershipArea.objects.get(program=self.built.program, slug=slug)

    def ask(self, name: str, *, slug: str = "model-owner", seat: Seat = Seat.OWNER, **fields: Any) -> Nomination:
        """Write an open nomination."""
        values = {"effective_from": TODAY, "nominated_by": self.person("pat"), "nominated_at": DAY_24, **fields}
        return Nomination.objects.create(
            program=self.program,
            role=self.role(slug),
            seat=seat,
            person=self.person(name),
            nominated_on=TODAY,
            **values,
        )

    def settle(self, slug: str = "model-owner") -> None:
        """Let holder and deputy of a role accept."""
        role = self.role(slug)
        for seat, person in ((Seat.OWNER, role.holder), (Seat.DEPUTY, role.deputy)):
            accept(actor=person, role=role, seat=seat, words=WORDS)

    def standing(self, slug: str = "model-owner", seat: Seat = Seat.OWNER) -> OwnershipAcceptance | None:
        """The acceptance of a seat that is in force."""
        rows = OwnershipAcceptance.objects.filter(role=self.role(slug), seat=seat, area=None, ended_at=None)
        return rows.filter(taken_at__isnull=False).first()


def world(slug: str = "claims") -> World:
    """Make the program."""
    built = factories.program(slug)
    for position, (area, name, role) in enumerate(
        [
            ("own-model", "Model ownership", "model-owner"),
            ("own-monitoring", "Monitoring ownership", "monitoring-owner"),
        ]
    ):
        OwnershipArea.objects.create(
            program=built.program,
            slug=area,
            name=name,
            position=position,
            role=built.roles[role],
            covers="What it covers",
            may_decide="Versions",
            routine="A weekly look",
            response_times=[{"trigger": "severity 1", "amount": 1, "unit": "hours"}],
        )
    return World(built, factories.user(f"stranger.{slug}"))
