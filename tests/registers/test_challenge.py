"""The challenge session: nine questions, recorded answers, who was there; complete when all are answered (S31)."""

import datetime as dt

import pytest

from accounts.models import User
from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from registers import selectors, services
from registers.models import ChallengeAnswer, ChallengeSession
from tests.registers.world import TODAY, World

ALL = {n: f"Answer {n}." for n in range(1, 10)}


def hold(w: World, **changes: object) -> ChallengeSession:
    values = {
        "actor": w.manager,
        "held_on": TODAY,
        "led_by": w.verifier,
        "present": [w.owner, w.sponsor],
        "answers": ALL,
    }
    return services.record_session(program=w.program, **{**values, **changes})  # type: ignore[arg-type]


def test_s31_nine_answers_make_it_complete(w: World) -> None:
    assert not selectors.challenge_record(w.program).is_complete
    hold(w)
    record = selectors.challenge_record(w.program)
    assert record.is_complete
    assert (record.answered, len(record.asked), record.held_on, record.led_by) == (9, 9, TODAY, w.verifier)
    assert set(record.present) == {w.owner, w.sponsor, w.verifier}
    assert [theme for theme, _ in record.themes] == ["value", "feasibility", "relevance"]
    assert [row.text for row in record.asked] == list(ALL.values())


@pytest.mark.parametrize("left", [1, 9])
def test_s31_one_open_question_keeps_it_incomplete(w: World, left: int) -> None:
    hold(w, answers={**ALL, left: "   "})
    assert not selectors.challenge_record(w.program).is_complete
    assert Entry.objects.latest("id").data["unanswered"] == 1


def test_s31_the_rest_may_come_later_and_each_answer_keeps_its_author(w: World) -> None:
    hold(w, answers={1: "First."})
    hold(w, actor=w.sponsor, answers={1: "First.", 2: "Second."}, version=1)
    found = {a.question.position: a.answered_by for a in ChallengeAnswer.objects.select_related("question")}
    assert found == {1: w.manager, 2: w.sponsor}
    assert Entry.objects.latest("id").data["answers"] == {"2": "Second."}


def test_s31_an_answer_may_be_reworded_not_emptied(w: World) -> None:
    hold(w)
    with pytest.raises(Invalid) as refusal:
        hold(w, answers={**ALL, 4: ""})
    assert refusal.value.field == "answer_4"
    hold(w, answers={**ALL, 4: "Better."})
    assert ChallengeAnswer.objects.get(question__position=4).text == "Better."


@pytest.mark.parametrize("who", ["owner", "verifier", "viewer", "stranger"])
def test_s31_only_manager_and_sponsor_record_it(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        hold(w, actor=getattr(w, who))
    assert not ChallengeSession.objects.exists()


@pytest.mark.parametrize("who", ["manager", "sponsor", "admin"])
def test_s31_manager_sponsor_and_administrator_may(w: World, who: str) -> None:
    assert hold(w, actor=getattr(w, who)).version == 1


def test_s31_somebody_besides_the_leader_was_there(w: World) -> None:
    people: list[list[User]] = [[], [w.verifier]]
    for present in people:
        with pytest.raises(Invalid) as refusal:
            hold(w, present=present)
        assert refusal.value.field == "present"


@pytest.mark.parametrize(("field", "value"), [("led_by", "stranger"), ("present", "stranger")])
def test_s31_people_have_a_role_here(w: World, field: str, value: str) -> None:
    person = getattr(w, value)
    with pytest.raises(Invalid) as refusal:
        hold(w, **{field: person if field == "led_by" else [person, w.owner]})
    assert refusal.value.field == field


@pytest.mark.parametrize(("field", "value"), [("held_on", TODAY + dt.timedelta(days=1)), ("also_present", "x" * 401)])
def test_s31_wrong_facts_are_refused_at_their_field(w: World, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refusal:
        hold(w, **{field: value})
    assert refusal.value.field == field


def test_p16_sent_twice_is_one_and_another_text_a_conflict(w: World) -> None:
    hold(w, version=0)
    assert hold(w, version=0).version == 1
    with pytest.raises(Conflict) as lost:
        hold(w, answers={**ALL, 1: "Otherwise."}, version=0)
    assert "9 of 9" in lost.value.current
    assert Entry.objects.filter(verb="challenge.answered").count() == 1


def test_s31_answers_to_unknown_questions_are_left_out(w: World) -> None:
    hold(w, answers={1: "First.", 42: "Nothing."})
    assert ChallengeAnswer.objects.count() == 1
