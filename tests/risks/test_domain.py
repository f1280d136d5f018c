"""The pure rules of the register: the scale, lowering a score (G23), what counts, how scores move."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.steps import Change, steps
from playbooks.selectors import default_playbook
from risks.domain import register as rules
from risks.domain.register import Move, PhaseStart, Step
from risks.domain.scale import Scale
from risks.domain.scores import DoneAction, citable, is_self_verified, last_lowering, may_lower

NOW = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
TODAY = NOW.date()
BUILT_IN = Scale.from_data(default_playbook().risk_scale.model_dump(mode="json"))
STEP = st.integers(1, 5)
SCORE = st.builds(lambda likelihood, impact: likelihood * impact, STEP, STEP)
INSTANT = st.integers(0, 60 * 24 * 60).map(lambda minutes: NOW - dt.timedelta(minutes=minutes))
ACTION = st.builds(
    DoneAction,
    st.integers(1, 9),
    st.none() | INSTANT,
    st.none() | st.integers(1, 4),
    st.sampled_from(["", " ", "Seen"]),
)


def at(days: int) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


# ------------------------------------------------------------------ scale


def test_the_defaults_are_the_built_in_playbooks_numbers() -> None:
    assert Scale() == BUILT_IN
    assert Scale.from_data({}) == Scale()


@given(STEP, STEP)
def test_every_score_has_one_band_and_worse_ones_are_never_milder(likelihood: int, impact: int) -> None:
    score = likelihood * impact
    assert sum(low <= score <= high for low, high in BUILT_IN.bands.values()) == 1
    worse = [n for n in range(score, 26)]
    assert all(BUILT_IN.shade(b) >= BUILT_IN.shade(a) for a, b in pairwise(worse))
    assert BUILT_IN.next_review(score, TODAY) >= BUILT_IN.next_review(25, TODAY) > TODAY
    assert BUILT_IN.above(score) is (score > 12)
    assert BUILT_IN.is_high(score) is (score >= 10)


@pytest.mark.parametrize(
    ("score", "band", "days"), [(4, "low", 60), (5, "moderate", 30), (10, "high", 14), (15, "critical", 7)]
)
def test_s57_the_worse_the_sooner_it_is_looked_at_again(score: int, band: str, days: int) -> None:
    assert BUILT_IN.band(score) == band
    assert BUILT_IN.next_review(score, TODAY) == TODAY + dt.timedelta(days=days)


def test_a_programs_own_numbers_count_and_an_unknown_band_is_reviewed_soonest() -> None:
    own = Scale.from_data({"minimum": 0, "maximum": 3, "default_tolerance": 4, "bands": {"a": [0, 3], "b": [4, 9]}})
    assert own.holds(0, 3)
    assert not own.holds(0, 4)
    assert own.above(5)
    assert not own.above(4)
    assert own.next_review(9, TODAY) == TODAY + dt.timedelta(days=7)
    assert Scale.from_data(own.as_data()) == own
    assert own.band(99) == "b"


# ------------------------------------------------------------------ lowering (G23)

DONE = DoneAction(1, at(-2), done_by=7, proof="Alarm tested")


@pytest.mark.parametrize(
    ("proposed", "action", "lowered", "actor", "small", "said"),
    [
        (16, None, None, 1, False, ""),
        (12, None, None, 1, False, ""),
        (9, None, None, 1, False, "only by a completed action"),
        (9, DoneAction(1, None, 7, "Alarm"), None, 1, False, "only by a completed action"),
        (9, DoneAction(1, at(-2), 7, " "), None, 1, False, "only by a completed action"),
        (9, DONE, None, 1, False, ""),
        (9, DONE, at(-3), 1, False, ""),
        (9, DONE, at(-2), 1, False, "before the score was last lowered"),
        (9, DONE, at(-1), 1, False, "before the score was last lowered"),
        (9, DONE, None, 7, False, "somebody else"),
        (9, DONE, None, 7, True, ""),
        (16, DONE, at(-1), 7, False, ""),
    ],
)
def test_g23_a_score_is_lowered_only_by_a_fresh_finished_action_and_by_somebody_else(
    proposed: int, action: DoneAction | None, lowered: dt.datetime | None, actor: int, small: bool, said: str
) -> None:
    found = may_lower(12, proposed, action, lowered_at=lowered, actor=actor, small_team=small)
    assert said in found
    assert bool(found) is bool(said)


@given(SCORE, st.lists(st.tuples(SCORE, st.none() | ACTION, INSTANT, st.integers(1, 4)), max_size=12))
def test_g23_however_it_is_tried_each_lowering_spends_an_action_of_its_own(
    first: int, tries: list[tuple[int, DoneAction | None, dt.datetime, int]]
) -> None:
    score, history, spent = first, [], []
    for proposed, action, when, actor in sorted(tries, key=lambda each: each[2]):
        if action is not None and action.done_at is not None and action.done_at > when:
            continue  # nothing rests on what is not finished yet
        if not may_lower(score, proposed, action, lowered_at=last_lowering(history), actor=actor):
            history.append((score, proposed, when))
            if proposed < score:
                assert action is not None
                assert not is_self_verified(action, actor)
                spent.append(action)
            score = proposed
    assert len(spent) == sum(after < before for before, after, _ in history)
    # Strictly later each time: no action can carry two lowerings.
    assert all(a.done_at < b.done_at for a, b in pairwise(spent) if a.done_at and b.done_at)


@given(st.lists(ACTION, max_size=6), st.none() | INSTANT)
def test_g23_what_is_offered_is_what_would_be_taken(actions: list[DoneAction], lowered: dt.datetime | None) -> None:
    offered = citable(actions, lowered)
    for action in actions:
        taken = not may_lower(25, 1, action, lowered_at=lowered, actor=None)
        assert (action in offered) is taken


# ------------------------------------------------------------------ what counts (S89)

PHASES = [
    PhaseStart("validate", 0, dt.date(2026, 1, 5)),
    PhaseStart("prepare", 1, dt.date(2026, 2, 4)),
    PhaseStart("execute", 2, dt.date(2026, 3, 6)),
]


@pytest.mark.parametrize(
    ("day", "reached"), [(dt.date(2025, 12, 1), 0), (dt.date(2026, 2, 3), 0), (dt.date(2026, 2, 4), 1), (TODAY, 1)]
)
def test_a_phase_counts_from_its_first_day_and_the_first_always(day: dt.date, reached: int) -> None:
    assert rules.positions_reached(PHASES, day) == reached


def test_s89_a_risk_of_a_later_phase_counts_once_it_is_raised() -> None:
    positions = {phase.slug: phase.position for phase in PHASES}
    for slug, raised, counts in (
        ("prepare", False, True), ("execute", False, False), ("execute", True, True), ("gone", False, True)
    ):  # fmt: skip
        assert rules.counts(slug, raised=raised, reached=1, positions=positions) is counts
    assert rules.positions_reached([], TODAY) == 0


# ------------------------------------------------------------------ moves


@pytest.mark.parametrize(
    ("steps_", "current", "appeared", "closed", "expected"),
    [
        ([], 12, None, None, None),
        ([Step(at(-5), 8, 12)], 12, None, None, Move.UP),
        ([Step(at(-5), 16, 12)], 12, None, None, Move.DOWN),
        ([Step(at(-31), 16, 12)], 12, None, None, None),
        ([Step(at(-30), 16, 12)], 12, None, None, None),
        ([Step(at(-9), 12, 20), Step(at(-5), 20, 12)], 12, None, None, None),
        ([Step(at(-40), 4, 8), Step(at(-5), 8, 12)], 12, None, None, Move.UP),
        ([Step(at(-5), 8, 12)], 12, at(-6), None, Move.NEW),
        ([], 12, at(-31), None, None),
        ([Step(at(-5), 8, 12)], 12, at(-6), at(-1), Move.CLOSED),
        ([Step(at(-5), 8, 12)], 12, None, at(-31), None),
    ],
)
def test_what_moved_in_thirty_days(
    steps_: list[Step], current: int, appeared: dt.datetime | None, closed: dt.datetime | None, expected: Move | None
) -> None:
    assert rules.move(steps_, current, now=NOW, appeared=appeared, closed=closed) is expected


@given(SCORE, st.lists(st.tuples(INSTANT, SCORE), max_size=8, unique_by=lambda each: each[0]), st.randoms())
def test_the_score_at_an_instant_is_the_last_one_before_it(
    first: int, path: list[tuple[dt.datetime, int]], order: "st.DrawFn"
) -> None:
    path = sorted(path)
    values = [first, *(score for _, score in path)]
    found = [Step(when, values[i], score) for i, (when, score) in enumerate(path)]
    shuffled = list(found)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own random
    for index, (when, score) in enumerate(path):
        assert rules.score_at(shuffled, values[-1], when) == score
        before = when - dt.timedelta(microseconds=1)
        assert rules.score_at(shuffled, values[-1], before) == values[index]
    earlier = [value for value in reversed(values) if value != values[-1]]
    assert rules.was(shuffled, values[-1]) == (earlier[0] if earlier else None)


# ------------------------------------------------------------------ drawing


def test_the_drawing_names_itself_and_holds_each_step() -> None:
    drawn = steps([Change(TODAY, 25), Change(TODAY, 10)], until=TODAY, highest=25, limit=12, label="Score: 25, <10>")
    assert 'aria-label="Score: 25, &lt;10&gt;"' in drawn
    assert drawn.count("V") == 1
    assert steps([], until=TODAY, highest=25, limit=12, label="x") == ""


def test_bands_stand_in_order_whatever_order_the_database_gives() -> None:
    shuffled = {"high": [10, 14], "low": [1, 4], "critical": [15, 25], "moderate": [5, 9]}
    scale = Scale.from_data({"bands": shuffled})
    assert list(scale.bands) == ["low", "moderate", "high", "critical"]
    assert [scale.shade(score) for score in (1, 9, 10, 25)] == [1, 2, 3, 4]
