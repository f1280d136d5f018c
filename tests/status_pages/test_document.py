"""The status document: a pure function of facts; what differs is named; what matters since the last look."""

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.domain.canonical import canonical, digest
from phases.domain.status import Colour
from status_pages.domain.areas import area_of, colours, worst
from status_pages.domain.difference import difference
from status_pages.domain.document import document
from status_pages.domain.facts import (
    ActionFacts,
    AskFacts,
    DeclaredFacts,
    GateFacts,
    GateMark,
    ProgramFacts,
    ReadinessFacts,
    ResultFacts,
    RiskFacts,
    RuleFact,
    StatusFacts,
    UpdateFacts,
    ValueFacts,
    Who,
)
from status_pages.domain.since import changes
from status_pages.enums import Area

DAY = dt.date(2026, 1, 27)
AT = dt.datetime(2026, 1, 27, 9, tzinfo=dt.UTC)
MARA = Who("Mara", "Program manager")
GATE = GateFacts("Gate 1", dt.date(2026, 2, 3), dt.date(2026, 2, 3), False, "gates/gate-30/")
READY = ReadinessFacts(1, 25, "Data", 62, 50, "0.79", 10, 6, (("Data", 25, 25),), (), 0, 0, 0, 0, 0, GATE)
UPDATE = UpdateFacts(3, "amber", "Late by a week.", MARA, AT, 1, "Second labeller", MARA, DAY, False)


def a_risk(score: int, key: str = "drift", **changes: Any) -> RiskFacts:
    base = RiskFacts(key, score, None, "high", "c", "e", "i", MARA, "Mitigate", None, score > 12, None, "risks/drift/")
    return dataclasses.replace(base, **changes)


def facts(**changes: Any) -> StatusFacts:
    base = StatusFacts(
        at=AT,
        today=DAY,
        program=ProgramFacts(
            "Claims", "claims", "All", "UTC", dt.date(2026, 1, 5), dt.date(2026, 4, 4), "active", 23, "Validate", 1, 3,
            MARA, Who("", "Sponsor"),
        ),
        colour="amber",
        since=DAY,
        computed_verdict="Pace is 0.79.",
        rules=(RuleFact("amber", "pace", "Pace is 0.79."),),
        declared=None,
        update=None,
        readiness=READY,
        value=ValueFacts("Minutes per claim", "min"),
        risks=(),
        tolerance=12,
        actions=ActionFacts(),
        results=(),
        asks=(),
        coming=(),
        gates=(GateMark("Gate 1", 30, GATE.date, GATE.date, "next"),),
    )  # fmt: skip
    return dataclasses.replace(base, **changes)


def read(made: StatusFacts) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(canonical(document(made)))
    return found


def test_the_same_facts_give_the_same_bytes() -> None:
    assert digest(canonical(document(facts()))) == digest(canonical(document(facts())))


def test_a_fresh_update_speaks_and_an_old_one_does_not() -> None:
    assert read(facts(update=UPDATE))["verdict"]["sentence"] == "Late by a week."
    old = read(facts(update=dataclasses.replace(UPDATE, age_days=15)))["verdict"]
    assert (old["sentence"], old["from_update"], old["by_rules"]) == ("Pace is 0.79.", False, "Pace is 0.79.")


def test_a_declared_colour_never_replaces_the_computed_one() -> None:
    declared = DeclaredFacts("green", "Proof comes tomorrow.", MARA, DAY, DAY, None)
    status = read(facts(declared=declared))["status"]
    assert (status["colour"], status["declared"]["colour"], status["differs"]) == ("amber", "green", True)
    assert "The rules say At risk" in status["how"]
    assert "Mara declared On track" in status["how"]


def test_the_worst_risks_lead_in_cause_event_impact_words_and_no_average_is_shown() -> None:
    risks = tuple(a_risk(score, f"r{score}") for score in (4, 20, 12, 16))
    found = read(facts(risks=risks))["risk"]
    assert [risk["score"] for risk in found["top"]] == [20, 16, 12]
    assert found["top"][0]["words"] == "Because c, e: i."
    assert (found["open"], found["above"]) == (4, 2)
    assert "average" not in found


def test_what_is_not_measured_is_grey_and_never_green() -> None:
    found = colours(facts(rules=()))
    assert found[Area.VALUE] is Colour.GREY
    assert found[Area.COST] is Colour.GREY
    assert found[Area.READINESS] is Colour.GREEN


def test_value_is_about_the_outcome_however_well_the_metrics_read() -> None:
    fine = ResultFacts("use", "Use", "%", "60 % or more", Decimal(70), GATE.date, "", "")
    silent = ResultFacts("cost", "Cost", "EUR", "1 EUR or less", None, None, "", "")
    made = facts(rules=(), results=(silent, fine))
    assert colours(made)[Area.VALUE] is Colour.GREY
    assert [r["key"] for r in read(made)["results"]] == ["use", "cost"]
    behind = ValueFacts("Minutes per claim", "min", now=Decimal(7), now_on=GATE.date, on_plan=False)
    assert colours(facts(rules=(), value=behind))[Area.VALUE] is Colour.AMBER
    on_plan = dataclasses.replace(behind, on_plan=True)
    assert colours(facts(rules=(), value=on_plan))[Area.VALUE] is Colour.GREEN


