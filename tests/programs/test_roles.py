"""Roles and the life of a program: who may change them, what a gap is, what pausing stops."""

import datetime as dt

import pytest

from activity.models import Entry
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from programs import policies, services
from programs.models import Portfolio, Program
from programs.querysets import visible_to
from programs.selectors import cast_of, get_program_for
from tests.factories import Built, program, user

DAY_10 = dt.datetime(2026, 1, 14, 23, 30, tzinfo=dt.UTC)  # already the 15th in Berlin


@pytest.fixture
def built(db: None) -> Built:
    """The small program on its day 10, shortly before midnight UTC."""
    clock.move(DAY_10, speed=0)
    return program("claims")


def role_verbs() -> list[tuple[str, dict]]:
    """What was recorded about roles and the program, oldest first."""
    return list(Entry.objects.order_by("id").values_list("verb", "data"))


def test_a_filled_role_is_no_gap(built: Built) -> None:
    newcomer = user("nils")
    role = services.fill_role(actor=built.manager, role=built.roles["monitoring-owner"], person=newcomer)
    assert (role.holder, role.vacant_since) == (newcomer, None)
    assert role_verbs() == [("role.filled", {"before": None, "after": newcomer.pk})]
    assert cast_of(built.program).vacant == []


def test_a_vacated_role_is_a_gap_from_today_in_the_programs_zone(built: Built) -> None:
    role = services.vacate_role(actor=built.manager, role=built.roles["model-owner"])
    assert (role.holder, role.vacant_since) == (None, dt.date(2026, 1, 15))
    assert role.deputy == built.people["max"]


def test_vacating_twice_keeps_the_first_day(built: Built) -> None:
    services.vacate_role(actor=built.manager, role=built.roles["model-owner"])
    clock.move(DAY_10 + dt.timedelta(days=3), speed=0)
    role = services.vacate_role(actor=built.manager, role=built.roles["model-owner"])
    assert role.vacant_since == dt.date(2026, 1, 15)
    assert len(role_verbs()) == 1


def test_a_deputy_is_named_and_cleared(built: Built) -> None:
    newcomer = user("nils")
    assert services.set_deputy(actor=built.manager, role=built.roles["sponsor"], person=newcomer).deputy == newcomer
    assert services.set_deputy(actor=built.manager, role=built.roles["sponsor"], person=None).deputy is None
    assert [verb for verb, _ in role_verbs()] == ["role.deputy_set", "role.deputy_set"]


def test_one_person_is_not_holder_and_deputy(built: Built) -> None:
    with pytest.raises(Invalid) as caught:
        services.fill_role(actor=built.manager, role=built.roles["model-owner"], person=built.people["max"])
    assert caught.value.field == "holder"
    with pytest.raises(Invalid) as caught:
        services.set_deputy(actor=built.manager, role=built.roles["model-owner"], person=built.owner)
    assert caught.value.field == "deputy"


@pytest.mark.parametrize("service", [services.fill_role, services.set_deputy])
def test_a_deactivated_person_takes_no_role(built: Built, service) -> None:
    with pytest.raises(Invalid, match="deactivated"):
        service(actor=built.manager, role=built.roles["sponsor"], person=user("gone", is_active=False))


@pytest.mark.parametrize("who", ["mia", "max", "sam", "ivy"])
def test_only_the_manager_names_people(built: Built, who: str) -> None:
    person = built.people[who]
    for change in (
        lambda: services.fill_role(actor=person, role=built.roles["monitoring-owner"], person=person),
        lambda: services.vacate_role(actor=person, role=built.roles["model-owner"]),
        lambda: services.set_deputy(actor=person, role=built.roles["sponsor"], person=person),
    ):
        with pytest.raises(NotAllowed, match=r"Only the program manager \(Pat.Claims\)"):
            change()


def test_the_managers_deputy_and_an_administrator_may(built: Built) -> None:
    for person in (built.people["dee"], user(is_administrator=True)):
        assert policies.may_manage(person, cast_of(built.program))
    assert not policies.may_manage(user(is_executive_viewer=True), cast_of(built.program))


def test_without_a_manager_the_reason_says_so(built: Built) -> None:
    services.vacate_role(actor=built.manager, role=built.roles["program-manager"])
    reason = policies.may_manage(built.owner, cast_of(built.program)).reason
    assert "nobody at present" in reason


def test_p16_a_role_changed_meanwhile_is_a_conflict(built: Built) -> None:
    services.set_deputy(actor=built.manager, role=built.roles["sponsor"], person=built.verifier, version=1)
    with pytest.raises(Conflict) as caught:
        services.fill_role(actor=built.manager, role=built.roles["sponsor"], person=built.owner, version=1)
    assert caught.value.current == "holder Sam.Claims, deputy Ivy.Claims"


def test_a_deactivated_holder_is_a_gap(built: Built) -> None:
    built.owner.is_active = False
    built.owner.save()
    cast = cast_of(built.program)
    assert cast.holder("model-owner") is None
    assert built.owner not in cast.people
    assert [role.slug for role in cast.vacant] == ["model-owner", "monitoring-owner"]


def test_pausing_and_resuming_need_a_reason_and_the_state_before(built: Built) -> None:
    with pytest.raises(Invalid) as caught:
        services.pause_program(actor=built.manager, program=built.program, reason=" ")
    assert caught.value.field == "reason"
    assert services.pause_program(actor=built.manager, program=built.program, reason="Budget.").state == "paused"
    with pytest.raises(Invalid, match="is paused, not active"):
        services.pause_program(actor=built.manager, program=built.program, reason="Again.")
    assert services.resume_program(actor=built.manager, program=built.program, reason="Money.").state == "active"
    with pytest.raises(Invalid, match="is active, not paused"):
        services.resume_program(actor=built.manager, program=built.program, reason="Again.")
    assert role_verbs() == [("program.paused", {"reason": "Budget."}), ("program.resumed", {"reason": "Money."})]


def test_only_the_manager_pauses(built: Built) -> None:
    with pytest.raises(NotAllowed):
        services.pause_program(actor=built.sponsor, program=built.program, reason="Stop.")


def test_p14_a_program_is_visible_to_its_people_and_the_two_wide_rights(built: Built) -> None:
    other = program("other")
    assert set(visible_to(built.owner)) == {built.program}
    assert set(visible_to(built.people["max"])) == {built.program}
    assert not visible_to(user("stranger")).exists()
    for wide in (user(is_administrator=True), user(is_executive_viewer=True)):
        assert set(visible_to(wide)) == {built.program, other.program}


def test_p14_somebody_with_two_roles_sees_the_program_once(built: Built) -> None:
    services.fill_role(actor=built.manager, role=built.roles["monitoring-owner"], person=built.owner)
    assert visible_to(built.owner).count() == 1
    assert get_program_for(built.owner, "claims") == built.program


def test_portfolios_are_found_whatever_the_case(db: None) -> None:
    assert services.portfolio_named("Claims") == services.portfolio_named("CLAIMS")
    assert Portfolio.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "slug"), [("Claims", "claims-2"), ("Claims!", "claims-2"), ("New idea", "new-idea"), ("研究", "program")]
)
def test_slugs_are_free_and_never_empty(built: Built, name: str, slug: str) -> None:
    assert services.free_slug(Program, name, 80) == slug


def test_g2_who_decides_a_gate(built: Built) -> None:
    cast = cast_of(built.program)
    assert policies.may_decide(built.sponsor, cast)
    assert not policies.may_decide(built.manager, cast)
    assert not policies.may_decide(user(is_administrator=True), cast)
