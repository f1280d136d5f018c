"""The pages of ownership: what each person sees and may press, and what stays when a form is refused."""

import datetime as dt

import pytest
from django.core.cache import cache

from accounts.models import Absence
from core import clock
from ownership.domain import raci
from ownership.models import Nomination, OwnershipAcceptance
from phases.models import Event
from programs.models import OwnershipArea, RaciAssignment
from risks.models import EscalationLevel, EscalationPath
from tests import factories
from tests.factories import sign_in
from tests.ownership.world import DAY_24, TODAY, WORDS, World

BASE = "/programs/claims/ownership/"
MATRIX = "/programs/claims/owners/"
ROLE = f"{BASE}roles/model-owner/"
VACANT = f"{BASE}roles/monitoring-owner/"


def text(who, path: str, **params: str) -> str:
    response = sign_in(who).get(path, params)
    assert response.status_code == 200
    return response.content.decode()


def test_areas_with_gaps_come_first_and_say_what_mends_them(w: World) -> None:
    w.settle()
    page = text(w.person("pat"), MATRIX)
    assert page.index('id="area-own-monitoring"') < page.index('id="area-own-model"') < page.index('id="role-')
    assert "1 of 2 owned" in page
    assert "Nobody owns Monitoring ownership: Monitoring and operations owner is empty." in page
    assert f'href="{VACANT}nominate/"' in page
    assert "severity 1: within 1 hour" in page
    assert f"“{WORDS}”" in page


def test_each_person_gets_the_button_that_is_theirs(w: World) -> None:
    assert f'href="{ROLE}"' in text(w.person("mia"), MATRIX)
    assert f'href="{ROLE}"' in text(w.person("max"), MATRIX)
    other = text(w.person("ivy"), MATRIX)
    assert f'href="{ROLE}"' not in other
    assert "nominate/" not in other


def test_the_matrix_tells_waiting_confirmed_vacant_and_away(w: World) -> None:
    w.settle()
    w.ask("ivy", slug="monitoring-owner")
    gate = Event.objects.get(program=w.program, slug="gate-30")
    Absence.objects.create(user=w.person("mia"), start=gate.due_date, end=gate.due_date)
    page = text(w.person("pat"), MATRIX)
    assert "waits for Ivy.Claims, asked 28 Jan" in page
    assert ">28 Jan<" in page.replace("confirmed ", "")
    assert "not confirmed yet" in page
    assert "Mia.Claims (Model owner) is away before Gate 1; Max.Claims stands in." in page


def test_the_page_a_mail_opens_changes_nothing_by_being_looked_at(w: World) -> None:
    w.ask("ivy", note="You know it best")
    page = text(w.person("ivy"), ROLE)
    assert "Pat.Claims asks you" in page
    assert "You know it best" in page
    assert "Mia.Claims is there now and stays until you accept" in page
    assert "What it covers" in page
    assert Nomination.objects.get().answer == "open"
    assert not OwnershipAcceptance.objects.exists()


def test_a_nominee_without_a_part_in_the_program_can_read_and_accept(w: World) -> None:
    nina = factories.user("nina")
    assert sign_in(nina).get(VACANT).status_code == 404
    Nomination.objects.create(
        program=w.program,
        role=w.role("monitoring-owner"),
        seat="owner",
        person=nina,
        effective_from=TODAY,
        nominated_at=DAY_24,
        nominated_on=TODAY,
    )
    browser = sign_in(nina)
    assert browser.get(VACANT).status_code == 200
    assert browser.get(MATRIX).status_code == 404
    sent = {"seat": "owner", "words": "I will watch it", "effective_from": "2026-01-28"}
    assert browser.post(f"{VACANT}accept/", sent)["Location"] == MATRIX
    assert w.role("monitoring-owner").holder == nina
    assert browser.get(MATRIX).status_code == 200


