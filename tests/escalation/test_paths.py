"""Paths as data: who may change them, what is refused, what a change does to running clocks (S58)."""

import datetime as dt

import pytest
from django.urls import reverse

from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from escalation import services
from escalation.defaults import defaults
from escalation.models import PathTerms
from escalation.selectors.paths import find_path, settled
from escalation.services import LevelInput
from escalation.services.paths import describe
from playbooks.selectors import default_playbook
from programs.enums import Duration
from programs.models import Role
from reminders.services import tick
from risks.models import EscalationLevel
from tests.escalation.world import MONDAY, Escalating, at, breach, build
from tests.factories import sign_in


def level(e: Escalating, slug: str, unit: Duration = Duration.AT_ONCE, amount: int = 0) -> LevelInput:
    return LevelInput((e.role(slug),), unit, amount)


def change(e: Escalating, *levels: LevelInput, actor: str = "pat", always: bool = True, version: int = 1) -> object:
    return services.change_path(
        actor=e.person(actor), path=e.path("esc-ops"), levels=levels, round_the_clock=always, version=version
    )


def test_the_shipped_wiring_names_paths_and_categories_of_the_playbook() -> None:
    book = default_playbook()
    paths, given = {path.slug for path in book.escalation_paths}, defaults()
    assert len(paths) == 8
    assert given.round_the_clock <= paths
    assert {*given.by_category.values(), given.otherwise} <= paths
    assert {metric.category for metric in book.metrics} <= set(given.by_category)
    assert set(given.stand_in) <= {role.slug for role in book.roles}


def test_the_manager_changes_levels_and_the_record_says_from_what_to_what(e: Escalating) -> None:
    EscalationLevel.objects.filter(path=e.path("esc-ops")).update(note="as the playbook says")
    change(e, level(e, "model-owner"), level(e, "sponsor", Duration.HOURS, 2))
    path = find_path(e.program, "esc-ops")
    assert describe(path) == "Model owner at once; Executive sponsor after 2 hours; day and night"
    assert [row.note for row in path.levels.all()] == ["as the playbook says", ""]
    entry = Entry.objects.get(verb="escalation.path_changed")
    assert entry.data["before"].startswith("Model owner at once; Program manager after 1 hour")
    assert entry.data["after"] == describe(path)
    assert settled(path).version == 2


def test_saving_the_same_twice_is_once(e: Escalating) -> None:
    wanted = (level(e, "model-owner"), level(e, "sponsor", Duration.HOURS, 2))
    change(e, *wanted)
    change(e, *wanted)
    assert Entry.objects.filter(verb="escalation.path_changed").count() == 1


def test_who_was_slower_sees_what_is_there_now(e: Escalating) -> None:
    change(e, level(e, "model-owner"))
    with pytest.raises(Conflict) as lost:
        change(e, level(e, "sponsor"))
    assert lost.value.current.startswith("Model owner at once")
    assert PathTerms.objects.get().version == 2


@pytest.mark.parametrize(
    ("levels", "field"),
    [
        ([], ""),
        ([((), Duration.AT_ONCE, 0)], "roles_1"),
        ([(("model-owner",), Duration.AT_ONCE, 0), (("sponsor",), Duration.HOURS, 0)], "amount_2"),
        ([(("model-owner",), Duration.MINUTES, 501)], "amount_1"),
        ([(("model-owner",), Duration.AT_ONCE, 0)] * 10, ""),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    e: Escalating, levels: list[tuple[tuple[str, ...], Duration, int]], field: str
) -> None:
    wanted = [LevelInput(tuple(e.role(s) for s in slugs), unit, amount) for slugs, unit, amount in levels]
    with pytest.raises(Invalid) as refused:
        change(e, *wanted)
    assert refused.value.field == field
    assert not PathTerms.objects.exists()
    assert EscalationLevel.objects.filter(path=e.path("esc-ops")).count() == 3


def test_a_role_of_another_program_is_refused(e: Escalating) -> None:
    other = build()
    with pytest.raises(Invalid):
        change(e, LevelInput((other.role("sponsor"),), Duration.AT_ONCE))


@pytest.mark.parametrize("actor", ["mia", "sam", "rita"])
def test_others_do_not_change_a_path(e: Escalating, actor: str) -> None:
    with pytest.raises(NotAllowed):
        change(e, level(e, "model-owner"), actor=actor)


def test_a_running_clock_goes_by_the_new_levels(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        tick()
        assert e.only().next_at == MONDAY + dt.timedelta(hours=1)
        change(e, level(e, "model-owner"), level(e, "sponsor", Duration.MINUTES, 20))
        assert e.only().next_at == MONDAY + dt.timedelta(minutes=20)
    with at(MONDAY, minutes=20):
        tick()
    assert e.only().rungs.get(position=2).roles == "Executive sponsor"
    assert e.only().next_at is None


# --- pages ---


def form(e: Escalating, **more: object) -> dict[str, object]:
    sent = {
        "version": 1,
        "round_the_clock": "on",
        "roles_1": [e.role("model-owner").pk],
        "unit_1": "at_once",
        "roles_2": [e.role("sponsor").pk, e.role("business-owner").pk],
        "unit_2": "hours",
        "amount_2": 3,
    }
    return {**sent, **more}


def to(e: Escalating) -> str:
    return reverse("escalation_path", args=[e.program.slug, "esc-ops"])


def test_the_page_shows_every_path_and_the_manager_saves_one(e: Escalating) -> None:
    pat = sign_in(e.person("pat"))
    shown = pat.get(reverse("escalation_paths", args=[e.program.slug])).content.decode()
    assert "after 1 hour" in shown
    assert "after 6 working hours" in shown
    assert pat.get(to(e)).status_code == 200
    assert pat.post(to(e), form(e)).status_code == 302
    saved = describe(find_path(e.program, "esc-ops"))
    assert saved == "Model owner at once; Executive sponsor, Business owner after 3 hours; day and night"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"amount_2": ""}, "Give a time from 1 to 500."),
        ({"amount_2": "x"}, "Write a whole number."),
        ({"unit_2": ""}, "Choose when this level is told."),
        ({"roles_1": [], "roles_2": []}, "A path needs at least one level with a role."),
        ({"roles_2": [0]}, "Choose roles of this program."),
    ],
)
def test_faults_are_said_at_the_field(e: Escalating, more: dict[str, object], said: str) -> None:
    refused = sign_in(e.person("pat")).post(to(e), form(e, **more))
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert not PathTerms.objects.exists()


def test_a_slower_form_shows_both_sides_and_can_be_sent_again(e: Escalating) -> None:
    pat = sign_in(e.person("pat"))
    pat.post(to(e), form(e))
    lost = pat.post(to(e), form(e, amount_2=9))
    assert lost.status_code == 409
    assert "after 3 hours" in lost.content.decode()
    assert 'name="version" value="2"' in lost.content.decode()
    assert pat.post(to(e), form(e, amount_2=9, version=2)).status_code == 302


def test_a_path_of_nobody_says_so(e: Escalating) -> None:
    Role.objects.filter(slug="model-owner").update(holder=None, deputy=None, vacant_since=MONDAY.date())
    shown = sign_in(e.person("pat")).get(reverse("escalation_paths", args=[e.program.slug])).content.decode()
    assert "Model owner is vacant and no deputy is named for Model owner" in shown
