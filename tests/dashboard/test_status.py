"""The portfolio's status: needs first, filters, conversion, latency, stops, slips, conditions, heat, gates ahead."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.steering import Ends, age_bucket, median
from gates.models import Closure, Condition, Decision, Replan
from programs.enums import ProgramState
from programs.models import Portfolio, Program
from tests import factories
from tests.factories import sign_in
from tests.gates.world import GATE_DAY, on, risk, world


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize(("over", "stopped", "percent"), [(0, 0, None), (1, 1, 50), (1, 2, 33), (2, 1, 67), (0, 3, 0)])
def test_s2_conversion_counts_only_programs_that_ended(over: int, stopped: int, percent: int | None) -> None:
    assert Ends(over, stopped).conversion == percent


@given(st.lists(st.integers(0, 400), min_size=1))
def test_the_median_is_one_of_the_values_with_half_on_each_side(values: list[int]) -> None:
    middle = median(values)
    assert middle in values
    assert sum(v < middle for v in values) <= len(values) / 2
    assert sum(v > middle for v in values) <= len(values) / 2
    assert median([]) is None


def test_conditions_age_by_their_day() -> None:
    assert [age_bucket(days) for days in (-1, 0, 7, 8)] == ["overdue", "week", "week", "later"]


def furnished(slug: str, **fields: Any) -> Program:
    """A program with one of everything the page counts."""
    w = world(slug=slug, **fields)
    risk(w)
    gate = w.event("gate-30")
    decision = Decision.objects.create(
        program=w.program, event=gate, number=1, word="conditional-go", reason="r",
        decided_at=dt.datetime(2026, 2, 5, 9, tzinfo=dt.UTC),
    )  # fmt: skip
    role = w.role("model-owner")
    Condition.objects.create(
        program=w.program, decision=decision, position=1, text="t", owner_role=role, verifier_role=role,
        due_date=dt.date(2026, 2, 1), exit_test="e", consequence="c",
    )  # fmt: skip
    Replan.objects.create(
        program=w.program, event=gate, old_date=gate.due_date, new_date=gate.due_date, working_days=5, cause="data",
        reason="r", moved=1, made_by=w.person("pat"), made_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    return w.program


def test_the_page_counts_what_the_records_say(db: None) -> None:
    with on(GATE_DAY):
        program = furnished("alpha")
        stopped = factories.program("gone", state=ProgramState.STOPPED)
        Closure.objects.create(
            program=stopped.program, kind="stopped", reason="r", people_told="p", lessons="l", disposal="d",
            cost_avoided_amount=Decimal(120000), cost_currency="EUR", ended_by=stopped.sponsor,
            ended_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC),
        )  # fmt: skip
        factories.program("over", state=ProgramState.RUNNING)
        text = words(sign_in(factories.user(is_executive_viewer=True)).get("/status/"))
    assert "50% 1 handed over of 2 that ended" in text
    assert "Stopped early, on purpose 1 120,000 EUR avoided" in text
    assert "2 days median of 1 decision in a year" in text
    assert "Overdue" in text
    assert "Data 5 working days 1 moved gate" in text
    assert f"Gate 1 , {program.name}" in text
    assert "Validate, day 30" in text


def test_filters_narrow_the_list_and_keep_each_other(db: None) -> None:
    with on(GATE_DAY):
        other = Portfolio.objects.create(slug="motor", name="Motor")
        factories.program("alpha")
        factories.program("beta", portfolio=other)
        viewer = sign_in(factories.user(is_executive_viewer=True))
        assert {row["line"].name for row in viewer.get("/status/").context["rows"]} == {"Alpha", "Beta"}
        narrow = viewer.get("/status/?portfolio=motor")
        assert [row["line"].name for row in narrow.context["rows"]] == ["Beta"]
        assert viewer.get("/status/?portfolio=motor&status=green").context["rows"] == []
        assert len(viewer.get("/status/?portfolio=nonsense&status=blue").context["rows"]) == 2


def test_an_administrator_finds_the_share_link_of_the_only_portfolio_and_of_a_chosen_one(db: None) -> None:
    with on(GATE_DAY):
        factories.program("alpha")
        boss, share = sign_in(factories.user("boss", is_administrator=True)), "/portfolios/claims/links/"
        assert share in boss.get("/status/").content.decode()
        factories.program("beta", portfolio=Portfolio.objects.create(slug="motor", name="Motor"))
        every = boss.get("/status/").content.decode()
        assert (share in every, "Choose a portfolio to share it" in every) == (False, True)
        assert share in boss.get("/status/?portfolio=claims").content.decode()
        assert "/status/?portfolio=claims" in boss.get(share).content.decode()  # and the way back


def test_a_member_sees_only_their_own_programs(db: None) -> None:
    with on(GATE_DAY):
        mine = factories.program("alpha")
        factories.program("beta")
        page = sign_in(mine.owner).get("/status/")
    assert "Beta" not in words(page)
    assert page.context["summary"].total == 1


def test_a_quiet_program_is_called_stalled(db: None) -> None:
    with on(GATE_DAY):
        factories.program("alpha")
        text = words(sign_in(factories.user(is_executive_viewer=True)).get("/status/"))
    assert "stalled for 29 days" in text


@pytest.mark.parametrize("programs", [1, 3])
def test_the_page_takes_the_same_queries_for_one_program_and_three(
    db: None, programs: int, django_assert_num_queries: Any
) -> None:
    with on(GATE_DAY):
        for number in range(programs):
            furnished(f"p-{number}")
        viewer = sign_in(factories.user(is_executive_viewer=True))
        viewer.get("/status/")
        with django_assert_num_queries(15):
            viewer.get("/status/")
