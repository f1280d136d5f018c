"""The table of responsibilities: the rule, the form's version, and who may rewrite it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from ownership.domain import raci
from ownership.services import change_row
from programs.models import RaciAssignment
from tests.ownership.world import World


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"Owner": "A/R"}, ()),
        ({"Owner": "A", "Manager": "R", "Sponsor": "I"}, ()),
        ({"Owner": "R"}, ("Nobody is accountable (A).",)),
        ({"Owner": "A"}, ("Nobody is responsible (R).",)),
        ({}, ("Nobody is accountable (A).", "Nobody is responsible (R).")),
        ({"Owner": "A/R", "Manager": "A"}, ("2 roles are accountable (A), exactly one may be: Owner, Manager.",)),
    ],
)
def test_exactly_one_accountable_and_somebody_responsible(row: dict[str, str], words: tuple[str, ...]) -> None:
    assert raci.faults(row) == words


def test_a_letter_on_an_empty_role_is_a_gap() -> None:
    row = {"Owner": "A/R", "Manager": "R", "Sponsor": "I"}
    assert raci.empty_seats(row, frozenset({"Owner", "Sponsor"})) == ("Owner",)


@pytest.mark.parametrize(("text", "cell"), [("r a", "A/R"), ("I,C", "C/I"), ("", ""), ("A/A", "A")])
def test_cells_are_written_one_way(text: str, cell: str) -> None:
    assert raci.cell(text) == cell


def test_what_is_no_letter_of_raci_is_named() -> None:
    with pytest.raises(ValueError, match="X"):
        raci.cell("A/X")


rows = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["", "A", "R", "A/R", "C", "C/I"]))


@given(rows)
def test_a_row_is_in_order_just_when_it_has_one_a_and_an_r(row: dict[str, str]) -> None:
    accountable = sum("A" in letters for letters in row.values())
    responsible = sum("R" in letters for letters in row.values())
    assert (raci.faults(row) == ()) == (accountable == 1 and responsible >= 1)


@given(rows, rows)
def test_stamps_differ_just_when_rows_do(one: dict[str, str], other: dict[str, str]) -> None:
    def cells(row: dict[str, str]) -> dict[int, str]:
        return {ord(name): letters for name, letters in row.items()}

    same = {k: v for k, v in one.items() if v} == {k: v for k, v in other.items() if v}
    assert (raci.stamp(cells(one)) == raci.stamp(cells(other))) == same


@pytest.fixture
def row(w: World) -> dict[int, str]:
    """One activity: Pat is accountable, Mia responsible."""
    letters = {"program-manager": "A", "model-owner": "R"}
    for slug, cell in letters.items():
        RaciAssignment.objects.create(
            program=w.program, activity="Gate pack", position=1, role=w.role(slug), letters=cell
        )
    return {w.role(slug).pk: cell for slug, cell in letters.items()}


def test_the_manager_rewrites_a_row_once(w: World, row: dict[int, str]) -> None:
    wanted = {w.role("program-manager").pk: "", w.role().pk: "A/R", w.role("sponsor").pk: "I"}
    for _ in range(2):
        change_row(actor=w.person("pat"), program=w.program, position=1, cells=wanted, version=raci.stamp(row))
    found = dict(RaciAssignment.objects.filter(program=w.program).values_list("role__slug", "letters"))
    assert found == {"model-owner": "A/R", "sponsor": "I"}
    entry = Entry.objects.get(verb="raci.changed")
    assert entry.data["row_before"] == {"program-manager": "A", "model-owner": "R"}


def test_a_lost_race_shows_the_row_as_it_is(w: World, row: dict[int, str]) -> None:
    change_row(
        actor=w.person("pat"), program=w.program, position=1, cells={w.role().pk: "A/R"}, version=raci.stamp(row)
    )
    other = {w.role("sponsor").pk: "A/R"}
    with pytest.raises(Conflict) as lost:
        change_row(actor=w.person("dee"), program=w.program, position=1, cells=other, version=raci.stamp(row))
    assert lost.value.current == "Model owner A/R"


def test_the_rule_is_enforced_and_nothing_is_saved(w: World, row: dict[int, str]) -> None:
    with pytest.raises(Invalid, match="Nobody is accountable"):
        change_row(actor=w.person("pat"), program=w.program, position=1, cells={w.role().pk: "R"}, version="x")
    assert RaciAssignment.objects.filter(program=w.program).count() == 2


def test_only_the_manager_rewrites(w: World, row: dict[int, str]) -> None:
    with pytest.raises(NotAllowed):
        change_row(actor=w.person("mia"), program=w.program, position=1, cells={w.role().pk: "A/R"}, version="x")
