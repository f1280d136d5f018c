"""What a program may change about its rules: bounds, preview before saving, saving once, and what waits afterwards."""

from dataclasses import replace

import pytest
from django.core.cache import cache

from activity.models import Entry
from reminders.domain.rules import Rung
from reminders.domain.tuning import ALWAYS_ON, definition_of, faults, version_of
from reminders.enums import RuleSlug, State
from reminders.models import Delivery, ProgramPlan, Rule
from reminders.selectors.tuning import default_of, rules_of
from reminders.services import tick
from tests import factories
from tests.factories import sign_in
from tests.reminders.facts import RULES

RULES_PAGE = "/programs/claims/reminders/rules/"
ITEM_DUE = RULES_PAGE + "item-due/"


def ladder(wait: int) -> dict:
    return {"item_rungs": tuple(Rung(rung.to, wait) for rung in default_of(RuleSlug.ESCALATION).item_rungs)}


@pytest.mark.parametrize(
    ("slug", "changes", "field"),
    [
        ("gate-ahead", {"leads": (10, 0)}, "leads"),
        ("gate-ahead", {"leads": (10, 1)}, "leads"),
        ("gate-ahead", {"enabled": False}, "enabled"),
        ("gate-ahead", {"leads": (3, 1, 0)}, None),
        ("item-due", {"leads": ()}, "leads"),
        ("item-due", {"leads": (61,)}, "leads"),
        ("item-due", {"leads": (5, 5)}, "leads"),
        ("item-due", {"leads": tuple(range(9))}, "leads"),
        ("item-due", {"enabled": False}, None),
        ("item-overdue", {"enabled": False}, "enabled"),
        ("item-overdue", {"first": 0}, "first"),
        ("item-overdue", {"every": 61}, "every"),
        ("item-overdue", {"at_most": 0}, "at_most"),
        ("item-overdue", {"at_most": None}, None),
        ("item-overdue", {"audience": ("sponsor",)}, ""),
        ("escalation", {"item_rungs": ()}, ""),
        ("escalation", ladder(0), "item_0"),
        ("escalation", ladder(7), None),
        ("escalation", {"enabled": False}, "enabled"),
    ],
)
def test_the_bounds_of_a_rule(slug, changes, field):
    """What others rely on stays: the ladder, what it counts from, the last reminder before a gate and on its day."""
    default = default_of(RuleSlug(slug))
    found = faults(replace(default, **changes), default)
    assert ([fault.field for fault in found][:1] or [None]) == [field]


def test_the_defaults_are_within_the_bounds_and_survive_the_row():
    for rule in RULES:
        assert faults(rule, rule) == ()
        assert "slug" not in definition_of(rule)
        assert version_of(rule) == version_of(replace(rule, leads=tuple(reversed(rule.leads))))
    assert set(ALWAYS_ON) <= {rule.slug for rule in RULES}


def wanted(built, leads, step="", **more):
    rule = rules_of(built.program)[RuleSlug.ITEM_DUE]
    return {"leads": leads, "enabled": "on", "version": version_of(rule), "step": step, **more}


def test_a_preview_comes_first_and_changes_nothing(built, at):
    at("2026-01-20 10:00")
    tick()
    client = sign_in(built.manager)
    before = (list(Rule.objects.values()), Entry.objects.count(), list(Delivery.objects.values()))
    page = client.post(ITEM_DUE, wanted(built, "3, 1, 0")).content.decode()
    assert (list(Rule.objects.values()), Entry.objects.count(), list(Delivery.objects.values())) == before
    assert not ProgramPlan.objects.get(program=built.program).dirty
    for words in (
        "Nothing is saved yet",
        "Reminders that come",
        "Reminders that fall away",
        "5 and 1 working days before and on the day",
        "3 and 1 working days before and on the day",
        "Mia.Claims",
        'name="leads" value="3, 1, 0"',
    ):
        assert words in page, words
    # Accuracy is due on Fri 30 Jan: 5 before is the 23rd, 3 before the 27th.
    come, gone = page.split("Reminders that come")[1].split("Reminders that fall away")
    assert "Tue 27 Jan" in come
    assert "Fri 23 Jan" in gone.split("Who would be mailed what")[0]


