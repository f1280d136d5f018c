"""Reads programs, roles and who somebody is in a program. Must not write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.http import Http404

from accounts.models import User
from core.gathering import PreparedRows
from programs.enums import PROGRAM_MANAGER, SPONSOR
from programs.models import Program, Role
from programs.querysets import one_visible_to


@dataclass(frozen=True)
class Cast:
    """All roles of one program, loaded once, with their people."""

    program: Program
    roles: tuple[Role, ...]
    by_slug: dict[str, Role] = field(init=False)
    by_id: dict[int, Role] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_slug", {role.slug: role for role in self.roles})
        object.__setattr__(self, "by_id", {role.pk: role for role in self.roles})

    def holder(self, slug: str) -> User | None:
        """Return the active holder of a role, or None for a vacant role or a deactivated person."""
        role = self.by_slug.get(slug)
        return active(role.holder) if role else None

    def deputy(self, slug: str) -> User | None:
        """Return the active deputy of a role, or None."""
        role = self.by_slug.get(slug)
        return active(role.deputy) if role else None

    @property
    def manager(self) -> User | None:
        """The program manager, if there is one."""
        return self.holder(PROGRAM_MANAGER)

    @property
    def sponsor(self) -> User | None:
        """The sponsor, if there is one."""
        return self.holder(SPONSOR)

    @property
    def people(self) -> list[User]:
        """Everyone active with a role or deputy role, once each, by name."""
        named = (active(person) for role in self.roles for person in (role.holder, role.deputy))
        found = {person.pk: person for person in named if person is not None}
        return sorted(found.values(), key=lambda person: str(person).lower())

    @cached_property
    def named(self) -> Mapping[int, User]:
        """Everybody with a role or deputy role by id, deactivated accounts too."""
        return {person.pk: person for role in self.roles for person in (role.holder, role.deputy) if person is not None}

    def slugs_of(self, person: User) -> frozenset[str]:
        """Return the roles a person holds or deputises."""
        return frozenset(r.slug for r in self.roles if person.pk in (r.holder_id, r.deputy_id))

    @property
    def vacant(self) -> list[Role]:
        """Roles without an active holder: the gaps."""
        return [role for role in self.roles if not active(role.holder)]


def active(person: User | None) -> User | None:
    """Return the person unless there is none or the account is deactivated."""
    return person if person is not None and person.is_active else None


_ROLES = PreparedRows(lambda program: Role.objects.filter(program=program).select_related("holder", "deputy"))


def cast_of(program: Program) -> Cast:
    """Load the roles of a program with holders and deputies (one query)."""
    return Cast(program, tuple(_ROLES.rows(program.pk)))


def get_program_for(actor: User, slug: str) -> Program:
    """Return a program the actor may see. Errors: Http404 for everybody else."""
    program = one_visible_to(actor, slug)
    if program is None:
        raise Http404("No such program")
    return program
