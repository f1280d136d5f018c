"""Mission control: the day, the computed lines, the rule that fired, live updates, what changed since."""

import datetime as dt
import re
from html import unescape

import pytest
from django.test import Client

from core import clock
from dashboard.models import Visit
from phases import services
from phases.enums import EvidenceKind
from phases.models import Criterion
from tests import factories
from tests.dashboard.conftest import DAY_24
from tests.factories import sign_in
from tests.gates.world import GATE_DAY, decided, go, on, open_round, world
from tests.gates.world import prove as give_proof

PAGE = "/programs/claims/"

pytestmark = pytest.mark.django_db


def part(page: str, element: str) -> str:
    """Return the words of one section, white space collapsed."""
    found = re.search(rf'<section[^>]* id="{element}".*?</section>', page, re.DOTALL)
    assert found, f"no #{element}"
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def get(browser: Client, path: str = PAGE) -> str:
    return browser.get(path).content.decode()


def prove(built: factories.Built) -> Criterion:
    """Bring `accuracy` to verified through the services."""
    criterion = built.criteria["accuracy"]
    services.add_evidence(
        actor=built.owner,
        criterion=criterion,
        kind=EvidenceKind.LINK,
        title="Report",
        url="https://example.org/report",
        effective_date=clock.today("Europe/Berlin"),
    )
    services.hand_in(actor=built.owner, criterion=criterion)
    return services.verify(actor=built.verifier, criterion=criterion)


def test_the_strip_says_the_day_and_the_gate_ahead(built: factories.Built) -> None:
    words = part(get(sign_in(built.manager)), "day-strip")
    assert "Day 24 of 90 days" in words
    assert "Gate 1 in 6 days" in words
    assert "1 Validate 5 Jan to 3 Feb" in words


def test_before_the_start_and_after_the_end_the_day_stays_within_ninety(built: factories.Built) -> None:
    with clock.frozen(dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)):
        words = part(get(sign_in(built.manager)), "day-strip")
    assert "Day 0 of 90 days, starts in 4 days" in words
    assert "Time used 0%" in words
    with clock.frozen(dt.datetime(2026, 4, 8, 9, tzinfo=dt.UTC)):
        assert "Day 90 of 90 days, over for 4 days" in part(get(sign_in(built.manager)), "day-strip")


def test_an_empty_role_with_work_is_a_line_with_one_button_that_fixes_it(built: factories.Built) -> None:
    page = get(sign_in(built.manager))
    words = part(page, "needs-attention")
    assert "Nobody is Monitoring and operations owner" in words
    assert "2 open items" in words
    assert 'href="/programs/claims/owners/monitoring-owner/">Assign' in page


def test_a_late_task_and_a_must_meet_without_proof_are_lines(built: factories.Built) -> None:
    words = part(get(sign_in(built.manager)), "needs-attention")
    assert "Do the train" in words
    assert "late" in words
    assert "Must-meet for Gate 1, no evidence, due in 2 days, Mia.Claims" in words


def test_filling_the_role_takes_the_line_away(built: factories.Built) -> None:
    browser = sign_in(built.manager)
    role = built.roles["monitoring-owner"]
    browser.post(f"{PAGE}owners/monitoring-owner/", {"holder": built.people["ivy"].pk, "version": role.version})
    assert "Nobody is" not in part(get(browser), "needs-attention")


def test_readiness_leads_with_the_weakest_dimension_and_the_formula_version(built: factories.Built) -> None:
    words = part(get(sign_in(built.manager)), "readiness")
    assert "0 weakest: Model assurance (average 0)" in words
    assert "Formula version 1" in words
    prove(built)
    assert "100 weakest: Model assurance (average 100)" in part(get(sign_in(built.manager)), "readiness")


def test_the_status_names_the_rule_that_fired(built: factories.Built) -> None:
    words = part(get(sign_in(built.manager)), "status-computed")
    assert "Computed status: Not reported" in words
    assert "Nothing is due yet, so nothing is known." in words


