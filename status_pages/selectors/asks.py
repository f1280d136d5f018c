"""What is asked of the sponsor, and what is coming up, as facts. Must not judge or write."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import Truncator

from core.text import one_line
from gates.domain.deciding import verdict
from gates.models import ExceptionNote
from gates.selectors.facts import gate_facts
from gates.selectors.ledger import Ledger
from gates.selectors.reading import GateReading
from phases.enums import EventState, Outcome
from phases.models import Event
from phases.selectors import Plan
from programs.domain.localtime import local_date
from registers.enums import ScopeState
from registers.models import ScopeChange
from status_pages.domain.facts import AskFacts, ComingFacts
from updates.models import StatusUpdate

OVERDUE_SILENCE = "After five working days without a decision the status turns red (G12)."


def asks_of(plan: Plan, ledger: Ledger, reading: GateReading, update: StatusUpdate | None) -> tuple[AskFacts, ...]:
    """Every open question to the sponsor, the manager's own first, then by date (one query)."""
    zone = plan.program.time_zone
    own = [_own(update, zone)] if update is not None and update.ask else []
    rest = [
        *(_exception(note, zone) for note in ledger.notes),
        *_gates(plan, ledger),
        *_scope(plan, zone),
        *_agreement(ledger, zone),
    ]
    rest.sort(key=lambda ask: (ask.by or dt.date.max, ask.key))
    return (*own, *rest)


def coming_of(plan: Plan, ledger: Ledger, update: StatusUpdate | None) -> tuple[ComingFacts, ...]:
    """Gates, checkpoints, conditions and the manager's own dates ahead. No queries."""
    today = ledger.today
    found = [
        ComingFacts(f"event-{e.slug}", e.due_date, e.name, "gate" if e.is_gate else "checkpoint", f"gates/{e.slug}/")
        for e in plan.events
        if e.state == EventState.PENDING and e.due_date >= today
    ]
    for condition, _ in ledger.open_conditions():
        if condition.due_date >= today:
            found.append(ComingFacts(f"condition-{condition.pk}", condition.due_date, condition.text, "condition", ""))
    if update is not None:
        path = f"updates/{update.number}/"
        if update.way_back and update.way_back_on and update.way_back_on >= today:
            found.append(ComingFacts("way-back", update.way_back_on, update.way_back, "way back", path))
        by = _day(update.ask.get("by")) if update.ask else None
        if by is not None and by >= today:
            found.append(ComingFacts("ask", by, update.ask["question"], "decision", path))
    return tuple(found)


def _own(update: StatusUpdate, zone: str) -> AskFacts:
    ask = update.ask
    options = tuple((option["name"], option["effect"]) for option in ask["options"])
    recommended = ask["recommended"] if 0 <= ask["recommended"] < len(options) else None
    return AskFacts(
        key=f"update-{update.number}",
        kind="decision",
        question=ask["question"],
        options=options,
        recommended=recommended,
        recommendation=options[recommended][0] if recommended is not None else "",
        by=_day(ask["by"]),
        silence=ask["silence"],
        asked_on=local_date(update.posted_at, zone),
        path=f"updates/{update.number}/",
    )


def _exception(note: ExceptionNote, zone: str) -> AskFacts:
    return AskFacts(
        key=f"exception-{note.pk}",
        kind="exception",
        question=f"{note.tolerance} is forecast to break. {_short(note.options)}",
        options=(),
        recommended=None,
        recommendation=note.get_recommendation_display(),
        by=note.forecast_on,
        silence=_short(note.effect),
        asked_on=local_date(note.raised_at, zone),
        path="steering/",
    )


def _gates(plan: Plan, ledger: Ledger) -> Iterator[AskFacts]:
    """A gate in review, one that is due, and a hold whose review has come."""
    for event in plan.events:
        if event.state != EventState.PENDING or not event.is_gate:
            continue
        review = ledger.open_review(event)
        last = ledger.current(event)
        held = last.review_date if last is not None and last.word == Outcome.HOLD else None
        if review is None and max(event.due_date, held or event.due_date) > ledger.today:
            continue
        yield _gate(event, plan, ledger, local_date(review.opened_at, plan.program.time_zone) if review else None, held)


def _gate(event: Event, plan: Plan, ledger: Ledger, opened: dt.date | None, held: dt.date | None) -> AskFacts:
    advised = verdict(gate_facts(event, plan, ledger)).recommended
    by = held or event.due_date
    return AskFacts(
        key=f"gate-{event.slug}",
        kind="gate",
        question=f"Decide {event.name}" + (", which is in review" if opened else ", which is due"),
        options=(),
        recommended=None,
        recommendation=advised.label if advised else "",
        by=by,
        silence=OVERDUE_SILENCE,
        asked_on=opened or by,
        path=f"gates/{event.slug}/",
    )


def _scope(plan: Plan, zone: str) -> Iterator[AskFacts]:
    rows = ScopeChange.objects.filter(program=plan.program, state=ScopeState.REQUESTED).order_by("number")
    for change in rows:
        days = f" {change.effect_days} days later." if change.effect_days > 0 else ""
        yield AskFacts(
            key=f"scope-{change.number}",
            kind="scope",
            question=f"Scope change: {change.title}",
            options=(),
            recommended=None,
            recommendation="",
            by=None,
            silence=f"The scope stays as it is. If approved: {_short(change.effect_outcome)}{days}",
            asked_on=local_date(change.logged_at, zone),
            path=f"logs/scope/{change.number}/",
        )


def _agreement(ledger: Ledger, zone: str) -> Iterator[AskFacts]:
    declared = ledger.declared
    if declared is None or not declared.better or declared.agreed_at is not None:
        return
    yield AskFacts(
        key=f"declared-{declared.pk}",
        kind="status",
        question=f"Agree to a declared status that is better than computed? {_short(declared.reason)}",
        options=(),
        recommended=None,
        recommendation="",
        by=declared.expires_on,
        silence="The declared status does not come into force.",
        asked_on=local_date(declared.declared_at, zone),
        path="steering/",
    )


def _short(text: str) -> str:
    return Truncator(one_line(text)).chars(160)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
