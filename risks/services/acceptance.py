"""Signing for a risk as it stands until a day (G23, G2)."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import many_lines
from programs.selectors import cast_of
from risks import policies
from risks.models import Risk, RiskAcceptance
from risks.services.base import lock, record, still_open

LONGEST_DAYS = 365


@transaction.atomic
def accept_risk(
    *, actor: User, risk: Risk, reason: str, expires_on: dt.date, seen: int | None = None
) -> RiskAcceptance:
    """Sign for the risk's current score until a day; an earlier acceptance ends. Accepting twice is once.

    `seen` is the current score the form showed. Errors: NotAllowed (G2), Conflict (another score by now), Invalid (no
    reason, no future date, more than a year).
    """
    risk = lock(risk)
    policies.may_accept(actor, risk, cast_of(risk.program)).require()
    still_open(risk)
    _same_score(risk, seen)
    why, today = many_lines(reason)[:1000], clock.today(risk.program.time_zone)
    if not why:
        raise Invalid("Say why it is acceptable.", field="reason")
    if not today < expires_on <= today + dt.timedelta(days=LONGEST_DAYS):
        raise Invalid("An acceptance ends on a day after today, within a year.", field="expires_on")
    old = RiskAcceptance.objects.filter(risk=risk, ended_at=None).first()
    if old is not None:
        same = (old.accepted_by_id, old.reason, old.expires_on, old.score)
        if same == (actor.pk, why, expires_on, risk.current_score):
            return old
        _end(actor, old, risk, "Replaced by a new acceptance.")
    made = RiskAcceptance.objects.create(
        risk=risk,
        accepted_by=actor,
        accepted_at=clock.now(),
        reason=why,
        score=risk.current_score,
        expires_on=expires_on,
    )
    record(actor, Verb.RISK_ACCEPTED, risk, score=made.score, expires=expires_on.isoformat(), reason=why)
    return made


def end_expired_acceptances(program_id: int, today: dt.date) -> int:
    """Write an entry for each acceptance that ran out since the last pass; it stays as the one that ran out.

    Returns how many. Whether a risk is covered is computed from the date, never from this.
    """
    rows = RiskAcceptance.objects.filter(
        risk__program_id=program_id, ended_at=None, expires_on__lt=today, ended_because=""
    )
    over = list(locked(rows.select_related("risk__program")))
    for acceptance in over:
        acceptance.ended_because = "Expired."
        acceptance.save(update_fields=["ended_because"])
        record(None, Verb.RISK_ACCEPTANCE_ENDED, acceptance.risk, reason="Expired.")
    return len(over)


def _end(actor: User | None, acceptance: RiskAcceptance, risk: Risk, because: str) -> None:
    acceptance.ended_at, acceptance.ended_because = clock.now(), because
    acceptance.save(update_fields=["ended_at", "ended_because"])
    record(actor, Verb.RISK_ACCEPTANCE_ENDED, risk, reason=because)


def end_acceptance(actor: User | None, risk: Risk, because: str) -> None:
    """End the acceptance in force, if there is one: it covered another score or a risk that is gone."""
    held = RiskAcceptance.objects.filter(risk=risk, ended_at=None).first()
    if held is not None:
        _end(actor, held, risk, because)


def _same_score(risk: Risk, seen: int | None) -> None:
    """Notice that somebody scored the risk anew since the form was drawn. Errors: Conflict."""
    if seen is not None and seen != risk.current_score:
        raise Conflict("Somebody scored this risk anew a moment ago.", current=f"Current score {risk.current_score}")
