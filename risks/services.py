"""Writes of the risk register that gates rely on (G23): acceptance, current score, finished actions."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import many_lines, one_line
from programs.selectors import cast_of
from risks import policies
from risks.domain.scores import may_lower
from risks.models import MitigationAction, Risk, RiskAcceptance

LONGEST_DAYS = 365


@transaction.atomic
def accept_risk(
    *, actor: User, risk: Risk, reason: str, expires_on: dt.date, seen: int | None = None
) -> RiskAcceptance:
    """Sign for the risk's current score until a day; an earlier acceptance ends. Accepting twice is once.

    `seen` is the current score the form showed. Errors: NotAllowed (G2), Conflict (another score by now), Invalid (no
    reason, no future date, more than a year).
    """
    risk = _lock(risk)
    policies.may_accept(actor, risk, cast_of(risk.program)).require()
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
    _record(actor, Verb.RISK_ACCEPTED, risk, score=made.score, expires=expires_on.isoformat(), reason=why)
    return made


@transaction.atomic
def rescore(*, actor: User, risk: Risk, likelihood: int, impact: int, reason: str, seen: int | None = None) -> Risk:
    """Set the current score; lower only when an action is finished and proven (G23).

    `seen` is the current score the form showed. Errors: NotAllowed, Conflict (another score by now), Invalid.
    """
    risk = _lock(risk)
    policies.may_rescore(actor, risk, cast_of(risk.program)).require()
    _same_score(risk, seen)
    why = many_lines(reason)[:500]
    lowest, highest = (risk.program.risk_scale.get(end, other) for end, other in (("minimum", 1), ("maximum", 5)))
    if not why:
        raise Invalid("Say what changed.", field="reason")
    if not (lowest <= likelihood <= highest and lowest <= impact <= highest):
        raise Invalid(f"Likelihood and impact go from {lowest} to {highest}.", field="likelihood")
    before = risk.current_score
    done = risk.actions.filter(done_at__isnull=False).exclude(proof="").first()
    proof = done.proof if done else ""
    why_not = may_lower(before, likelihood * impact, action_done=done is not None, proof=proof)
    if why_not:
        raise Invalid(why_not)
    risk.current_likelihood, risk.current_impact = likelihood, impact
    risk.save(update_fields=["current_likelihood", "current_impact"])
    _record(actor, Verb.RISK_RESCORED, risk, before=before, after=risk.current_score, reason=why)
    return risk


@transaction.atomic
def finish_action(*, actor: User, action: MitigationAction, proof: str) -> MitigationAction:
    """Mark an action done with what shows it; twice is once. Errors: NotAllowed, Invalid (no proof)."""
    risk = _lock(action.risk)
    policies.may_rescore(actor, risk, cast_of(risk.program)).require()
    action = locked(MitigationAction.objects.filter(pk=action.pk)).get()
    if action.done_at is not None:
        return action
    words = one_line(proof)[:500]
    if not words:
        raise Invalid("Say what shows that it is done.", field="proof")
    action.done_at, action.proof = clock.now(), words
    action.save(update_fields=["done_at", "proof"])
    _record(actor, Verb.RISK_ACTION_DONE, risk, action=action.pk, reason=words)
    return action


@transaction.atomic
def date_action(*, actor: User, action: MitigationAction, due_date: dt.date) -> MitigationAction:
    """Agree when an action is due; G23 asks for a date at the first gate. Errors: NotAllowed, Invalid."""
    risk = _lock(action.risk)
    policies.may_rescore(actor, risk, cast_of(risk.program)).require()
    action = locked(MitigationAction.objects.filter(pk=action.pk)).get()
    if due_date < clock.today(risk.program.time_zone):
        raise Invalid("That day has passed; choose today or later.", field="due_date")
    action.due_date = due_date
    action.save(update_fields=["due_date"])
    return action


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
        _record(None, Verb.RISK_ACCEPTANCE_ENDED, acceptance.risk, reason="Expired.")
    return len(over)


def _end(actor: User | None, acceptance: RiskAcceptance, risk: Risk, because: str) -> None:
    acceptance.ended_at, acceptance.ended_because = clock.now(), because
    acceptance.save(update_fields=["ended_at", "ended_because"])
    _record(actor, Verb.RISK_ACCEPTANCE_ENDED, risk, reason=because)


def _same_score(risk: Risk, seen: int | None) -> None:
    """Notice that somebody scored the risk anew since the form was drawn. Errors: Conflict."""
    if seen is not None and seen != risk.current_score:
        raise Conflict("Somebody scored this risk anew a moment ago.", current=f"Current score {risk.current_score}")


def _lock(risk: Risk) -> Risk:
    return locked(Risk.objects.select_related("program").filter(pk=risk.pk)).get()


def _record(actor: User | None, verb: Verb, risk: Risk, **data: object) -> None:
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind="risk",
        subject_id=risk.pk,
        subject_label=risk.event,
        program_id=risk.program_id,
        data={"slug": risk.slug, **data},
    )
