"""What the pages of the plan say, to whom, and at what cost."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from phases import services
from phases.enums import EventState, Outcome
from phases.models import Criterion, Event, Evidence, Task
from tests.factories import Built, sign_in, user
from tests.phases.conftest import OnDay
from tests.phases.steps import hand_in, prove, verified

PLAN, CRITERION, TASK, GATE = (
    "/programs/claims/plan/",
    "/programs/claims/criteria/accuracy/",
    "/programs/claims/tasks/train/",
    "/programs/claims/gates/gate-30/",
)
PAGES = [PLAN, CRITERION, TASK, GATE]


def text(client: Client, path: str, **query: str) -> str:
    """The words of a page, tags taken out."""
    response = client.get(path, query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def html(client: Client, path: str) -> str:
    """The markup of a page."""
    return client.get(path).content.decode()


def passed(built: Built) -> None:
    """Write down that gate 30 was passed; how it comes to that is the gates app's to prove."""
    Event.objects.filter(pk=built.events["gate-30"].pk).update(
        state=EventState.DECIDED,
        outcome=Outcome.GO,
        reason="Proven.",
        decided_by=built.sponsor,
        decided_at=dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC),
    )


def grow(built: Built) -> None:
    """Turn one criterion, task, event and proof into three."""
    for model in (Event, Criterion, Task, Evidence):
        for row in list(model.objects.all()):
            for number in (1, 2):
                row.pk = None
                if hasattr(row, "slug"):
                    row.slug = f"{row.slug}-{number}"
                row.save(force_insert=True)
    built.criteria["accuracy"].fed_by.set(Task.objects.all())
    built.tasks["train"].feeds.set(Criterion.objects.all())
    Evidence.objects.update(criterion=built.criteria["accuracy"])


COUNTS = [(PLAN, 9), (PLAN + "?show=mine&role=model-owner", 9), (CRITERION, 10), (TASK, 10)]


@pytest.mark.parametrize(("path", "queries"), COUNTS)
def test_one_row_and_three_rows_cost_the_same(
    built: Built, path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    prove(built)
    browser = sign_in(built.owner)
    browser.get(path)  # fills the number in the header, which is kept for a while
    for size in (1, 3):
        if size == 3:
            grow(built)
        with django_assert_num_queries(queries):
            assert browser.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_an_executive_viewer_reads_and_gets_no_button_that_works(built: Built, path: str) -> None:
    page = html(sign_in(user(is_executive_viewer=True)), path)
    main = page[page.index("<main") : page.index("</main>")]
    assert 'method="post"' not in main


@pytest.mark.parametrize("path", PAGES)
def test_htmx_gets_the_part_and_a_browser_the_page(built: Built, path: str) -> None:
    browser = sign_in(built.owner)
    whole, part = browser.get(path), browser.get(path, headers={"HX-Request": "true"})
    assert whole.content.lstrip().startswith(b"<!doctype html>")
    assert part.content.lstrip().startswith(b'<div id="')
    assert "HX-Request" in part["Vary"]
    assert "HX-Request" in whole["Vary"]


# --- the plan ---


def test_s18_the_current_phase_comes_first(built: Built, on_day: OnDay) -> None:
    browser = sign_in(built.owner)
    assert "Do the train" in text(browser, PLAN)
    on_day(31)
    assert "Do the dashboards" in text(browser, PLAN)
    on_day(200)
    assert "Do the dashboards" in text(browser, PLAN)


def test_another_phase_by_link_and_nonsense_is_the_current_one(built: Built) -> None:
    browser = sign_in(built.owner)
    assert "Do the dashboards" in text(browser, PLAN, phase="phase-2")
    assert "Do the train" in text(browser, PLAN, phase="'; drop table")


def test_a_date_moved_off_a_saturday_says_so(built: Built) -> None:
    gate = built.events["gate-30"]
    gate.due_date = gate.baseline_date = dt.date(2026, 2, 9)
    gate.moved_from = dt.date(2026, 2, 7)
    gate.save()
    assert "moved from Sat 7 Feb: Saturday" in text(sign_in(built.owner), PLAN)


def test_a_slip_stands_beside_the_baseline(built: Built) -> None:
    services.redate_event(
        actor=built.manager, event=built.events["gate-30"], new_date=dt.date(2026, 2, 9), reason="Sponsor away."
    )
    assert "Tue 3 Feb Mon 9 Feb 6 days later" in text(sign_in(built.owner), PLAN)
    page = text(sign_in(built.owner), GATE)
    assert "Agreed Mon 9 Feb 6 days later than at launch" in page
    assert "Sponsor away." in page


def test_filters_narrow_and_say_when_nothing_is_left(built: Built) -> None:
    browser = sign_in(built.verifier)
    assert "Do the train" in text(browser, PLAN, show="open")
    assert "Nothing here matches" in text(browser, PLAN, show="mine")
    assert "Nothing here matches" in text(browser, PLAN, show="overdue")
    assert "Nothing here matches" in text(browser, PLAN, role="sponsor")
    assert "Do the train" in text(browser, PLAN, role="model-owner", show="bogus")
    assert "Do the train" in text(sign_in(built.owner), PLAN, show="mine")


def test_a_criterion_in_review_is_its_verifiers(built: Built) -> None:
    hand_in(built)
    assert "The accuracy is shown" in text(sign_in(built.verifier), PLAN, show="mine")
    assert "The accuracy is shown" not in text(sign_in(built.owner), PLAN, show="mine")


def test_overdue_is_counted_from_the_agreed_date(built: Built, on_day: OnDay) -> None:
    on_day(26)  # the criterion is due today, the task was due on day 20
    page = text(sign_in(built.owner), PLAN, show="overdue")
    assert "Do the train" in page
    assert "The accuracy is shown" not in page


def test_g16_begun_before_its_gate_is_marked(built: Built, on_day: OnDay) -> None:
    browser = sign_in(built.manager)
    assert "ahead of the gate" not in text(browser, PLAN, phase="phase-2")
    services.complete_task(actor=built.manager, task=built.tasks["dashboards"])
    assert "ahead of the gate" in text(browser, PLAN, phase="phase-2")
    assert "Work at risk: Gate 1 has not opened this phase" in text(browser, "/programs/claims/tasks/dashboards/")


def test_g16_the_mark_goes_with_the_decision(built: Built, on_day: OnDay) -> None:
    verified(built)
    passed(built)
    on_day(35)
    assert "ahead of the gate" not in text(sign_in(built.manager), PLAN)


def test_a_vacant_role_is_nobody(built: Built) -> None:
    page = text(sign_in(built.manager), PLAN, phase="phase-2")
    assert "Monitoring and operations owner: nobody" in page


# --- the criterion ---


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (10, "Mia.Claims owes evidence, due in 16 days."),
        (25, "Mia.Claims owes evidence, due tomorrow."),
        (26, "Mia.Claims owes evidence, due today."),
        (27, "Mia.Claims owes evidence, one day late."),
        (30, "Mia.Claims owes evidence, 4 days late."),
    ],
)
def test_the_first_sentence_says_who_owes_what_by_when(built: Built, on_day: OnDay, day: int, words: str) -> None:
    on_day(day)
    assert words in text(sign_in(built.owner), CRITERION)