def test_the_owner_ticks_a_task_here_and_others_get_a_link_only(built: factories.Built) -> None:
    with clock.frozen(dt.datetime(2026, 1, 22, 9, tzinfo=dt.UTC)):  # the week the task is due in
        assert f'action="{PAGE}tasks/train/done/"' in get(sign_in(built.owner))
        assert f'action="{PAGE}tasks/train/done/"' not in get(sign_in(built.verifier))


def test_without_scripts_a_tick_comes_back_to_this_page_struck_through(built: factories.Built) -> None:
    browser = sign_in(built.owner)
    with clock.frozen(dt.datetime(2026, 1, 22, 9, tzinfo=dt.UTC)):
        response = browser.post(f"{PAGE}tasks/train/done/", {"version": 1, "next": PAGE}, follow=True)
        assert response.redirect_chain == [(PAGE, 302)]
        assert '<li id="week-train" class="done">' in response.content.decode()


def test_a_poll_without_news_is_204_and_with_news_the_part(built: factories.Built) -> None:
    browser = sign_in(built.manager)
    version = re.search(r'hx-get="/programs/claims/\?v=([0-9.]+)"', get(browser))
    assert version
    poll = {"path": f"{PAGE}?v={version[1]}", "headers": {"HX-Request": "true"}}
    assert browser.get(**poll).status_code == 204
    prove(built)
    answer = browser.get(**poll)
    assert answer.status_code == 200
    assert answer["Vary"].find("HX-Request") >= 0
    assert answer.content.decode().lstrip().startswith('<div id="live">')


def test_the_same_address_without_htmx_is_the_whole_page(built: factories.Built) -> None:
    assert b"<!doctype html>" in sign_in(built.manager).get(f"{PAGE}?v=0").content


def test_since_your_last_visit_lists_what_others_did_meanwhile(built: factories.Built) -> None:
    browser = sign_in(built.sponsor)
    assert "What happened lately" in get(browser)
    with clock.frozen(DAY_24 + dt.timedelta(hours=3)):
        prove(built)
    with clock.frozen(DAY_24 + dt.timedelta(hours=5)):
        page = get(browser)
    assert "Since your last visit" in page
    assert "3 changes" in page
    assert "<b>The accuracy is shown on a held-out sample.</b> is verified" in page
    assert "Ivy.Claims" in page


def test_one_visit_is_written_once_in_ten_minutes(built: factories.Built) -> None:
    browser = sign_in(built.sponsor)
    for minutes, expected in ((0, 0), (5, 0), (15, 15), (60, 60), (130, 130)):
        with clock.frozen(DAY_24 + dt.timedelta(minutes=minutes)):
            get(browser)
        visit = Visit.objects.get(user=built.sponsor)
        assert visit.last_at == DAY_24 + dt.timedelta(minutes=expected)
    assert visit.before_at == DAY_24 + dt.timedelta(minutes=60)


def test_what_a_gate_was_decided_on_does_not_go_stale_by_passing_of_time() -> None:
    """The readiness formula: what an earlier gate decided keeps the credit it had then, however old its proof gets."""
    w = world()
    give_proof(w, "accuracy")
    with on(GATE_DAY):
        open_round(w)
        decided(w, go())
    with on(GATE_DAY + dt.timedelta(days=70)):  # the evidence may be 60 days old
        page = get(sign_in(w.person("pat")), f"/programs/{w.program.slug}/")
    assert "evidence too old" not in page
    assert "75 weakest: Model assurance" in part(page, "readiness")  # three of four weights, full credit


def test_proof_of_a_gate_without_decision_goes_stale(built: factories.Built) -> None:
    prove(built)
    with clock.frozen(DAY_24 + dt.timedelta(days=70)):
        page = get(sign_in(built.manager))
    assert "evidence too old" in page
    assert "50 weakest: Model assurance" in part(page, "readiness")  # half the credit