COST = ResultFacts("m-cost", "Cost forecast", "% of ceiling", "90 or less", Decimal(87), DAY, "", "", "cost")


@pytest.mark.parametrize(
    ("changes", "colour", "said"),
    [
        ({}, Colour.GREEN, "Cost forecast: 87 % of ceiling (Tue 27 Jan), target 90 or less."),
        ({"level": "warning"}, Colour.AMBER, "Cost forecast: 87"),
        ({"level": "critical"}, Colour.RED, "Cost forecast: 87"),
        ({"reports": False}, Colour.GREY, "No cost metric reports."),
        ({"value": None, "measured": None}, Colour.GREY, "No cost metric reports."),
        ({"category": "model"}, Colour.GREY, "No cost metric reports."),
    ],
)
def test_cost_is_what_a_cost_metric_read_lately_and_grey_without_one(
    changes: dict[str, Any], colour: Colour, said: str
) -> None:
    made = facts(rules=(), results=(dataclasses.replace(COST, **changes),))
    assert colours(made)[Area.COST] is colour
    assert colours(made)[Area.VALUE] is Colour.GREY  # what it costs says nothing about what it is worth
    assert said in next(a["sentence"] for a in read(made)["areas"] if a["key"] == "cost")


def test_a_breached_limit_colours_value_and_leads_the_results() -> None:
    plain = ResultFacts("use", "Use", "%", "60 % or more", None, None, "", "")
    breached = ResultFacts("cost", "Cost", "EUR", "1 EUR or less", None, None, "critical", "")
    made = facts(rules=(), results=(plain, breached))
    assert colours(made)[Area.VALUE] is Colour.RED
    assert [r["key"] for r in read(made)["results"]] == ["cost", "use"]


@pytest.mark.parametrize(
    ("slug", "area"),
    [
        ("area-vacant", Area.OWNERSHIP),
        ("gate-overdue", Area.SCHEDULE),
        ("risk-above-tolerance", Area.RISK),
        ("metric-critical", Area.VALUE),
        ("something-new", Area.READINESS),
    ],
)
def test_every_rule_has_its_line(slug: str, area: Area) -> None:
    assert area_of(slug) is area


@given(st.lists(st.sampled_from(list(Colour)), min_size=1))
def test_a_line_is_as_bad_as_its_worst_rule(fired: list[Colour]) -> None:
    order = [Colour.GREY, Colour.RED, Colour.AMBER, Colour.GREEN]
    assert order.index(worst(fired, unknown=False)) == min(order.index(colour) for colour in fired)


def test_a_coloured_line_names_its_rule_and_does_not_say_that_the_gate_holds() -> None:
    late = RuleFact("red", "must-overdue", "2 must-meets are overdue.")
    area = next(a for a in read(facts(rules=(late,)))["areas"] if a["key"] == "schedule")
    assert (area["colour"], area["sentence"]) == (
        "red",
        "2 must-meets are overdue. Gate 1 is agreed for Tue 3 Feb.",
    )


def test_equal_documents_differ_in_nothing_and_the_instant_is_no_fact() -> None:
    later = facts(at=AT + dt.timedelta(hours=1))
    assert difference(read(facts()), read(later)) == []


def test_every_changed_fact_is_named_once() -> None:
    before = read(facts(risks=(a_risk(20), a_risk(9, "cost"))))
    after = read(facts(risks=(a_risk(20), a_risk(15, "cost", next_date=DAY)), colour="red"))
    found = {(row.panel, row.fact): (row.before, row.after) for row in difference(before, after)}
    assert found[("risk", "top risks, cost, score")] == ("9", "15")
    assert found[("risk", "top risks, cost, next date")] == ("", "2026-01-27")
    assert found[("status", "colour")] == ("amber", "red")
    assert ("risk", "top risks, drift, score") not in found


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_changed_number_is_found_and_an_equal_one_is_not(first: int, second: int) -> None:
    old, new = (read(facts(readiness=dataclasses.replace(READY, points=n, average=7))) for n in (first, second))
    named = [row for row in difference(old, new) if (row.panel, row.fact) == ("readiness", "points")]
    assert [(row.before, row.after) for row in named] == ([(str(first), str(second))] if first != second else [])


def test_since_the_last_look_the_biggest_change_comes_first_with_its_reason() -> None:
    ask = AskFacts("update-1", "decision", "Add Lyon?", (), None, "", None, "A slip", DAY, "updates/1/")
    red = facts(
        colour="red",
        rules=(RuleFact("red", "must-overdue", "2 must-meets are overdue."),),
        asks=(ask,),
        readiness=dataclasses.replace(READY, points=10, vacant=("Monitoring",)),
    )
    found = changes(read(facts()), read(red))
    assert [(c.subject, c.words) for c in found][:2] == [
        ("Overall status", ("At risk", "Off track")),
        ("Asked of you", ("", "new")),
    ]
    assert found[0].reason == "2 must-meets are overdue."
    assert {"Monitoring", "Readiness", "Schedule"} <= {c.subject for c in found}
    assert changes(read(red), read(red)) == []
