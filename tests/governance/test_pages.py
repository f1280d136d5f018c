"""Pages after day 90: what they say, forms that keep what was typed, queries that do not grow."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from governance.models import BenefitReading, ChangeRecord, GovernanceEvent, GovernanceOccurrence
from governance.services import occurrences
from programs.models import Program
from tests.factories import sign_in
from tests.gates.world import World
from tests.governance.world import FIRST, event

HX = {"headers": {"HX-Request": "true"}}
PAGES = ["governance", "governance_triggers", "governance_benefit", "governance_changes", "sustain"]
SECOND = FIRST + dt.timedelta(weeks=1)


def to(w: World, name: str, *args: object) -> str:
    return reverse(name, args=[w.program.slug, *args])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def mia(w: World) -> Client:
    return sign_in(w.person("mia"))


HELD = {"version": "0", "held_on": "2026-04-20", "finding": "actions", "output": "Two incidents", "next_step": ""}
ADDED = {
    "key": "k", "title": "Look at the logs", "kind": "audit", "owner_role": "model-owner", "inputs": "logs",
    "output": "a note", "rhythm": "monthly", "first": "2026-05-04", "rule": "",
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_p14_executive_viewers_read_and_get_no_form(w: World, name: str) -> None:
    response = sign_in(w.executive).get(to(w, name))
    assert response.status_code == 200
    assert b"<form" not in response.content.split(b'id="after"')[1].split(b"</main>")[0]


def test_s75_the_calendar_shows_the_year_what_passed_and_who_is_missing(w: World) -> None:
    text = words(mia(w).get(to(w, "governance")))
    assert "Twelve months Mon 20 Apr to Mon 19 Apr 2027" in text
    assert "Passed and not held 1 Overdue" in text or "Passed and not held 1" in text
    assert "Was due Mon 13 Apr" in text
    assert "Complete Every one of the twelve months" in text
    assert "Monitoring and operations owner Gc training" in text
    assert "none scheduled" not in text


def test_s76_a_missing_kind_is_named_on_the_board_and_beside_it(w: World) -> None:
    GovernanceEvent.objects.filter(program=w.program, kind="audit").delete()
    text = words(mia(w).get(to(w, "governance")))
    assert "Audits none scheduled" in text
    assert "No audit is scheduled in the twelve months after day 90." in text


def test_s75_before_day_90_the_year_begins_after_it(w: World) -> None:
    Program.objects.filter(pk=w.program.pk).update(end_date=dt.date(2026, 5, 31))
    assert "Mon 1 Jun to Mon 31 May 2027" in words(mia(w).get(to(w, "governance")))


def test_s75_a_holder_sees_the_form_holds_and_finds_what_came_of_it(w: World) -> None:
    address = to(w, "governance_date", "gc-service", SECOND)
    assert "It was held" in words(mia(w).get(address))
    done = mia(w).post(to(w, "governance_held", "gc-service", SECOND), HELD)
    assert (done.status_code, done["Location"]) == (302, address)
    assert "Actions agreed" in words(mia(w).get(address))
    text = words(mia(w).get(to(w, "governance_event", "gc-service")))
    assert "Two incidents" in text
    assert "Not held; the one of 2026-04-20 covers it." in text


def test_htmx_gets_the_part_with_a_toast_and_faults_keep_what_was_typed(w: World) -> None:
    address = to(w, "governance_held", "gc-service", SECOND)
    wrong = mia(w).post(address, {**HELD, "output": "", "next_step": "Retrain soon"}, **HX)
    assert wrong.status_code == 422
    assert b'value="Retrain soon"' in wrong.content
    assert "Say what came out of it." in words(wrong)
    assert b"<html" not in wrong.content
    done = mia(w).post(address, HELD, **HX)
    assert done.status_code == 200
    assert "Held, and on record." in done["HX-Trigger"]


def test_p16_a_lost_race_shows_both(w: World) -> None:
    occurrences.defer(
        actor=w.person("pat"), event=GovernanceEvent.objects.get(program=w.program, slug="gc-service"),
        planned_on=SECOND, new_date=dt.date(2026, 4, 22), reason="r",
    )  # fmt: skip
    response = mia(w).post(to(w, "governance_held", "gc-service", SECOND), HELD)
    assert response.status_code == 409
    assert "Due 2026-04-22" in words(response)
    assert "Two incidents" in words(response)
    assert b'name="version" value="1"' in response.content


def test_s94_the_third_time_the_owner_reads_that_only_the_sponsor_may(w: World) -> None:
    address = to(w, "governance_defer", "gc-service", SECOND)
    for version, day in ((0, "2026-04-22"), (1, "2026-04-24")):
        sent = {"version": version, "new_date": day, "reason": "People are away"}
        assert mia(w).post(address, sent).status_code == 302
    text = words(mia(w).get(to(w, "governance_date", "gc-service", SECOND)))
    assert "put off 2 times" in text
    assert "only the sponsor" in text
    sent = {"version": 2, "new_date": "2026-04-27", "reason": "Again"}
    assert mia(w).post(address, sent).status_code == 403
    assert sign_in(w.person("sam")).post(address, sent).status_code == 302


def test_s75_an_event_is_added_once_and_a_bad_rule_is_refused_with_the_place(w: World) -> None:
    client = sign_in(w.person("rita"))
    bad = client.post(to(w, "governance"), {**ADDED, "rhythm": "rule", "rule": "FREQ=MONTHLY;BYDAY=XX"})
    assert bad.status_code == 422
    assert "Part 2, BYDAY=XX: weekdays as in MO or 1MO." in words(bad)
    assert b'value="FREQ=MONTHLY;BYDAY=XX"' in bad.content
    for _ in range(2):
        assert client.post(to(w, "governance"), ADDED).status_code == 302
    assert GovernanceEvent.objects.filter(name="Look at the logs").count() == 1
    changed = {**ADDED, "version": "1", "first": "", "title": "Look at all logs", "reason": "Wider"}
    assert client.post(to(w, "governance_event_change", "event-1"), changed).status_code == 302
    assert "Look at all logs" in words(client.get(to(w, "governance_event", "event-1")))


@pytest.mark.parametrize("day", ["2026-04-21", "2026-02-30", "1999-01-01"])
def test_a_date_that_is_none_is_not_there(w: World, day: str) -> None:
    address = to(w, "governance_event", "gc-service") + f"{day}/"
    assert mia(w).get(address).status_code == 404


def test_s77_it_happened_makes_a_review_and_offers_a_mini_gate(w: World) -> None:
    page = mia(w).get(to(w, "governance_triggers"))
    assert f"/programs/{w.program.slug}/steering/?trigger=Happening%201#minis-h" in page.content.decode()
    sent = {
        "key": "k", "cause": "A complaint", "happened_on": "2026-04-20", "review_on": "2026-04-27", "kind": "review",
        "owner_role": "model-owner",
    }  # fmt: skip
    for _ in range(2):
        assert mia(w).post(to(w, "trigger_happened", 1), sent).status_code == 302
    text = words(mia(w).get(to(w, "governance_triggers")))
    assert "Review on Mon 27 Apr : A complaint" in text
    assert "A complaint" in words(mia(w).get(to(w, "governance_event", "review-1")))
    prefilled = sign_in(w.person("pat")).get(to(w, "steering") + "?trigger=Happening%201")
    assert b'value="Happening 1"' in prefilled.content


def test_s97_a_reading_is_recorded_graded_and_verified_on_the_page(w: World) -> None:
    assert "The day has passed" not in words(mia(w).get(to(w, "governance_benefit")))
    sent = {"key": "k", "day": "120", "read_on": "2026-04-20", "basis": "measured", "value": "3", "method": "Sample"}
    assert sign_in(w.person("pat")).post(to(w, "governance_benefit"), sent).status_code == 302
    text = words(sign_in(w.person("ivy")).get(to(w, "governance_benefit")))
    assert "50 % of the way from 4 to 2" in text
    assert "Grade B" in text
    assert sign_in(w.person("ivy")).post(to(w, "benefit_verify", 1)).status_code == 302
    assert "Grade A" in words(mia(w).get(to(w, "governance_benefit")))
    assert mia(w).post(to(w, "benefit_verify", 9)).status_code == 404


def test_s97_two_readings_below_the_plan_call_for_the_decision(w: World) -> None:
    client = sign_in(w.person("pat"))
    for day in ("120", "180"):
        sent = {"key": day, "day": day, "read_on": "2026-04-20", "basis": "measured", "value": "3.9", "method": "S"}
        client.post(to(w, "governance_benefit"), sent)
    assert "Two readings below 40 % of plan." in words(client.get(to(w, "governance_benefit")))


def test_s78_a_change_without_approval_is_drawn_and_goes_away_with_it(w: World) -> None:
    sent = {
        "key": "k",
        "kind": "model",
        "what": "New model",
        "why": "Drift",
        "release": "2.1",
        "applied_on": "2026-04-17",
    }
    assert mia(w).post(to(w, "governance_changes"), sent).status_code == 302
    text = words(mia(w).get(to(w, "governance_changes")))
    assert "1 change without approval." in text
    assert "You logged this change; somebody else has to approve it (G2)." in text
    assert sign_in(w.person("rita")).post(to(w, "change_approve", 1), {"note": "Seen"}).status_code == 302
    text = words(mia(w).get(to(w, "governance_changes")))
    assert "without approval" not in text.replace("One without approval stays", "")
    assert "3 days after it was in use" in text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "ftp://example.com/x"])
def test_only_web_addresses_are_kept_as_links(w: World, link: str) -> None:
    sent = {
        "key": "k", "kind": "model", "what": "N", "why": "D", "release": "2", "applied_on": "2026-04-17",
        "evidence": link,
    }  # fmt: skip
    assert mia(w).post(to(w, "governance_changes"), sent).status_code == 422
    assert not ChangeRecord.objects.exists()


def test_s79_the_sponsor_decides_on_the_page_and_retire_asks_twice(w: World) -> None:
    client = sign_in(w.person("sam"))
    sent = {"key": "k", "word": "retire", "reason": "Replaced", "lessons": "L", "people_told": "P", "disposal": "D"}
    unsure = client.post(to(w, "sustain"), sent)
    assert unsure.status_code == 422
    assert "Tick this to say that you mean it." in words(unsure)
    going_on = {"key": "k", "word": "continue", "reason": "It works", "next_on": "2027-04-01"}
    assert client.post(to(w, "sustain"), going_on).status_code == 302
    assert "It works" in words(client.get(to(w, "sustain")))
    done = client.post(to(w, "sustain"), {**sent, "key": "k2", "sure": "on"}, **HX)
    assert done.status_code == 200
    assert "Closed" in words(done)
    assert Program.objects.get(pk=w.program.pk).state == "closed"


def grow(w: World) -> None:
    """Three of everything where there was one."""
    now = dt.datetime(2026, 4, 20, 9, tzinfo=dt.UTC)
    for number in (2, 3):
        BenefitReading.objects.create(
            program=w.program, number=number, day=120, read_on=FIRST, value=3, basis="measured", method="m",
            recorded_by=w.person("mia"), recorded_at=now, verified_by=w.person("ivy"), verified_at=now,
        )  # fmt: skip
        ChangeRecord.objects.create(
            program=w.program, number=number, kind="model", what="N", why="B", release="2", applied_on=FIRST,
            logged_by=w.person("mia"), logged_at=now, approved_by=w.person("rita"), approved_at=now, approved_on=FIRST,
        )  # fmt: skip
        made = event(w.built, f"more-{number}", "audit", FIRST, "model-owner", rrule="FREQ=MONTHLY;BYMONTHDAY=13")
        GovernanceOccurrence.objects.create(
            program=w.program, event=made, planned_on=FIRST, due_date=FIRST, done_at=now, done_by=w.person("mia"),
            finding="in-order", output="o",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "args", "count"),
    [
        ("governance", (), 8),
        ("governance_event", ("gc-service",), 9),
        ("governance_date", ("gc-service", SECOND), 9),
        ("governance_triggers", (), 7),
        ("governance_benefit", (), 8),
        ("governance_changes", (), 6),
        ("sustain", (), 11),
    ],
)
def test_queries_do_not_grow(
    w: World, name: str, args: tuple[object, ...], count: int, django_assert_num_queries
) -> None:
    client = mia(w)
    client.get(to(w, name, *args))  # the first visit of a session is on record
    with django_assert_num_queries(count):
        client.get(to(w, name, *args))
    grow(w)
    with django_assert_num_queries(count):
        client.get(to(w, name, *args))
