"""Gaps cap readiness and close gates: what was proven about owners holds only while the register says the same."""

import datetime as dt

import pytest

from core import clock
from core.errors import Invalid
from gates.domain.deciding import verdict
from gates.domain.facts import CriterionFact, GateFacts, Kind
from gates.enums import Open
from gates.selectors.facts import gate_facts, gate_verdict, proofs_with_gates
from gates.selectors.ledger import load_ledger
from gates.services import deciding
from ownership.enums import Seat
from ownership.services import accept
from phases import services as phases
from phases.domain.readiness import Proof
from phases.enums import CriterionState, Outcome
from phases.selectors import load_plan, read_program
from programs.models import OwnershipArea, Role
from programs.services import vacate_role
from risks.models import EscalationPath, Risk
from tests.factories import sign_in
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World, add, on, prove, world

GATE_60_DAY = dt.date(2026, 3, 5)
AREAS = [
    ("own-model", "Model ownership", "model-owner"),
    ("own-monitoring", "Monitoring ownership", "monitoring-owner"),
]


@pytest.fixture
def w(db: None) -> World:
    """The program of the gates with two areas, and the three criteria about owners."""
    w = world()
    for slug, name, role in AREAS:
        OwnershipArea.objects.create(program=w.program, slug=slug, name=name, role=w.role(role))
    owners = {"owner_role": w.role("program-manager"), "dimension_slug": "ownership", "dimension_name": "Ownership"}
    add(w, "g30-interim-owners", **owners)
    add(w, "g60-owners-accepted", "gate-60", non_waivable=True, **owners)
    add(w, "g90-owners-operating", "gate-90", non_waivable=True, **owners)
    return w


def fill(w: World, slug: str = "monitoring-owner", holder: str = "ivy", deputy: str | None = "rob") -> None:
    """Put people on a role, without their word."""
    people = {"holder": w.person(holder), "deputy": w.person(deputy) if deputy else None, "vacant_since": None}
    Role.objects.filter(program=w.program, slug=slug).update(**people)


def settle(w: World) -> None:
    """Let everybody of both areas accept."""
    fill(w)
    for _, _, slug in AREAS:
        role = w.role(slug)
        accept(actor=role.holder, role=role, seat=Seat.OWNER, words="Mine")
        accept(actor=role.deputy, role=role, seat=Seat.DEPUTY, words="I stand in")


def test_interim_owners_cannot_be_handed_in_or_verified_while_a_role_is_empty(w: World) -> None:
    with on(GATE_DAY):
        prove(w, "g30-interim-owners", verified=False)
        w.built.criteria["g30-interim-owners"].refresh_from_db()
        with pytest.raises(Invalid, match="Nobody owns Monitoring ownership"):
            phases.verify(actor=w.person("ivy"), criterion=w.criterion("g30-interim-owners"))
        phases.send_back(actor=w.person("ivy"), criterion=w.criterion("g30-interim-owners"), reason="A gap")
        with pytest.raises(Invalid, match="Nobody owns Monitoring ownership"):
            phases.hand_in(actor=w.person("pat"), criterion=w.criterion("g30-interim-owners"))
        fill(w)
        phases.hand_in(actor=w.person("pat"), criterion=w.criterion("g30-interim-owners"))
        done = phases.verify(actor=w.person("ivy"), criterion=w.criterion("g30-interim-owners"))
    assert done.state == CriterionState.VERIFIED


def test_accepted_owners_need_every_acceptance(w: World) -> None:
    with on(GATE_DAY):
        fill(w)
        prove(w, "g60-owners-accepted", verified=False)
        with pytest.raises(Invalid, match=r"Mia\S* has not accepted Model ownership"):
            phases.verify(actor=w.person("ivy"), criterion=w.criterion("g60-owners-accepted"))
        settle(w)
        phases.verify(actor=w.person("ivy"), criterion=w.criterion("g60-owners-accepted"))


def test_other_criteria_never_ask_the_register(w: World, django_assert_num_queries) -> None:
    with on(GATE_DAY):
        prove(w, "accuracy", verified=False)
        phases.verify(actor=w.person("ivy"), criterion=w.criterion("accuracy"))
    assert w.criterion("accuracy").state == CriterionState.VERIFIED


def read(w: World, today: dt.date):
    return read_program(load_plan(w.program), today=today, last_update=clock.now())


def test_a_verified_criterion_is_stale_while_the_register_shows_a_gap(w: World) -> None:
    with on(GATE_DAY):
        settle(w)
        prove(w, "g30-interim-owners", GATE_DAY)
        pk = w.criterion("g30-interim-owners").pk
        assert read(w, GATE_DAY).proofs[pk] is Proof.VERIFIED_FRESH
        vacate_role(actor=w.person("pat"), role=w.role("monitoring-owner"))
        assert read(w, GATE_DAY).proofs[pk] is Proof.STALE
        scored = {row.dimension: row for row in read(w, GATE_DAY).readiness.dimensions}
        assert scored["ownership"].score == 50
        fill(w)
        assert read(w, GATE_DAY).proofs[pk] is Proof.VERIFIED_FRESH


def test_claims_without_verification_keep_their_half_credit(w: World) -> None:
    """Formula version 1 stays exact: the cap touches only what would have counted in full."""
    with on(GATE_DAY):
        prove(w, "g30-interim-owners", GATE_DAY, verified=False)
        assert read(w, GATE_DAY).proofs[w.criterion("g30-interim-owners").pk] is Proof.EVIDENCE_UNVERIFIED