def test_the_sentence_follows_the_state(built: Built) -> None:
    browser = sign_in(built.owner)
    prove(built)
    assert "There is evidence. Mia.Claims has to hand it in" in text(browser, CRITERION)
    services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"])
    assert "Mia.Claims handed this in; Ivy.Claims verifies it next." in text(browser, CRITERION)
    services.send_back(actor=built.verifier, criterion=built.criteria["accuracy"], reason="Sample too small")
    page = text(browser, CRITERION)
    assert "Mia.Claims mends it and hands it in again." in page
    assert "Sample too small" in page


def test_a_verified_criterion_names_who_verified_it(built: Built) -> None:
    verified(built)
    assert "Ivy.Claims verified this." in text(sign_in(built.owner), CRITERION)


def test_g19_stale_evidence_is_not_shown_as_good(built: Built, on_day: OnDay) -> None:
    verified(built)
    on_day(71)  # the proof describes day 10 and may be 60 days old
    page = text(sign_in(built.owner), CRITERION)
    assert "Evidence stale" in page
    assert "The evidence has grown too old since." in page


def test_what_does_not_apply_says_why(built: Built) -> None:
    Criterion.objects.filter(slug="accuracy").update(applicable=False, not_applicable_reason="no model is trained")
    page = text(sign_in(built.owner), CRITERION)
    assert "This does not apply here: no model is trained." in page
    assert "Add evidence" not in page


def test_nobody_owns_it_and_the_manager_stands_in(built: Built) -> None:
    page = text(sign_in(built.manager), "/programs/claims/criteria/alerts/")
    assert "Nobody holds Monitoring and operations owner; Pat.Claims stands in and owes evidence" in page
    assert "Add evidence" in page


def test_g2_the_owner_sees_why_verify_is_closed(built: Built) -> None:
    hand_in(built)
    page = html(sign_in(built.owner), CRITERION)
    assert 'disabled aria-describedby="no-verify">Verify' in page
    assert "somebody else has to verify it (G2)" in page


def test_evidence_shows_age_hash_and_who(built: Built) -> None:
    prove(built, on=dt.date(2026, 1, 12))
    page = text(sign_in(built.verifier), CRITERION)
    assert "Describes Mon 12 Jan, 2 days ago of 60" in page
    assert "added by Mia.Claims" in page


def test_everything_that_happened_is_told_with_names_and_reasons(built: Built) -> None:
    services.reassign(
        actor=built.manager, item=built.criteria["accuracy"], person=built.people["max"], reason="Mia is on leave."
    )
    services.forecast(
        actor=built.manager, item=built.criteria["accuracy"], new_date=dt.date(2026, 2, 6), reason="Vendor is late."
    )
    page = text(sign_in(built.owner), CRITERION)
    assert "Pat.Claims reassigned it to Max.Claims Mia is on leave." in page
    assert "Pat.Claims gave a forecast for Fri 6 Feb Vendor is late." in page
    assert "Forecast Fri 6 Feb 7 days later than agreed" in page


def test_text_people_wrote_stays_text(built: Built) -> None:
    prove(built, title="<script>alert(1)</script>")
    assert "<script>alert" not in html(sign_in(built.owner), CRITERION)


# --- what does not exist ---


@pytest.mark.parametrize("name", ["criterion", "task", "gate"])
def test_what_does_not_exist_is_not_found(built: Built, name: str) -> None:
    assert sign_in(built.owner).get(reverse(name, args=["claims", "no-such"])).status_code == 404
