"""How a diligent team takes a gate, for programs whose people are played: examples and rehearsals.

Everything goes through the services people use and is refused where they would be. Must not bend a rule.
"""

import datetime as dt
from typing import Any

from accounts.models import User
from core import clock
from core.errors import ServiceError
from gates.domain.conditions import ConditionInput, latest_due
from gates.domain.contents import DecisionInput
from gates.domain.deciding import words_of
from gates.domain.facts import Kind
from gates.domain.risks import above_tolerance
from gates.enums import View
from gates.models import Decision
from gates.selectors.facts import counting, gate_facts, kind_of, next_gate_after, risk_facts
from gates.selectors.ledger import Ledger, load_ledger
from gates.services.deciding import decide
from gates.services.reviews import give_view, name_alternate, open_review
from metrics.domain.categories import CRITERION as METRIC_SET
from metrics.domain.categories import REQUIRED
from metrics.models import Metric
from metrics.services import confirm_metric
from ownership.enums import Seat
from ownership.selectors import shortfalls, unowned_areas
from ownership.services import accept, nominate
from phases.enums import CHECKPOINT_WORDS, UNLOCKING, EventState, Outcome
from phases.models import Event
from phases.selectors import Plan, find_event, load_plan
from programs.enums import RISK_LEAD, SPONSOR
from programs.models import Program, Role
from programs.selectors import Cast, active, cast_of
from registers.selectors import missing_decision_kinds
from registers.services import log_decision
from registers.services.decisions import Choice
from risks.models import MitigationAction, Risk
from risks.services import accept_risk, date_action, finish_action, review_risk

AFTER_THE_END = dt.timedelta(days=90)
"""How long after the program's last day a played acceptance holds."""
ACCEPTED_WORDS = "I take this over, know what it covers and have the time set aside."


def unmet_musts(program: Program, slug: str) -> list[str]:
    """Return the slugs of the must-meets that close plain Go at an event today."""
    plan, ledger = _load(program)
    event = _event(plan, slug)
    return [criterion.slug for criterion in gate_facts(event, plan, ledger).unmet_musts]


def date_actions(program: Program) -> None:
    """Agree dates for the undated actions of moderate and higher risks, the day of the second gate (G23, S58).

    Those of risks of later phases too: a diligent team plans ahead.
    """
    plan, ledger = _load(program)
    gates = [event for event in plan.events if event.is_gate]
    due = gates[min(1, len(gates) - 1)].due_date
    for risk in ledger.risks:
        if not ledger.limits.needs_treatment(risk.current_score):
            continue
        for action in risk.actions.all():
            if action.done_at is None and action.due_date is None:
                action.owner_role = plan.cast.by_id[action.owner_role_id]
                date_action(actor=_keeper(risk, plan.cast), action=action, due_date=due)


def finish_actions(program: Program) -> None:
    """Finish the actions that are due by today, so that no response plan runs late."""
    plan, ledger = _load(program)
    rows = MitigationAction.objects.filter(
        risk__program=program, risk__closed_at=None, done_at=None, due_date__lte=ledger.today
    )
    for action in rows.select_related("risk__program"):
        finish_action(actor=_keeper(action.risk, plan.cast), action=action, proof="Report on file")


def review_risks(program: Program) -> None:
    """Look at every risk that counts and whose review is due by today (S57)."""
    plan, ledger = _load(program)
    for risk in counting(plan, ledger):
        if risk.review_on is not None and risk.review_on <= ledger.today:
            review_risk(actor=_keeper(risk, plan.cast), risk=risk, note="Looked at, nothing new")


