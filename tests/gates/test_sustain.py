"""Continue, change or retire: what it needs, what it settles, when it is asked next (S79); mini-gates in run (G21)."""

import datetime as dt
from typing import Any

import pytest

from core.errors import Invalid, NotAllowed
from gates.enums import Sustain
from gates.models import Closure, SustainDecision
from gates.selectors.sustain import next_decision
from gates.services import between, ending
from gates.services.sustaining import SustainInput, decide_sustain
from governance.enums import Basis
from governance.models import GovernanceOccurrence
from governance.services.benefits import record_benefit
from phases.enums import Outcome
from programs.enums import ProgramState
from tests.factories import sign_in
from tests.gates.world import World, add, decided, go, on, open_round, prove
from tests.governance.world import BENEFIT_180, running

YEARLY = dt.date(2026, 12, 30)
NEXT = dt.date(2027, 6, 30)
END = {"lessons": "Measure first", "people_told": "All adjusters", "disposal": "Deleted"}


@pytest.fixture
def w(db: None) -> World:
    """A program in run with both deciding events ahead."""
    return running()


def decide(w: World, word: Sustain = Sustain.CONTINUE, who: str = "sam", key: str = "", **more: Any) -> SustainDecision:
    values = {"reason": "It earns its keep", "next_on": NEXT, **more}
    return decide_sustain(actor=w.person(who), program=w.program, wanted=SustainInput(word, **values), key=key)


def read(w: World) -> None:
    record_benefit(
        actor=w.person("pat"), program=w.program, day=180, read_on=BENEFIT_180, basis=Basis.NONE, value=None, method="m"
    )


def test_s79_continue_at_day_180_settles_its_date_and_names_the_next(w: World) -> None:
    with on(BENEFIT_180):
        assert next_decision(w.program) == BENEFIT_180
        with pytest.raises(Invalid, match="benefit reading of day 180"):
            decide(w)
        read(w)
        made = decide(w, key="k")
        assert decide(w, key="k").pk == made.pk
        assert made.occurrence == GovernanceOccurrence.objects.get(event__slug="gc-benefit-180")
        assert made.occurrence.output == "Continue: It earns its keep"
        assert next_decision(w.program) == YEARLY
        assert any("No benefit reading at day 120" in sentence for sentence in made.basis)


def test_s79_a_decision_outside_the_calendar_settles_no_date_and_its_next_day_counts(w: World) -> None:
    day = dt.date(2026, 4, 20)
    with on(day):
        made = decide(w, Sustain.CHANGE, changes="Motor claims only", next_on=dt.date(2026, 5, 20))
        assert made.occurrence is None
        assert next_decision(w.program) == dt.date(2026, 5, 20)


def test_s79_retire_closes_the_program_through_its_own_way_and_asks_no_more(w: World) -> None:
    with on(YEARLY):
        read(w)
        decide(w)  # the overdue one of day 180 first
        made = decide(w, Sustain.RETIRE, next_on=None, **END)
        assert w.program.state == ProgramState.CLOSED
        assert made.closure == Closure.objects.get(program=w.program)
        assert (made.next_on, made.occurrence.event.slug) == (None, "gc-recommission-yearly")
        assert made.closure.disposal_tasks.count() == 3
        with pytest.raises(NotAllowed, match="closed"):
            decide(w)


@pytest.mark.parametrize(
    ("word", "more", "field"),
    [
        (Sustain.CONTINUE, {"reason": " "}, "reason"),
        (Sustain.CONTINUE, {"next_on": None}, "next_on"),
        (Sustain.CONTINUE, {"next_on": dt.date(2026, 4, 20)}, "next_on"),
        (Sustain.CONTINUE, {"next_on": dt.date(2027, 4, 22)}, "next_on"),
        (Sustain.CHANGE, {}, "changes"),
        (Sustain.RETIRE, {**END, "lessons": ""}, "lessons"),
        (Sustain.RETIRE, {**END, "people_told": ""}, "people_told"),
        (Sustain.RETIRE, {**END, "disposal": ""}, "disposal"),
    ],
)
def test_s79_each_word_needs_its_own(w: World, word: Sustain, more: dict[str, Any], field: str) -> None:
    with on(dt.date(2026, 4, 20)), pytest.raises(Invalid) as refused:
        decide(w, word, **{"next_on": dt.date(2027, 4, 20), **more})
    assert refused.value.field == field
    assert w.program.state == ProgramState.RUNNING


@pytest.mark.parametrize("who", ["pat", "mia", "rita", "ivy"])
def test_s79_only_the_sponsor_decides(w: World, who: str) -> None:
    with on(BENEFIT_180), pytest.raises(NotAllowed, match="continue, change or retire"):
        decide(w, who=who)


def test_s79_before_it_runs_the_gates_decide(w: World) -> None:
    ending.run_no_more(w.person("sam"), w.program, "Corrected")
    with on(BENEFIT_180), pytest.raises(Invalid, match="Only a running system"):
        decide(w)


def test_s79_the_program_page_says_in_run_and_when_it_is_decided_next(w: World) -> None:
    with on(dt.date(2026, 4, 20)):
        page = sign_in(w.person("pat")).get(f"/programs/{w.program.slug}/").content.decode()
        assert "In run, " in page
        assert "next decision Fri 3 Jul" in page
        ending.run_no_more(w.person("sam"), w.program, "Corrected")
        assert "In run, " not in sign_in(w.person("pat")).get(f"/programs/{w.program.slug}/").content.decode()


def test_g21_a_mini_gate_in_run_is_proven_heard_and_decided_with_the_five_words(w: World) -> None:
    day = dt.date(2026, 4, 20)
    add(w, "drift", "gate-90")
    with on(day):
        event = between.call_mini_gate(
            actor=w.person("rita"), program=w.program, name="New vendor model", trigger="Model changed", on=day,
            criteria=[w.criterion("drift")],
        )  # fmt: skip
        prove(w, "drift", day)
        open_round(w, event.slug)
        decided(w, go(next_start=day, next_end=NEXT), event.slug)
        assert w.event(event.slug).outcome == Outcome.GO
        assert w.program.state == ProgramState.RUNNING
        shown = sign_in(w.person("sam")).get(f"/programs/{w.program.slug}/governance/in-run/").content.decode()
        assert "New vendor model" in shown
