"""Puts events on the calendar and changes them; a trigger that happened gets a dated review (S75-S77)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from governance import policies
from governance.domain.rules import Rhythm, RuleFault, check, rule_of
from governance.enums import GovernanceKind
from governance.models import GovernanceEvent, GovernanceOccurrence, Trigger
from governance.selectors.calendar import load_book
from governance.services.base import hold, line, of_program, past, record, today_of, words
from programs.domain.calendar import day_of
from programs.models import Program, Role
from programs.selectors import cast_of

QUICKER = "Somebody changed this a moment ago. Look at it as it is now, then try again."


@dataclass(frozen=True)
class EventInput:
    """What people say about an event. `rule` counts for the rhythm `RULE`; `first` is its next day, None keeps it."""

    name: str
    kind: GovernanceKind
    owner_role: Role
    inputs: str
    output: str
    rhythm: Rhythm
    rule: str = ""
    first: dt.date | None = None


@transaction.atomic
def add_event(*, actor: User, program: Program, wanted: EventInput, key: str = "") -> GovernanceEvent:
    """Put an event on the calendar. The same form sent twice is one event (P16).

    Errors: NotAllowed, Invalid (no words, no day or a past one, a rule that is none: the place is named).
    """
    program = hold(program)
    policies.may_keep(actor, cast_of(program)).require()
    twin = _sent_before(actor, program, key)
    if twin is not None:
        return twin
    first = _ahead(wanted.first, program, "first")
    event = _create(actor, program, "event", key, **_words(wanted, program), **_days(wanted, program, first))
    record(actor, Verb.GOVERNANCE_ADDED, event, program, first=event.first_date.isoformat(), rule=event.rrule)
    return event


@transaction.atomic
def change_event(
    *, actor: User, event: GovernanceEvent, wanted: EventInput, reason: str, version: int | None = None
) -> GovernanceEvent:
    """Change an event for what lies ahead. Dates that passed and are not done stay due (promise 4).

    Errors: NotAllowed, Conflict, Invalid (no reason, a new rhythm without its first day, a rule that is none).
    """
    program = hold(event.program)
    event = locked(GovernanceEvent.objects.filter(pk=event.pk)).get()
    event.program = program
    policies.may_keep(actor, cast_of(program)).require()
    why = line(reason, "reason", "Say why, so that others understand the change.", limit=500)
    values = _words(wanted, program)
    if wanted.first is not None or _spelled(wanted, event.first_date) != event.rrule:
        values |= _days(wanted, program, _ahead(wanted.first, program, "first"))
    changed = {
        name: [str(getattr(event, name)), str(new)] for name, new in values.items() if getattr(event, name) != new
    }
    if version is not None and event.version != version:
        if not changed:
            return event
        raise Conflict(QUICKER, current=f"{event.name}, {event.first_date.isoformat()}")
    if not changed:
        return event
    if {"first_date", "rrule", "rrule_later"} & set(changed):
        _keep_what_is_due(event)
    for name, new in values.items():
        setattr(event, name, new)
    event.first_day = _program_day(program, event.first_date)
    event.version += 1
    event.save(update_fields=[*values, "first_day", "version"])
    record(actor, Verb.GOVERNANCE_CHANGED, event, program, changed=changed, reason=why)
    return event


@transaction.atomic
def report_trigger(
    *,
    actor: User,
    trigger: Trigger,
    cause: str,
    happened_on: dt.date,
    review_on: dt.date,
    kind: GovernanceKind,
    owner_role: Role,
    key: str = "",
) -> GovernanceEvent:
    """Say that a trigger happened: a review with its day, owner and cause is made of it (S77).

    The same form sent twice is one review. Errors: NotAllowed, Invalid (no words, a day that does not fit).
    """
    program = hold(trigger.program)
    policies.may_report(actor, cast_of(program)).require()
    twin = _sent_before(actor, program, key)
    if twin is not None:
        return twin
    said = words(cause, "cause", "Say what happened.")
    past(happened_on, program, "happened_on")
    day = program.calendar.next_working_day(_ahead(review_on, program, "review_on"))
    event = _create(
        actor,
        program,
        "review",
        key,
        name=f"Called for: {trigger.when}"[:160],
        kind=GovernanceKind(kind).value,
        first_date=day,
        moved_from=review_on if day != review_on else None,
        owner_role=of_program(owner_role, program),
        inputs=trigger.when,
        output=trigger.then,
        trigger=trigger,
        cause=said,
        happened_on=happened_on,
    )
    record(actor, Verb.TRIGGER_HAPPENED, event, program, trigger=trigger.when, cause=said[:500], on=day.isoformat())
    return event


def _create(actor: User, program: Program, stem: str, key: str, **values: object) -> GovernanceEvent:
    taken = set(GovernanceEvent.objects.filter(program=program).values_list("slug", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if f"{stem}-{n}" not in taken)
    first = values["first_date"]
    if not isinstance(first, dt.date):
        raise TypeError("an event has a first day")
    return GovernanceEvent.objects.create(
        program=program,
        slug=f"{stem}-{number}",
        position=len(taken),
        first_day=_program_day(program, first),
        added_by=actor,
        added_at=clock.now(),
        form_key=key or None,
        **values,
    )


def _program_day(program: Program, day: dt.date) -> int:
    return max(day_of(program.start_date, day), 1)


def _sent_before(actor: User, program: Program, key: str) -> GovernanceEvent | None:
    return GovernanceEvent.objects.filter(form_key=key, added_by=actor, program=program).first() if key else None


def _words(wanted: EventInput, program: Program) -> dict[str, object]:
    return {
        "name": line(wanted.name, "name", "Name it.", limit=160),
        "kind": GovernanceKind(wanted.kind).value,
        "owner_role": of_program(wanted.owner_role, program),
        "inputs": words(wanted.inputs, "inputs", "Say what goes into it."),
        "output": line(wanted.output, "output", "Say what comes out of it."),
    }


def _days(wanted: EventInput, program: Program, first: dt.date) -> dict[str, object]:
    """First day and rule; a single event moves to a working day at once, a rhythm keeps the day it is counted from."""
    once = wanted.rhythm is Rhythm.ONCE
    day = program.calendar.next_working_day(first) if once else first
    return {
        "first_date": day,
        "moved_from": first if day != first else None,
        "rrule": _rule(wanted, day),
        "rrule_later": "",
    }


def _rule(wanted: EventInput, first: dt.date) -> str:
    try:
        return check(wanted.rule, first) if wanted.rhythm is Rhythm.RULE else rule_of(wanted.rhythm, first)
    except RuleFault as fault:
        raise Invalid(str(fault), field="rule") from fault


def _spelled(wanted: EventInput, first: dt.date) -> str:
    """The rule as it would stand with the first day it has now; a rule by hand as it was written."""
    if wanted.rhythm is Rhythm.RULE:
        return wanted.rule.strip()
    return rule_of(wanted.rhythm, first)


def _ahead(day: dt.date | None, program: Program, field: str) -> dt.date:
    if day is None:
        raise Invalid("Choose the first day of the new rhythm.", field=field)
    if day < today_of(program):
        raise Invalid("That day has passed; choose today or later.", field=field)
    return day


def _keep_what_is_due(event: GovernanceEvent) -> None:
    """Write down what passed and is not done, before the rules that gave it are gone."""
    book = load_book(event.program, slug=event.slug)
    rows = [
        GovernanceOccurrence(
            program=event.program,
            event=event,
            planned_on=entry.planned,
            due_date=entry.due,
            moved_because=entry.why,
        )
        for entry in book.open_until(book.events[0], book.today - dt.timedelta(days=1))
        if entry.row is None
    ]
    GovernanceOccurrence.objects.bulk_create(rows)
