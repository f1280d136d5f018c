"""Status colours: each rule alone, worst first, always with its sentence. Unknown is never drawn as good."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from phases.domain.readiness import Proof
from phases.domain.status import Colour, CriterionStatus, ProgramFacts, Thresholds, status

TODAY = dt.date(2026, 1, 20)
LIMITS = Thresholds()


def criterion(**more) -> CriterionStatus:
    """A verified must-meet due five days ago for a gate in twenty days."""
    values = {
        "text": "Proven",
        "must": True,
        "non_waivable": False,
        "due_date": TODAY - dt.timedelta(5),
        "event_date": TODAY + dt.timedelta(20),
        "forecast_date": None,
        "proof": Proof.VERIFIED_FRESH,
        "has_evidence": True,
    }
    return CriterionStatus(**{**values, **more})


def facts(*criteria: CriterionStatus, **more) -> ProgramFacts:
    """A program in which no rule fires, unless `more` or `criteria` make one."""
    values = {
        "today": TODAY,
        "day": 16,
        "criteria": criteria or (criterion(),),
        "pace": Fraction(1),
        "weakest": ("Data", 90),
        "gate_name": "Validation gate",
        "gate_date": TODAY + dt.timedelta(20),
        "gate_working_days_overdue": 0,
        "days_since_update": 1,
        "vacant_areas": (),
    }
    return ProgramFacts(**{**values, **more})


def fired(found: ProgramFacts) -> list[tuple[str, str]]:
    """Colour and name of every rule that fired."""
    return [(rule.colour.value, rule.slug) for rule in status(found, LIMITS).rules]


def test_green_only_when_nothing_fires() -> None:
    found = status(facts(), LIMITS)
    assert (found.colour, found.rules) == (Colour.GREEN, ())
    assert found.sentence == "Everything due is proven and the next gate date holds."


OPEN = {"proof": Proof.EVIDENCE_UNVERIFIED}
DAYS = dt.timedelta
ALONE = [
    (facts(criterion(due_date=TODAY + DAYS(11))), "grey", "nothing-due"),
    (facts(*[criterion(has_evidence=i == 0) for i in range(3)]), "grey", "little-evidence"),
    (facts(days_since_update=10), "grey", "no-update"),
    (facts(criterion(**OPEN)), "red", "must-overdue"),
    (
        facts(
            criterion(),
            criterion(**OPEN, must=False, non_waivable=True, event_date=TODAY + DAYS(5), due_date=TODAY + DAYS(4)),
        ),
        "red",
        "non-waivable",
    ),
    (facts(vacant_areas=("Monitoring",), day=61), "red", "area-vacant"),
    (facts(gate_working_days_overdue=6), "red", "gate-overdue"),
    (facts(pace=Fraction(59, 100)), "red", "pace"),
    (facts(criterion(), criterion(**OPEN, due_date=TODAY + DAYS(10))), "amber", "must-due-soon"),
    (facts(criterion(), criterion(proof=Proof.STALE, due_date=TODAY + DAYS(11))), "amber", "stale-evidence"),
    (
        facts(criterion(), criterion(**OPEN, due_date=TODAY + DAYS(12), forecast_date=TODAY + DAYS(15))),
        "amber",
        "forecast-slip",
    ),
    (facts(pace=Fraction(84, 100)), "amber", "pace"),
    (facts(weakest=("Data", 69), gate_date=TODAY + DAYS(10)), "amber", "weakest-dimension"),
    (facts(criterion(), criterion(**OPEN, due_date=TODAY + DAYS(12), times_moved=2)), "amber", "moved-twice"),
]


@pytest.mark.parametrize(("found", "colour", "slug"), ALONE, ids=[f"{c}-{s}" for _, c, s in ALONE])
def test_each_rule_fires_alone_and_names_itself(found: ProgramFacts, colour: str, slug: str) -> None:
    assert fired(found) == [(colour, slug)]
    assert status(found, LIMITS).colour == colour
    assert status(found, LIMITS).sentence.endswith(".")


JUST_INSIDE = [
    facts(days_since_update=9),
    facts(*[criterion(has_evidence=i == 0) for i in range(2)]),
    facts(vacant_areas=("Monitoring",), day=60),
    facts(gate_working_days_overdue=5),
    facts(pace=Fraction(85, 100)),
    facts(pace=None),
    facts(weakest=("Data", 70), gate_date=TODAY + DAYS(10)),
    facts(weakest=("Data", 10), gate_date=TODAY + DAYS(11)),
    facts(weakest=("Data", 10), gate_date=None),
    facts(criterion(), criterion(**OPEN, due_date=TODAY + DAYS(11))),
    facts(criterion(), criterion(times_moved=5)),
    facts(criterion(), criterion(**OPEN, due_date=TODAY + DAYS(11), times_moved=1)),
    facts(criterion(), criterion(**OPEN, must=False)),
]


@pytest.mark.parametrize("found", JUST_INSIDE)
def test_just_inside_a_limit_stays_green(found: ProgramFacts) -> None:
    assert fired(found) == []


def test_an_overdue_must_with_a_forecast_before_its_gate_is_amber_not_red() -> None:
    late = criterion(**OPEN, forecast_date=TODAY + DAYS(15))
    assert fired(facts(criterion(), late)) == [("amber", "forecast-slip")]


def test_an_overdue_must_with_a_forecast_after_its_gate_is_red() -> None:
    late = criterion(**OPEN, forecast_date=TODAY + DAYS(21))
    assert fired(facts(criterion(), late)) == [("red", "must-overdue")]


def test_g6_a_non_waivable_that_is_met_does_not_fire() -> None:
    assert fired(facts(criterion(non_waivable=True, event_date=TODAY + DAYS(5)))) == []


def test_grey_comes_before_red_and_red_before_amber() -> None:
    found = facts(criterion(**OPEN), days_since_update=12, pace=Fraction(70, 100))
    assert fired(found) == [("grey", "no-update"), ("red", "must-overdue"), ("amber", "pace")]
    assert status(found, LIMITS).colour == Colour.GREY


def test_the_limits_are_the_playbooks() -> None:
    found = facts(days_since_update=4)
    assert status(found, replace(LIMITS, stale_program_days=4)).colour == Colour.GREY


def test_sentences_count_what_fired() -> None:
    found = status(facts(criterion(**OPEN), criterion(**OPEN)), LIMITS)
    assert found.sentence == "2 must-meets are overdue with no forecast before the gate."


def test_every_colour_has_its_word() -> None:
    assert [c.label for c in Colour] == ["Not reported", "Off track", "At risk", "On track"]
