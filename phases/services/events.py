"""Records the outcome of checkpoints and gates. Conditions, waivers and the other decisions are not offered here."""

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from phases import policies
from phases.enums import CriterionState, EventKind, EventState, Level, Outcome
from phases.models import Criterion, Event
from phases.services.base import lock, needed, record, save
from programs.selectors import cast_of

OUTCOMES = {
    EventKind.GATE: (Outcome.GO,),
    EventKind.CHECKPOINT: (Outcome.ON_TRACK, Outcome.AT_RISK, Outcome.OFF_TRACK),
}


@transaction.atomic
def record_outcome(*, actor: User, event: Event, outcome: Outcome, reason: str, version: int | None = None) -> Event:
    """Record what was decided. Go needs all applicable must-meets up to this gate verified, and gates in order (G1).

    Errors: NotAllowed (G2), Conflict (somebody decided first), Invalid (wrong word, no reason, unmet must-meets).
    """
    event = lock(event, version)
    policies.may_record(actor, event, cast_of(event.program)).require()
    if event.state == EventState.DECIDED:
        raise Invalid(f"Decided already: {event.get_outcome_display()}.")
    kind = EventKind(event.kind)
    if outcome not in OUTCOMES[kind]:
        raise Invalid(f"A {kind.value} takes one of: {', '.join(OUTCOMES[kind])}.", field="outcome")
    why = needed(reason, "reason", "Say why, in a sentence others can read.", limit=2000)
    if kind is EventKind.GATE:
        _ready(event)
    event.state, event.outcome, event.reason = EventState.DECIDED, outcome, why
    event.decided_at, event.decided_by = clock.now(), actor
    save(event, "state", "outcome", "reason", "decided_at", "decided_by")
    record(actor, Verb.EVENT_DECIDED, event, outcome=outcome.value, reason=why)
    return event


def unmet_musts(event: Event) -> list[Criterion]:
    """Return the applicable must-meets up to this gate that are not verified: why Go is not open yet."""
    return list(
        Criterion.objects.filter(
            program_id=event.program_id, event__day__lte=event.day, level=Level.MUST, applicable=True
        ).exclude(state=CriterionState.VERIFIED)
    )


def _ready(event: Event) -> None:
    earlier = Event.objects.filter(
        program_id=event.program_id, kind=EventKind.GATE, day__lt=event.day, state=EventState.PENDING
    ).first()
    if earlier:
        raise Invalid(f"{earlier.name} comes first and has no decision yet (G1).")
    unmet = unmet_musts(event)
    if unmet:
        raise Invalid(f"Go is not open: {len(unmet)} must-meet criteria are not verified.", field="outcome")
