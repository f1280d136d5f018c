"""Posting: frozen facts, the declared status, double press, append-only in the database, who may."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from activity.models import Entry
from core import clock
from core.errors import NotAllowed
from gates.models import DeclaredStatus
from gates.services.base import Incomplete
from phases import services as phases
from phases.domain.status import Colour
from phases.models import Task
from programs.enums import ProgramState
from tests.gates.world import World
from tests.updates.conftest import NOW
from updates.domain.rules import Ask, Option, UpdateInput
from updates.models import Acknowledgement, StatusUpdate
from updates.selectors import cadence_of, latest, reading_of
from updates.services import acknowledge, post_update


def wanted(w: World, **changes: object) -> UpdateInput:
    computed = reading_of(w.program).status.colour
    way = {"way_back": "Second labeller", "way_back_owner": w.person("mia").pk, "way_back_on": dt.date(2026, 2, 6)}
    base = UpdateInput(computed, "The proof is a week late.", **way)  # type: ignore[arg-type]
    return replace(base, **changes)  # type: ignore[arg-type]


def post(w: World, who: str = "pat", key: str = "", **changes: object) -> StatusUpdate:
    return post_update(actor=w.person(who), program=w.program, wanted=wanted(w, **changes), key=key)


def test_posted_with_the_facts_of_the_record_and_the_computed_colour(w: World) -> None:
    phases.complete_task(actor=w.person("mia"), task=Task.objects.get(program=w.program, slug="train"))
    made = post(w)
    assert made.facts == [{"group": "finished", "text": "Do the train is done"}]
    assert (made.number, made.computed) == (1, reading_of(w.program).status.colour.value)
    assert made.colour == made.computed
    assert Entry.objects.filter(verb="update.posted", subject_id=made.pk).count() == 1


def test_the_next_one_tells_only_what_happened_since(w: World) -> None:
    phases.complete_task(actor=w.person("mia"), task=Task.objects.get(program=w.program, slug="train"))
    first = post(w)
    with clock.frozen(NOW + dt.timedelta(days=7)):
        second = post(w)
    assert (second.number, second.facts, second.since) == (2, [], first.posted_at)
    assert latest(w.program) == second


def test_a_form_sent_twice_is_one_update(w: World) -> None:
    assert post(w, key="k1") == post(w, key="k1")
    assert StatusUpdate.objects.count() == 1


@pytest.mark.parametrize("who", ["sam", "mia", "ivy"])
def test_only_the_manager_or_the_deputy_posts(w: World, who: str) -> None:
    with pytest.raises(NotAllowed, match="Only the program manager"):
        post(w, who)
    assert post(w, "dee").posted_by == w.person("dee")


def test_a_program_that_is_not_active_takes_none(w: World) -> None:
    program = w.program
    program.state = ProgramState.PAUSED
    program.save()
    with pytest.raises(NotAllowed, match="paused"):
        post(w)


def test_each_missing_part_is_named_and_nothing_is_saved(w: World) -> None:
    with pytest.raises(Incomplete) as refusal:
        post(w, verdict=" ", colour=Colour.RED, way_back="")
    assert {fault.field for fault in refusal.value.faults} >= {"verdict", "way_back", "reason"}
    assert not StatusUpdate.objects.exists()
    assert not DeclaredStatus.objects.exists()


def test_another_colour_is_declared_by_the_usual_rules(w: World) -> None:
    post(w, colour=Colour.GREEN, reason="It arrives tomorrow.", expires_on=dt.date(2026, 2, 3))
    declared = DeclaredStatus.objects.get()
    assert (declared.colour, declared.better, declared.agreed_at) == ("green", True, None)


def test_too_long_a_better_status_is_refused_as_a_whole(w: World) -> None:
    with pytest.raises(Incomplete) as refusal:
        post(w, colour=Colour.GREEN, reason="r", expires_on=dt.date(2026, 4, 3))
    assert refusal.value.field == "expires_on"
    assert not StatusUpdate.objects.exists()


def test_agreeing_with_the_rules_takes_an_older_declaration_back(w: World) -> None:
    post(w, colour=Colour.GREEN, reason="r", expires_on=dt.date(2026, 2, 3))
    post(w)
    assert DeclaredStatus.objects.filter(ended_at=None).count() == 0


def test_the_ask_is_kept_as_it_was(w: World) -> None:
    ask = Ask("Add Lyon?", (Option("Add", "38 k"), Option("Wait", "A slip")), 0, dt.date(2026, 2, 3), "Gate 2 moves")
    assert post(w, ask=ask).ask == {
        "question": "Add Lyon?",
        "options": [{"name": "Add", "effect": "38 k"}, {"name": "Wait", "effect": "A slip"}],
        "recommended": 0,
        "by": "2026-02-03",
        "silence": "Gate 2 moves",
    }


def test_the_sponsor_acknowledges_once_and_nobody_else(w: World) -> None:
    made = post(w)
    for who in ("pat", "mia"):
        with pytest.raises(NotAllowed):
            acknowledge(actor=w.person(who), update=made)
    first = acknowledge(actor=w.person("sam"), update=made)
    assert acknowledge(actor=w.person("sam"), update=made) == first
    assert Entry.objects.filter(verb="update.acknowledged").count() == 1


@pytest.mark.parametrize("change", ["UPDATE {t} SET id = id", "DELETE FROM {t}"])
@pytest.mark.parametrize("table", ["updates_statusupdate", "updates_acknowledgement"])
def test_p17_the_database_refuses_to_change_what_was_posted(w: World, table: str, change: str) -> None:
    acknowledge(actor=w.person("sam"), update=post(w))
    assert Acknowledgement.objects.count() == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(t=table))


def test_a_missed_update_is_said_until_the_next_one(w: World) -> None:
    today = NOW.date()
    assert cadence_of(w.program, None, today).missed
    made = post(w)
    found = cadence_of(w.program, made, today)
    assert (found.missed, found.due, found.next_due) == (False, dt.date(2026, 1, 26), dt.date(2026, 2, 2))
