"""Writes the register of data sources: sources, checks with proof, gaps with a plan (S33-S37)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from charter import policies
from charter.domain.data import FOUR
from charter.enums import CharterKind, CheckKind, Finding, GapSize
from charter.models import DataCheck, DataGap, DataSource
from charter.services.base import line, near, record
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
    needed,
    note,
    of_program,
    past,
    repeated,
    same,
    sent_before,
    title,
)

SHORT = {"owner": 200, "quality_keeper": 200}
LINES = tuple(name for fields in FOUR.values() for name in fields)


@transaction.atomic
def add_source(*, actor: User, program: Program, words: Mapping[str, str], key: str = "") -> DataSource:
    """Write a source down; only its name is needed, it stays incomplete until the four things are filled (S36).

    `words`: name, holds, owner, access_route, quality_keeper, quality_limits, rights, retention. Errors: NotAllowed,
    Invalid.
    """
    may_log(actor, cast_of(program)).require()
    twin = sent_before(DataSource, actor, hold(program), key)
    if twin is not None:
        return twin
    row = DataSource.objects.create(**head(DataSource, actor, program, key), **_source(words))
    record(actor, Verb.SOURCE_ADDED, CharterKind.SOURCE, row.pk, row.name, program, missing=row.missing)
    return row


@transaction.atomic
def change_source(
    *, actor: User, source: DataSource, words: Mapping[str, str], version: int | None = None
) -> DataSource:
    """Correct or complete a source. Errors: NotAllowed, Conflict, Invalid."""
    row = lock(source)
    policies.may_change_source(actor, row, cast_of(row.program)).require()
    values = _source(words)
    missing = ", ".join(row.missing)
    if repeated(row, version, done=same(row, values), current=f"{row.name}; not filled: {missing or 'nothing'}"):
        return row
    changed = change(row, dict(values))
    if changed:
        record(
            actor, Verb.SOURCE_CHANGED, CharterKind.SOURCE, row.pk, row.name, row.program,
            changed=changed, missing=row.missing,
        )  # fmt: skip
    return row


@transaction.atomic
def check_source(
    *,
    actor: User,
    source: DataSource,
    kind: CheckKind,
    finding: Finding,
    proof: str,
    checked_on: dt.date,
    key: str = "",
) -> DataCheck:
    """Record what a check said, with its proof and the day; the newest of a kind counts (S35).

    Errors: NotAllowed, Invalid (no proof, a day that lies ahead).
    """
    program = hold(source.program)
    row = lock(source)
    policies.may_change_source(actor, row, cast_of(program)).require()
    twin = sent_before(DataCheck, actor, program, key)
    if twin is not None:
        return twin
    today = clock.today(program.time_zone)
    day = near(
        past(checked_on, program, "checked_on", "A check that lies ahead says nothing yet."), today, "checked_on"
    )
    made = DataCheck.objects.create(
        **head(DataCheck, actor, program, key),
        source=row,
        kind=CheckKind(kind).value,
        finding=Finding(finding).value,
        proof=needed(proof, "proof", "Say what was looked at and where the proof is."),
        checked_on=day,
    )
    record(
        actor, Verb.SOURCE_CHECKED, CharterKind.SOURCE, row.pk, row.name, program,
        check=made.kind, finding=made.finding, on=checked_on.isoformat(),
    )  # fmt: skip
    return made


@dataclass(frozen=True)
class GapFacts:
    """A gap of the data: what the proof of concept had, what live has, how large that is, and what is done about it."""

    title: str
    in_poc: str
    in_live: str
    size: GapSize
    owner_role: Role
    plan: str = ""
    due_date: dt.date | None = None


@transaction.atomic
def add_gap(*, actor: User, source: DataSource, facts: GapFacts, key: str = "") -> DataGap:
    """Write a gap down. Errors: NotAllowed, Invalid."""
    may_log(actor, cast_of(source.program)).require()
    program = hold(source.program)
    twin = sent_before(DataGap, actor, program, key)
    if twin is not None:
        return twin
    row = DataGap.objects.create(**head(DataGap, actor, program, key), source=source, **_gap(program, facts))
    due = row.due_date.isoformat() if row.due_date else None
    record(actor, Verb.GAP_ADDED, CharterKind.GAP, row.pk, row.title, program, size=row.size, due=due)
    return row


@transaction.atomic
def change_gap(*, actor: User, gap: DataGap, facts: GapFacts, version: int | None = None) -> DataGap:
    """Correct a gap, its plan or its date. Errors: NotAllowed, Conflict, Invalid (closed already)."""
    row = lock(gap)
    policies.may_change_gap(actor, row, cast_of(row.program)).require()
    values = _gap(row.program, facts)
    if repeated(row, version, done=same(row, values), current=f"{row.title}, due {row.due_date or 'no day'}"):
        return row
    _open(row)
    changed = change(row, values)
    if changed:
        record(actor, Verb.GAP_CHANGED, CharterKind.GAP, row.pk, row.title, row.program, changed=changed)
    return row


@transaction.atomic
def close_gap(*, actor: User, gap: DataGap, resolution: str, version: int | None = None) -> DataGap:
    """Close a gap with how it was closed. Errors: NotAllowed, Conflict, Invalid (no words, closed already)."""
    row = lock(gap)
    policies.may_change_gap(actor, row, cast_of(row.program)).require()
    words = needed(resolution, "resolution", "Say how it was closed, and where that can be seen.")
    if repeated(row, version, done=row.resolution == words, current=row.resolution or "open"):
        return row
    _open(row)
    change(row, {"closed_on": clock.today(row.program.time_zone), "resolution": words})
    record(actor, Verb.GAP_CLOSED, CharterKind.GAP, row.pk, row.title, row.program, reason=words)
    return row


def _source(words: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": title(words.get("name", ""), "Name the source.", field="name"),
        "holds": note(words.get("holds", ""), "holds"),
        **{name: line(words.get(name, ""), name, SHORT.get(name, 400)) for name in LINES},
    }


def _gap(program: Program, facts: GapFacts) -> dict[str, object]:
    of_program(facts.owner_role, program, "owner_role")
    return {
        "title": title(facts.title, "Say in one line what differs."),
        "in_poc": needed(facts.in_poc, "in_poc", "Say what the proof of concept had."),
        "in_live": needed(facts.in_live, "in_live", "Say what it is in live use."),
        "size": GapSize(facts.size).value,
        "plan": note(facts.plan, "plan"),
        "owner_role": facts.owner_role,
        "due_date": near(facts.due_date, clock.today(program.time_zone), "due_date"),
    }


def _open(row: DataGap) -> None:
    if not row.is_open:
        raise Invalid("This gap is closed already.")
