"""The rules of gaps, by table and by generated cases: owned means accepted, in effect, present, with a deputy."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.demands import DEMANDS, shortfalls
from ownership.domain.gaps import (
    Holding,
    Person,
    Post,
    area_gaps,
    away_gaps,
    crowded,
    gate_window,
    is_owned,
    overlap,
    uncovered,
    unowned,
    unreached,
)
from ownership.enums import Act, GapKind, Severity

TODAY = dt.date(2026, 3, 5)
MIA, MAX = Person(1, "Mia"), Person(2, "Max")
GONE = Person(3, "Gone", active=False)
OWNED = Holding(
    slug="own-model",
    name="Model ownership",
    role="model-owner",
    role_name="Model owner",
    owner=MIA,
    deputy=MAX,
    accepted=True,
    effective_from=TODAY - dt.timedelta(days=20),
    deputy_accepted=True,
)

CASES = [
    ({"owner": None}, GapKind.NOBODY, Act.NOMINATE_OWNER),
    ({"owner": GONE}, GapKind.DEACTIVATED, Act.NOMINATE_OWNER),
    ({"accepted": False}, GapKind.NOT_ACCEPTED, Act.ACCEPT),
    ({"effective_from": TODAY + dt.timedelta(days=1)}, GapKind.NOT_YET, Act.WAIT),
    ({"deputy": None}, GapKind.NO_DEPUTY, Act.NOMINATE_DEPUTY),
    ({"deputy": GONE}, GapKind.NO_DEPUTY, Act.NOMINATE_DEPUTY),
    ({"deputy": MIA}, GapKind.NO_DEPUTY, Act.NOMINATE_DEPUTY),
    ({"deputy_accepted": False}, GapKind.DEPUTY_NOT_ACCEPTED, Act.ACCEPT_DEPUTY),
]


def test_s59_an_area_with_everything_is_owned() -> None:
    assert area_gaps(OWNED, TODAY) == ()
    assert is_owned(replace(OWNED, effective_from=TODAY), TODAY)


@pytest.mark.parametrize(("change", "kind", "act"), CASES)
def test_s59_each_thing_that_is_missing_is_a_gap_that_blocks(change: dict, kind: GapKind, act: Act) -> None:
    (gap,) = area_gaps(replace(OWNED, **change), TODAY)
    assert (gap.kind, gap.act, gap.severity) == (kind, act, Severity.BLOCKS)
    assert "Model ownership" in gap.sentence
    assert act.label


def test_the_owners_gap_comes_before_the_deputys_and_an_area_is_named_once() -> None:
    empty = replace(OWNED, owner=None, deputy=None)
    assert [gap.kind for gap in area_gaps(empty, TODAY)] == [GapKind.NOBODY, GapKind.NO_DEPUTY]
    assert [gap.short for gap in unowned([empty, OWNED], TODAY)] == ["Model ownership (nobody)"]


people = st.sampled_from([None, MIA, MAX, GONE])
days = st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2026, 6, 1))


@given(people, people, st.booleans(), days, st.booleans())
def test_owned_is_all_of_it_and_nothing_less(owner, deputy, accepted, effective, deputy_accepted) -> None:
    holding = replace(
        OWNED, owner=owner, deputy=deputy, accepted=accepted, effective_from=effective, deputy_accepted=deputy_accepted
    )
    present = owner is not None and owner.active and deputy is not None and deputy.active and owner.id != deputy.id
    begun = effective is None or effective <= TODAY
    assert is_owned(holding, TODAY) == (present and accepted and deputy_accepted and begun)


@pytest.mark.parametrize(
    ("slug", "change", "lacks"),
    [
        ("g30-interim-owners", {"accepted": False, "deputy": None}, 0),
        ("g30-interim-owners", {"owner": None}, 1),
        ("g30-interim-owners", {"owner": GONE}, 1),
        ("g60-owners-accepted", {}, 0),
        ("g60-owners-accepted", {"accepted": False, "deputy": None}, 2),
        ("g90-owners-operating", {}, 0),
        ("g90-owners-operating", {"effective_from": TODAY - dt.timedelta(days=14)}, 0),
        ("g90-owners-operating", {"effective_from": TODAY - dt.timedelta(days=13)}, 1),
        ("g90-owners-operating", {"deputy": None}, 1),
        ("g30-data-rights", {"owner": None}, 0),
    ],
)
def test_gaps_cap_three_criteria_each_in_its_own_way(slug: str, change: dict, lacks: int) -> None:
    assert len(shortfalls(slug, [replace(OWNED, **change)], TODAY)) == lacks


def test_the_capped_criteria_are_those_of_the_playbook(playbook_slugs: frozenset[str]) -> None:
    assert set(DEMANDS) <= playbook_slugs


@pytest.fixture
def playbook_slugs() -> frozenset[str]:
    """The slugs of the built-in playbook's criteria."""
    from playbooks.selectors import default_playbook  # noqa: PLC0415 - only here, the rest of the file is plain

    return frozenset(item.slug for item in default_playbook().criteria)


