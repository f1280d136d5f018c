"""Writes what the team keeps about stakeholder groups, and contacts with them (S41)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from charter import policies
from charter.domain.stakeholders import LONGEST, days_in_words
from charter.enums import CharterKind, Stance
from charter.models import StakeholderContact, StakeholderPlan
from charter.services.base import near, record
from core import clock
from core.errors import Conflict, Invalid
from programs.models import Program, Role, StakeholderGroup
from programs.selectors import cast_of
from registers.policies import may_log
from registers.services.base import (
    QUICKER,
    head,
    hold,
    needed,
    note,
    of_program,
    past,
    same,
    sent_before,
    written,
)


@dataclass(frozen=True)
class GroupPlan:
    """What the team keeps about a group. `cadence_days` are calendar days between contacts, None for no rhythm."""

    stance: Stance
    cadence_days: int | None
    owner_role: Role
    next_on: dt.date | None = None
    note: str = ""


@transaction.atomic
def plan_group(*, actor: User, group: StakeholderGroup, kept: GroupPlan, version: int | None = None) -> StakeholderPlan:
    """Say a group's stance, rhythm, owner and next contact. `version` is 0 when nothing was kept yet.

    Errors: NotAllowed, Conflict, Invalid (a rhythm of no days or more than a year, a planned day that has passed, a
    role of another program).
    """
    program, group = _hold(group)
    row = StakeholderPlan.objects.filter(group=group).first() or StakeholderPlan(
        group=group, cadence_days=days_in_words(group.cadence), owner_role=group.owner_role, version=0
    )
    cast = cast_of(program)
    policies.may_plan_group(actor, cast.by_id[row.owner_role_id], cast).require()
    values = _values(program, kept, before=row.next_on)
    if version is not None and version != row.version:
        if same(row, values):
            return row
        raise Conflict(QUICKER, current=f"{row.get_stance_display()}, next contact {row.next_on or 'not planned'}")
    changed = {
        name: [written(getattr(row, name)), written(value)]
        for name, value in values.items()
        if getattr(row, name) != value
    }
    if not changed and row.pk:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    record(actor, Verb.STAKEHOLDER_PLANNED, CharterKind.STAKEHOLDER, group.pk, group.name, program, changed=changed)
    return row


@transaction.atomic
def log_contact(*, actor: User, group: StakeholderGroup, on: dt.date, note: str, key: str = "") -> StakeholderContact:
    """Write down that a group was spoken to and what came of it. Errors: NotAllowed, Invalid (day ahead, no words)."""
    program, group = _hold(group)
    may_log(actor, cast_of(program)).require()
    twin = sent_before(StakeholderContact, actor, program, key)
    if twin is not None:
        return twin
    day = near(past(on, program, "on", "That day has not come yet."), clock.today(program.time_zone), "on")
    row = StakeholderContact.objects.create(
        **head(StakeholderContact, actor, program, key),
        group=group,
        on=day,
        note=needed(note, "note", "Say in a sentence what came of it."),
    )
    record(actor, Verb.STAKEHOLDER_CONTACTED, CharterKind.STAKEHOLDER, group.pk, group.name, program, on=on.isoformat())
    return row


def _hold(group: StakeholderGroup) -> tuple[Program, StakeholderGroup]:
    program = hold(Program(pk=group.program_id))
    return program, StakeholderGroup.objects.select_related("owner_role").get(pk=group.pk)


def _values(program: Program, kept: GroupPlan, *, before: dt.date | None) -> dict[str, object]:
    of_program(kept.owner_role, program, "owner_role")
    if kept.cadence_days is not None and not 1 <= kept.cadence_days <= LONGEST:
        raise Invalid(f"Give 1 to {LONGEST} days, or leave it empty.", field="cadence_days")
    today = clock.today(program.time_zone)
    if kept.next_on is not None and kept.next_on < today and kept.next_on != before:
        raise Invalid("That day has passed; choose today or later.", field="next_on")
    return {
        "stance": Stance(kept.stance).value,
        "cadence_days": kept.cadence_days,
        "owner_role": kept.owner_role,
        "next_on": near(kept.next_on, today, "next_on"),
        "note": note(kept.note, "note"),
    }
