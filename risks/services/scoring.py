"""Changing a current score, each time with its reason, its scale and what it rests on (G23)."""

import datetime as dt
from functools import partial

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from programs.selectors import cast_of
from risks import policies
from risks.domain.scores import DoneAction, is_self_verified, last_lowering, may_lower
from risks.models import MitigationAction, Risk, RiskScore
from risks.services.base import lock, record, same_version, scale_of, still_open, words


@transaction.atomic
def rescore(
    *,
    actor: User,
    risk: Risk,
    likelihood: int,
    impact: int,
    reason: str,
    action_id: int | None = None,
    version: int | None = None,
) -> Risk:
    """Set the current score. A lower one names the finished, proven action it rests on, spent once (G23, G2).

    `action_id` is ignored unless the score goes down. `version` is the one the form showed. The same score again
    changes nothing. Side effects: an entry in the score's history with the scale in force; the next review comes no
    later than the new score asks for. Errors: NotAllowed, Conflict, Invalid (closed, off the scale, no reason, G23).
    """
    risk = lock(risk)
    policies.may_rescore(actor, risk, cast_of(risk.program)).require()
    still_open(risk)
    scale, now = scale_of(risk.program), clock.now()
    old = (risk.current_likelihood, risk.current_impact)
    if (likelihood, impact) == old:
        return risk
    same_version(risk.version, version, partial(_now, risk))
    why = words(reason, "reason", "Say what changed.")
    if not scale.holds(likelihood, impact):
        raise Invalid(f"Likelihood and impact go from {scale.minimum} to {scale.maximum}.", field="likelihood")
    lower = likelihood * impact < risk.current_score
    rests_on = _rests_on(risk, action_id) if lower else None
    fact = done_fact(rests_on) if rests_on else None
    why_not = may_lower(
        risk.current_score,
        likelihood * impact,
        fact,
        lowered_at=lowered_at(risk),
        actor=actor.pk,
        small_team=risk.program.small_team,
    )
    if why_not:
        raise Invalid(why_not, field="action")
    RiskScore.objects.create(
        risk=risk,
        before_likelihood=old[0],
        before_impact=old[1],
        likelihood=likelihood,
        impact=impact,
        scale=scale.as_data(),
        reason=why,
        scored_by=actor,
        scored_at=now,
        action=rests_on,
        self_verified=lower and is_self_verified(fact, actor.pk),
    )
    before = risk.current_score
    risk.current_likelihood, risk.current_impact = likelihood, impact
    by = scale.next_review(risk.current_score, clock.today(risk.program.time_zone))
    risk.review_on = min(risk.review_on or by, by)
    risk.version += 1
    risk.save(update_fields=["current_likelihood", "current_impact", "review_on", "version"])
    record(
        actor,
        Verb.RISK_RESCORED,
        risk,
        score_before=before,
        score_after=risk.current_score,
        action=rests_on.pk if rests_on else None,
        reason=why,
    )
    return risk


def done_fact(action: MitigationAction) -> DoneAction:
    """An action as the rule sees it."""
    return DoneAction(action.pk, action.done_at, action.done_by_id, action.proof)


def lowered_at(risk: Risk) -> dt.datetime | None:
    """When the score was last lowered (one query)."""
    return last_lowering((row.before, row.score, row.scored_at) for row in risk.scores.all())


def _rests_on(risk: Risk, action_id: int | None) -> MitigationAction | None:
    return risk.actions.filter(pk=action_id).first() if action_id is not None else None


def _now(risk: Risk) -> str:
    return f"Likelihood {risk.current_likelihood}, impact {risk.current_impact}, current score {risk.current_score}"