def test_saving_plans_anew_and_what_waited_says_why_not(built, at):
    at("2026-01-22 10:00")
    tick()
    client = sign_in(built.manager)
    answer = client.post(ITEM_DUE, wanted(built, "3, 1, 0", "save"))
    assert (answer.status_code, answer["Location"]) == (302, RULES_PAGE)
    entry = Entry.objects.get(verb="reminder.rule_changed")
    assert (entry.data["rule"], entry.data["before"]) == ("item-due", "5 and 1 working days before and on the day")
    assert ProgramPlan.objects.get(program=built.program).dirty
    # The same form again is the same change.
    assert client.post(ITEM_DUE, wanted(built, "3, 1, 0", "save")).status_code == 302
    assert Entry.objects.filter(verb="reminder.rule_changed").count() == 1
    tick()
    row = Delivery.objects.get(rule="item-due", occurrence="T-5", item_kind="criterion")
    assert (row.state, row.reason) == (State.CANCELLED, "The program's rule for it was changed")
    at("2026-01-26 10:00")
    tick()
    assert Delivery.objects.filter(rule="item-due", occurrence="T-3", item_kind="criterion").exists()
    page = client.get(RULES_PAGE).content.decode()
    assert "Playbook: 5 and 1 working days before" in page
    # Back to the playbook: previewed first, too.
    back = client.post(ITEM_DUE, wanted(built, "3, 1, 0", "defaults")).content.decode()
    assert 'name="leads" value="5, 1, 0"' in back


def test_two_people_at_once_and_bad_input(built, at):
    at("2026-01-20 10:00")
    client = sign_in(built.manager)
    stale = wanted(built, "4, 1", "save")
    client.post(ITEM_DUE, wanted(built, "3, 1, 0", "save"))
    lost = client.post(ITEM_DUE, stale)
    assert lost.status_code == 409
    page = lost.content.decode()
    assert "3 and 1 working days before" in page
    assert 'value="4, 1"' in page
    off = client.post(ITEM_DUE, {name: value for name, value in stale.items() if name != "enabled"})
    assert (off.status_code, "<p>switched off</p>" in off.content.decode()) == (409, True)
    for leads, words in (("soon", "Write whole numbers"), ("99", "from 0 to 60"), ("", "Give at least one number")):
        bad = client.post(ITEM_DUE, wanted(built, leads))
        assert bad.status_code == 422
        assert words in bad.content.decode()
    off = client.post(RULES_PAGE + "gate-ahead/", {"leads": "10, 5", "version": "x"})
    assert off.status_code == 422
    assert "always come" in off.content.decode()
    assert client.get(RULES_PAGE + "my-week/").status_code == 404
    assert client.get(RULES_PAGE + "no-such/").status_code == 404


def test_members_read_and_a_stopped_program_changes_nothing(built, at, django_assert_num_queries):
    at("2026-01-20 10:00")
    reader, manager = sign_in(built.owner), sign_in(built.manager)
    page = reader.get(RULES_PAGE).content.decode()
    assert "Change a rule: Only the program manager" in page
    assert ITEM_DUE not in page
    assert reader.post(ITEM_DUE, wanted(built, "3", "save")).status_code == 403
    Rule.objects.filter(slug="item-due").delete()  # a rule newer than the program counts with its default
    assert rules_of(built.program)[RuleSlug.ITEM_DUE].leads == (5, 1, 0)
    with django_assert_num_queries(6):
        assert ITEM_DUE in manager.get(RULES_PAGE).content.decode()
    cache.clear()  # the number beside "My work" is kept for a minute
    with django_assert_num_queries(12):
        manager.post(ITEM_DUE, wanted(built, "3"))
    built.program.state = "stopped"
    built.program.save()
    assert manager.post(ITEM_DUE, wanted(built, "3", "save")).status_code == 403
    assert sign_in(factories.user("stranger")).get(RULES_PAGE).status_code == 404