def test_accepting_without_words_keeps_what_was_typed(w: World) -> None:
    sent = {"seat": "owner", "words": " ", "effective_from": "2026-02-03", "deputy": w.person("max").pk}
    response = sign_in(w.person("mia")).post(f"{ROLE}accept/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Say in your own words what you take over." in page
    assert 'value="2026-02-03"' in page
    assert f'<option value="{w.person("max").pk}" selected>' in page
    assert not OwnershipAcceptance.objects.exists()


def test_a_second_nominee_is_told_who_was_quicker(w: World) -> None:
    w.ask("ivy", slug="monitoring-owner"), w.ask("sam", slug="monitoring-owner")
    sent = {"seat": "owner", "words": WORDS, "effective_from": "2026-01-28"}
    assert sign_in(w.person("ivy")).post(f"{VACANT}accept/", sent).status_code == 302
    lost = sign_in(w.person("sam")).post(f"{VACANT}accept/", sent)
    assert lost.status_code == 409
    assert "Ivy.Claims" in lost.content.decode()


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_nobody_answers_for_somebody_else(w: World, act: str) -> None:
    w.ask("ivy")
    sent = {"seat": "owner", "words": WORDS, "reason": "No", "effective_from": "2026-01-28"}
    for name, status in (("pat", 403), ("sam", 403)):
        assert sign_in(w.person(name)).post(f"{ROLE}{act}/", sent).status_code == status
    assert sign_in(w.stranger).post(f"{ROLE}{act}/", sent).status_code == 404
    assert sign_in().post(f"{ROLE}{act}/", sent).status_code == 302
    assert Nomination.objects.get().answer == "open"


def test_the_manager_nominates_and_withdraws(w: World) -> None:
    browser = sign_in(w.person("pat"))
    sent = {"seat": "owner", "person": w.person("ivy").pk, "effective_from": "2026-01-28", "note": "Please"}
    for _ in range(2):
        assert browser.post(f"{VACANT}nominate/", sent).status_code == 302
    asked = Nomination.objects.get()
    page = browser.get(f"{VACANT}nominate/").content.decode()
    assert f'action="{BASE}nominations/{asked.pk}/withdraw/"' in page
    assert browser.post(f"{BASE}nominations/{asked.pk}/withdraw/").status_code == 302
    asked.refresh_from_db()
    assert asked.answer == "withdrawn"
    refused = browser.post(f"{VACANT}nominate/", {**sent, "effective_from": "2026-01-01"})
    assert refused.status_code == 422
    assert "before today" in refused.content.decode()


def test_declining_tells_the_manager_why(w: World) -> None:
    w.ask("ivy", slug="monitoring-owner")
    browser = sign_in(w.person("ivy"))
    assert browser.post(f"{VACANT}decline/", {"seat": "owner", "reason": ""}).status_code == 422
    assert browser.post(f"{VACANT}decline/", {"seat": "owner", "reason": "No time"}).status_code == 302
    assert "No time" in text(w.person("pat"), f"{BASE}log/")


def test_the_transfer_log_keeps_every_word(w: World) -> None:
    w.settle()
    w.ask("ivy")
    sent = {"seat": "owner", "words": "Mine now", "effective_from": "2026-01-28"}
    sign_in(w.person("ivy")).post(f"{ROLE}accept/", sent)
    page = text(w.person("sam"), f"{BASE}log/")
    assert WORDS in page
    assert "Mine now" in page
    assert "Handed over to Ivy.Claims" in page


def test_people_show_what_each_carries(w: World) -> None:
    page = text(w.person("sam"), f"{BASE}people/")
    row = page[page.index(f'id="person-{w.person("mia").pk}"') :]
    row = row[: row.index("</tr>")]
    assert "Model owner" in row
    assert "Model ownership" in row
    assert "1 criterion, 1 task, no actions" in row


def test_what_stops_lists_each_kind_that_has_nobody_else(w: World) -> None:
    path = EscalationPath.objects.create(program=w.program, slug="p", name="Model path", trigger="t")
    level = EscalationLevel.objects.create(path=path, position=1, amount=1, unit="hours")
    level.roles.add(w.role())
    days = {"person": str(w.person("mia").pk), "start": "2026-01-05", "end": "2026-03-31"}
    covered = text(w.person("pat"), f"{BASE}away/", **days)
    assert "If Mia.Claims is away, no things stop" in covered
    assert "Max.Claims stands in" in covered
    Absence.objects.create(user=w.person("max"), start=dt.date(2026, 2, 2), end=dt.date(2026, 2, 2))
    page = text(w.person("pat"), f"{BASE}away/", **days)
    for words in ("The accuracy is shown", "Do the train", "Model ownership", "Model path"):
        assert words in page
    assert "nobody stands in" in page
    sponsor = text(w.person("pat"), f"{BASE}away/", **{**days, "person": str(w.person("sam").pk)})
    assert "Gate 1" in sponsor


def test_a_stretch_that_makes_no_sense_is_said_at_the_field(w: World) -> None:
    days = {"person": str(w.person("mia").pk), "start": "2026-03-05", "end": "2026-03-01"}
    response = sign_in(w.person("pat")).get(f"{BASE}away/", days)
    assert response.status_code == 422
    assert "The last day comes before the first." in response.content.decode()


def seed(w: World, rows: int = 1) -> None:
    for position in range(1, rows + 1):
        for slug, cell in (("program-manager", "A"), ("monitoring-owner", "R")):
            RaciAssignment.objects.get_or_create(
                program=w.program, activity=f"Act {position}", role=w.role(slug), position=position, letters=cell
            )


def test_raci_names_gaps_and_the_manager_mends_them(w: World) -> None:
    seed(w)
    page = text(w.person("sam"), f"{BASE}raci/")
    assert "Monitoring and operations owner is empty." in page
    assert f"{BASE}raci/1/" not in page
    browser = sign_in(w.person("pat"))
    form = browser.get(f"{BASE}raci/1/").content.decode()
    version = raci.stamp({w.role("program-manager").pk: "A", w.role("monitoring-owner").pk: "R"})
    assert version in form
    sent = {"version": version, f"role_{w.role().pk}": "A"}
    wrong = browser.post(f"{BASE}raci/1/", sent)
    assert wrong.status_code == 422
    assert "Nobody is responsible (R)." in wrong.content.decode()
    assert browser.post(f"{BASE}raci/1/", {**sent, f"role_{w.role().pk}": "A/R"}).status_code == 302
    lost = browser.post(f"{BASE}raci/1/", {**sent, f"role_{w.role('sponsor').pk}": "A/R", f"role_{w.role().pk}": ""})
    assert lost.status_code == 409
    assert "Model owner A/R" in lost.content.decode()


def test_an_area_is_added_and_reworded_by_the_manager(w: World) -> None:
    browser = sign_in(w.person("pat"))
    sent = {"name": "Prompts", "role": w.role().pk, "covers": "All", "may_decide": "Words", "routine": "Monthly"}
    assert browser.post(f"{BASE}area/", {**sent, "covers": ""}).status_code == 422
    assert browser.post(f"{BASE}area/", sent).status_code == 302
    area = OwnershipArea.objects.get(slug="prompts")
    reworded = {**sent, "team": "Two authors", "trigger": "complaint", "amount": "2", "unit": "hours", "version": 1}
    assert browser.post(f"{BASE}areas/prompts/", reworded).status_code == 302
    area.refresh_from_db()
    assert (area.team, area.response_times) == (
        "Two authors",
        [{"trigger": "complaint", "amount": 2, "unit": "hours"}],
    )
    assert browser.post(f"{BASE}areas/prompts/", {**reworded, "team": "Three"}).status_code == 409


COUNTS = [
    (MATRIX, 12),
    (f"{BASE}people/", 10),
    (f"{BASE}away/?start=2026-01-05&end=2026-03-31", 12),
    (f"{BASE}log/", 7),
    (f"{BASE}raci/", 6),
    (ROLE, 10),
]


@pytest.mark.parametrize(("path", "queries"), COUNTS)
def test_one_row_and_three_rows_cost_the_same(w: World, path: str, queries: int, django_assert_num_queries) -> None:
    w.settle()
    seed(w)
    w.ask("ivy")
    browser = sign_in(w.person("mia"))
    for size in (1, 3):
        if size == 3:
            seed(w, 3)
            for n in (1, 2):
                area = w.area()
                area.pk, area.slug = None, f"more-{n}"
                area.save(force_insert=True)
                w.ask("sam" if n == 1 else "dee")
                Absence.objects.create(user=w.person("mia"), start=dt.date(2026, 2, n), end=dt.date(2026, 2, n))
        cache.clear()
        with django_assert_num_queries(queries):
            assert browser.get(path).status_code == 200


def test_the_clock_of_the_pages_is_the_programs(w: World) -> None:
    """At 23:30 UTC it is tomorrow in Berlin: ownership accepted then starts tomorrow."""
    with clock.frozen(dt.datetime(2026, 1, 28, 23, 30, tzinfo=dt.UTC)):
        page = text(w.person("mia"), ROLE)
    assert 'value="2026-01-29"' in page
