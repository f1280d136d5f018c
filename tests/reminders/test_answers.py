"""What an answer does to the plan: who goes silent for how long, and that nobody can silence anything for ever."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.domain.answer_facts import AnswerFacts
from reminders.domain.answers import LATE_RULE, acknowledged_until, may_acknowledge, may_snooze, snooze_days
from reminders.domain.planner import plan
from reminders.domain.preferences import Preferences
from reminders.domain.waiting import not_while_quiet, rung_day
from reminders.enums import AnswerWord, Kind, Part, RuleSlug
from tests.reminders.facts import (
    CALENDAR,
    DEPUTY,
    MANAGER,
    OWNER,
    PEOPLE,
    ROLES,
    RULES,
    SPONSOR,
    gate,
    item,
    program,
    sent,
)

START, END = datetime(2026, 11, 2, tzinfo=UTC), datetime(2027, 1, 15, tzinfo=UTC)
DUE = date(2026, 11, 18)  # a Wednesday; the first overdue mail is of Thursday the 19th


def at(day: int, month: int = 11) -> date:
    return date(2026, month, day)


def answer(word: AnswerWord, on: date, until: date, *, user=OWNER, rule=RuleSlug.ITEM_OVERDUE, **more) -> AnswerFacts:
    values = {"kind": Kind.CRITERION, "item_id": 7, "due": DUE, "part": Part.RESPONSIBLE, "role": "model-owner"}
    return AnswerFacts(word=word, user_id=user, on=on, until=until, rule=rule, **{**values, **more})


def acknowledged(on: date, until: date, **more) -> AnswerFacts:
    return answer(AnswerWord.ACKNOWLEDGED, on, until, **more)


def snoozed(on: date, until: date, **more) -> AnswerFacts:
    return answer(AnswerWord.SNOOZED, on, until, **more)


FIRST = (sent(DUE, date(2026, 11, 19)),)


def planned(*answers: AnswerFacts, facts=None, past=FIRST, **more) -> list[tuple[str, int, date]]:
    facts = facts or program(item(DUE), past=past)
    found = plan(replace(facts, answers=answers), RULES, datetime(2026, 11, 19, 12, tzinfo=UTC), END, **more)
    return [(i.occurrence, i.user_id, i.planned_on) for i in found]


def test_an_acknowledgement_stops_the_ladder_and_the_repeats_until_it_ends() -> None:
    before = planned(assume_sent=True)
    assert ("deputy", DEPUTY, at(23)) in before
    assert ("+3", OWNER, at(23)) in before
    after = planned(acknowledged(at(20), at(27)), assume_sent=True)
    assert [row for row in after if row[2] < at(27)] == []
    # Asked again on the very day; the ladder had waited no full day, so it waits two from there.
    assert ("+7", OWNER, at(27)) in after
    assert [row for row in after if row[0] in ("deputy", "program-manager", "sponsor")] == [
        ("deputy", DEPUTY, date(2026, 11, 30)),
        ("program-manager", MANAGER, date(2026, 12, 2)),
        ("sponsor", SPONSOR, date(2026, 12, 4)),
    ]


def test_a_rung_that_was_due_and_had_not_left_stops_at_once_and_is_due_when_the_quiet_ends() -> None:
    after = planned(acknowledged(at(24), date(2026, 12, 1)), assume_sent=False)
    assert [row for row in after if row[1] == DEPUTY] == [("deputy", DEPUTY, date(2026, 12, 1))]
    assert not [row for row in after if row[1] == OWNER and row[2] < date(2026, 12, 1)]


def test_only_whoever_acknowledged_goes_silent_the_ladder_stops_for_all() -> None:
    by_deputy = acknowledged(at(24), date(2026, 12, 1), user=DEPUTY, part=Part.DEPUTY)
    past = [sent(DUE, at(19)), sent(DUE, at(23), rule="escalation", occurrence="deputy", user=DEPUTY)]
    found = planned(by_deputy, past=past)
    assert ("+5", OWNER, at(25)) in found
    assert [row for row in found if row[1] == MANAGER] == [("program-manager", MANAGER, date(2026, 12, 2))]


def test_an_acknowledgement_counts_for_its_own_due_date_and_item_only() -> None:
    moved = acknowledged(at(20), at(27), due=at(17))
    other = acknowledged(at(20), at(27), item_id=8)
    assert planned(moved, other, assume_sent=True) == planned(assume_sent=True)


def test_nobody_can_silence_a_ladder_for_ever() -> None:
    """Every one of four people acknowledges as late as can be: the sponsor still hears of it."""
    last, days = DUE, []
    for who in (OWNER, DEPUTY, MANAGER):
        on = CALENDAR.add_working_days(last, 2)
        last = acknowledged_until(on, None, CALENDAR, 5)
        days.append(acknowledged(on, last, user=who))
    facts = program(item(DUE), past=[sent(DUE, at(19))])
    found = plan(replace(facts, answers=tuple(days)), RULES, START, END, assume_sent=True)
    reached = next(i for i in found if i.user_id == SPONSOR)
    assert reached.planned_on <= CALENDAR.add_working_days(DUE, 2 + 3 * 7 + 6)


def test_a_snooze_moves_one_persons_reminders_and_never_an_escalation_or_the_ladder() -> None:
    found = planned(snoozed(at(20), at(26)), assume_sent=True)
    assert [row for row in found if row[1] == OWNER and row[2] < at(26)] == []
    assert ("back-2026-11-26", OWNER, at(26)) in found
    assert ("deputy", DEPUTY, at(23)) in found
    by_deputy = snoozed(at(20), at(26), user=DEPUTY)
    assert ("deputy", DEPUTY, at(23)) in planned(by_deputy, assume_sent=True)


def test_a_snooze_ahead_and_the_last_mails_of_a_gate() -> None:
    facts = program(events=[gate(DUE)])
    moved = snoozed(at(16), DUE, user=SPONSOR, rule=RuleSlug.GATE_AHEAD, kind=Kind.EVENT, item_id=30, role="sponsor")
    window = (datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 18, 20, tzinfo=UTC))
    found = plan(replace(facts, answers=(moved,)), RULES, *window)
    assert [(i.occurrence, i.planned_on) for i in found if i.user_id == SPONSOR] == [("T-1", at(17)), ("T0", DUE)]
    assert ("T-2", at(16)) in [(i.occurrence, i.planned_on) for i in found if i.user_id == MANAGER]
    # Even an answer that says otherwise cannot keep the last before the gate and the mail of the day.
    forged = replace(moved, until=at(25))
    assert [i.occurrence for i in plan(replace(facts, answers=(forged,)), RULES, *window) if i.user_id == SPONSOR] == [
        "T-1", "T0"
    ]  # fmt: skip


def test_who_left_the_seat_is_not_asked_again_and_nothing_is_about_what_is_done() -> None:
    roles = {"model-owner": replace(ROLES["model-owner"], holder=MANAGER, deputy=None)}
    gone = program(item(DUE), roles=roles, past=[sent(DUE, at(19))])
    assert not [row for row in planned(snoozed(at(20), at(26)), facts=gone) if row[1] == OWNER]
    done = program(item(DUE, finished=True), past=[sent(DUE, at(19))])
    assert planned(snoozed(at(20), at(26)), acknowledged(at(20), at(27)), facts=done) == []


@pytest.mark.parametrize("kind", sorted(LATE_RULE))
def test_what_is_late_can_be_acknowledged_and_what_is_not_cannot(kind) -> None:
    rule = LATE_RULE[kind]
    assert may_acknowledge(kind, rule, Part.RESPONSIBLE, DUE, at(19))
    assert may_acknowledge(kind, RuleSlug.ESCALATION, Part.MANAGER, DUE, at(19))
    assert not may_acknowledge(kind, rule, Part.RESPONSIBLE, DUE, DUE)


def test_what_cannot_be_acknowledged_here() -> None:
    """Alerts and paths have their own pages; a gatekeeper's old mail about a gate is no seat on its ladder."""
    for kind, rule in ((Kind.ALERT, RuleSlug.LIMIT_BREACHED), (Kind.ESCALATION, RuleSlug.PATH_RUNG)):
        assert not may_acknowledge(kind, rule, Part.RESPONSIBLE, DUE, at(30))
        assert snooze_days(kind, rule, DUE, at(30), CALENDAR, most=5) == ()
    for kind, rule in ((Kind.WEEK, RuleSlug.MY_WEEK), (Kind.INVITATION, RuleSlug.INVITATION)):
        assert not may_snooze(kind, rule, DUE, at(10), CALENDAR)
        assert snooze_days(kind, rule, DUE, at(20), CALENDAR, most=5) == ()
    assert not may_acknowledge(Kind.EVENT, RuleSlug.GATE_AHEAD, Part.GATEKEEPER, DUE, at(19))
    assert not may_acknowledge(Kind.EVENT, RuleSlug.CHECKPOINT_AHEAD, Part.RESPONSIBLE, DUE, at(19))


