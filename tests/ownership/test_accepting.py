"""Ownership is accepted, not assigned: nomination, acceptance, transfer, decline, and what a closed account leaves."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.services.people import deactivate_user
from activity.models import Entry
from core import clock
from core.errors import Conflict, Invalid, NotAllowed, ServiceError
from ownership.enums import Answer, Seat
from ownership.models import Nomination, OwnershipAcceptance
from ownership.selectors import unowned_areas
from ownership.services import accept, add_area, change_area, decline, hand_over_due, nominate, withdraw
from ownership.services.areas import AreaText
from phases.models import Task
from programs.services import fill_role, vacate_role
from reminders.models import ProgramPlan
from tests import factories
from tests.ownership.world import DAY_24, TODAY, WORDS, World, world

LATER = TODAY + dt.timedelta(days=10)


def verbs(w: World) -> list[str]:
    return list(Entry.objects.filter(program_id=w.program.pk).order_by("pk").values_list("verb", flat=True))


def test_a_nomination_seats_nobody(w: World) -> None:
    nominate(actor=w.person("pat"), role=w.role(), seat=Seat.OWNER, person=w.person("ivy"), note="Please")
    assert w.role().holder == w.person("mia")
    assert verbs(w) == ["ownership.nominated"]


def test_a_nomination_sent_twice_is_one_and_a_new_day_replaces_the_old(w: World) -> None:
    made = [
        nominate(actor=w.person("pat"), role=w.role(), seat=Seat.OWNER, person=w.person("ivy"), effective_from=day)
        for day in (TODAY, TODAY, LATER)
    ]
    assert len({row.pk for row in made}) == Nomination.objects.count() == 1
    assert Nomination.objects.get().effective_from == LATER
    assert verbs(w) == ["ownership.nominated"]


@pytest.mark.parametrize("name", ["mia", "ivy", "sam"])
def test_only_the_manager_nominates(w: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        nominate(actor=w.person(name), role=w.role(), seat=Seat.OWNER, person=w.person("ivy"))


def test_what_cannot_be_nominated(w: World) -> None:
    ask = {"actor": w.person("pat"), "role": w.role()}
    with pytest.raises(Invalid, match="deactivated"):
        nominate(**ask, seat=Seat.OWNER, person=factories.user("gone", is_active=False))
    with pytest.raises(Invalid, match="before today"):
        nominate(**ask, seat=Seat.OWNER, person=w.person("ivy"), effective_from=TODAY - dt.timedelta(days=1))
    with pytest.raises(Invalid, match="check the year"):
        nominate(**ask, seat=Seat.OWNER, person=w.person("ivy"), effective_from=TODAY + dt.timedelta(days=400))
    with pytest.raises(Invalid, match="somebody else"):
        nominate(**ask, seat=Seat.DEPUTY, person=w.person("mia"))
    w.settle()
    with pytest.raises(Invalid, match="accepted this already"):
        nominate(**ask, seat=Seat.OWNER, person=w.person("mia"))


def test_a_program_that_ended_refuses(w: World) -> None:
    program = w.program
    program.state = "stopped"
    program.save()
    with pytest.raises(NotAllowed, match="stopped"):
        nominate(actor=w.person("pat"), role=w.role(), seat=Seat.OWNER, person=w.person("ivy"))
    with pytest.raises(NotAllowed, match="stopped"):
        accept(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, words=WORDS)


def test_who_sits_there_accepts_in_their_own_words_and_the_area_says_so(w: World) -> None:
    made = accept(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, words=f"  {WORDS}\n")
    area = w.area()
    assert (made.words, made.accepted_at, made.taken_at) == (WORDS, DAY_24, DAY_24)
    assert (area.accepted_by, area.accepted_at, area.effective_from) == (w.person("mia"), DAY_24, TODAY)
    assert OwnershipAcceptance.objects.filter(area=area, person=w.person("mia"), ended_at=None).count() == 1
    assert verbs(w) == ["ownership.accepted"]
    assert [gap.short for gap in unowned_areas(w.program)] == [
        "Model ownership (deputy has not accepted)",
        "Monitoring ownership (nobody)",
    ]
    accept(actor=w.person("max"), role=w.role(), seat=Seat.DEPUTY, words=WORDS)
    assert [gap.name for gap in unowned_areas(w.program)] == ["Monitoring ownership"]


def test_accepting_twice_is_one_acceptance(w: World) -> None:
    first = accept(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, words=WORDS)
    assert accept(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, words="Again").pk == first.pk
    assert OwnershipAcceptance.objects.filter(area=None).count() == 1


@pytest.mark.parametrize("name", ["pat", "max", "sam"])
def test_nobody_accepts_for_somebody_else(w: World, name: str) -> None:
    w.ask("ivy")
    with pytest.raises(NotAllowed):
        accept(actor=w.person(name), role=w.role(), seat=Seat.OWNER, words=WORDS)
    assert w.area().accepted_by is None


def test_acceptance_needs_words_and_a_day_that_has_not_passed(w: World) -> None:
    for words in ("", "   "):
        with pytest.raises(Invalid) as fault:
            accept(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, words=words)
        assert fault.value.field == "words"
    with pytest.raises(Invalid) as fault:
        accept(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, words=WORDS, effective_from=dt.date(2026, 1, 1))
    assert fault.value.field == "effective_from"


def test_s60_a_transfer_happens_at_the_new_owners_word_and_the_log_keeps_both(w: World) -> None:
    w.settle()
    nominate(actor=w.person("pat"), role=w.role(), seat=Seat.OWNER, person=w.person("ivy"))
    assert (w.role().holder, w.area().accepted_by) == (w.person("mia"), w.person("mia"))
    accept(actor=w.person("ivy"), role=w.role(), seat=Seat.OWNER, words="Mine now")
    assert (w.role().holder, w.area().accepted_by) == (w.person("ivy"), w.person("ivy"))
    former = OwnershipAcceptance.objects.get(person=w.person("mia"), area=None)
    assert (former.ended_by, former.ended_why) == (w.person("ivy"), "Handed over to Ivy.Claims")
    assert former.words == WORDS
    assert w.area().deputy_accepted_by == w.person("max")
    assert [gap.name for gap in unowned_areas(w.program)] == ["Monitoring ownership"]


def test_s60_an_owned_role_is_not_handed_over_by_the_form_alone(w: World) -> None:
    with pytest.raises(Invalid, match="stays its owner until the new one accepts"):
        fill_role(actor=w.person("pat"), role=w.role(), person=w.person("ivy"))
    assert w.role().holder == w.person("mia")
    assert Entry.objects.count() == 0


def test_an_empty_owned_role_may_get_an_interim_holder_who_is_asked_to_accept(w: World) -> None:
    fill_role(actor=w.person("pat"), role=w.role("monitoring-owner"), person=w.person("ivy"))
    asked = Nomination.objects.get()
    assert (asked.person, asked.seat, asked.answer) == (w.person("ivy"), "owner", "open")
    assert w.area("own-monitoring").accepted_by is None


def test_the_deputy_who_becomes_owner_leaves_the_other_seat(w: World) -> None:
    w.settle()
    w.ask("max")
    named = Task.objects.filter(program=w.program, slug="dashboards")
    named.update(assignee=w.person("max"))
    accept(actor=w.person("max"), role=w.role(), seat=Seat.OWNER, words=WORDS)
    assert (w.role().holder, w.role().deputy) == (w.person("max"), None)
    assert named.get().assignee == w.person("max")  # who changes seats has not left
    assert (w.area().accepted_by, w.area().deputy_accepted_by) == (w.person("max"), None)


def test_a_later_day_keeps_the_old_owner_until_then(w: World) -> None:
    w.settle()
    w.ask("ivy", effective_from=LATER)
    made = accept(actor=w.person("ivy"), role=w.role(), seat=Seat.OWNER, words=WORDS)
    assert (made.taken_at, w.role().holder) == (None, w.person("mia"))
    assert hand_over_due() == 0
    with clock.frozen(DAY_24 + dt.timedelta(days=10)):
        assert (hand_over_due(), hand_over_due()) == (1, 0)
        assert (w.role().holder, w.area().accepted_by) == (w.person("ivy"), w.person("ivy"))


def test_an_empty_seat_is_taken_at_once_but_counts_from_its_day(w: World) -> None:
    w.ask("ivy", slug="monitoring-owner", effective_from=LATER)
    accept(actor=w.person("ivy"), role=w.role("monitoring-owner"), seat=Seat.OWNER, words=WORDS)
    assert w.role("monitoring-owner").holder == w.person("ivy")
    assert unowned_areas(w.program)[1].short == "Monitoring ownership (not in effect yet)"


def test_the_new_owner_names_a_deputy_who_is_asked_as_well(w: World) -> None:
    w.ask("ivy", slug="monitoring-owner")
    role = w.role("monitoring-owner")
    accept(actor=w.person("ivy"), role=role, seat=Seat.OWNER, words=WORDS, deputy=w.person("max"))
    asked = Nomination.objects.get(answer=Answer.OPEN)
    assert (asked.person, asked.seat) == (w.person("max"), "deputy")
    assert w.role("monitoring-owner").deputy is None
    accept(actor=w.person("max"), role=role, seat=Seat.DEPUTY, words=WORDS)
    assert w.role("monitoring-owner").deputy == w.person("max")
    assert [gap.name for gap in unowned_areas(w.program)] == ["Model ownership"]


def test_nobody_is_their_own_deputy(w: World) -> None:
    with pytest.raises(Invalid) as fault:
        accept(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, words=WORDS, deputy=w.person("mia"))
    assert fault.value.field == "deputy"


def test_of_two_nominees_the_second_hears_who_was_quicker(w: World) -> None:
    w.ask("ivy", slug="monitoring-owner"), w.ask("sam", slug="monitoring-owner")
    role = w.role("monitoring-owner")
    accept(actor=w.person("ivy"), role=role, seat=Seat.OWNER, words=WORDS)
    with pytest.raises(Conflict) as lost:
        accept(actor=w.person("sam"), role=role, seat=Seat.OWNER, words=WORDS)
    assert (lost.value.current, w.role("monitoring-owner").holder) == ("Ivy.Claims", w.person("ivy"))


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    ready = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            return act()
        except ServiceError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.mark.django_db(transaction=True)
def test_p16_two_people_accepting_at_the_same_second_make_one_owner() -> None:
    with clock.frozen(DAY_24):
        w = world()
        w.ask("ivy", slug="monitoring-owner"), w.ask("sam", slug="monitoring-owner")
        role = w.role("monitoring-owner")
        results = at_once(
            *(
                lambda name=name: accept(actor=w.person(name), role=role, seat=Seat.OWNER, words=WORDS)
                for name in ("ivy", "sam", "ivy")
            )
        )
    made = {result.pk for result in results if isinstance(result, OwnershipAcceptance)}
    assert len(made) == 1
    assert all(isinstance(result, OwnershipAcceptance | Conflict) for result in results)
    standing = OwnershipAcceptance.objects.filter(area=None, ended_at=None)
    assert standing.get().person == w.role("monitoring-owner").holder


@pytest.mark.django_db(transaction=True)
def test_p16_a_nomination_pressed_twice_at_once_is_one() -> None:
    with clock.frozen(DAY_24):
        w = world()
        press = lambda: nominate(actor=w.person("pat"), role=w.role(), seat=Seat.OWNER, person=w.person("ivy"))  # noqa: E731 - handed to two threads
        results = at_once(press, press)
    assert {type(result) for result in results} == {Nomination}
    assert Nomination.objects.count() == 1


def test_declining_needs_a_reason_and_leaves_the_owner_where_they_are(w: World) -> None:
    w.settle()
    w.ask("ivy")
    with pytest.raises(Invalid):
        decline(actor=w.person("ivy"), role=w.role(), seat=Seat.OWNER, reason=" ")
    for _ in range(2):
        decline(actor=w.person("ivy"), role=w.role(), seat=Seat.OWNER, reason="No time")
    row = Nomination.objects.get()
    assert (row.answer, row.reason, w.role().holder) == ("declined", "No time", w.person("mia"))
    assert verbs(w).count("ownership.declined") == 1


def test_who_was_named_and_says_no_leaves_a_gap_at_once(w: World) -> None:
    decline(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, reason="I left the team")
    assert (w.role().holder, w.role().vacant_since) == (None, TODAY)
    assert verbs(w) == ["ownership.declined", "role.vacated"]


def test_who_accepted_stays_until_somebody_else_does(w: World) -> None:
    w.settle()
    with pytest.raises(Invalid, match="stay until they accept"):
        decline(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, reason="No time")
    assert w.role().holder == w.person("mia")


def test_withdrawing_closes_the_question_once(w: World) -> None:
    asked = w.ask("ivy")
    for _ in range(2):
        withdraw(actor=w.person("pat"), nomination=asked)
    assert verbs(w) == ["ownership.withdrawn"]
    with pytest.raises(Conflict):
        accept(actor=w.person("ivy"), role=w.role(), seat=Seat.OWNER, words=WORDS)
    with pytest.raises(NotAllowed):
        withdraw(actor=w.person("ivy"), nomination=asked)


def test_withdrawing_what_was_answered_is_a_conflict(w: World) -> None:
    asked = w.ask("ivy")
    accept(actor=w.person("ivy"), role=w.role(), seat=Seat.OWNER, words=WORDS)
    with pytest.raises(Conflict):
        withdraw(actor=w.person("pat"), nomination=asked)


def test_leaving_a_role_ends_what_was_accepted(w: World) -> None:
    w.settle()
    vacate_role(actor=w.person("pat"), role=w.role())
    ended = OwnershipAcceptance.objects.filter(seat="owner")
    assert {(row.ended_by, bool(row.ended_at)) for row in ended} == {(w.person("pat"), True)}
    assert (w.area().accepted_by, w.area().effective_from) == (None, None)
    assert unowned_areas(w.program)[0].short == "Model ownership (nobody)"


def test_s60_deactivating_a_user_opens_every_vacancy_in_the_same_transaction(w: World) -> None:
    w.settle()
    admin = factories.user("ada", is_administrator=True)
    ProgramPlan.objects.update_or_create(program=w.program, defaults={"dirty": False})
    w.ask("mia", slug="monitoring-owner")
    deactivate_user(actor=admin, user=w.person("mia"))
    assert (w.role().holder, w.role().vacant_since) == (None, TODAY)
    assert unowned_areas(w.program)[0].short == "Model ownership (nobody)"
    entry = Entry.objects.get(verb="role.vacated")
    assert (entry.actor_id, entry.data["reason"]) == (admin.pk, "The account was deactivated")
    assert not OwnershipAcceptance.objects.filter(person=w.person("mia"), ended_at=None).exists()
    assert not Nomination.objects.filter(answer=Answer.OPEN).exists()
    assert ProgramPlan.objects.get(program=w.program).dirty


def test_s60_a_deactivated_deputy_leaves_too_and_history_stays(w: World) -> None:
    old = world("closed")
    program = old.program
    program.state = "closed"
    program.save()
    type(old.role()).objects.filter(pk=old.role().pk).update(deputy=w.person("max"))
    deactivate_user(actor=factories.user("ada", is_administrator=True), user=w.person("max"))
    assert w.role().deputy is None
    assert old.role().deputy == w.person("max")


def test_a_nominee_whose_account_closed_takes_nothing_over(w: World) -> None:
    w.settle()
    w.ask("ivy", effective_from=LATER)
    accept(actor=w.person("ivy"), role=w.role(), seat=Seat.OWNER, words=WORDS)
    deactivate_user(actor=factories.user("ada", is_administrator=True), user=w.person("ivy"))
    with clock.frozen(DAY_24 + dt.timedelta(days=10)):
        assert hand_over_due() == 0
    assert w.role().holder == w.person("mia")


TEXT = AreaText("Prompt library", "All prompts", "Wording", "A monthly look", "Two authors", "complaint", 2)


def test_s61_an_added_area_is_a_gap_until_its_owner_accepts_it_too(w: World) -> None:
    w.settle()
    for _ in range(2):
        add_area(actor=w.person("pat"), program=w.program, role=w.role(), text=TEXT)
    assert [gap.short for gap in unowned_areas(w.program)][1:] == ["Prompt library (not accepted)"]
    accept(actor=w.person("mia"), role=w.role(), seat=Seat.OWNER, words="This as well")
    accept(actor=w.person("max"), role=w.role(), seat=Seat.DEPUTY, words="This as well")
    assert [gap.name for gap in unowned_areas(w.program)] == ["Monitoring ownership"]
    ended = OwnershipAcceptance.objects.filter(person=w.person("mia"), area=None).exclude(ended_at=None)
    assert [row.words for row in ended] == [WORDS]


def test_an_area_is_reworded_with_a_version_check(w: World) -> None:
    text = AreaText("Model ownership", "The model and its prompts", "Versions", "A weekly look")
    for _ in range(2):
        assert change_area(actor=w.person("pat"), area=w.area(), text=text, version=1).version == 2
    other = AreaText("Model ownership", "Something else", "Versions", "A weekly look")
    with pytest.raises(Conflict):
        change_area(actor=w.person("pat"), area=w.area(), text=other, version=1)
    with pytest.raises(NotAllowed):
        change_area(actor=w.person("mia"), area=w.area(), text=other, version=2)
    with pytest.raises(Invalid):
        add_area(actor=w.person("pat"), program=w.program, role=w.role(), text=other)


@pytest.mark.django_db
def test_a_launch_asks_everybody_who_sits_where_an_area_belongs() -> None:
    program = factories.launched()
    asked = Nomination.objects.filter(program=program).order_by("pk").values_list("role__slug", "seat")
    assert list(asked) == [
        ("model-owner", "owner"),
        ("model-owner", "deputy"),
        ("data-pipeline-owner", "owner"),
        ("change-owner", "owner"),
        ("change-owner", "deputy"),
    ]
