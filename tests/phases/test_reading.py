"""A whole program read as of a day: plan in few queries, proofs by age, readiness and status from facts."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from core import clock
from phases import services
from phases.domain.readiness import Proof
from phases.domain.status import Colour
from phases.enums import EvidenceKind
from phases.models import Criterion
from phases.selectors import load_plan, read_program, verifiers_for
from phases.selectors.phase_plan import locked_by, phase_for_day
from phases.selectors.reading import Reading, proof_of
from programs.models import Program
from tests import factories

pytestmark = pytest.mark.django_db


def on(program: Program, day: int) -> dt.date:
    """Hold the clock at noon UTC on a day of the program."""
    date = program.start_date + dt.timedelta(days=day - 1)
    clock.move(dt.datetime.combine(date, dt.time(12), dt.UTC), speed=0)
    return date


def read(program: Program, day: int) -> Reading:
    """Read the program on a day; something was recorded that day."""
    today = on(program, day)
    return read_program(load_plan(program), today=today, last_update=clock.now())


@pytest.fixture
def whole() -> Program:
    """The claims example, launched."""
    return factories.launched()


def prove_all(program: Program, *, by_day: int, verify: bool) -> None:
    """Let every owner prove what is due by a day, and every verifier accept it."""
    plan = load_plan(program)
    for criterion in plan.criteria:
        if criterion.due_day > by_day or not criterion.applicable:
            continue
        owner = plan.addressee_of(criterion)
        services.add_evidence(
            actor=owner, criterion=criterion, kind=EvidenceKind.NOTE, title="Note", note="Seen.",
            effective_date=clock.today(program.time_zone),
        )  # fmt: skip
        services.hand_in(actor=owner, criterion=criterion)
        if verify:
            criterion.refresh_from_db()
            criterion.program = program
            verifier = plan.person(verifiers_for(criterion, plan.cast)[0])
            services.verify(actor=verifier, criterion=criterion)


def name_the_missing_owner(program: Program) -> None:
    """Put somebody on the vacant role that owns an area, so that interim owners can be proven (S59)."""
    program.roles.filter(slug="monitoring-owner").update(
        holder=program.roles.get(slug="model-owner").holder, vacant_since=None
    )


def test_a_whole_plan_takes_five_queries(whole: Program, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(5):
        plan = load_plan(whole)
        plan.next_gate()
        for item in [*plan.criteria, *plan.tasks]:
            plan.owner_of(item)
            str(item.owner_role)
        for criterion in plan.criteria:
            plan.proven_by(criterion)
            str(criterion.event.phase)


def test_on_day_one_nothing_is_known(whole: Program) -> None:
    found = read(whole, 1)
    assert (found.status.colour, found.status.rules[0].slug) == (Colour.GREY, "nothing-due")
    assert found.readiness.points == 0
    assert found.gate.slug == "gate-30"


def test_with_nothing_done_it_turns_grey_and_red_never_green(whole: Program) -> None:
    slugs = {rule.slug for rule in read(whole, 24).status.rules}
    assert {"little-evidence", "must-overdue", "pace"} <= slugs


def test_evidence_counts_half_until_somebody_else_verified_it(whole: Program) -> None:
    on(whole, 8)
    name_the_missing_owner(whole)
    prove_all(whole, by_day=8, verify=False)
    claimed = read(whole, 8).readiness
    assert (claimed.pace_text, claimed.verified_average) == ("0.50", 0)


def test_what_was_verified_counts_in_full(whole: Program) -> None:
    on(whole, 8)
    name_the_missing_owner(whole)
    prove_all(whole, by_day=8, verify=True)
    assert read(whole, 8).readiness.pace_text == "1.00"


def test_g13_what_does_not_apply_leaves_the_sum(whole: Program) -> None:
    before = read(whole, 8).readiness
    Criterion.objects.filter(program=whole, slug="g30-data-rights").update(applicable=False)
    after = read(whole, 8).readiness
    assert after.weight == before.weight - 3


@pytest.mark.parametrize(
    ("state", "age", "expected"),
    [
        ("open", None, Proof.NONE),
        ("verified", None, Proof.NONE),
        ("open", 60, Proof.EVIDENCE_UNVERIFIED),
        ("handed_in", 60, Proof.EVIDENCE_UNVERIFIED),
        ("verified", 60, Proof.VERIFIED_FRESH),
        ("verified", 61, Proof.STALE),
        ("open", 61, Proof.STALE),
    ],
)
def test_g19_proof_by_state_and_age(state: str, age: int | None, expected: Proof) -> None:
    built = factories.program("claims")
    on(built.program, 80)
    criterion = built.criteria["accuracy"]
    if age is not None:
        services.add_evidence(
            actor=built.owner, criterion=criterion, kind=EvidenceKind.NOTE, title="Note", note="Seen.",
            effective_date=clock.today("UTC") - dt.timedelta(days=age),
        )  # fmt: skip
    criterion.state = state
    assert proof_of(criterion, list(criterion.evidence.all()), clock.today("UTC")) == expected


def test_withdrawn_evidence_is_no_proof() -> None:
    built = factories.program("claims")
    on(built.program, 10)
    evidence = services.add_evidence(
        actor=built.owner, criterion=built.criteria["accuracy"], kind=EvidenceKind.NOTE, title="Note", note="Seen.",
        effective_date=clock.today("UTC"),
    )  # fmt: skip
    services.withdraw_evidence(actor=built.owner, evidence=evidence, reason="Wrong")
    plan = load_plan(built.program)
    assert plan.proven_by(plan.criteria[0]) == []


def test_the_same_date_moved_twice_counts_agreed_and_forecast_apart() -> None:
    built = factories.program("claims")
    on(built.program, 10)
    item = built.criteria["accuracy"]
    services.redate(actor=built.manager, item=item, new_date=dt.date(2026, 2, 6), reason="Vendor.")
    for day in (9, 10):
        services.forecast(actor=built.owner, item=item, new_date=dt.date(2026, 2, day), reason="Away.")
    assert load_plan(built.program).moves[("criterion", item.pk)] == 1
    services.redate(actor=built.manager, item=item, new_date=dt.date(2026, 2, 9), reason="Vendor again.")
    assert load_plan(built.program).moves[("criterion", item.pk)] == 2


def test_after_the_last_gate_the_last_gate_is_read(whole: Program) -> None:
    whole.events.filter(kind="gate").update(state="decided", outcome="go", decided_at=clock.now())
    assert read(whole, 95).gate.slug == "gate-90"


def test_a_gate_without_a_decision_turns_red_after_its_working_days(whole: Program) -> None:
    slugs = [rule.slug for rule in read(whole, 45).status.rules]
    assert "gate-overdue" in slugs


def test_g1_a_phase_is_locked_by_the_gate_before_it(whole: Program) -> None:
    plan = load_plan(whole)
    validate, prepare, execute = plan.phases
    assert locked_by(plan.events, validate) is None
    assert locked_by(plan.events, prepare).slug == "gate-30"
    gate = next(event for event in plan.events if event.slug == "gate-30")
    gate.state, gate.outcome = "decided", "go"
    assert locked_by(plan.events, prepare) is None
    assert locked_by(plan.events, execute).slug == "gate-60"


@pytest.mark.parametrize(
    ("day", "slug"), [(-5, "validate"), (30, "validate"), (31, "prepare"), (90, "execute"), (400, "execute")]
)
def test_the_phase_of_a_day(whole: Program, day: int, slug: str) -> None:
    assert phase_for_day(load_plan(whole).phases, day).slug == slug