def test_the_days_that_are_offered() -> None:
    def days(today: date, due: date = DUE, kind: Kind = Kind.TASK, rule=RuleSlug.ITEM_DUE, **more):
        return snooze_days(kind, rule, due, today, CALENDAR, most=5, **more)

    assert days(at(10)) == (at(11), at(13), at(16))  # Tuesday: tomorrow, Friday, Monday
    assert days(at(13)) == (at(16), DUE)  # Friday: Monday is tomorrow's working day; three on is the due day
    assert days(at(16)) == (at(17),)  # never past the due date ahead
    assert days(at(17)) == (DUE,)
    assert days(DUE) == ()
    assert days(at(20)) == (at(23), at(25))
    assert days(at(20), until=at(23)) == (at(25),)
    assert days(at(18), kind=Kind.VIEW, rule=RuleSlug.VIEW_WANTED) == (at(19), at(23))
    assert days(at(20), rule=RuleSlug.ESCALATION) == ()
    ahead = {"kind": Kind.EVENT, "rule": RuleSlug.GATE_AHEAD}
    assert days(at(13), **ahead) == (at(16),)  # the last reminder before the gate is Tuesday's
    assert days(at(16), **ahead) == (at(17),)
    assert days(at(17), **ahead) == ()


dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(due=dates, today=dates, kind=st.sampled_from([Kind.TASK, Kind.EVENT, Kind.AREA]))
def test_every_day_that_is_offered_is_worked_close_and_not_past_the_due_date(due, today, kind) -> None:
    rule = RuleSlug.GATE_AHEAD if kind is Kind.EVENT else RuleSlug.ITEM_DUE
    found = snooze_days(kind, rule, due, today, CALENDAR, most=5)
    assert bool(found) == may_snooze(kind, rule, due, today, CALENDAR)
    for day in found:
        assert today < day <= CALENDAR.add_working_days(today, 5)
        assert CALENDAR.is_working_day(day)
        assert day <= due or today > due or kind is Kind.AREA


