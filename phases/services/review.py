"""Hand in, verify, send back: a criterion's way to being proven, always by two people (G2)."""

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from ownership.selectors import shortfalls
from phases import checks, policies
from phases.enums import CriterionState
from phases.models import Criterion
from phases.services.base import lock, needed, record, repeated, save
from programs.selectors import cast_of

OPEN = (CriterionState.OPEN, CriterionState.SENT_BACK)


@transaction.atomic
def hand_in(*, actor: User, criterion: Criterion, version: int | None = None) -> Criterion:
    """Ask the verifier to look. Errors: NotAllowed, Conflict, Invalid (no evidence, a gap, not applicable, in)."""
    criterion = lock(criterion)
    policies.may_work_on(actor, criterion, cast_of(criterion.program)).require()
    mine = criterion.state == CriterionState.HANDED_IN and criterion.handed_in_by_id == actor.pk
    if repeated(criterion, version, done=mine):
        return criterion
    if not criterion.applicable:
        raise Invalid(f"This criterion does not apply: {criterion.not_applicable_reason}")
    if criterion.state not in OPEN:
        raise Invalid(f"This is already {criterion.get_state_display().lower()}.")
    if not criterion.evidence.filter(withdrawn_at__isnull=True).exists():
        raise Invalid("Add evidence first: a link, a note or a file.", field="evidence")
    _borne_out(criterion)
    criterion.state = CriterionState.HANDED_IN
    criterion.state_reason = ""
    criterion.handed_in_at, criterion.handed_in_by = clock.now(), actor
    save(criterion, "state", "state_reason", "handed_in_at", "handed_in_by")
    record(actor, Verb.CRITERION_HANDED_IN, criterion)
    return criterion


@transaction.atomic
def verify(*, actor: User, criterion: Criterion, version: int | None = None) -> Criterion:
    """Accept the proof. Errors: NotAllowed (G2: never the owner), Conflict, Invalid (nothing in, a gap)."""
    criterion = _reviewed(actor, criterion)
    mine = criterion.state == CriterionState.VERIFIED and criterion.verified_by_id == actor.pk
    if repeated(criterion, version, done=mine):
        return criterion
    _waiting(criterion)
    _borne_out(criterion)
    criterion.state = CriterionState.VERIFIED
    criterion.verified_at, criterion.verified_by = clock.now(), actor
    save(criterion, "state", "verified_at", "verified_by")
    record(actor, Verb.CRITERION_VERIFIED, criterion)
    return criterion


@transaction.atomic
def send_back(*, actor: User, criterion: Criterion, reason: str, version: int | None = None) -> Criterion:
    """Return the proof with a reason the owner reads. Errors: NotAllowed, Conflict, Invalid (no reason)."""
    criterion = _reviewed(actor, criterion)
    why = needed(reason, "reason", "Say what is missing, so that the owner can mend it.", limit=1000)
    if repeated(criterion, version, done=criterion.state == CriterionState.SENT_BACK and criterion.state_reason == why):
        return criterion
    _waiting(criterion)
    criterion.state, criterion.state_reason = CriterionState.SENT_BACK, why
    save(criterion, "state", "state_reason")
    record(actor, Verb.CRITERION_SENT_BACK, criterion, reason=why)
    return criterion


def _reviewed(actor: User, criterion: Criterion) -> Criterion:
    criterion = lock(criterion)
    policies.may_verify(actor, criterion, cast_of(criterion.program)).require()
    return criterion


def _waiting(criterion: Criterion) -> None:
    if criterion.state != CriterionState.HANDED_IN:
        raise Invalid("Nothing is waiting for review here: the owner has not handed it in.")


def _borne_out(criterion: Criterion) -> None:
    """Refuse what the registers do not bear out, owners first: a gap caps readiness (S59, S60).

    Errors: Invalid with every reason.
    """
    lacks = shortfalls(criterion.program, criterion.slug)
    against = ["The register of owners shows a gap: " + " ".join(lacks)] if lacks else []
    against += checks.reasons(criterion.slug, criterion.program)
    if against:
        raise Invalid(" ".join(against))