def test_what_a_gate_froze_about_owners_opens_again_with_a_gap(w: World) -> None:
    with on(GATE_DAY):
        fill(w)
        prove(w, "accuracy"), prove(w, "g30-interim-owners")
        build.open_round(w)
        deciding.decide(actor=w.person("sam"), event=w.event("gate-30"), wanted=build.go())
        accuracy, owners = w.criterion("accuracy").pk, w.criterion("g30-interim-owners").pk
        later = GATE_DAY + dt.timedelta(days=40)

        def proofs() -> tuple[Proof, Proof]:
            found = proofs_with_gates(load_plan(w.program), load_ledger(w.program, later), later)
            return found[accuracy], found[owners]

        assert proofs() == (Proof.VERIFIED_FRESH, Proof.VERIFIED_FRESH)
        vacate_role(actor=w.person("pat"), role=w.role("monitoring-owner"))
        assert proofs()[0] is Proof.VERIFIED_FRESH
        assert proofs()[1] is not Proof.VERIFIED_FRESH


def at_gate(w: World, slug: str, today: dt.date):
    return gate_verdict(w.event(slug), load_plan(w.program), load_ledger(w.program, today))


def test_s59_gate_60_closes_go_and_conditional_go_and_names_each_area(w: World) -> None:
    with on(GATE_60_DAY):
        found = at_gate(w, "gate-60", GATE_60_DAY)
        for word in (Outcome.GO, Outcome.CONDITIONAL_GO):
            causes = " ".join(found.of(word).causes)
            assert not found.of(word).available
            assert "has not accepted Model ownership" in causes
            assert "Nobody owns Monitoring ownership: Monitoring and operations owner is empty." in causes
        settle(w)
        after = at_gate(w, "gate-60", GATE_60_DAY)
        assert "ownership" not in " ".join(after.of(Outcome.GO).causes).replace("g60-owners-accepted", "")


def test_s58_s59_the_page_of_gate_60_keeps_go_closed_and_names_each_area_and_risk(w: World) -> None:
    build.risk(w, "bare", likelihood=3, impact=3).actions.all().delete()
    build.risk(w, "undated", likelihood=3, impact=3)
    pathless = build.risk(w, "pathless", likelihood=3, impact=3, dated=True)
    pathless.path = EscalationPath.objects.create(program=w.program, slug="empty", name="Empty", trigger="t")
    pathless.save()
    fine = build.risk(w, "treated", likelihood=3, impact=3, dated=True)
    named = [
        "has not accepted Model ownership",
        "Nobody owns Monitoring ownership: Monitoring and operations owner is empty.",
        "Risk “The bare comes true” (9, moderate) needs a mitigation action (S58).",
        "Risk “The undated comes true” (9, moderate) needs a date for its open action (S58).",
        "Risk “The pathless comes true” (9, moderate) needs an escalation path (S58).",
    ]
    address = f"/programs/{w.program.slug}/gates/gate-60/"
    with on(GATE_60_DAY):
        page = sign_in(w.person("sam")).get(address).content.decode()
        for word in ("go", "conditional-go"):
            radio = page.split(f'name="word" value="{word}"', 1)
            option = radio[1].split('class="optbox', 1)[0]
            assert " disabled" in option.split(">", 1)[0]
            assert [words for words in named if words not in option] == []
            assert fine.event not in option
        settle(w)
        Risk.objects.exclude(pk=fine.pk).update(current_impact=1)
        page = sign_in(w.person("sam")).get(address).content.decode()
        assert [words for words in named if words in page] == []


@pytest.mark.parametrize(("slug", "names"), [("gate-30", 0), ("gate-60", 2), ("cp-75", 0), ("gate-90", 2)])
def test_s59_areas_are_asked_for_from_the_second_gate_on(w: World, slug: str, names: int) -> None:
    with on(GATE_60_DAY):
        plan, ledger = load_plan(w.program), load_ledger(w.program, GATE_60_DAY)
        assert len(gate_facts(w.event(slug), plan, ledger).unowned) == names


@pytest.mark.parametrize(("unowned", "state"), [((), Open.OPEN), (("Nobody owns it.",), Open.CLOSED)])
def test_s59_everything_else_in_order_an_area_alone_decides(unowned: tuple[str, ...], state: Open) -> None:
    met = (CriterionFact("a", "A", must=True, met=True),)
    found = verdict(GateFacts(Kind.GATE, "Gate 60", GATE_60_DAY, criteria=met, unowned=unowned))
    assert found.of(Outcome.GO).state is state
    assert found.of(Outcome.STOP).state is Open.OPEN


@pytest.mark.parametrize(("day", "red"), [(60, False), (61, True)])
def test_status_is_red_after_day_60_also_when_somebody_is_named_but_has_not_accepted(
    w: World, day: int, red: bool
) -> None:
    today = w.program.start_date + dt.timedelta(days=day - 1)
    with on(today):
        fill(w)
        rules = {rule.slug: rule.sentence for rule in read(w, today).status.rules}
    assert ("area-vacant" in rules) is red
    if red:
        assert "Model ownership (not accepted)" in rules["area-vacant"]
