"""Writes what the program waits for from other teams (S81)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from charter import policies
from charter.enums import CharterKind, DependencyState
from charter.models import Dependency
from charter.services.base import near, record
from core import clock
from core.errors import Invalid
from programs.models import Program, Role
from programs.selectors import cast_of
from registers.policies import may_log
from registers.services.base import (
    change,
    head,
    hold,
    lock,
    note,
    of_program,
    repeated,
    same,
    sent_before,
    title,
)

TEAM_LIMIT, WHAT_LIMIT = 120, 300


@dataclass(frozen=True)
class DependencyFacts:
    """On whom, what, by when, how far, and which role looks after it on our side."""

    team: str
    what: str
    needed_by: dt.date
    owner_role: Role
    state: DependencyState = DependencyState.ASKED
    note: str = ""


@transaction.atomic
def add_dependency(*, actor: User, program: Program, facts: DependencyFacts, key: str = "") -> Dependency:
    """Write a dependency down. Errors: NotAllowed, Invalid (no team, nothing needed, a year far off)."""
    may_log(actor, cast_of(program)).require()
    program = hold(program)
    twin = sent_before(Dependency, actor, program, key)
    if twin is not None:
        return twin
    row = Dependency.objects.create(**head(Dependency, actor, program, key), **_content(program, facts))
    record(
        actor, Verb.DEPENDENCY_ADDED, CharterKind.DEPENDENCY, row.pk, row.what, program,
        team=row.team, needed_by=row.needed_by.isoformat(), state=row.state,
    )  # fmt: skip
    return row


@transaction.atomic
def change_dependency(
    *, actor: User, dependency: Dependency, facts: DependencyFacts, version: int | None = None
) -> Dependency:
    """Change a dependency or how far it is. A dropped one says why. Errors: NotAllowed, Conflict, Invalid."""
    row = lock(dependency)
    policies.may_change_dependency(actor, row, cast_of(row.program)).require()
    values = _content(row.program, facts)
    if repeated(row, version, done=same(row, values), current=f"{row.get_state_display()}, needed by {row.needed_by}"):
        return row
    if facts.state is DependencyState.DROPPED and not values["note"]:
        raise Invalid("Say why it is not needed any more.", field="note")
    changed = change(row, values)
    if changed:
        record(actor, Verb.DEPENDENCY_CHANGED, CharterKind.DEPENDENCY, row.pk, row.what, row.program, changed=changed)
    return row


def _content(program: Program, facts: DependencyFacts) -> dict[str, object]:
    of_program(facts.owner_role, program, "owner_role")
    return {
        "team": title(facts.team, "Say on whom it depends.", field="team", limit=TEAM_LIMIT),
        "what": title(facts.what, "Say what is needed.", field="what", limit=WHAT_LIMIT),
        "needed_by": near(facts.needed_by, clock.today(program.time_zone), "needed_by"),
        "owner_role": facts.owner_role,
        "state": DependencyState(facts.state).value,
        "note": note(facts.note, "note"),
    }
