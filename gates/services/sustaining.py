"""Decides whether a running system continues, changes or retires (S79)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.text import many_lines
from gates import policies
from gates.domain.waivers import Fault
from gates.enums import Sustain
from gates.models import Closure, SustainDecision
from gates.selectors.sustain import basis_of, due_date_of
from gates.services.base import complete, lock_program, note, today_of
from gates.services.ending import close_program
from governance.enums import Finding
from governance.models import GovernanceOccurrence
from governance.selectors.calendar import Book, load_book
from governance.services import occurrences
from programs.enums import ProgramState
from programs.models import Program
from programs.selectors import cast_of

LONGEST_DAYS = 366
"""The next decision comes within a year (S79)."""
FINDINGS = {
    Sustain.CONTINUE: Finding.IN_ORDER,
    Sustain.CHANGE: Finding.ACTIONS,
    Sustain.RETIRE: Finding.ESCALATED,
}


@dataclass(frozen=True)
class SustainInput:
    """What the sponsor says. `next_on` is for continue and change, the last four are for retire (G10)."""

    word: Sustain
    reason: str
    changes: str = ""
    next_on: dt.date | None = None
    lessons: str = ""
    people_told: str = ""
    disposal: str = ""
    cost_avoided: Decimal | None = None


@transaction.atomic
def decide_sustain(*, actor: User, program: Program, wanted: SustainInput, key: str = "") -> SustainDecision:
    """Record the decision; it completes the date of the calendar that asked for it, and Retire closes the program.

    The same form sent twice is one decision. Errors: NotAllowed, Invalid (not in run, or its review lacks the benefit
    reading), Incomplete (what the word needs is missing).
    """
    program = lock_program(program)
    twin = SustainDecision.objects.filter(form_key=key, decided_by=actor, program=program).first() if key else None
    if twin is not None:
        return twin
    policies.may_sustain(actor, cast_of(program)).require()
    if program.state != ProgramState.RUNNING:
        raise Invalid("Only a running system is continued, changed or retired; before that its gates decide.")
    complete(_faults(wanted, today_of(program)))
    book = load_book(program)
    last = SustainDecision.objects.filter(program=program).aggregate(last=Max("number"))["last"]
    basis = [sentence for _, sentence in basis_of(program, book)]
    row = _held(actor, program, book, wanted)
    closure = _close(actor, program, wanted) if wanted.word is Sustain.RETIRE else None
    made = SustainDecision.objects.create(
        program=program,
        number=(last or 0) + 1,
        word=wanted.word.value,
        reason=many_lines(wanted.reason),
        changes=many_lines(wanted.changes),
        next_on=None if closure else wanted.next_on,
        basis=basis,
        occurrence=row,
        closure=closure,
        decided_by=actor,
        decided_at=clock.now(),
        form_key=key or None,
    )
    until = made.next_on.isoformat() if made.next_on else ""
    note(actor, Verb.SUSTAIN_DECIDED, made, program, word=made.word, reason=made.reason[:500], next=until)
    return made


def _faults(wanted: SustainInput, today: dt.date) -> list[Fault]:
    found = [] if wanted.reason.strip() else [Fault("reason", "Say why.")]
    if wanted.word is Sustain.RETIRE:
        asks = (
            ("lessons", wanted.lessons, "Keep the lessons."),
            ("people_told", wanted.people_told, "Say who was told."),
            ("disposal", wanted.disposal, "Say what becomes of data, model access and accounts (G10)."),
        )
        return found + [Fault(name, ask) for name, text, ask in asks if not text.strip()]
    if wanted.word is Sustain.CHANGE and not wanted.changes.strip():
        found.append(Fault("changes", "Say what changes."))
    if wanted.next_on is None:
        found.append(Fault("next_on", "Choose the day of the next decision."))
    elif not today < wanted.next_on <= today + dt.timedelta(days=LONGEST_DAYS):
        found.append(Fault("next_on", "The next decision lies ahead and comes within a year."))
    return found


def _held(actor: User, program: Program, book: Book, wanted: SustainInput) -> GovernanceOccurrence | None:
    """Complete the date that asked for the decision, unless its day is still far away."""
    entry = due_date_of(book)
    if entry is None or (entry.due - book.today).days > occurrences.EARLY_DAYS:
        return None
    said = f"{wanted.word.value.capitalize()}: {many_lines(wanted.reason)}"
    return occurrences.complete(
        actor=actor,
        event=entry.event,
        planned_on=entry.planned,
        held_on=book.today,
        finding=FINDINGS[wanted.word],
        output=said[:4000],
        next_step=many_lines(wanted.changes),
        decided=True,
    )


def _close(actor: User, program: Program, wanted: SustainInput) -> Closure:
    return close_program(
        actor=actor,
        program=program,
        reason=wanted.reason,
        lessons=wanted.lessons,
        people_told=wanted.people_told,
        disposal=wanted.disposal,
        cost_avoided=wanted.cost_avoided,
    )
