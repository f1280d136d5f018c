"""Who is told on a rung: a table of cases, and that a gap is never silent (promise 5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.domain.calling import Person, Seat, calls, stand_in
from escalation.enums import Part

HERE, AWAY, GONE = Person(1, "Ann"), Person(1, "Ann", away=True), Person(1, "Ann", active=False)
DEP, DEP_AWAY, DEP_GONE = Person(2, "Bo"), Person(2, "Bo", away=True), Person(2, "Bo", active=False)


@pytest.mark.parametrize(
    ("holder", "deputy", "told", "gap"),
    [
        (HERE, DEP, [(1, Part.HOLDER)], ""),
        (AWAY, DEP, [(2, Part.DEPUTY)], ""),
        (None, DEP, [(2, Part.DEPUTY)], "Owner is vacant"),
        (GONE, DEP, [(2, Part.DEPUTY)], "Owner: Ann is deactivated"),
        (None, None, [], "Owner is vacant and no deputy is named for Owner"),
        (GONE, DEP_GONE, [], "Owner: Ann is deactivated and no deputy is named for Owner"),
        (AWAY, None, [], "Ann is away and no deputy is named for Owner"),
        (AWAY, DEP_AWAY, [], "Ann is away and the deputy for Owner is away"),
    ],
)
def test_holder_then_deputy_then_a_gap_in_words(
    holder: Person | None, deputy: Person | None, told: list[tuple[int, Part]], gap: str
) -> None:
    found = calls([Seat("owner", "Owner", holder, deputy)])
    assert [(call.user_id, call.part) for call in found.told] == told
    assert found.gaps == ((gap,) if gap else ())
    assert found.empty == (not told)


PEOPLE = st.one_of(st.none(), st.builds(Person, st.integers(1, 4), st.just("P"), st.booleans(), st.booleans()))


@given(st.lists(st.builds(Seat, st.sampled_from("abc"), st.just("R"), PEOPLE, PEOPLE), max_size=4))
def test_each_person_once_and_no_empty_place_without_a_word(seats: list[Seat]) -> None:
    found = calls(seats)
    ids = [call.user_id for call in found.told]
    assert len(ids) == len(set(ids))
    if seats and found.empty:
        assert found.gaps


def test_who_stands_in_is_somebody_present_else_somebody() -> None:
    manager, sponsor = Seat("pm", "Manager", AWAY), Seat("sp", "Sponsor", Person(3, "Cy"))
    present = stand_in([manager, sponsor])
    assert present is not None
    assert (present.user_id, present.role, present.part) == (3, "sp", Part.STAND_IN)
    absent = stand_in([manager])
    assert absent is not None
    assert absent.user_id == 1
    assert stand_in([Seat("pm", "Manager", GONE), Seat("sp", "Sponsor")]) is None
