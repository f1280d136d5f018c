"""What a change of one's own would do to one's mails: the planner and the engine's own hours (rule 8); no database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.domain.localtime import local_instant
from reminders.domain.changed import Changes, Window, compare, planned_twice
from reminders.domain.changed_words import why_it_goes, why_it_stays
from reminders.domain.facts import Person, ProgramFacts
from reminders.domain.preferences import ALLOWED, MOST_QUIET, Preferences
from reminders.enums import Choice, RuleSlug, Style
from tests.reminders.facts import DEPUTY, KEEPER, MANAGER, OWNER, PEOPLE, RULES, gate, item, program

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)  # a Monday
MONTH = Window(NOW, NOW + timedelta(days=30), 20)
FRIDAY = 4
ITEM, GATE = date(2026, 11, 13), date(2026, 11, 16)  # a Friday, and the Monday after it
FACTS = program(item(ITEM), events=[gate(GATE)])


def changed(facts: ProgramFacts, person: int, window: Window = MONTH, *, others: bool = False, **what) -> Changes:
    """The difference for one person; `what` are fields of the person."""
    own = facts.people[person]
    return compare([planned_twice(facts, RULES, own, lambda p: replace(p, **what), window, others=others)], window)


def reasons(facts: ProgramFacts, person: int, *, others: bool = False, **what) -> dict[str, str]:
    """Occurrence and why it goes, for what does."""
    own = facts.people[person]
    pair = planned_twice(facts, RULES, own, lambda p: replace(p, **what), MONTH, others=others)
    found = compare([pair], MONTH)
    return {m.intent.occurrence: why_it_goes(pair, m.intent, found.overtaken) for m in found.gone}


def stays(facts: ProgramFacts, person: int, **what) -> dict[str, str]:
    pair = planned_twice(facts, RULES, facts.people[person], lambda p: replace(p, **what), MONTH, others=False)
    found = ((m.intent.occurrence, why_it_stays(pair, m)) for m in compare([pair], MONTH).stays)
    return {occurrence: why for occurrence, why in found if why}


def test_nothing_changed_is_no_difference():
    for person in PEOPLE:
        found = changed(FACTS, person)
        assert found.same
        assert (found.mails, found.reminders) == (found.mails_then, found.reminders_then)


def test_what_is_not_wanted_falls_away_and_the_last_one_before_a_gate_stays_with_the_reason():
    fewer = Preferences(choices={RuleSlug.GATE_AHEAD: Choice.LAST, RuleSlug.ITEM_DUE: Choice.NONE})
    found = changed(FACTS, KEEPER, preferences=fewer)
    assert [m.intent.occurrence for m in found.gone] == ["T-10", "T-5", "T-2"]
    assert reasons(FACTS, KEEPER, preferences=fewer) == dict.fromkeys(
        ["T-10", "T-5", "T-2"], "Gate ahead: only the last one"
    )
    always = "The last one before the gate and the one on its day always come: others wait for the gate."
    assert stays(FACTS, KEEPER, preferences=fewer) == {"T-1": always, "T0": always}
    assert (found.come, found.moved, found.mails - found.mails_then) == ((), (), 3)
    # The owner of the criterion hears of the gate too, unmet as it is.
    assert reasons(program(item(ITEM)), OWNER, preferences=fewer) == dict.fromkeys(
        ["T-5", "T-1", "T0"], "Work due: none of these"
    )
    assert stays(program(item(ITEM)), OWNER, preferences=fewer) == {}


def test_a_quiet_day_moves_what_is_ahead_before_it_and_what_is_late_behind_it():
    quiet = Preferences(quiet=frozenset({FRIDAY}))
    facts = program(item(date(2026, 11, 12)), events=[gate(GATE), gate(ITEM, id=60)])
    moved = {
        (m.moment.intent.kind, m.moment.intent.occurrence): (m.was.date().day, m.moment.at.date().day)
        for m in changed(facts, OWNER, preferences=quiet).moved
    }
    assert moved[facts.items[0].kind, "+1"] == (13, 16)
    mine = changed(facts, KEEPER, preferences=quiet)
    days = {(m.moment.intent.item_id, m.moment.intent.occurrence): m.moment.at.day for m in mine.moved}
    assert days[30, "T-1"] == 12  # Friday the 13th is told on Thursday
    assert (60, "T0") not in days
    assert stays(facts, KEEPER, preferences=quiet) == {"T0": "A gate that is due today comes all the same."}
    assert reasons(facts, KEEPER, preferences=quiet)["T-2"] == "Another one about it comes on that day"


def test_what_the_next_one_overtakes_on_a_quiet_day_falls_away():
    quiet = Preferences(quiet=frozenset({0, 1, 2, FRIDAY}))  # only Thursdays are left
    facts = program(item(date(2026, 11, 12)))
    gone = reasons(facts, OWNER, preferences=quiet)
    assert gone["+1"] == "Nothing leaves on its day, and later the next one takes over"
    found = changed(facts, OWNER, preferences=quiet)
    assert {m.at.weekday() for m in found.stays} == {3}


def test_another_hour_and_another_zone_move_everything_and_lose_nothing():
    for what in ({"hour": 15}, {"zone": "America/New_York"}):
        found = changed(FACTS, OWNER, **what)
        assert (found.gone, found.come, found.same) == ((), (), False)
        assert len(found.moved) == found.reminders == found.reminders_then


def test_single_mails_are_more_mails_with_the_same_reminders_and_my_week_is_a_mail_of_its_own():
    two = program(item(ITEM), item(ITEM, id=8))
    found = changed(two, OWNER, preferences=Preferences(style=Style.SINGLE))
    assert (found.gone, found.come, found.moved, found.same) == ((), (), (), False)
    assert found.mails_then == found.reminders_then > found.mails
    weeks = changed(FACTS, OWNER, preferences=Preferences(week=True))
    assert {m.intent.rule for m in weeks.come} == {RuleSlug.MY_WEEK}
    assert weeks.mails_then == weeks.mails + len(weeks.come)
    on = replace(FACTS, people={**PEOPLE, OWNER: replace(PEOPLE[OWNER], preferences=Preferences(week=True))})
    assert set(reasons(on, OWNER, preferences=Preferences()).values()) == {"My week is switched off"}


def test_days_away_say_who_gets_it_and_which_gap_led_there():
    away = ((ITEM, ITEM),)
    facts = program(item(ITEM), events=[])
    assert reasons(facts, OWNER, others=True, absences=away) == {"T0": "Goes to Sven, Deputy (Model owner)"}
    nobody = {"model-owner": replace(facts.roles["model-owner"], deputy=None)}
    alone = program(item(ITEM), roles=nobody)
    assert reasons(alone, OWNER, others=True, absences=away) == {
        "T0": "Goes to Mara, Stands in (Model owner): Priya is away and no deputy is named for Model owner"
    }
    assert changed(facts, DEPUTY, others=True, absences=away).same
    assert changed(facts, MANAGER, others=True, absences=away).same


@pytest.mark.parametrize("told", [True, False])
def test_what_moves_to_this_morning_still_leaves_today_unless_the_mail_of_the_day_has_left(told):
    """Thursday noon; the lead of Friday the 13th is told before the quiet day, so at once, when it still can."""
    noon = Window(datetime(2026, 11, 12, 12, tzinfo=UTC), MONTH.until, 20)
    others = [item(date(2026, 11, 12), id=8)] if told else []
    facts = program(item(GATE), *others, people={OWNER: replace(PEOPLE[OWNER], zone="Europe/Berlin")})
    found = changed(facts, OWNER, noon, preferences=Preferences(quiet=frozenset({FRIDAY})))
    moved = [m.moment.at for m in found.moved if m.moment.intent.item_id == 7 and m.moment.intent.lead]
    assert moved == ([] if told else [noon.now])
    assert [m.intent.occurrence for m in found.gone] == (["T-1"] if told else [])
    assert list(found.overtaken.values()) == ([True] if told else [])


def test_what_had_its_hour_before_now_is_no_part_of_it():
    late = Window(local_instant(ITEM, 9, "Asia/Kolkata"), MONTH.until, 20)
    found = changed(program(item(ITEM)), OWNER, late, preferences=Preferences(choices={RuleSlug.ITEM_DUE: Choice.NONE}))
    assert found.gone == ()


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries({slug: st.sampled_from(allowed) for slug, allowed in ALLOWED.items()}),
    st.frozensets(st.integers(0, 6), max_size=MOST_QUIET),
    st.integers(0, 23),
)
def test_every_reminder_of_today_stays_or_is_told_to_go_and_the_sums_hold(choices, quiet, hour):
    wishes = Preferences(quiet=quiet, choices=choices)
    own: Person = PEOPLE[OWNER]
    before = changed(FACTS, OWNER)
    found = changed(FACTS, OWNER, preferences=wishes, hour=hour)
    was = {m.intent.key for m in before.stays}
    gone = {m.intent.key for m in found.gone}
    assert gone <= was
    assert len(was) == found.reminders == before.reminders
    later = {m.moment.intent.key for m in found.moved if m.moment.at > MONTH.until}
    earlier = {m.moment.intent.key for m in found.moved if m.was > MONTH.until}
    come = {m.intent.key for m in found.come}
    assert {m.intent.key for m in found.stays} == (was - gone - later) | earlier | come
    assert not come  # fewer, never more
    # The last one before a gate and the one on its day never go.
    assert not [m for m in found.gone if m.intent.rule is RuleSlug.GATE_AHEAD and m.intent.lead in (1, 0)], own
