"""Pages of the charter: who sees and does what, forms that keep what was typed, queries that do not grow."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from charter import services
from charter.enums import CheckKind, Seat
from charter.models import (
    BriefVersion,
    DataGap,
    DataSource,
    Dependency,
    OutcomeMeasurement,
    ProblemStatement,
    StakeholderContact,
)
from programs.models import OutcomeStatement, StakeholderGroup
from tests.charter.world import BRIEF, PROBLEM, TODAY, World, world
from tests.factories import sign_in

HX = {"headers": {"HX-Request": "true"}}
PAGES = ["outcome", "problem", "brief", "data", "stakeholders", "dependencies"]
ITEMS = [("outcome_version", 1), ("source", 1), ("stakeholder", "sg-ds"), ("dependency", 1)]


@pytest.fixture
def full(w: World) -> World:
    """One of everything, the brief published and the problem unsigned."""
    w.outcome()
    w.measured()
    w.problem()
    w.brief()
    w.gap(w.source())
    w.contact("sg-ds")
    w.dependency()
    return w


def to(w: World, name: str, *args: object) -> str:
    return reverse(name if name in ("trace", "charter") else f"charter_{name}", args=[w.program.slug, *args])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def forms(w: World) -> dict[str, tuple[str, dict[str, object], str, Callable[[], int]]]:
    """For each thing that is added: address, what is typed, a field that may not be empty, how many there are."""
    role = w.roles["model-owner"].pk
    return {
        "outcome": (
            to(w, "outcome"),
            {"key": "a", "base": 0, "measure": "Handling time", "confidence": "none", "reason": "First."},
            "measure",
            OutcomeStatement.objects.count,
        ),
        "problem": (to(w, "problem"), {"key": "b", "base": 0, **PROBLEM}, "cost_today", ProblemStatement.objects.count),
        "source": (to(w, "data"), {"key": "c", "name_of_source": "Claims"}, "name_of_source", DataSource.objects.count),
        "contact": (
            to(w, "contact", "sg-ds"),
            {"key": "d", "on": TODAY.isoformat(), "note": "They agree."},
            "note",
            StakeholderContact.objects.count,
        ),
        "dependency": (
            to(w, "dependencies"),
            {"key": "e", "team": "IT", "what": "A server", "needed_by": "2026-02-02", "state": "asked",
             "owner_role": role},
            "what",
            Dependency.objects.count,
        ),
    }  # fmt: skip


KINDS = ["outcome", "problem", "source", "contact", "dependency"]

# ---------------------------------------------------------------- who sees


@pytest.mark.parametrize("name", [*PAGES, "trace"])
def test_p14_strangers_see_nothing_and_everybody_of_the_program_reads(full: World, name: str) -> None:
    assert sign_in().get(to(full, name)).status_code == 302
    assert sign_in(full.stranger).get(to(full, name)).status_code == 404
    for who in (full.owner, full.sponsor, full.admin):
        assert sign_in(who).get(to(full, name)).status_code == 200
    page = sign_in(full.viewer).get(to(full, name)).content.decode().split('id="charter"')[1].split("</main>")[0]
    assert "<form" not in page


@pytest.mark.parametrize(("name", "which"), ITEMS)
def test_p14_one_row_is_hidden_from_strangers_and_read_only_for_viewers(full: World, name: str, which: object) -> None:
    assert sign_in(full.stranger).get(to(full, name, which)).status_code == 404
    assert sign_in(full.manager).get(to(full, name, which)).status_code == 200
    assert sign_in(full.manager).get(to(full, name, 99 if which == 1 else "sg-none")).status_code == 404
    page = sign_in(full.viewer).get(to(full, name, which)).content.decode().split('id="charter"')[1].split("</main>")[0]
    assert "<form" not in page


def test_the_way_in_leads_to_the_outcome(w: World) -> None:
    assert sign_in(w.owner).get(to(w, "charter"))["Location"] == to(w, "outcome")


# ---------------------------------------------------------------- forms


@pytest.mark.parametrize("kind", KINDS)
def test_adding_typing_wrong_and_pressing_twice(w: World, kind: str) -> None:
    address, typed, field, count = forms(w)[kind]
    assert sign_in(w.stranger).post(address, typed).status_code == 404
    assert sign_in(w.viewer).post(address, typed).status_code == 403
    client = sign_in(w.manager)
    wrong = client.post(address, {**typed, field: ""})
    assert wrong.status_code == 422
    assert f'id="{kind}_{field}_err"' in wrong.content.decode()
    assert count() == 0
    assert [client.post(address, typed).status_code for _ in range(2)] == [302, 302]
    assert count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_htmx_gets_the_part_with_a_toast_and_nothing_else(w: World, kind: str) -> None:
    address, typed, _, _ = forms(w)[kind]
    answer = sign_in(w.manager).post(address, typed, **HX)
    text = answer.content.decode().strip()
    assert (answer.status_code, "toast" in answer["HX-Trigger"]) == (200, True)
    assert text.startswith('<div id="charter">')
    assert "data-focus" in text
    assert sign_in(w.manager).post(address, {}, **HX).content.decode().strip().startswith('<div id="charter">')


def test_p16_a_lost_race_shows_both_sides_and_the_form_can_be_sent_again(full: World) -> None:
    client = sign_in(full.manager)
    typed = {"key": "x", "base": 0, **PROBLEM, "reason": "New.", "target": "Half a day"}
    answer = client.post(to(full, "problem"), typed)
    assert answer.status_code == 409
    assert "Claims wait three days." in words(answer)
    base = re.search(r'name="base" value="(\d+)"', answer.content.decode())
    assert base is not None
    assert client.post(to(full, "problem"), {**typed, "base": base.group(1)}).status_code == 302
    assert ProblemStatement.objects.count() == 2


def test_s32_the_whole_way_of_an_outcome(full: World) -> None:
    page = sign_in(full.owner).get(to(full, "outcome"))
    assert "28 % of the way" in words(page)
    assert 'role="img" aria-label="Handling time: planned from 12 to 5 minutes, now 10"' in page.content.decode()
    assert sign_in(full.bea).post(to(full, "outcome_verify"), {"number": 1}).status_code == 403
    assert sign_in(full.owner).post(to(full, "outcome_verify"), {"number": 1}).status_code == 302
    assert sign_in(full.owner).post(to(full, "measurement_verify", 1)).status_code == 403
    assert sign_in(full.sponsor).post(to(full, "measurement_verify", 1)).status_code == 302
    assert OutcomeMeasurement.objects.get().verified_by == full.sponsor
    assert "Grade A, measured and verified." in words(sign_in(full.owner).get(to(full, "outcome")))


def test_s32_a_frozen_outcome_has_no_form_and_refuses_a_form_drawn_before(full: World) -> None:
    address, typed, _, _ = forms(full)["outcome"]
    full.decide_gate()
    page = sign_in(full.bea).get(address)
    assert "Frozen by Gate 1" in words(page)
    assert 'name="confidence"' not in page.content.decode()
    late = sign_in(full.bea).post(address, {**typed, "base": 1})
    assert late.status_code == 422
    assert "ask for a scope change instead" in words(late)


def test_s28_the_whole_way_of_the_signatures(full: World) -> None:
    address = to(full, "problem_sign", "sponsor")
    assert sign_in(full.manager).post(address, {"number": 1}).status_code == 403
    assert "Day 10 has passed without both signatures." in words(sign_in(full.manager).get(to(full, "problem")))
    assert sign_in(full.sponsor).post(address, {"number": 1}).status_code == 302
    services.sign_problem(actor=full.bea, program=full.program, seat=Seat.BUSINESS_OWNER, number=1)
    assert "Day 10 has passed" not in words(sign_in(full.manager).get(to(full, "problem")))
    full.problem(reason="New.", target="Half a day")
    answer = sign_in(full.sponsor).post(address, {"number": 1})
    assert answer.status_code == 409
    assert 'name="number" value="2"' in answer.content.decode()


def test_s43_the_whole_way_of_the_brief(w: World) -> None:
    client, address = sign_in(w.manager), to(w, "brief")
    typed = {**BRIEF, "version": 0, "number": 0}
    assert client.post(address, {**typed, "risks": ""}).status_code == 302
    page = client.get(address)
    assert "still empty: risks" in words(page)
    assert client.post(to(w, "brief_publish"), {"number": 1, "version": 1}).status_code == 422
    assert client.post(address, {**typed, "version": 1, "number": 1}).status_code == 302
    assert client.post(to(w, "brief_publish"), {"number": 1, "version": 1}).status_code == 409
    assert client.post(to(w, "brief_publish"), {"number": 1, "version": 2}).status_code == 302
    assert BriefVersion.objects.get().published_at is not None
    assert sign_in(w.manager).post(to(w, "acknowledge", "sg-ds"), {"number": 1}).status_code == 403
    assert sign_in(w.owner).post(to(w, "acknowledge", "sg-ds"), {"number": 1}).status_code == 302
    assert sign_in(w.owner).post(to(w, "acknowledge", "sg-none"), {"number": 1}).status_code == 404
    assert "2 groups wait" in words(client.get(address))


def test_s34_the_whole_way_of_a_gap(full: World) -> None:
    client = sign_in(full.owner)
    typed = {"key": "g", "title": "No names", "in_poc": "Names", "in_live": "None", "size": "large",
             "owner_role": full.roles["model-owner"].pk}  # fmt: skip
    assert client.post(to(full, "gap_add", 1), {**typed, "size": ""}).status_code == 422
    assert client.post(to(full, "gap_add", 1), typed).status_code == 302
    assert client.post(to(full, "gap_change", 2), {**typed, "version": 1, "plan": "Buy them."}).status_code == 302
    assert client.post(to(full, "gap_close", 2), {"version": 1, "resolution": "Bought."}).status_code == 409
    assert client.post(to(full, "gap_close", 2), {"version": 2, "resolution": "Bought."}).status_code == 302
    assert DataGap.objects.get(number=2).resolution == "Bought."
    check = {"key": "c", "kind": "reliable", "finding": "yes", "proof": "Report", "checked_on": TODAY.isoformat()}
    assert client.post(to(full, "source_check", 1), check).status_code == 302
    assert "unchecked" in words(client.get(to(full, "data")))


def test_s41_the_list_flags_and_the_plan_is_kept(full: World) -> None:
    page = words(sign_in(full.owner).get(to(full, "stakeholders")))
    assert "none, and none planned" in page
    assert "overdue since" in page
    typed = {"version": 0, "stance": "worried", "cadence_days": "10", "owner_role": full.roles["model-owner"].pk}
    address = to(full, "stakeholder_plan", "sg-ds")
    assert sign_in(full.sponsor).post(address, typed).status_code == 403
    assert sign_in(full.owner).post(address, {**typed, "cadence_days": "0"}).status_code == 422
    assert sign_in(full.owner).post(address, typed).status_code == 302
    assert "every 10 days" in words(sign_in(full.owner).get(to(full, "stakeholders")))


def test_s81_filters_show_what_they_count_and_the_map_has_a_line_a_team(full: World) -> None:
    full.dependency(team="Legal", needed_by=TODAY - dt.timedelta(days=1))
    client = sign_in(full.owner)
    for show, shown in (("open", 2), ("late", 1), ("settled", 0), ("nonsense", 2)):
        page = client.get(to(full, "dependencies"), {"show": show}).content.decode()
        assert len(re.findall(r'<li class="row" id=', page)) == shown
    rows = re.findall(r'<tr><th scope="row">(\w+)', page)
    assert rows == ["Legal", "Platform"]


def test_s83_from_a_task_the_outcome_is_two_clicks_away(full: World) -> None:
    task = full.tasks["train"]
    client = sign_in(full.owner)
    assert f'href="/programs/{full.program.slug}/charter/"' in client.get(task.get_absolute_url()).content.decode()
    page = client.get(to(full, "trace")).content.decode()
    assert task.get_absolute_url() in page
    assert full.criteria["accuracy"].get_absolute_url() in page
    assert f'<a href="{to(full, "outcome")}">Handling time</a>' in page
    assert "Faster claims" in page
    assert "Complaints do not rise." in page


def test_users_words_are_text_not_markup(full: World) -> None:
    full.dependency(what="<script>alert(1)</script>")
    page = sign_in(full.owner).get(to(full, "dependencies")).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_p14_another_programs_rows_are_not_found(full: World) -> None:
    beta = world("beta")
    assert sign_in(beta.manager).get(to(beta, "source", 1)).status_code == 404
    assert sign_in(beta.manager).post(to(beta, "gap_close", 1), {"version": 1, "resolution": "x"}).status_code == 404
    assert sign_in(beta.manager).get(to(beta, "dependency", 1)).status_code == 404


# ---------------------------------------------------------------- queries

QUERIES = {
    "outcome": 9, "outcome_version": 8, "problem": 7, "brief": 7, "data": 8, "source": 8, "stakeholders": 7,
    "stakeholder": 8, "dependencies": 8, "dependency": 6, "trace": 12,
}  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_with_one_and_three_rows(
    full: World, name: str, rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for n in range(1, rows):
        full.outcome(reason="More.", guardrail=f"Guardrail {n}")
        full.measured(n)
        full.problem(reason="More.", target=f"Target {n}")
        full.brief(reason="More.", scope=f"Scope {n}")
        full.gap(full.source(name=f"Source {n}"))
        full.gap(DataSource.objects.get(number=1), title=f"Gap {n}")
        full.check(DataSource.objects.get(number=1), kind=CheckKind.RELIABLE)
        full.contact("sg-ds")
        full.dependency(team=f"Team {n}")
        full.metric(f"m{n}")
    if rows == 1:
        StakeholderGroup.objects.filter(slug__in=["sg-ops", "sg-later", "sg-audit"]).delete()
    which = dict(ITEMS).get(name)
    address = to(full, name, *([] if which is None else [which]))
    client = sign_in(full.manager)
    client.get(address)
    with django_assert_num_queries(QUERIES[name]):
        client.get(address)
