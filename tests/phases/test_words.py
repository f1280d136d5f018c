"""Words for days, and for what happened."""

import datetime as dt

import pytest

from activity.enums import Verb
from phases.domain.words import in_words
from phases.enums import ItemKind
from phases.selectors.history import WORDS, timeline
from phases.templatetags.plan import ahead, slip
from tests.factories import Built
from tests.phases.steps import verified


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day later"), (3, "3 days later"), (-1, "1 day earlier"), (-9, "9 days earlier")]
)
def test_a_slip_in_words(days: int, words: str) -> None:
    assert slip(days) == words


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "tomorrow"), (5, "in 5 days"), (-1, "yesterday"), (-2, "2 days ago")]
)
def test_a_distance_in_words(days: int, words: str) -> None:
    assert ahead(days) == words


def test_a_day_in_words() -> None:
    assert in_words(dt.date(2026, 11, 3)) == "Tue 3 Nov"


def test_a_timeline_is_newest_first_and_survives_people_who_left(built: Built) -> None:
    found = verified(built)
    assert [(line.who, line.what) for line in timeline(ItemKind.CRITERION, found.pk)] == [
        ("Ivy.Claims", "verified it"),
        ("Mia.Claims", "handed it in"),
        ("Mia.Claims", "added evidence"),
    ]


def test_every_verb_of_the_plan_has_words() -> None:
    from_plan = {verb for verb in Verb if verb.value.split(".")[0] in ("criterion", "task", "item", "event")}
    assert from_plan == set(WORDS)