@given(on=dates, named=st.none() | dates)
def test_an_acknowledgement_is_bounded_by_five_working_days_and_the_day_that_was_named(on, named) -> None:
    named = None if named is None or named <= on else named
    until = acknowledged_until(on, named, CALENDAR, 5)
    assert on < until <= CALENDAR.add_working_days(on, 5)
    assert CALENDAR.is_working_day(until)
    assert named is None or until <= CALENDAR.next_working_day(named)


@given(at=dates, wait=st.integers(1, 5), gaps=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=3))
def test_a_rung_waits_its_working_days_and_no_quiet_day_counts(at, wait, gaps) -> None:
    """Against a count by hand, day by day."""
    quiet, day = [], at
    for before, length in gaps:
        since = day + timedelta(days=before)
        day = since + timedelta(days=length)
        quiet.append((since, day))
    waited, slow = 0, at
    while waited < wait:
        slow += timedelta(days=1)
        silent = any(since <= slow < until for since, until in quiet)
        waited += CALENDAR.is_working_day(slow) and not silent
    assert rung_day(CALENDAR, at, wait, quiet) == slow
    assert not_while_quiet(slow, quiet) >= slow


def test_somebody_with_quiet_days_is_asked_again_on_the_first_one_that_is_not() -> None:
    """On a quiet day it would wait for an hour at which the step after it has come, and never leave."""
    friday = 4
    quiet = {OWNER: replace(PEOPLE[OWNER], preferences=Preferences(quiet=frozenset({friday})))}
    ahead = snoozed(at(11), at(13), rule=RuleSlug.ITEM_DUE)
    facts = replace(program(item(DUE), people=quiet), answers=(ahead,))
    for day in (12, 13):  # seen ahead, and still wanted when the day of the answer is over
        found = plan(facts, RULES, datetime(2026, 11, day, 20, tzinfo=UTC), END)
        back = next(i for i in found if i.occurrence == "back-2026-11-13")
        assert (back.planned_on, back.expires_at > back.not_before) == (at(16), True)
