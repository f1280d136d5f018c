"""Risks and their actions as facts of the status document. Must not judge."""

import datetime as dt

from activity.models import Entry
from gates.selectors.ledger import Ledger
from phases.selectors import Plan
from programs.selectors import active
from risks.models import Risk
from status_pages.domain.facts import ActionFacts, RiskFacts, Who

TREND_DAYS = 14


def risks_of(plan: Plan, ledger: Ledger, now: dt.datetime) -> tuple[RiskFacts, ...]:
    """Every open risk with its score two weeks ago, if it was another one (one query)."""
    before = _earlier(plan.program.pk, now - dt.timedelta(days=TREND_DAYS))
    return tuple(_risk(risk, plan, ledger, before.get(risk.pk)) for risk in ledger.risks)


def actions_of(ledger: Ledger) -> ActionFacts:
    """Count mitigation actions of open risks. No queries: the ledger brings them."""
    actions = [action for risk in ledger.risks for action in risk.actions.all()]
    waiting = [action for action in actions if action.done_at is None]
    late = sum(action.due_date is not None and action.due_date < ledger.today for action in waiting)
    return ActionFacts(open=len(waiting), late=late, done=len(actions) - len(waiting))


def _risk(risk: Risk, plan: Plan, ledger: Ledger, before: int | None) -> RiskFacts:
    role = plan.cast.by_id[risk.owner_role_id]
    holder = active(role.holder)
    signed = ledger.acceptance_of(risk)
    score = risk.current_score
    counts = signed is not None and signed.expires_on >= ledger.today and signed.score >= score
    dates = [a.due_date for a in risk.actions.all() if a.done_at is None and a.due_date is not None]
    return RiskFacts(
        key=risk.slug,
        score=score,
        before=before if before != score else None,
        band=next((name for name, (low, high) in ledger.limits.bands.items() if low <= score <= high), ""),
        cause=risk.cause,
        event=risk.event,
        impact=risk.impact,
        owner=Who(holder.name if holder else "", role.name),
        response=risk.get_response_display(),
        next_date=min(dates, default=None),
        above=score > ledger.limits.risk_tolerance,
        accepted_until=signed.expires_on if signed is not None and counts else None,
        path=f"risks/{risk.slug}/",
    )


def _earlier(program_id: int, since: dt.datetime) -> dict[int, int]:
    rows = Entry.objects.filter(program_id=program_id, verb="risk.rescored", at__gte=since).order_by("-id")
    found: dict[int, int] = {}
    for risk_id, data in rows.values_list("subject_id", "data"):
        if isinstance(data.get("before"), int):
            found[risk_id] = data["before"]  # the oldest one within the window is read last
    return found
