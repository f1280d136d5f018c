"""Turns the rows of one program into the facts of the status document. A fixed number of queries; judges nothing."""

import datetime as dt
from zoneinfo import ZoneInfo

from accounts.models import User
from activity.selectors import last_at
from charter.domain.outcome import GRADES
from charter.selectors.outcome import outcome_reading
from core import clock
from gates.domain.declaring import holds
from gates.models import DeclaredStatus, ReadingDay
from gates.selectors.ledger import Ledger, load_ledger
from gates.selectors.reading import GateReading, read_program
from gates.selectors.verdict import musts_ahead, verdict_of
from phases.domain.readiness import Proof
from phases.enums import EventState
from phases.models import Phase
from phases.selectors import Plan, load_plan
from programs.enums import PROGRAM_MANAGER, SPONSOR
from programs.models import Program
from programs.selectors import active
from registers.selectors.issues import late_discovery_share
from status_pages.domain.facts import (
    DeclaredFacts,
    GateFacts,
    GateMark,
    ProgramFacts,
    ReadinessFacts,
    RuleFact,
    StatusFacts,
    UpdateFacts,
    ValueFacts,
    Who,
)
from status_pages.selectors import asks, risks
from status_pages.selectors.results import results_of
from updates.models import StatusUpdate
from updates.selectors import latest

RUN_DAYS = 120


def status_facts(program: Program) -> StatusFacts:
    """Return everything the document is made of, as of now (a fixed number of queries, whatever the size)."""
    now, today = clock.now(), clock.today(program.time_zone)
    plan = load_plan(program)
    ledger = load_ledger(program, today)
    reading = read_program(plan, today=today, last_update=last_at(program.pk), ledger=ledger)
    update = latest(program)
    colour = reading.status.colour.value
    return StatusFacts(
        at=now,
        today=today,
        program=_program(plan, reading),
        colour=colour,
        since=_since(program, colour, today),
        computed_verdict=verdict_of(plan, reading),
        rules=tuple(RuleFact(r.colour.value, r.slug, r.sentence) for r in reading.status.rules),
        declared=_declared(ledger.declared, today, program),
        update=_update(update, today, program) if update else None,
        readiness=_readiness(plan, reading),
        value=_value(program),
        risks=risks.risks_of(plan, ledger, now),
        tolerance=ledger.limits.risk_tolerance,
        actions=risks.actions_of(ledger),
        results=results_of(program),
        asks=asks.asks_of(plan, ledger, reading, update),
        coming=asks.coming_of(plan, ledger, update),
        gates=_gates(plan, ledger),
        late_discoveries=late_discovery_share(program).late,
    )


def who(person: User | None, role: str) -> Who:
    """Name somebody by name and role, never by address."""
    found = active(person)
    return Who(found.name if found else "", role)


def _role(plan: Plan, slug: str, fallback: str) -> Who:
    role = plan.cast.by_slug.get(slug)
    return who(plan.cast.holder(slug), role.name if role else fallback)


def _program(plan: Plan, reading: GateReading) -> ProgramFacts:
    program, phase = plan.program, _phase(plan, reading.day)
    return ProgramFacts(
        name=program.name,
        slug=program.slug,
        portfolio=program.portfolio.name,
        time_zone=program.time_zone,
        start=program.start_date,
        end=program.end_date,
        state=program.state,
        day=reading.day,
        phase=phase.name if phase else "",
        phase_number=plan.phases.index(phase) + 1 if phase else 0,
        phases=len(plan.phases),
        manager=_role(plan, PROGRAM_MANAGER, "Program manager"),
        sponsor=_role(plan, SPONSOR, "Sponsor"),
    )


def _phase(plan: Plan, day: int) -> Phase | None:
    """The phase a day lies in; the first before day 1, the last after day 90."""
    if not plan.phases:
        return None
    return next((p for p in plan.phases if day <= p.end_day), plan.phases[-1])


def _since(program: Program, colour: str, today: dt.date) -> dt.date:
    """Since when the computed colour has been this one, by the kept days (one query)."""
    rows = ReadingDay.objects.filter(program=program, date__lt=today).order_by("-date").values_list("date", "colour")
    start = today
    for date, kept in rows[:RUN_DAYS]:
        if kept != colour:
            break
        start = date
    return start