def accept_risks(program: Program) -> None:
    """Let the sponsor, or the deputy for the sponsor's own risks, sign for what is above tolerance (G23)."""
    plan, ledger = _load(program)
    facts = {fact.slug: fact for fact in risk_facts(plan, ledger)}
    for risk in _above(plan, ledger):
        if facts[risk.slug].accepted(ledger.today):
            continue
        own = plan.cast.by_id[risk.owner_role_id].holder_id
        people = [plan.cast.sponsor, plan.cast.deputy(SPONSOR)]
        actor = next((p for p in people if p is not None and p.pk != own), None)
        if actor is None:
            raise ServiceError(f"nobody may accept {risk.slug} (G2)")
        until = program.end_date + AFTER_THE_END
        accept_risk(actor=actor, risk=risk, reason="Known, watched and worth it", expires_on=until)


def log_missing_decisions(program: Program, slug: str, owner: User, words: str) -> None:
    """Log the kinds of decision a criterion needs before it can be handed in (S48)."""
    for kind in missing_decision_kinds(program, slug):
        choice = Choice(
            title=f"{words} on {kind.value}",
            kind=kind,
            options=["As planned", "Otherwise"],
            chosen="As planned",
            reason="It holds the date at the least cost.",
            time="No change",
            at_12_months="No change",
        )
        today = clock.today(program.time_zone)
        log_decision(actor=owner, program=program, choice=choice, decided_by=owner, decided_on=today)


def settle_owners(program: Program, slug: str) -> None:
    """Before a criterion about owners is handed in: gaps get nominees, and everybody who is asked accepts (S59).

    Does nothing for other criteria. Errors: ServiceError when the program has nobody left to ask.
    """
    if not shortfalls(program, slug):
        return
    cast = cast_of(program)
    manager = _there(cast.manager, "nobody manages the program")
    for gap in unowned_areas(program):
        role = cast.by_slug[gap.role]
        for seat, there in ((Seat.OWNER, active(role.holder)), (Seat.DEPUTY, active(role.deputy))):
            if there is None:
                others = [p for p in cast.people if p.pk not in (role.holder_id, role.deputy_id)]
                person = _there(next(iter(others), None), f"nobody can be asked for {role.name}")
                nominate(actor=manager, role=role, seat=seat, person=person)
                accept(actor=person, role=role, seat=seat, words=ACCEPTED_WORDS)
                role.refresh_from_db()
            else:
                accept(actor=there, role=role, seat=seat, words=ACCEPTED_WORDS)


def confirm_metrics(program: Program, slug: str) -> None:
    """Let owners confirm one metric of each required kind before the metric set is handed in (S52, S53)."""
    if slug != METRIC_SET:
        return
    cast = cast_of(program)
    covered = set(Metric.objects.filter(program=program, confirmed=True).values_list("category", flat=True))
    for metric in Metric.objects.filter(program=program, category__in=set(REQUIRED) - covered):
        if metric.category in covered or metric.limits.missing:
            continue
        role = cast.by_id[metric.owner_role_id].slug
        owner = cast.holder(role) or cast.deputy(role) or cast.manager
        confirm_metric(actor=_there(owner, f"nobody may confirm {metric.slug}"), metric=metric)
        covered.add(metric.category)


def hear(program: Program, slug: str) -> None:
    """Hand an event in to review and let every gatekeeping role support it, by an alternate where it is vacant (G22).

    Errors: those of the services; ServiceError when nobody is there to hand it in or to speak.
    """
    event, cast = find_event(program, slug), cast_of(program)
    manager = _there(cast.manager, "nobody manages the program")
    open_review(actor=manager, event=event)
    spoken: set[int] = set()
    for role in event.gatekeepers.all():
        if role.slug != SPONSOR:
            speaker = _speaker(event, cast.by_id[role.pk], cast, manager, spoken)
            spoken.add(speaker.pk)
            give_view(actor=speaker, event=event, role=role, view=View.SUPPORT, text="The proof is there.")


