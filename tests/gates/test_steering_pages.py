"""The pages between gates: steering, replanning, looking again. By form, as four kinds of people."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from gates.models import Closure, DeclaredStatus, ExceptionNote, LaunchStep, MiniGate, Recheck, RecheckRound, Replan
from phases.enums import CriterionState, Outcome
from phases.models import Event
from programs.enums import ProgramState
from programs.models import Program
from tests.factories import sign_in
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World

DAY = dt.date(2026, 1, 26)
NEW = dt.date(2026, 2, 10)
STEP = {
    "step": "First team", "exposure": "5 % of claims", "planned_date": "2026-03-23", "entry_test": "Recall 0.9",
    "exit_test": "Recall 0.9 live", "halt_conditions": "A wrong payment\n\nTwo complaints",
}  # fmt: skip
NOTE = {
    "tolerance": "Gate 30 within five days", "cause": "Data is late", "effect": "Two weeks", "options": "Wait or cut",
    "recommendation": "replan", "forecast_on": "2026-02-20",
}  # fmt: skip
ENDING = {
    "reason": "The value is not there.", "lessons": "Measure first", "people_told": "All adjusters",
    "disposal": "Data deleted", "sure": "on",
}  # fmt: skip


def browser(w: World, name: str) -> Client:
    found = {"executive": w.executive, "stranger": w.stranger}
    return sign_in(found.get(name) or w.person(name))


def at(w: World, name: str, **where: Any) -> str:
    return reverse(name, kwargs={"program_slug": w.program.slug, **where})


def send(w: World, who: str, name: str, data: dict[str, Any] | None = None, **where: Any) -> HttpResponse:
    with build.on(DAY):
        return browser(w, who).post(at(w, name, **where), data or {})


def read(w: World, who: str, name: str, query: str = "", **where: Any) -> HttpResponse:
    with build.on(DAY):
        return browser(w, who).get(at(w, name, **where) + query)


def page(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(("name", "where"), [
    ("steering", {}), ("gate_replan", {"slug": "gate-30"}), ("gate_recheck", {"slug": "gate-30"}),
])  # fmt: skip
def test_executives_read_only_and_strangers_find_nothing(w: World, name: str, where: dict[str, str]) -> None:
    shown = read(w, "executive", name, **where)
    assert shown.status_code == 200
    assert "<form action" not in page(shown).split("<main")[1]
    assert "may" in page(shown)
    assert read(w, "stranger", name, **where).status_code == 404


@pytest.mark.parametrize(("name", "who", "reason"), [
    ("status_declare", "sam", "declare a status"),
    ("exception_raise", "sam", "raise an exception"),
    ("step_plan", "mia", "run the rollout"),
    ("mini_gate_call", "mia", "call a mini-gate"),
    ("team_set", "pat", "change this setting"),
    ("program_close", "pat", "gate"),
])  # fmt: skip
def test_who_may_not_gets_the_reason(w: World, name: str, who: str, reason: str) -> None:
    answer = send(w, who, name)
    assert answer.status_code == 403
    assert reason in page(answer)
    assert send(w, "executive", name).status_code == 403
    assert send(w, "stranger", name).status_code == 404


def test_s14_the_preview_shows_what_moves_and_saves_nothing(w: World) -> None:
    answer = read(w, "pat", "gate_replan", "?new_date=2026-02-10&cause=vendor", slug="gate-30")
    assert "by 5 working days" in page(answer)
    assert "The accuracy is shown" in page(answer)
    assert w.event("gate-30").due_date == GATE_DAY
    assert not Replan.objects.exists()


def test_s14_a_day_off_is_refused_in_the_preview_and_at_confirming(w: World) -> None:
    assert "is no working day" in page(
        read(w, "pat", "gate_replan", "?new_date=2026-02-08&cause=vendor", slug="gate-30")
    )
    data = {"new_date": "2026-02-08", "cause": "vendor", "reason": "Typed words", "version": 1}
    answer = send(w, "pat", "gate_replan", data, slug="gate-30")
    assert answer.status_code == 422
    assert "is no working day" in page(answer)
    assert "Typed words" in page(answer)


def test_s14_confirming_moves_everything_once_and_counts_the_days(w: World) -> None:
    data = {"new_date": NEW.isoformat(), "cause": "vendor", "reason": "The feed is late", "version": 1, "key": "k"}
    assert send(w, "pat", "gate_replan", data, slug="gate-30").status_code == 302
    assert send(w, "pat", "gate_replan", data, slug="gate-30").status_code == 302
    assert w.event("gate-30").due_date == NEW
    assert w.criterion("accuracy").due_date > w.criterion("accuracy").baseline_date
    assert Replan.objects.count() == 1
    shown = page(read(w, "mia", "gate_replan", slug="gate-30"))
    assert 'Vendor</th><td data-label="Working days">5<' in shown
    refused = send(w, "mia", "gate_replan", data, slug="gate-30")
    assert refused.status_code == 403
    assert "replan" in page(refused)


def test_s14_without_a_reason_nothing_moves(w: World) -> None:
    data = {"new_date": NEW.isoformat(), "cause": "vendor", "version": 1}
    answer = send(w, "pat", "gate_replan", data, slug="gate-30")
    assert answer.status_code == 422
    assert "Say why" in page(answer)
    assert w.event("gate-30").due_date == GATE_DAY


def test_a_lost_race_shows_both_sides(w: World) -> None:
    Event.objects.filter(pk=w.event("gate-30").pk).update(version=7)
    data = {"new_date": NEW.isoformat(), "cause": "vendor", "reason": "Late feed", "version": 1}
    answer = send(w, "pat", "gate_replan", data, slug="gate-30")
    assert answer.status_code == 409
    assert "Late feed" in page(answer)


def test_a_better_status_waits_for_the_sponsor_and_can_be_taken_back(w: World) -> None:
    data = {"colour": "green", "reason": "It is solved tomorrow", "expires_on": "2026-02-02"}
    missing = send(w, "pat", "status_declare", {**data, "expires_on": ""})
    assert missing.status_code == 422
    assert "at the latest" in page(missing)
    assert "It is solved tomorrow" in page(missing)
    assert send(w, "pat", "status_declare", data).status_code == 302
    declared = DeclaredStatus.objects.get()
    assert "Not in force" in page(read(w, "mia", "steering"))
    assert send(w, "pat", "status_agree", declared_id=declared.pk).status_code == 403
    assert send(w, "sam", "status_agree", declared_id=declared.pk).status_code == 302
    shown = page(read(w, "mia", "steering"))
    assert "Agreed by" in shown
    assert "Computed:" in shown
    assert send(w, "sam", "status_end", declared_id=declared.pk).status_code == 403
    assert send(w, "pat", "status_end", declared_id=declared.pk).status_code == 302
    declared.refresh_from_db()
    assert declared.ended_at is not None


def test_g17_an_exception_is_raised_and_answered_by_the_sponsor(w: World) -> None:
    missing = send(w, "pat", "exception_raise", {**NOTE, "cause": ""})
    assert missing.status_code == 422
    assert "Say what causes it." in page(missing)
    assert "Gate 30 within five days" in page(missing)
    assert send(w, "pat", "exception_raise", NOTE).status_code == 302
    note = ExceptionNote.objects.get()
    assert send(w, "pat", "exception_answer", {"text": "Wait"}, note_id=note.pk).status_code == 403
    assert send(w, "sam", "exception_answer", {"text": ""}, note_id=note.pk).status_code == 422
    assert send(w, "sam", "exception_answer", {"text": "Cut the scope"}, note_id=note.pk).status_code == 302
    assert "Cut the scope" in page(read(w, "mia", "steering"))


def test_g17_a_gate_is_called_early(w: World) -> None:
    data = {"new_date": "2026-01-30", "reason": "We know already", "version": 1}
    later = send(w, "pat", "gate_early", {**data, "new_date": NEW.isoformat()}, slug="gate-30")
    assert later.status_code == 422
    assert "An early gate lies before the agreed date." in page(later)
    assert send(w, "mia", "gate_early", data, slug="gate-30").status_code == 403
    assert send(w, "pat", "gate_early", data, slug="gate-30").status_code == 302
    assert w.event("gate-30").due_date == dt.date(2026, 1, 30)


def test_g18_no_step_opens_before_clearance(w: World) -> None:
    assert send(w, "pat", "step_plan", {**STEP, "halt_conditions": " "}).status_code == 422
    assert send(w, "pat", "step_plan", STEP).status_code == 302
    step = LaunchStep.objects.get()
    assert step.halt_conditions == ["A wrong payment", "Two complaints"]
    assert "before the launch checkpoint clears it (G18)" in page(read(w, "pat", "steering"))
    answer = send(w, "pat", "step_enter", {"entry_number": "0.93", "version": 1}, step_id=step.pk)
    assert answer.status_code == 422
    step.refresh_from_db()
    assert step.state == "planned"


def test_g18_anybody_with_a_role_halts_a_running_step(w: World) -> None:
    send(w, "pat", "step_plan", STEP)
    step = LaunchStep.objects.get()
    LaunchStep.objects.update(state="entered", entry_number="0.93", entered_by=w.person("pat"))
    assert send(w, "pat", "step_leave", {"exit_number": "", "version": 1}, step_id=step.pk).status_code == 422
    assert send(w, "executive", "step_halt", {"because": "A wrong payment"}, step_id=step.pk).status_code == 403
    assert send(w, "mia", "step_halt", {"because": ""}, step_id=step.pk).status_code == 422
    assert send(w, "mia", "step_halt", {"because": "A wrong payment"}, step_id=step.pk).status_code == 302
    assert "Halted by" in page(read(w, "pat", "steering"))


def test_g18_a_running_step_is_left_with_its_number(w: World) -> None:
    send(w, "pat", "step_plan", STEP)
    step = LaunchStep.objects.get()
    LaunchStep.objects.update(state="entered", entry_number="0.93", entered_by=w.person("pat"))
    data = {"exit_number": "0.91", "version": 1}
    assert send(w, "mia", "step_leave", data, step_id=step.pk).status_code == 403
    assert send(w, "pat", "step_leave", data, step_id=step.pk).status_code == 302
    step.refresh_from_db()
    assert (step.state, step.exit_number) == ("left", "0.91")


def test_g21_a_mini_gate_looks_at_chosen_criteria_again(w: World) -> None:
    build.prove(w, "accuracy")
    data = {
        "title": "New model", "trigger": "The vendor retrained it", "on": "2026-02-12", "criteria": ["accuracy"],
        "gatekeepers": ["business-owner"],
    }  # fmt: skip
    missing = send(w, "pat", "mini_gate_call", {**data, "criteria": []})
    assert missing.status_code == 422
    assert "Choose the criteria it looks at." in page(missing)
    assert send(w, "rita", "mini_gate_call", data).status_code == 302
    mini = MiniGate.objects.get()
    assert [role.slug for role in mini.event.gatekeepers.all()] == ["business-owner"]
    assert w.criterion("accuracy").state == CriterionState.OPEN
    assert "The vendor retrained it" in page(read(w, "mia", "steering"))


def test_g2_the_sponsor_sets_the_small_team_with_a_reason(w: World) -> None:
    assert send(w, "sam", "team_set", {"small": "on"}).status_code == 422
    assert send(w, "sam", "team_set", {"small": "on", "reason": "Three people"}).status_code == 302
    assert w.program.small_team
    assert "self-verified" in page(read(w, "mia", "steering"))


def test_g10_the_sponsor_stops_now_by_a_decision(w: World) -> None:
    data = {**ENDING, "stop_reason": "value", "explanation": "The case is gone.", "cost_avoided": "0", "key": "k"}
    missing = send(w, "sam", "gate_stop", {**data, "lessons": "", "sure": ""}, slug="gate-30")
    assert missing.status_code == 422
    assert "Keep the lessons." in page(missing)
    assert "All adjusters" in page(missing)
    refused = send(w, "pat", "gate_stop", data, slug="gate-30")
    assert refused.status_code == 403
    assert w.program.state == ProgramState.ACTIVE
    assert send(w, "sam", "gate_stop", data, slug="gate-30").status_code == 302
    assert w.program.state == ProgramState.STOPPED
    assert w.event("gate-30").decisions.get().word == Outcome.STOP
    assert "Measure first" in page(read(w, "mia", "steering"))


def test_g10_only_a_running_program_is_closed(w: World) -> None:
    early = send(w, "sam", "program_close", ENDING)
    assert early.status_code == 422
    assert not Closure.objects.exists()
    Program.objects.update(state=ProgramState.RUNNING)
    assert send(w, "sam", "program_close", {**ENDING, "people_told": ""}).status_code == 422
    assert send(w, "sam", "program_close", ENDING).status_code == 302
    assert w.program.state == ProgramState.CLOSED


def drawn(w: World) -> list[Recheck]:
    for slug in ("bias", "drift", "recall"):
        build.add(w, slug, proven=True)
    assert send(w, "ivy", "recheck_draw", slug="gate-30").status_code == 302
    return list(Recheck.objects.all())


def test_the_reviewer_draws_with_a_recorded_seed_and_records(w: World) -> None:
    assert send(w, "ivy", "recheck_draw", slug="gate-30").status_code == 422
    assert send(w, "pat", "recheck_draw", slug="gate-30").status_code == 403
    first, second = drawn(w)
    assert RecheckRound.objects.get().seed in page(read(w, "mia", "gate_recheck", slug="gate-30"))
    where: dict[str, Any] = {"slug": "gate-30", "recheck_id": first.pk}
    wordless = send(w, "ivy", "recheck_record", {"result": "failed", "version": 1}, **where)
    assert wordless.status_code == 422
    assert "Say what did not hold" in page(wordless)
    failed = {"result": "failed", "text": "The sample is old", "version": 1}
    assert send(w, "pat", "recheck_record", failed, **where).status_code == 403
    assert send(w, "ivy", "recheck_record", failed, **where).status_code == 302
    assert w.criterion(first.criterion.slug).state == CriterionState.SENT_BACK
    again = send(w, "ivy", "recheck_record", {"result": "passed", "version": 1}, **where)
    assert again.status_code == 409
    assert "The sample is old" in page(read(w, "mia", "gate_recheck", slug="gate-30"))
    where["recheck_id"] = second.pk
    assert send(w, "ivy", "recheck_record", {"result": "passed", "version": 1}, **where).status_code == 302


def test_late_flips_raise_the_alarm_on_the_page(w: World) -> None:
    assert "no alarm" in page(read(w, "mia", "gate_recheck", slug="gate-30"))
    build.prove(w, "accuracy", on=dt.date(2026, 1, 25))
    assert "raises this alarm" in page(read(w, "mia", "gate_recheck", slug="gate-30"))


def test_the_gate_page_leads_to_both(w: World) -> None:
    with build.on(DAY):
        shown = page(browser(w, "mia").get(w.event("gate-30").get_absolute_url()))
    assert at(w, "gate_replan", slug="gate-30") in shown
    assert at(w, "gate_recheck", slug="gate-30") in shown
    assert at(w, "steering") in shown


def fill(w: World, count: int) -> None:
    for number in range(count):
        send(w, "pat", "step_plan", {**STEP, "step": f"Step {number}"})
        send(w, "pat", "exception_raise", {**NOTE, "key": f"k{number}"})
        data = {"title": f"Change {number}", "trigger": "t", "on": "2026-02-12", "criteria": ["accuracy"]}
        send(w, "rita", "mini_gate_call", data)
        for who, name in (("sam", "exception_answer"),):
            send(w, who, name, {"text": "Go on"}, note_id=ExceptionNote.objects.latest("id").pk)


@pytest.mark.parametrize("count", [1, 3])
def test_p07_steering_asks_the_same_whatever_it_lists(
    w: World, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(w, count)
    assert LaunchStep.objects.count() == ExceptionNote.objects.count() == MiniGate.objects.count() == count
    client = browser(w, "pat")
    with build.on(DAY), django_assert_num_queries(17):
        assert client.get(at(w, "steering")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_p07_looking_again_asks_the_same_whatever_was_drawn(
    w: World, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Program.objects.update(limits={**w.program.limits, "recheck_min": count})
    drawn(w)
    assert Recheck.objects.count() == count
    client = browser(w, "ivy")
    with build.on(DAY), django_assert_num_queries(13):
        assert client.get(at(w, "gate_recheck", slug="gate-30")).status_code == 200
