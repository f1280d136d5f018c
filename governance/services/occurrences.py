"""Holds an event on its day, or puts it off with a reason (S75, S94)."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from governance import policies
from governance.enums import Finding
from governance.models import BenefitReading, Deferral, GovernanceEvent, GovernanceOccurrence
from governance.selectors.calendar import Book, Entry, find_event
from governance.services.base import hold, line, past, record, today_of, words
from programs.models import Program
from programs.selectors import cast_of

EARLY_DAYS = 31
"""How long before its day an event may be held at most: a calendar cannot be ticked off for the whole year."""


@transaction.atomic
def complete(
    *,
    actor: User,
    event: GovernanceEvent,
    planned_on: dt.date,
    held_on: dt.date,
    finding: Finding,
    output: str,
    evidence: str = "",
    next_step: str = "",
    version: int | None = None,
    decided: bool = False,
) -> GovernanceOccurrence:
    """Say that an event was held and what came out of it. Earlier dates that passed open become "not held".

    Sent twice it is done once. `decided` is set by the decision to continue, change or retire, which alone completes
    an event that ends in it and has asked its own policy (S79).

    Errors: NotAllowed, Conflict, Invalid (no output, too early, no benefit reading).
    """
    program = hold(event.program)
    book, event, entry = _entry(program, event, planned_on)
    if not decided:
        policies.may_hold(actor, event, cast_of(program)).require()
    said = words(output, "output", f"Say what came out of it: {event.output}.")
    done = entry.row if entry.is_done else None
    if done is not None:
        if done.done_by_id == actor.pk and done.output == said:
            return done
        raise Conflict("Somebody was quicker: this is done.", current=f"{done.get_finding_display()}: {done.output}")
    _fresh(entry, version)
    if finding is Finding.NOT_HELD:
        raise Invalid("An event that was not held is not done; put it off instead.", field="finding")
    _may_be_done(program, event, entry, decided=decided)
    past(held_on, program, "held_on")
    now = clock.now()
    row = _row(program, event, entry)
    row.done_at, row.done_by, row.held_on = now, actor, held_on
    row.finding, row.output = finding.value, said
    row.evidence, row.next_step = evidence.strip(), " ".join(next_step.split())[:500]
    _save(row)
    _not_held(program, book, event, entry, actor, now)
    record(
        actor,
        Verb.GOVERNANCE_DONE,
        event,
        program,
        due=entry.due.isoformat(),
        finding=finding.value,
        output=said[:500],
        evidence=row.evidence,
    )
    return row


@transaction.atomic
def defer(
    *,
    actor: User,
    event: GovernanceEvent,
    planned_on: dt.date,
    new_date: dt.date,
    reason: str,
    version: int | None = None,
) -> GovernanceOccurrence:
    """Put one date of an event off; the third time only the sponsor may (S94). The rhythm behind it stays.

    Errors: NotAllowed, Conflict, Invalid (done, no reason, a day that is not later or has passed).
    """
    program = hold(event.program)
    _, event, entry = _entry(program, event, planned_on)
    policies.may_defer(actor, event, entry.deferrals, cast_of(program)).require()
    why = line(reason, "reason", "Say why it is put off.", limit=500)
    if entry.is_done:
        raise Invalid("This is done; there is nothing to put off.")
    day = program.calendar.next_working_day(new_date)
    if version is not None and entry.version != version and entry.row is not None and entry.due == day:
        return entry.row
    _fresh(entry, version)
    if day <= entry.due:
        raise Invalid("Choose a later day than the one it has now.", field="new_date")
    if new_date < today_of(program):
        raise Invalid("That day has passed; choose today or later.", field="new_date")
    row = _row(program, event, entry)
    row.deferrals += 1
    row.due_date, row.moved_because = day, f"put off: {why}"[:300]
    _save(row)
    Deferral.objects.create(
        occurrence=row, number=row.deferrals, before=entry.due, after=day, reason=why, by=actor, at=clock.now()
    )
    record(
        actor,
        Verb.GOVERNANCE_DEFERRED,
        event,
        program,
        due=entry.due.isoformat(),
        new=day.isoformat(),
        times=row.deferrals,
        reason=why,
    )
    return row


def _entry(program: Program, event: GovernanceEvent, planned_on: dt.date) -> tuple[Book, GovernanceEvent, Entry]:
    book, fresh = find_event(program, event.slug)
    entry = book.entry(fresh, planned_on)
    if entry is None:
        raise Conflict("This date is not on the calendar any more.", current=f"{fresh.name}: its rhythm was changed")
    return book, fresh, entry


def _fresh(entry: Entry, version: int | None) -> None:
    if version is not None and entry.version != version:
        raise Conflict("Somebody changed this a moment ago.", current=f"Due {entry.due.isoformat()}")


def _may_be_done(program: Program, event: GovernanceEvent, entry: Entry, *, decided: bool) -> None:
    if (entry.due - today_of(program)).days > EARLY_DAYS:
        raise Invalid(f"It is too early: it can be held from {EARLY_DAYS} days before its day on.")
    day = event.benefit_day
    if day is not None and not BenefitReading.objects.filter(program=program, day=day).exists():
        raise Invalid(f"Record the benefit reading of day {day} first (S97).")
    if event.decides and not decided:
        raise Invalid("It ends in the decision to continue, change or retire; record that decision (S79).")


def _row(program: Program, event: GovernanceEvent, entry: Entry) -> GovernanceOccurrence:
    """The row of a date, new when nobody touched it before."""
    return entry.row or GovernanceOccurrence(
        program=program,
        event=event,
        planned_on=entry.planned,
        due_date=entry.due,
        moved_because=entry.why,
        version=0,
    )


def _save(row: GovernanceOccurrence) -> None:
    row.version += 1
    row.save()


def _not_held(
    program: Program, book: Book, event: GovernanceEvent, entry: Entry, actor: User, now: dt.datetime
) -> None:
    """Close earlier dates that passed without anybody: said plainly, never counted as held."""
    for missed in book.open_until(event, min(entry.due, book.today) - dt.timedelta(days=1)):
        if missed.planned == entry.planned:
            continue
        row = _row(program, event, missed)
        row.done_at, row.done_by, row.finding = now, actor, Finding.NOT_HELD
        row.output = f"Not held; the one of {entry.due.isoformat()} covers it."
        _save(row)
