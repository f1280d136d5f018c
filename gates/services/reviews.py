"""Hands a gate in to review and collects the gatekeepers' views (G3, G22). Decides nothing."""

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.text import many_lines, one_line
from gates import policies
from gates.domain import quorum
from gates.domain.evidence import stale_on
from gates.domain.recycling import Reviewed, scope
from gates.enums import GivenAs, SnapshotKind, View
from gates.models import GateAlternate, GateReview, Opinion
from gates.selectors.facts import examined
from gates.selectors.ledger import Ledger, load_ledger
from gates.services import snapshots
from gates.services.base import note, today_of
from phases.enums import EventState, Outcome
from phases.models import Event
from phases.selectors import Plan, load_plan
from phases.services.base import lock
from programs.models import Role
from programs.selectors import active, cast_of

TEXT_LIMIT = 5000
NEEDS_TEXT = (View.WITH_CONDITIONS, View.OPPOSE)


@transaction.atomic
def open_review(*, actor: User, event: Event, text: str = "") -> GateReview:
    """Hand a gate in to review: the next round opens. Opening it twice is once.

    After Recycle the round looks at the named, stale and changed criteria only (G9). Errors: NotAllowed, Invalid.
    """
    event = lock(event)
    cast = cast_of(event.program)
    policies.may_open_review(actor, cast).require()
    open_ = GateReview.objects.filter(event=event, closed_at=None).first()
    if open_ is not None:
        return open_
    if event.state == EventState.DECIDED:
        raise Invalid(f"Decided already: {event.get_outcome_display()}.")
    plan = load_plan(event.program)
    ledger = load_ledger(event.program, today_of(event.program))
    last = GateReview.objects.filter(event=event).order_by("-number").first()
    decided = max((d.number for d in ledger.decisions_of(event)), default=0)
    review = GateReview.objects.create(
        program=event.program,
        event=event,
        number=max(decided, last.number if last else 0) + 1,
        opened_by=actor,
        opened_at=clock.now(),
        note=many_lines(text)[:TEXT_LIMIT],
        scope=_scope(event, plan, ledger),
    )
    note(actor, Verb.REVIEW_OPENED, event, event.program, round=review.number, slug=event.slug)
    snapshots.take(event=event, kind=SnapshotKind.REVIEW, actor=actor)
    return review


@transaction.atomic
def give_view(*, actor: User, event: Event, role: Role, view: View, text: str = "", dissent: bool = False) -> Opinion:
    """Give or change the view of a gatekeeping role on the open round (G3, G22).

    Errors: NotAllowed (neither holder, deputy nor alternate), Invalid (no round, not a gatekeeper, no words).
    """
    event = lock(event)
    cast = cast_of(event.program)
    if not event.gatekeepers.filter(pk=role.pk).exists():
        raise Invalid(f"{role.name} does not keep this gate.", field="role")
    alternate = GateAlternate.objects.filter(event=event, role=role).select_related("person").first()
    policies.may_give_view(actor, role, cast, alternate).require()
    review = GateReview.objects.filter(event=event, closed_at=None).first()
    if review is None:
        raise Invalid("This gate is not in review; views are given on an open round.")
    words = many_lines(text)[:TEXT_LIMIT]
    if not words and (view in NEEDS_TEXT or dissent):
        raise Invalid("Say why, in words others can read.", field="text")
    held = cast.by_id[role.pk]
    holder, deputy = active(held.holder), active(held.deputy)
    capacity = quorum.may_speak(
        actor.pk,
        holder=holder.pk if holder else None,
        deputy=deputy.pk if deputy else None,
        alternate=alternate.person_id if alternate else None,
    )
    opinion = Opinion.objects.filter(review=review, role=role).first() or Opinion(review=review, role=role, version=0)
    opinion.person, opinion.given_as = actor, GivenAs(capacity)
    opinion.view, opinion.text, opinion.dissent, opinion.given_at = view, words, dissent, clock.now()
    opinion.version += 1
    opinion.save()
    note(
        actor, Verb.VIEW_GIVEN, event, event.program, role=role.slug, view=view.value, dissent=dissent, slug=event.slug
    )
    return opinion


@transaction.atomic
def name_alternate(*, actor: User, event: Event, role: Role, person: User, reason: str) -> GateAlternate:
    """Name who speaks for an absent gatekeeper at this gate (G22).

    Errors: NotAllowed, Invalid (nobody of the program, the program manager, the holder, or one who speaks already).
    """
    event = lock(event)
    cast = cast_of(event.program)
    policies.may_name_alternate(actor, role, cast).require()
    why = one_line(reason)[:300]
    if not why:
        raise Invalid("Say why an alternate is needed.", field="reason")
    if not event.gatekeepers.filter(pk=role.pk).exists():
        raise Invalid(f"{role.name} does not keep this gate.", field="role")
    if person.pk not in {p.pk for p in cast.people}:
        raise Invalid(f"{person} has no role in this program.", field="person")
    if cast.manager is not None and person.pk == cast.manager.pk:
        raise Invalid("The program manager prepares the gate and cannot speak for a gatekeeper (G2).", field="person")
    if person.pk == role.holder_id:
        raise Invalid(f"{person} holds this role and speaks for it anyway.", field="person")
    made, _ = GateAlternate.objects.update_or_create(
        event=event,
        role=role,
        defaults={
            "program": event.program,
            "person": person,
            "reason": why,
            "named_by": actor,
            "named_at": clock.now(),
        },
    )
    note(actor, Verb.ALTERNATE_NAMED, event, event.program, role=role.slug, after=person.pk, reason=why)
    return made


def _scope(event: Event, plan: Plan, ledger: Ledger) -> list[str]:
    """After Recycle: what was named, what went stale, what changed since that decision (G9)."""
    current = ledger.current(event)
    if current is None or current.word != Outcome.RECYCLE:
        return []
    named, since = set(current.redo), current.decided_at
    rows = []
    for criterion in plan.criteria_of(event):
        if not criterion.applicable:
            continue
        found = examined(criterion, plan)
        changed = any(e.added_at > since for e in plan.proven_by(criterion))
        changed = changed or criterion.verified_at is None or criterion.verified_at > since
        stale = stale_on(found.proofs, found.max_age_days, ledger.today)
        rows.append(Reviewed(criterion.slug, criterion.slug in named, stale, changed))
    return list(scope(rows))
