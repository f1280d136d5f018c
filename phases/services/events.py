"""Records the outcome of checkpoints and gates. Conditions, waivers and the other decisions are not offered here."""

import datetime as dt

from django.db import transaction
from django.db.models import Max, Q

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from phases import policies
from phases.enums import CHECKPOINT_WORDS, CriterionState, EventKind, EventState, Level, Outcome
from phases.models import Criterion, Event
from phases.services.base import lock, needed, record, repeated, save
from programs.selectors import cast_of

OUTCOMES = {
    EventKind.GATE: (Outcome.GO,),
    EventKind.CHECKPOINT: CHECKPOINT_WORDS,
}


@transaction.atomic
def record_outcome(*, actor: User, event: Event, outcome: Outcome, reason: str, version: int | None = None) -> Event:
    """Record what was decided. Go needs all applicable must-meets up to this gate verified, and gates in order (G1).

    Errors: NotAllowed (G2), Conflict (somebody decided first), Invalid (wrong word, no reason, unmet must-meets).
    """
    event = lock(event)
    policies.may_record(actor, event, cast_of(event.program)).require()
    if repeated(event, version, done=event.outcome == outcome and event.decided_by_id == actor.pk):
        return event
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
    """Return the applicable must-meets up to this gate that are not verified and fresh: why Go is not open yet."""
    counted = Q(evidence__withdrawn_at__isnull=True)
    musts = Criterion.objects.filter(
        program_id=event.program_id, event__day__lte=event.day, level=Level.MUST, applicable=True
    ).annotate(newest=Max("evidence__effective_date", filter=counted))
    today = clock.today(event.program.time_zone)
    return [c for c in musts if c.state != CriterionState.VERIFIED or not _fresh(c.newest, c.max_age_days, today)]


def why_not_go(event: Event) -> list[str]:
    """Return why Go cannot be recorded at this gate now, as sentences; empty when it can (G1)."""
    reasons = []
    earlier = Event.objects.filter(
        program_id=event.program_id, kind=EventKind.GATE, day__lt=event.day, state=EventState.PENDING
    ).first()
    if earlier:
        reasons.append(f"{earlier.name} comes first and has no decision yet (G1).")
    unmet = len(unmet_musts(event))
    if unmet:
        named = "1 must-meet criterion is" if unmet == 1 else f"{unmet} must-meet criteria are"
        reasons.append(f"{named} not verified with fresh evidence.")
    return reasons


def _ready(event: Event) -> None:
    reasons = why_not_go(event)
    if reasons:
        raise Invalid("Go is not open: " + " ".join(reasons), field="outcome")


def _fresh(newest: dt.date | None, max_age_days: int, today: dt.date) -> bool:
    """G19: evidence counts while it is no older than the criterion allows."""
    return newest is not None and (today - newest).days <= max_age_days
