"""Rhythms of the calendar after day 90 become iCalendar rules (S75), checked by expanding them."""

import datetime as dt
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from playbooks.domain.playbook import Playbook
from playbooks.domain.recurrence import rrules
from playbooks.domain.run_parts import Rhythm


def dates(rule: str, first: dt.date, count: int) -> list[dt.date]:
    occurrences = rrulestr(rule, dtstart=dt.datetime.combine(first, dt.time(), dt.UTC).replace(tzinfo=None))
    return [at.date() for _, at in zip(range(count), occurrences, strict=False)]


def test_once_needs_no_rule() -> None:
    assert rrules((), dt.date(2026, 5, 1), 120) == ()


@pytest.mark.parametrize(
    ("rhythm", "rule"),
    [
        (Rhythm(freq="weekly"), "FREQ=WEEKLY"),
        (Rhythm(freq="weekly", interval=2), "FREQ=WEEKLY;INTERVAL=2"),
        (Rhythm(freq="monthly"), "FREQ=MONTHLY;BYMONTHDAY=15"),
        (Rhythm(freq="monthly", interval=3), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15"),
        (Rhythm(freq="yearly"), "FREQ=YEARLY"),
    ],
)
def test_plain_rhythms(rhythm: Rhythm, rule: str) -> None:
    assert rrules((rhythm,), dt.date(2026, 4, 15), 100) == (rule,)


def test_weekly_to_day_125_then_monthly_from_there() -> None:
    first = dt.date(2026, 4, 13)  # day 97
    weekly, monthly = rrules((Rhythm(freq="weekly", until_day=125), Rhythm(freq="monthly")), first, 97)
    assert weekly == "FREQ=WEEKLY;COUNT=5"
    listed = dates(weekly, first, 10)
    assert [(on - first).days + 97 for on in listed] == [97, 104, 111, 118, 125]
    assert dates(monthly, listed[-1], 3) == [dt.date(2026, 5, 11), dt.date(2026, 6, 11), dt.date(2026, 7, 11)]


def test_a_short_month_uses_its_last_day() -> None:
    (rule,) = rrules((Rhythm(freq="monthly"),), dt.date(2026, 1, 31), 100)
    assert dates(rule, dt.date(2026, 1, 31), 4) == [
        dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31), dt.date(2026, 4, 30),
    ]  # fmt: skip


def test_the_29th_of_february_comes_every_year() -> None:
    (rule,) = rrules((Rhythm(freq="yearly"),), dt.date(2028, 2, 29), 100)
    assert dates(rule, dt.date(2028, 2, 29), 3) == [dt.date(2028, 2, 29), dt.date(2029, 2, 28), dt.date(2030, 2, 28)]


@given(st.dates(dt.date(2020, 1, 1), dt.date(2060, 1, 1)), st.sampled_from([1, 3, 6, 12]))
def test_every_n_months_never_skips_one(first: dt.date, months: int) -> None:
    (rule,) = rrules((Rhythm(freq="monthly", interval=months),), first, 100)
    listed = dates(rule, first, 6)
    counted = [on.year * 12 + on.month for on in listed]
    assert listed[0] == first
    assert [later - earlier for earlier, later in pairwise(counted)] == [months] * 5


def test_tiers_change_the_rhythm_where_the_playbook_says_so(book: Playbook) -> None:
    quality = next(item for item in book.governance_calendar if item.slug == "gc-quality-quarterly").repeats
    impact = next(item for item in book.governance_calendar if item.slug == "gc-impact-semi").repeats
    assert [quality.at(tier)[0].interval for tier in (1, 2, 3)] == [1, 3, 3]
    assert [(impact.at(tier)[0].freq, impact.at(tier)[0].interval) for tier in (2, 3)] == [
        ("monthly", 6),
        ("yearly", 1),
    ]


def test_what_else_calls_for_an_event_is_kept(book: Playbook) -> None:
    on_change = {item.slug: item.repeats.on_change for item in book.governance_calendar if item.repeats.on_change}
    assert on_change == {"gc-class-semi": "trigger", "gc-vendor-yearly": "notice", "gc-training-yearly": "major change"}