HOLIDAY = (dt.date(2026, 3, 2), dt.date(2026, 3, 6))


def test_away_in_the_gate_window_says_whether_somebody_stands_in() -> None:
    window = gate_window(TODAY)
    assert window == (dt.date(2026, 2, 28), TODAY)
    post = Post("model-owner", "Model owner", MIA, MAX, holder_away=(HOLIDAY,))
    (gap,) = away_gaps([post], "Gate 2", window)
    assert (gap.kind, gap.severity) == (GapKind.AWAY, Severity.WARNS)
    assert gap.sentence == "Mia (Model owner) is away before Gate 2; Max stands in."
    (alone,) = away_gaps([replace(post, deputy_away=(HOLIDAY,))], "Gate 2", window)
    assert "nobody stands in" in alone.sentence
    later = (dt.date(2026, 3, 6), dt.date(2026, 3, 9))
    assert away_gaps([replace(post, holder_away=(later,))], "Gate 2", window) == ()


@pytest.mark.parametrize(("held", "gaps"), [(3, 0), (4, 1)])
def test_one_person_on_too_many_roles_by_the_number_in_the_data(held: int, gaps: int) -> None:
    posts = [Post(f"r{n}", f"Role {n}", MIA) for n in range(held)] + [Post("other", "Other", MAX)]
    found = crowded(posts, most=3)
    assert len(found) == gaps
    assert all("Mia holds 4 roles, more than 3" in gap.sentence for gap in found)


spans = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(
    lambda pair: (TODAY + dt.timedelta(pair[0]), TODAY + dt.timedelta(pair[0] + pair[1]))
)


@given(st.lists(spans, max_size=4), st.lists(spans, max_size=4) | st.none(), spans)
def test_uncovered_days_are_those_on_which_both_are_away(away, stand_in, window) -> None:
    def gone(these, day: dt.date) -> bool:
        return any(first <= day <= last for first, last in these)

    length = (window[1] - window[0]).days + 1
    every = [window[0] + dt.timedelta(n) for n in range(length)]
    expected = tuple(d for d in every if gone(away, d) and (stand_in is None or gone(stand_in, d)))
    assert uncovered(away, stand_in, window) == expected


@given(spans, spans)
def test_overlap_is_symmetric_and_inside_both(one, other) -> None:
    found = overlap(one, other)
    assert found == overlap(other, one)
    if found:
        assert one[0] <= found[0] <= found[1] <= one[1]
        assert other[0] <= found[0] <= found[1] <= other[1]


def test_p7_a_seat_whose_mail_comes_back_is_a_warning_that_says_who_hears_instead() -> None:
    since = dt.date(2026, 1, 26)
    mia, max_, lost = Person(1, "Mia"), Person(2, "Max"), Person(3, "Lou", no_mail_since=since)
    assert unreached([Post("r", "Role", mia, max_)]) == ()
    heard, alone, deputy = (
        unreached([Post("r", "Role", holder, stand_in)])
        for holder, stand_in in ((lost, max_), (lost, None), (mia, lost))
    )
    words = "No mail reaches Lou (Role) since 26 Jan 2026; "
    assert [gap.sentence for gap in heard] == [f"{words}Max gets the reminders."]
    assert [gap.sentence for gap in alone] == [f"{words}nobody gets them instead."]
    assert [gap.sentence for gap in deputy] == ["No mail reaches Lou (deputy, Role) since 26 Jan 2026."]
    assert {gap.severity for gap in (*heard, *alone, *deputy)} == {Severity.WARNS}