def take(program: Program, slug: str, *, word: Outcome | None = None, reason: str, condition: str = "") -> Decision:
    """Let the right person decide an event: plain Go (or Clear to launch, or On track) unless a word is given.

    `condition` is the text of the one condition of a Conditional Go; its owner is the program manager's role.
    Errors: those of `gates.services.deciding.decide`, ServiceError when the role that decides has nobody.
    """
    plan, ledger = _load(program)
    event = _event(plan, slug)
    word = word or words_of(kind_of(event, plan))[0]
    if word in CHECKPOINT_WORDS:
        actor = _there(plan.cast.manager, "nobody manages the program")
    else:
        actor = _there(plan.cast.sponsor, "nobody holds the role that decides")
        if event.state == EventState.PENDING and ledger.open_review(event) is None:
            hear(program, slug)
    wanted = DecisionInput(
        word=word,
        reason=reason,
        explanation=reason,
        conditions=(_condition(condition, event, plan, ledger),) if condition else (),
        **(_next_phase(event, plan) if word in UNLOCKING else {}),
    )
    return decide(actor=actor, event=event, wanted=wanted)


def is_plain(program: Program, slug: str) -> bool:
    """Whether an event is a plain checkpoint, which needs neither proof nor views."""
    plan, _ = _load(program)
    return kind_of(_event(plan, slug), plan) is Kind.CHECKPOINT


def _condition(text: str, event: Event, plan: Plan, ledger: Ledger) -> ConditionInput:
    following = next_gate_after(event, plan)
    next_date = following.due_date if following else None
    return ConditionInput(
        text=text,
        owner_role="program-manager",
        due_date=latest_due(ledger.today, next_date, ledger.limits),
        exit_test="The risk and governance lead has read the result and agrees.",
        consequence="The next phase waits until it is done.",
        verifier_role=RISK_LEAD,
    )


def _next_phase(event: Event, plan: Plan) -> dict[str, Any]:
    following = next_gate_after(event, plan)
    start = plan.program.calendar.add_working_days(clock.today(plan.program.time_zone), 1)
    end = following.due_date if following else plan.program.end_date + AFTER_THE_END
    return {
        "next_owner": str(plan.cast.manager or ""),
        "next_budget": "As planned",
        "next_start": start,
        "next_end": max(end, start + dt.timedelta(days=1)),
    }


def _speaker(event: Event, role: Role, cast: Cast, manager: User, spoken: set[int]) -> User:
    """Who speaks for a gatekeeping role: holder, deputy, or the alternate that is named now.

    The sponsor, who decides, is named only where the program has nobody else.
    """
    own = active(role.holder) or active(role.deputy)
    if own is not None:
        return own
    sponsor = cast.sponsor
    others = [p for p in cast.people if active(p) is not None and p.pk != manager.pk]
    others.sort(key=lambda p: (sponsor is not None and p.pk == sponsor.pk, p.pk in spoken, p.pk))
    if not others:
        raise ServiceError(f"nobody can speak for {role.name} (G22)")
    name_alternate(actor=manager, event=event, role=role, person=others[0], reason="The role is vacant.")
    return others[0]


def _keeper(risk: Risk, cast: Cast) -> User:
    """Who looks after a risk: its owner, else the risk and governance lead."""
    role = cast.by_id[risk.owner_role_id]
    people = (active(role.holder), active(role.deputy), cast.holder(RISK_LEAD), cast.deputy(RISK_LEAD))
    return _there(next((p for p in people if p is not None), None), f"nobody looks after {risk.slug}")


def _above(plan: Plan, ledger: Ledger) -> list[Risk]:
    slugs = {fact.slug for fact in above_tolerance(risk_facts(plan, ledger), ledger.limits)}
    return [risk for risk in ledger.risks if risk.slug in slugs]


def _load(program: Program) -> tuple[Plan, Ledger]:
    plan = load_plan(program)
    return plan, load_ledger(plan.program, clock.today(program.time_zone))


def _event(plan: Plan, slug: str) -> Event:
    return next(event for event in plan.events if event.slug == slug)


def _there(person: User | None, why: str) -> User:
    if person is None:
        raise ServiceError(why)
    return person
