"""Writes the assumption log: what is believed, how it is tested, what came out (S15, S30)."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from phases.models import Event
from programs.models import Program, Role
from programs.selectors import cast_of
from registers import policies
from registers.domain.assumptions import TOP, placed
from registers.enums import Result, Theme
from registers.models import Assumption, AssumptionExplanation
from registers.services.base import (
    change,
    head,
    hold,
    lock,
    needed,
    note,
    of_program,
    past,
    record,
    repeated,
    same,
    sent_before,
    title,
)

LINE_LIMIT = 400


@transaction.atomic
def add_assumption(
    *,
    actor: User,
    program: Program,
    text: str,
    consequence: str,
    theme: Theme,
    owner_role: Role,
    test: str = "",
    key: str = "",
) -> Assumption:
    """Write an assumption down; it is untested and unranked. `key` makes a form sent twice one row (P16).

    Errors: NotAllowed, Invalid (no text, no consequence, a role of another program).
    """
    policies.may_log(actor, cast_of(program)).require()
    twin = sent_before(Assumption, actor, hold(program), key)
    if twin is not None:
        return twin
    values = _content(program, text, consequence, theme, owner_role, test)
    row = Assumption.objects.create(**head(Assumption, actor, program, key), **values)
    record(actor, Verb.ASSUMPTION_ADDED, row, program, consequence=row.consequence, theme=row.theme)
    return row


@transaction.atomic
def change_assumption(
    *,
    actor: User,
    assumption: Assumption,
    text: str,
    consequence: str,
    theme: Theme,
    owner_role: Role,
    test: str,
    version: int | None = None,
) -> Assumption:
    """Reword an assumption or its test. A tested one keeps its words: its result is about them.

    Errors: NotAllowed, Conflict, Invalid.
    """
    row = lock(assumption)
    policies.may_change_assumption(actor, row, cast_of(row.program)).require()
    values = _content(row.program, text, consequence, theme, owner_role, test)
    if repeated(row, version, done=same(row, values), current=f"{row.text} Test: {row.test or 'none'}"):
        return row
    if row.is_tested and row.text != values["text"]:
        raise Invalid(
            "This was tested; write a new assumption instead of changing what the result is about.", field="text"
        )
    changed = change(row, values)
    if changed:
        record(actor, Verb.ASSUMPTION_CHANGED, row, row.program, changed=changed)
    return row


@transaction.atomic
def rank_assumption(*, actor: User, assumption: Assumption, rank: int | None, version: int | None = None) -> Assumption:
    """Put an assumption at one of the top places, or take it out with None; the others make room (S15).

    Errors: NotAllowed, Conflict, Invalid (no such place).
    """
    program = hold(assumption.program)
    row = lock(assumption)
    policies.may_rank(actor, cast_of(program)).require()
    if repeated(
        row, version, done=row.rank == rank, current=f"Place {row.rank}" if row.rank else "Not in the top five"
    ):
        return row
    ranked = {a.pk: a for a in Assumption.objects.filter(program=program, rank__isnull=False)}
    before = {pk: a.rank for pk, a in ranked.items() if a.rank is not None}
    try:
        after = placed(before, row.pk, rank)
    except ValueError as error:
        raise Invalid(f"Choose a place from 1 to {TOP}.", field="rank") from error
    if after == before:
        return row
    # Two steps: the database knows each place only once, also while places are exchanged.
    Assumption.objects.filter(pk__in=before).update(rank=None)
    for pk, place in after.items():
        Assumption.objects.filter(pk=pk).update(rank=place)
    out = [ranked[pk].number for pk in before if pk not in after and pk != row.pk]
    old, row.rank = row.rank, after.get(row.pk)
    row.version += 1
    row.save(update_fields=["version"])
    record(actor, Verb.ASSUMPTION_RANKED, row, program, rank=row.rank, rank_before=old, pushed_out=out)
    return row


@transaction.atomic
def record_test(
    *, actor: User, assumption: Assumption, result: Result, note: str, tested_on: dt.date, version: int | None = None
) -> Assumption:
    """Record what the test showed and what follows from it (S30). A later test replaces it; both are on record.

    Errors: NotAllowed, Conflict, Invalid (no test written down, no note, a day that lies ahead).
    """
    row = lock(assumption)
    policies.may_test(actor, row, cast_of(row.program)).require()
    said = needed(note, "note", "Say what the test showed and what follows from it.")
    values = {"result": Result(result).value, "result_note": said, "tested_on": tested_on, "tested_by": actor}
    now = f"{row.get_result_display() or 'Not tested'}{f': {row.result_note}' if row.result_note else ''}"
    if repeated(row, version, done=same(row, values), current=now):
        return row
    if not row.test:
        raise Invalid("Write down first how it is tested; a result without a test proves nothing.", field="result")
    past(tested_on, row.program, "tested_on", "A test that lies ahead has no result yet.")
    before = row.result
    if change(row, values):
        record(
            actor,
            Verb.ASSUMPTION_TESTED,
            row,
            row.program,
            result=row.result,
            result_before=before,
            note=said,
            tested_on=tested_on.isoformat(),
        )
    return row


@transaction.atomic
def explain_untested(*, actor: User, assumption: Assumption, event: Event, reason: str) -> AssumptionExplanation:
    """Say why a top assumption is still untested, so that this checkpoint or gate may close (S15).

    Said again for the same event it replaces the words; the record keeps both. Errors: NotAllowed, Invalid (tested
    already, not in the top five, an event of another program or one that is decided).
    """
    row = lock(assumption)
    policies.may_test(actor, row, cast_of(row.program)).require()
    why = needed(reason, "reason", "Say why it is untested and when it will be tested.")
    of_program(event, row.program, "event")
    if row.is_tested:
        raise Invalid("This is tested; there is nothing to explain.")
    if row.rank is None:
        raise Invalid("Only the top five keep a checkpoint open; this one needs no explanation.")
    if event.decided_at is not None:
        raise Invalid(f"{event.name} has its outcome already.", field="event")
    told = AssumptionExplanation.objects.filter(assumption=row, event=event).first()
    if told is not None and told.reason == why:
        return told
    told = told or AssumptionExplanation(assumption=row, event=event)
    told.reason, told.by, told.at = why, actor, clock.now()
    told.save()
    record(actor, Verb.ASSUMPTION_EXPLAINED, row, row.program, event=event.slug, reason=why)
    return told


def _content(
    program: Program, text: str, consequence: str, theme: Theme, owner_role: Role, test: str
) -> dict[str, object]:
    of_program(owner_role, program, "owner_role")
    return {
        "text": title(text, "Write down what you take to be true.", field="text", limit=LINE_LIMIT),
        "consequence": needed(consequence, "consequence", "Say what happens if it is wrong."),
        "theme": Theme(theme).value,
        "test": note(test, "test"),
        "owner_role": owner_role,
    }
