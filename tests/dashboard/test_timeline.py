"""The record in words: every verb has a sentence, people are named when shown, pages stay a fixed size."""

import datetime as dt

import pytest
from django.db import transaction

from activity import services as activity
from activity.enums import Verb
from dashboard.domain.sentences import people_in, sentence
from tests import factories
from tests.factories import sign_in

PAGE = "/programs/claims/activity/"


def say(verb: str, **data: object) -> str:
    return str(sentence(verb, "Bias test", data, lambda person: f"<{person}>", lambda day: f"{day:%d %b}"))


@pytest.mark.parametrize("verb", [verb.value for verb in Verb])
def test_every_verb_has_a_sentence(verb: str) -> None:
    words = say(verb, before=1, after=None) if verb not in {"item.redated", "event.redated"} else say(verb)
    assert "Bias test" in words
    assert "{" not in words


def test_people_and_dates_are_written_out() -> None:
    assert say("role.filled", before=None, after=7) == "Role Bias test is held by <7>"
    assert say("role.deputy_set", before=7, after=None) == "Role Bias test has no deputy any more"
    moved = say("item.redated", before="2026-01-30", after="2026-02-03", reason="Sample late.")
    assert moved == "Due date of Bias test moved from 30 Jan to 03 Feb: “Sample late.”"
    assert say("event.decided", outcome="on-track") == "Outcome of Bias test is on record: on track"


def test_an_unknown_verb_is_shown_plain() -> None:
    assert say("moon.landed") == "Moon landed Bias test"


def test_people_in_an_entry_are_ids_and_dates_are_not() -> None:
    assert people_in("role.filled", {"before": 3, "after": 7}) == {3, 7}
    assert people_in("item.redated", {"before": "2026-01-30", "after": "2026-02-03"}) == set()


@pytest.mark.django_db
def test_names_are_those_of_today_and_pages_hold_forty(built: factories.Built) -> None:
    with transaction.atomic():
        for number in range(45):
            activity.record(
                actor_id=built.owner.pk,
                verb=Verb.TASK_DONE,
                subject_kind="task",
                subject_id=number,
                subject_label=f"<b>Task {number}</b>",
                program_id=built.program.pk,
            )
        activity.record(
            actor_id=None,
            verb=Verb.ROLE_FILLED,
            subject_kind="role",
            subject_id=built.roles["model-owner"].pk,
            subject_label="Model owner",
            program_id=built.program.pk,
            data={"before": None, "after": built.sponsor.pk},
        )
    built.owner.name = "Mia Renamed"
    built.owner.save()
    browser = sign_in(built.manager)
    page = browser.get(PAGE).content.decode()
    assert "46 entries" in page
    assert "10:00, Mia Renamed" not in page  # the reader's zone is UTC
    assert "09:00, Mia Renamed" in page
    assert "Role <b>Model owner</b> is held by Sam.Claims" in page
    assert "Roadmap 90</time>" in page
    assert "<b>Task" not in page  # labels are text, never markup
    assert page.count("<time>") == 40
    assert browser.get(f"{PAGE}?page=2").content.decode().count("<time>") == 6


@pytest.mark.django_db
def test_a_day_is_the_readers_day(built: factories.Built) -> None:
    built.owner.time_zone = "Pacific/Auckland"
    built.owner.save()
    with transaction.atomic():
        activity.record(
            actor_id=built.owner.pk,
            verb=Verb.TASK_DONE,
            subject_kind="task",
            subject_id=1,
            subject_label="Train",
            program_id=built.program.pk,
        )
    page = sign_in(built.owner).get(PAGE).content.decode()
    assert "22:00, Mia.Claims" in page  # 09:00 UTC
    assert dt.date(2026, 1, 28).strftime("%a") in page
