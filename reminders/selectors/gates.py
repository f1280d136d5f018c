"""What the gates of one program leave open, as the planner's facts. Must not decide anything."""

from datetime import date

from gates.enums import ConditionState
from gates.models import Condition, Decision, DeclaredStatus, GateAlternate, GateReview, Opinion, Waiver
from phases.enums import EventState, Outcome
from phases.models import Criterion, Event
from programs.domain.localtime import local_date
from programs.enums import PROGRAM_MANAGER, RISK_LEAD, SPONSOR
from programs.selectors import Cast
from reminders.domain.facts import EndingFacts, HoldFacts, ItemFacts, RoundFacts, SeatFacts
from reminders.enums import Kind
from reminders.selectors.rows import Rows
from risks.models import Risk, RiskAcceptance


def conditions(rows: Rows) -> list[Condition]:
    """Conditions that are not closed, of decisions that count, the next one first."""
    return sorted(rows.of(Condition), key=lambda row: (row.due_date, row.position, row.pk))


def condition_facts(row: Condition, cast: Cast, rows: Rows) -> ItemFacts:
    """A condition as an item: its owner owes it, its verifier is asked once there is evidence (G15)."""
    event = rows.by_id(Event).get(rows.by_id(Decision)[row.decision_id].event_id)
    return ItemFacts(
        kind=Kind.CONDITION,
        id=row.pk,
        slug=event.slug if event else "",
        label=row.text,
        due=row.due_date,
        role=cast.by_id[row.owner_role_id].slug,
        assignee=row.owner_id,
        handed_in=row.state == ConditionState.EVIDENCE,
        verifier_role=cast.by_id[row.verifier_role_id].slug,
    )


def endings(rows: Rows, cast: Cast) -> tuple[EndingFacts, ...]:
    """Waivers, acceptances and the declared status that hold until a day, the newest of each first."""
    found: list[EndingFacts] = []
    criteria, open_risks = rows.by_id(Criterion), rows.by_id(Risk)
    for waiver in reversed(rows.of(Waiver)):
        criterion = criteria[waiver.criterion_id]
        sponsor = waiver.answered_by_id in _people(cast, SPONSOR)
        found.append(
            EndingFacts(
                Kind.WAIVER,
                waiver.pk,
                criterion.slug,
                f"Waiver: {criterion.text}",
                waiver.expires_on,
                waiver.requested_by_id,
                cast.by_id[criterion.owner_role_id].slug,
                waiver.answered_by_id,
                SPONSOR if sponsor else RISK_LEAD,
            )
        )
    for acceptance in reversed(rows.of(RiskAcceptance)):
        risk = open_risks[acceptance.risk_id]
        owner = cast.by_id[risk.owner_role_id]
        sponsor = acceptance.accepted_by_id in _people(cast, SPONSOR)
        found.append(
            EndingFacts(
                Kind.ACCEPTANCE,
                acceptance.pk,
                risk.slug,
                f"Accepted risk: {risk.event}",
                acceptance.expires_on,
                owner.holder_id,
                owner.slug,
                acceptance.accepted_by_id,
                SPONSOR if sponsor else RISK_LEAD,
            )
        )
    for declared in reversed(rows.of(DeclaredStatus)):
        if declared.expires_on is not None:
            found.append(
                EndingFacts(
                    Kind.STATUS,
                    declared.pk,
                    rows.program.slug,
                    f"Declared status: {declared.colour}",
                    declared.expires_on,
                    declared.declared_by_id,
                    PROGRAM_MANAGER,
                    declared.agreed_by_id,
                    SPONSOR,
                )
            )
    return tuple(found)


def holds(rows: Rows) -> tuple[dict[int, date], tuple[HoldFacts, ...]]:
    """Pending events whose last decision is Hold, by id with the day of review, and as facts."""
    pending = {event.pk: event for event in rows.of(Event) if event.state == EventState.PENDING}
    latest: dict[int, Decision] = {}
    for row in sorted(rows.of(Decision), key=lambda row: (row.number, row.pk)):
        if row.event_id in pending:
            latest[row.event_id] = row
    dates = {d.event_id: d.review_date for d in latest.values() if d.word == Outcome.HOLD and d.review_date is not None}
    held = ((latest[event_id], pending[event_id], day) for event_id, day in dates.items())
    return dates, tuple(HoldFacts(decision.pk, event.slug, event.name, day) for decision, event, day in held)


def rounds(rows: Rows, events: list[Event]) -> tuple[RoundFacts, ...]:
    """Open rounds with the seats that have not spoken; the sponsor decides and is not among them."""
    by_id = {event.pk: event for event in events}
    spoken = {(view.review_id, view.role_id) for view in rows.of(Opinion)}
    alternates = {(row.event_id, row.role_id): row.person_id for row in rows.of(GateAlternate)}
    found = []
    for review in rows.of(GateReview):
        event = by_id.get(review.event_id)
        if event is None:
            continue
        missing = tuple(
            SeatFacts(role.slug, alternates.get((event.pk, role.pk)))
            for role in event.gatekeepers.all()
            if role.slug != SPONSOR and (review.pk, role.pk) not in spoken
        )
        opened = local_date(review.opened_at, rows.program.time_zone)
        found.append(RoundFacts(review.pk, event.slug, event.name, opened, missing))
    return tuple(found)


def _people(cast: Cast, slug: str) -> set[int | None]:
    role = cast.by_slug.get(slug)
    return {role.holder_id, role.deputy_id} - {None} if role else set()