def _declared(declared: DeclaredStatus | None, today: dt.date, program: Program) -> DeclaredFacts | None:
    """What is declared and in force, and what waits for the sponsor's agreement; an expired one is over."""
    if declared is None or (declared.expires_on is not None and declared.expires_on < today):
        return None
    agreed = declared.agreed_at is not None if declared.better else None
    in_force = holds(better=declared.better, agreed=bool(agreed), expires_on=declared.expires_on, today=today)
    return DeclaredFacts(
        colour=declared.colour,
        reason=declared.reason,
        by=who(declared.declared_by, "Program manager"),
        on=_local(declared.declared_at, program),
        expires=declared.expires_on,
        agreed=agreed if not in_force or declared.better else None,
    )


def _update(update: StatusUpdate, today: dt.date, program: Program) -> UpdateFacts:
    return UpdateFacts(
        number=update.number,
        colour=update.colour,
        verdict=update.verdict,
        by=who(update.posted_by, "Program manager"),
        at=update.posted_at,
        age_days=(today - _local(update.posted_at, program)).days,
        way_back=update.way_back,
        way_back_owner=who(update.way_back_owner, "Program manager"),
        way_back_on=update.way_back_on,
        acknowledged=hasattr(update, "acknowledgement"),
        ask=update.ask,
    )


def _local(at: dt.datetime, program: Program) -> dt.date:
    return at.astimezone(ZoneInfo(program.time_zone)).date()


def _readiness(plan: Plan, reading: GateReading) -> ReadinessFacts:
    result, gate = reading.readiness, reading.gate
    musts = musts_ahead(plan, reading)
    return ReadinessFacts(
        version=result.version,
        points=result.points,
        weakest=reading.dimension_names[result.weakest.dimension] if result.weakest else "",
        average=result.average,
        verified=result.verified_average,
        pace=result.pace_text,
        musts=len(musts),
        musts_met=sum(reading.proofs[c.pk] is Proof.VERIFIED_FRESH for c in musts),
        dimensions=tuple(
            (reading.dimension_names[row.dimension], row.points, row.verified_points) for row in result.dimensions
        ),
        vacant=tuple(area.name for area in plan.vacant_areas()),
        waivers=reading.waivers,
        waivers_expired=reading.waivers_expired,
        conditions=reading.conditions,
        conditions_overdue=reading.conditions_overdue,
        not_applicable=reading.not_applicable,
        gate=GateFacts(
            name=gate.name,
            date=gate.due_date,
            forecast=reading.forecast or gate.due_date,
            decided=gate.state == EventState.DECIDED,
            path=f"gates/{gate.slug}/",
        )
        if gate
        else None,
    )


def _value(program: Program) -> ValueFacts:
    """The statement that counts, the frozen one after the first gate, with its newest value (three queries)."""
    reading = outcome_reading(program)
    version = reading.frozen or reading.current
    if version is None:
        return ValueFacts(ceiling=program.cost_ceiling_amount, currency=program.cost_currency)
    stick = next((s for s in reading.yardsticks if s.version is version), None)
    now = stick.progress if stick else None
    outcome = version.statement
    return ValueFacts(
        measure=outcome.measure,
        unit=outcome.unit,
        baseline=outcome.baseline,
        target=outcome.target,
        target_date=outcome.target_date,
        now=now.now if now else None,
        now_on=now.on if now else None,
        planned=round(now.planned, 2) if now else None,
        on_plan=now.on_plan if now else None,
        grade=version.grade,
        grade_words=GRADES[version.grade],
        ceiling=program.cost_ceiling_amount,
        currency=program.cost_currency,
    )


def _gates(plan: Plan, ledger: Ledger) -> tuple[GateMark, ...]:
    """The gates with the word that counts today; the first open one is next."""
    upcoming = plan.next_gate()
    found = []
    for event in plan.events:
        if not event.is_gate:
            continue
        word = ledger.outcome(event)
        decided = event.state == EventState.DECIDED
        state = (word.value if word else "decided") if decided else "next" if event == upcoming else "pending"
        found.append(GateMark(event.name, event.day, event.due_date, event.baseline_date, state))
    return tuple(found)
