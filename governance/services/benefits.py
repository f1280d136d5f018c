"""Records and verifies what the system is worth (S97)."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from governance import policies
from governance.domain.benefit import DAYS
from governance.enums import Basis
from governance.models import BENEFIT, BenefitReading, GovernanceEvent
from governance.services.base import hold, next_number, past, record, words
from programs.models import OutcomeStatement, Program
from programs.selectors import cast_of


@transaction.atomic
def record_benefit(
    *,
    actor: User,
    program: Program,
    day: int,
    read_on: dt.date,
    basis: Basis,
    value: Decimal | None,
    method: str,
    evidence: str = "",
    key: str = "",
) -> BenefitReading:
    """Record a reading against the outcome statement as it stands; a later one of the same day counts instead of it.

    The same form sent twice is one reading. Errors: NotAllowed, Invalid (a day without a review, a day ahead, a value
    that does not fit what it is based on, no method).
    """
    program = hold(program)
    if day not in DAYS:
        raise Invalid(f"Benefit is read at day {DAYS[0]} and {DAYS[1]}.", field="day")
    event = GovernanceEvent.objects.filter(program=program, slug=f"{BENEFIT}{day}").first()
    policies.may_read_benefit(actor, event, cast_of(program)).require()
    twin = BenefitReading.objects.filter(form_key=key, recorded_by=actor, program=program).first() if key else None
    if twin is not None:
        return twin
    past(read_on, program, "read_on")
    if (value is None) != (basis is Basis.NONE):
        said = "Write the value, or say that nothing could be read." if value is None else "There is a value; say how."
        raise Invalid(said, field="value" if value is None else "basis")
    how = words(method, "method", "Say how it was read, or why it could not be.")
    statement = OutcomeStatement.objects.filter(program=program).order_by("-number").first()
    held_against = (
        {
            "statement": statement.number,
            "measure": statement.measure,
            "unit": statement.unit,
            "baseline": statement.baseline,
            "target": statement.target,
        }
        if statement
        else {}
    )
    reading = BenefitReading.objects.create(
        program=program,
        number=next_number(BenefitReading, program),
        day=day,
        read_on=read_on,
        value=value,
        basis=basis.value,
        method=how,
        evidence=evidence.strip(),
        recorded_by=actor,
        recorded_at=clock.now(),
        form_key=key or None,
        **held_against,
    )
    record(actor, Verb.BENEFIT_READ, reading, program, value=str(value) if value is not None else "", basis=basis.value)
    return reading


@transaction.atomic
def verify_benefit(*, actor: User, reading: BenefitReading) -> BenefitReading:
    """Say, as a second person, that a reading is true: a measured one becomes grade A. Twice is once.

    Errors: NotAllowed, Invalid (verified by somebody else already).
    """
    reading = locked(BenefitReading.objects.select_related("program").filter(pk=reading.pk)).get()
    policies.may_verify_benefit(actor, reading, cast_of(reading.program)).require()
    if reading.verified_at is not None:
        if reading.verified_by_id == actor.pk:
            return reading
        raise Invalid("Somebody else verified this already.")
    reading.verified_by, reading.verified_at = actor, clock.now()
    reading.save(update_fields=["verified_by", "verified_at"])
    record(actor, Verb.BENEFIT_VERIFIED, reading, reading.program)
    return reading
