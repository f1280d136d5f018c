"""What a decision does to the plan: the event's result, its new date, conditions, the program's state. No policies."""

import datetime as dt
from collections.abc import Iterable

from accounts.models import User
from activity.enums import Verb
from gates.domain.conditions import ConditionInput
from gates.enums import StepState
from gates.models import Condition, Decision, LaunchStep
from gates.services.base import note
from phases.enums import LAUNCHING, POSTPONING, EventState, Outcome
from phases.models import Criterion, Event
from phases.services.base import record, save
from phases.services.dates import shift
from programs.enums import PROGRAM_MANAGER, ProgramState
from programs.models import Program
from programs.selectors import Cast


def settle_event(actor: User | None, event: Event, decision: Decision) -> None:
    """Write the decision's word onto the (locked) event; Hold, Recycle and Do not launch leave it pending, later."""
    word = Outcome(decision.word)
    event.outcome, event.reason = word, decision.reason
    if word in POSTPONING:
        event.state, event.decided_at, event.decided_by = EventState.PENDING, None, None
    else:
        event.state, event.decided_at, event.decided_by = EventState.DECIDED, decision.decided_at, actor
    save(event, "state", "outcome", "reason", "decided_at", "decided_by")
    if actor is not None:
        record(actor, Verb.EVENT_DECIDED, event, outcome=word.value, reason=decision.reason, decision=decision.pk)
        _postpone(actor, event, decision)
    if word in LAUNCHING:
        # A new clearance lets a halted rollout go on; what happened stays in the record.
        LaunchStep.objects.filter(program_id=event.program_id, state=StepState.HALTED).update(state=StepState.PLANNED)


def _postpone(actor: User, event: Event, decision: Decision) -> None:
    wanted = decision.review_date or decision.new_date
    if Outcome(decision.word) not in POSTPONING or wanted is None:
        return
    day: dt.date = event.program.calendar.next_working_day(wanted)
    if day != event.due_date:
        shift(actor, event, day, f"{decision.get_word_display()}: {decision.reason}"[:500], Verb.EVENT_REDATED)


def set_conditions(actor: User, decision: Decision, rows: Iterable[ConditionInput], cast: Cast) -> list[Condition]:
    """Create the conditions of a decision; a verifier that is not named is the independent reviewer or the manager."""
    slugs = {c.slug: c for c in Criterion.objects.filter(program_id=decision.program_id)}
    made = []
    for position, row in enumerate(rows):
        if row.due_date is None:
            raise ValueError("conditions are checked before they are set")
        condition = Condition.objects.create(
            program_id=decision.program_id,
            decision=decision,
            position=position,
            criterion=slugs.get(row.criterion),
            text=row.text.strip(),
            owner_role=cast.by_slug[row.owner_role],
            owner_id=row.owner,
            verifier_role=cast.by_slug[row.verifier_role or default_verifier(row.owner_role, cast)],
            due_date=row.due_date,
            exit_test=row.exit_test.strip(),
            consequence=row.consequence.strip(),
        )
        note(actor, Verb.CONDITION_SET, condition, cast.program, due=condition.due_date.isoformat())
        made.append(condition)
    return made


def default_verifier(owner_role: str, cast: Cast) -> str:
    """The role that verifies a condition unless another is named: never the owning one (G2)."""
    for slug in ("independent-reviewer", PROGRAM_MANAGER):
        if slug in cast.by_slug and slug != owner_role:
            return slug
    return next(role.slug for role in cast.roles if role.slug != owner_role)


def set_state(actor: User | None, program: Program, state: ProgramState, verb: Verb, reason: str) -> None:
    """Turn the (locked) program into another state, with its entry; reminders hear of it."""
    if program.state == state:
        return
    program.state, program.version = state, program.version + 1
    program.save(update_fields=["state", "version"])
    note(actor, verb, program, program, reason=reason)
