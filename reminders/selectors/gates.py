"""What the gates of one program leave open, as the planner's facts. Must not decide anything."""

from datetime import date

from django.db.models import Q

from gates.enums import ConditionState, RequestState
from gates.models import Condition, Decision, DeclaredStatus, GateAlternate, GateReview, Opinion, Waiver
from phases.enums import EventState, Outcome
from phases.models import Event
from programs.domain.localtime import local_date
from programs.enums import PROGRAM_MANAGER, RISK_LEAD, SPONSOR
from programs.models import Program
from programs.selectors import Cast
from reminders.domain.facts import EndingFacts, HoldFacts, ItemFacts, RoundFacts, SeatFacts
from reminders.enums import Kind
from risks.models import RiskAcceptance

STANDING = Q(superseded_by__isnull=True)
"""Decisions that no other one corrects."""


def conditions(program: Program) -> list[Condition]:
    """Conditions that are not closed, of decisions that count (one query)."""
    rows = Condition.objects.filter(program=program, decision__superseded_by__isnull=True)
    return list(rows.exclude(state=ConditionState.CLOSED).select_related("owner", "decision"))


def condition_facts(row: Condition, cast: Cast, slug: str) -> ItemFacts:
    """A condition as an item: its owner owes it, its verifier is asked once there is evidence (G15)."""
    return ItemFacts(
        kind=Kind.CONDITION,
        id=row.pk,
        slug=slug,
        label=row.text,
        due=row.due_date,
        role=cast.by_id[row.owner_role_id].slug,
        assignee=row.owner_id,
        handed_in=row.state == ConditionState.EVIDENCE,
        verifier_role=cast.by_id[row.verifier_role_id].slug,
    )


def endings(program: Program, cast: Cast) -> tuple[EndingFacts, ...]:
    """Waivers, acceptances and the declared status that hold until a day (three queries)."""
    found: list[EndingFacts] = []
    waivers = Waiver.objects.filter(program=program, state=RequestState.APPROVED)
    for waiver in waivers.exclude(extended_by__state=RequestState.APPROVED).select_related("criterion"):
        sponsor = waiver.answered_by_id in _people(cast, SPONSOR)
        found.append(
            EndingFacts(
                Kind.WAIVER,
                waiver.pk,
                waiver.criterion.slug,
                f"Waiver: {waiver.criterion.text}",
                waiver.expires_on,
                waiver.requested_by_id,
                cast.by_id[waiver.criterion.owner_role_id].slug,
                waiver.answered_by_id,
                SPONSOR if sponsor else RISK_LEAD,
            )
        )
    accepted = RiskAcceptance.objects.filter(risk__program=program, risk__closed_at=None, ended_at=None)
    for acceptance in accepted.filter(ended_because="").select_related("risk"):
        risk = acceptance.risk
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
    for declared in DeclaredStatus.objects.filter(program=program, ended_at=None, expires_on__isnull=False):
        if declared.expires_on is not None:
            found.append(
                EndingFacts(
                    Kind.STATUS,
                    declared.pk,
                    program.slug,
                    f"Declared status: {declared.colour}",
                    declared.expires_on,
                    declared.declared_by_id,
                    PROGRAM_MANAGER,
                    declared.agreed_by_id,
                    SPONSOR,
                )
            )
    return tuple(found)


def holds(program: Program) -> tuple[dict[int, date], tuple[HoldFacts, ...]]:
    """Pending events whose last decision is Hold, by id with the day of review, and as facts (one query)."""
    rows = Decision.objects.filter(STANDING, program=program, event__state=EventState.PENDING).select_related("event")
    latest: dict[int, Decision] = {}
    for row in rows.order_by("number", "pk"):
        latest[row.event_id] = row
    held = [d for d in latest.values() if d.word == Outcome.HOLD]
    dates = {d.event_id: d.review_date for d in held if d.review_date is not None}
    facts = tuple(HoldFacts(d.pk, d.event.slug, d.event.name, d.review_date) for d in held if d.review_date is not None)
    return dates, facts


def rounds(program: Program, events: list[Event]) -> tuple[RoundFacts, ...]:
    """Open rounds with the seats that have not spoken; the sponsor decides and is not among them (three queries)."""
    by_id = {event.pk: event for event in events}
    spoken = set(
        Opinion.objects.filter(review__program=program, review__closed_at=None).values_list("review_id", "role_id")
    )
    named = GateAlternate.objects.filter(program=program).values_list("event_id", "role_id", "person_id")
    alternates = {(event_id, role_id): person_id for event_id, role_id, person_id in named}
    found = []
    for review in GateReview.objects.filter(program=program, closed_at=None, event__in=by_id).order_by("pk"):
        event = by_id[review.event_id]
        missing = tuple(
            SeatFacts(role.slug, alternates.get((event.pk, role.pk)))
            for role in event.gatekeepers.all()
            if role.slug != SPONSOR and (review.pk, role.pk) not in spoken
        )
        opened = local_date(review.opened_at, program.time_zone)
        found.append(RoundFacts(review.pk, event.slug, event.name, opened, missing))
    return tuple(found)


def _people(cast: Cast, slug: str) -> set[int | None]:
    role = cast.by_slug.get(slug)
    return {role.holder_id, role.deputy_id} - {None} if role else set()
