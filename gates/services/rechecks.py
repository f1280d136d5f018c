"""Honesty rule 6: before a gate the independent reviewer looks again at verified criteria drawn at random."""

import secrets

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from gates import policies
from gates.domain.honesty import Honesty, draw
from gates.enums import RecheckResult
from gates.models import Recheck, RecheckRound
from gates.services.base import note, save
from phases.enums import CriterionState, EventState
from phases.models import Criterion, Event
from phases.services.base import lock, needed, record
from phases.services.base import save as save_item
from programs.selectors import cast_of

LONGEST = 1000


@transaction.atomic
def draw_rechecks(*, actor: User, event: Event, seed: str = "") -> RecheckRound:
    """Draw the verified criteria to look at again; drawing twice is once. The seed is recorded (given only by tests).

    Errors: NotAllowed, Invalid (decided already, nothing verified yet).
    """
    event = lock(event)
    policies.may_recheck(actor, cast_of(event.program)).require()
    drawn = RecheckRound.objects.filter(event=event).first()
    if drawn is not None:
        return drawn
    if event.state == EventState.DECIDED:
        raise Invalid("This gate is decided; looking again comes before the decision.")
    verified = {c.slug: c for c in _verified(event)}
    if not verified:
        raise Invalid("No criterion up to this gate is verified yet.")
    rules, own = Honesty.from_data(event.program.limits), seed or secrets.token_hex(8)
    chosen = draw(verified, seed=own, rules=rules)
    drawn = RecheckRound.objects.create(
        program=event.program,
        event=event,
        seed=own,
        share=str(rules.recheck_share),
        minimum=rules.recheck_min,
        population=sorted(verified),
        drawn_by=actor,
        drawn_at=clock.now(),
    )
    Recheck.objects.bulk_create([Recheck(round=drawn, criterion=verified[slug]) for slug in chosen])
    record(actor, Verb.RECHECK_DRAWN, event, seed=own, drawn=list(chosen), population=len(verified))
    return drawn


@transaction.atomic
def record_recheck(
    *, actor: User, recheck: Recheck, result: RecheckResult, text: str = "", version: int | None = None
) -> Recheck:
    """Record what looking again showed. A failure reopens the criterion and stays on record.

    Errors: NotAllowed, Conflict (recorded already), Invalid (a failure without words).
    """
    recheck = locked(
        Recheck.objects.select_related("round__event__program", "criterion__program").filter(pk=recheck.pk)
    ).get()
    program = recheck.round.event.program
    policies.may_recheck(actor, cast_of(program)).require()
    words = text.strip()[:LONGEST]
    if recheck.result:
        if recheck.result == result and recheck.checked_by_id == actor.pk:
            return recheck
        raise Conflict("This was recorded already.", current=recheck.get_result_display())
    if version is not None and version != recheck.version:
        raise Conflict("Somebody changed this a moment ago. Look at it as it is now, then try again.")
    if result is RecheckResult.FAILED:
        words = needed(text, "text", "Say what did not hold, so that the owner can mend it.", limit=LONGEST)
        _reopen(actor, recheck.criterion, words)
    recheck.result, recheck.note = result, words
    recheck.checked_by, recheck.checked_at = actor, clock.now()
    save(recheck, "result", "note", "checked_by", "checked_at")
    note(
        actor, Verb.CRITERION_RECHECKED, recheck.criterion, program,
        slug=recheck.criterion.slug, result=result.value, reason=words,
    )  # fmt: skip
    return recheck


def _verified(event: Event) -> list[Criterion]:
    rows = Criterion.objects.filter(program_id=event.program_id, applicable=True, state=CriterionState.VERIFIED)
    return list(rows.filter(event__day__lte=event.day).order_by("slug"))


def _reopen(actor: User, criterion: Criterion, words: str) -> None:
    criterion = lock(criterion)
    if criterion.state != CriterionState.VERIFIED:
        return  # sent back or reopened meanwhile: nothing left to take away
    criterion.state, criterion.state_reason = CriterionState.SENT_BACK, f"Looked at again: {words}"
    save_item(criterion, "state", "state_reason")
    record(actor, Verb.CRITERION_REOPENED, criterion, reason=criterion.state_reason)
