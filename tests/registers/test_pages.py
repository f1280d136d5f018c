"""Pages of the registers: who sees and does what, forms that keep what was typed, queries that do not grow."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registers import services
from registers.models import Assumption, ChallengeSession, DecisionRecord, Issue, ScopeChange
from tests.factories import sign_in
from tests.registers.world import TODAY, World, world

HX = {"headers": {"HX-Request": "true"}}
LISTS = ["logs_assumptions", "logs_issues", "logs_scope", "logs_decisions", "logs_challenge"]
ITEMS = ["logs_assumption", "logs_issue", "logs_scope_change", "logs_decision"]
STEPS = [
    "logs_assumption_change",
    "logs_assumption_rank",
    "logs_assumption_test",
    "logs_assumption_explain",
    "logs_issue_change",
    "logs_issue_close",
    "logs_issue_reopen",
]


@pytest.fixture
def full(w: World) -> World:
    """One row in each register."""
    w.assumption()
    w.issue()
    w.scope()
    w.decision()
    return w


def to(w: World, name: str, *args: object) -> str:
    return reverse(name, args=[w.program.slug, *args])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def forms(w: World) -> dict[str, tuple[str, dict[str, object]]]:
    """A complete form for each list: its address and what is typed."""
    first, second = w.phases
    return {
        "assumption": (
            to(w, "logs_assumptions"),
            {
                "key": "k1",
                "text": "The labels are good enough.",
                "consequence": "Six weeks.",
                "theme": "feasibility",
                "owner_role": w.roles["model-owner"].pk,
                "test": "Label twice.",
            },
        ),
        "issue": (
            to(w, "logs_issues"),
            {
                "key": "k2",
                "title": "Postcodes are missing",
                "severity": "high",
                "dimension": "assurance",
                "area": w.area.pk,
                "found_phase": second.pk,
                "expected_phase": first.pk,
                "opened_on": TODAY.isoformat(),
            },
        ),
        "scope": (
            to(w, "logs_scope"),
            {"key": "k3", "title": "Leave out motor", "reason": "Late data.", "effect_outcome": "None."},
        ),
        "decision": (
            to(w, "logs_decisions"),
            {
                "key": "k4",
                "title": "Own cluster",
                "kind": "hosting",
                "option_1": "Own cluster",
                "option_2": "Cloud",
                "chosen": "1",
                "reason": "Data may not leave.",
                "cost": "20 % dearer.",
                "at_12_months": "Twice the load.",
                "decided_by": w.sponsor.pk,
                "decided_on": TODAY.isoformat(),
            },
        ),
    }


COUNTS: dict[str, Callable[[], int]] = {
    "assumption": Assumption.objects.count,
    "issue": Issue.objects.count,
    "scope": ScopeChange.objects.count,
    "decision": DecisionRecord.objects.count,
}

# ---------------------------------------------------------------- who sees


@pytest.mark.parametrize("name", ["logs", *LISTS])
def test_p14_anonymous_are_sent_to_sign_in_and_strangers_see_nothing(full: World, name: str) -> None:
    response = sign_in().get(to(full, name))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert sign_in(full.stranger).get(to(full, name)).status_code == 404
    assert sign_in(world("beta").manager).get(to(full, name)).status_code == 404


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", ["owner", "manager", "sponsor", "viewer", "admin"])
def test_p14_everybody_of_the_program_and_executive_viewers_read(full: World, name: str, who: str) -> None:
    response = sign_in(getattr(full, who)).get(to(full, name))
    assert response.status_code == 200
    assert "Executive viewers read every program and change nothing." in words(response) or who != "viewer"
    if who == "viewer":
        assert b"hx-post" not in response.content


@pytest.mark.parametrize("name", ITEMS)
def test_p14_one_row_is_hidden_from_strangers_and_read_only_for_viewers(full: World, name: str) -> None:
    assert sign_in().get(to(full, name, 1)).status_code == 302
    assert sign_in(full.stranger).get(to(full, name, 1)).status_code == 404
    assert sign_in(full.manager).get(to(full, name, 1)).status_code == 200
    assert sign_in(full.manager).get(to(full, name, 99)).status_code == 404
    viewed = sign_in(full.viewer).get(to(full, name, 1))
    assert viewed.status_code == 200
    assert b"<form" not in viewed.content.split(b'id="logs"')[1].split(b"</main>")[0]


@pytest.mark.parametrize("name", STEPS)
def test_p14_who_may_not_gets_403_with_the_reason(full: World, name: str) -> None:
    assert sign_in().post(to(full, name, 1)).status_code == 302
    assert sign_in(full.stranger).post(to(full, name, 1)).status_code == 404
    refused = sign_in(full.sponsor).post(to(full, name, 1))
    assert refused.status_code == 403
    assert "Pat.Alpha" in words(refused)
    assert sign_in(full.viewer).post(to(full, name, 1)).status_code == 403
    assert sign_in(full.manager).post(to(full, name, 1)).status_code == 422


@pytest.mark.parametrize("kind", COUNTS)
def test_members_add_and_others_do_not(w: World, kind: str) -> None:
    address, typed = forms(w)[kind]
    assert sign_in(w.stranger).post(address, typed).status_code == 404
    assert sign_in(w.viewer).post(address, typed).status_code == 403
    assert COUNTS[kind]() == 0
    answer = sign_in(w.people["max"]).post(address, typed)
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert COUNTS[kind]() == 1


@pytest.mark.parametrize("word", ["approve", "refuse"])
def test_g2_only_the_sponsor_answers_on_the_page_too(full: World, word: str) -> None:
    address = to(full, "logs_scope_reply", 1, word)
    typed = {"version": 1, "reason": "Worth it."}
    for who in ("manager", "owner", "viewer", "admin"):
        assert sign_in(getattr(full, who)).post(address, typed).status_code == 403
    assert ScopeChange.objects.get().state == "requested"
    assert sign_in(full.sponsor).post(address, typed).status_code == 302
    assert ScopeChange.objects.get().state == {"approve": "approved", "refuse": "refused"}[word]


def test_a_button_that_would_answer_403_is_not_drawn(full: World) -> None:
    page = sign_in(full.manager).get(to(full, "logs_scope_change", 1))
    assert "/scope/1/approve/" not in page.content.decode()
    assert "Only the sponsor" in words(page)
    assert "/scope/1/approve/" in sign_in(full.sponsor).get(to(full, "logs_scope_change", 1)).content.decode()


# ---------------------------------------------------------------- forms


@pytest.mark.parametrize("kind", COUNTS)
def test_what_was_typed_stays_with_the_message_at_its_field(w: World, kind: str) -> None:
    address, typed = forms(w)[kind]
    field = {"assumption": "consequence", "issue": "severity", "scope": "reason", "decision": "reason"}[kind]
    kept = str(typed["text" if kind == "assumption" else "title"])
    answer = sign_in(w.owner).post(address, {**typed, field: ""})
    assert answer.status_code == 422
    assert f'id="{kind}_{field}_err"' in answer.content.decode()
    assert kept in answer.content.decode()
    assert COUNTS[kind]() == 0


@pytest.mark.parametrize("kind", COUNTS)
def test_p16_a_double_press_makes_one_row(w: World, kind: str) -> None:
    address, typed = forms(w)[kind]
    client = sign_in(w.owner)
    assert [client.post(address, typed).status_code for _ in range(2)] == [302, 302]
    assert COUNTS[kind]() == 1


@pytest.mark.parametrize("kind", COUNTS)
def test_htmx_gets_the_part_with_a_toast_and_nothing_else(w: World, kind: str) -> None:
    address, typed = forms(w)[kind]
    answer = sign_in(w.owner).post(address, typed, **HX)
    text = answer.content.decode().strip()
    assert answer.status_code == 200
    assert text.startswith('<div id="logs">')
    assert "<html" not in text
    assert "toast" in answer["HX-Trigger"]
    assert "data-focus" in text
    wrong = sign_in(w.owner).post(address, {}, **HX)
    assert wrong.status_code == 422
    assert wrong.content.decode().strip().startswith('<div id="logs">')


def test_an_unknown_choice_is_refused_without_a_fault(w: World) -> None:
    address, typed = forms(w)["issue"]
    beta = world("beta")
    for field, value in (
        ("area", beta.area.pk),
        ("found_phase", "nonsense"),
        ("dimension", "x"),
        ("risk", beta.risk.pk),
    ):
        assert sign_in(w.owner).post(address, {**typed, field: value}).status_code == 422
    assert Issue.objects.count() == 0


def test_the_chosen_option_has_words(w: World) -> None:
    address, typed = forms(w)["decision"]
    answer = sign_in(w.owner).post(address, {**typed, "chosen": "4"})
    assert answer.status_code == 422
    assert "That option is empty." in words(answer)


def test_p16_a_lost_race_shows_both_sides_and_keeps_the_words(full: World) -> None:
    row = Assumption.objects.get()
    services.record_test(
        actor=full.owner, assumption=row, result="holds", note="96 % agree.", tested_on=TODAY, version=1
    )
    typed = {"version": 1, "result": "broken", "note": "They disagree.", "tested_on": TODAY.isoformat()}
    answer = sign_in(full.manager).post(to(full, "logs_assumption_test", 1), typed)
    assert answer.status_code == 409
    assert "96 % agree." in words(answer)
    assert answer.content.decode().count("They disagree.") == 2  # beside what is there now, and in its field
    again = {**typed, "version": re.search(r'name="version" value="(\d+)"', answer.content.decode()).group(1)}  # type: ignore[union-attr]
    assert sign_in(full.manager).post(to(full, "logs_assumption_test", 1), again).status_code == 302
    assert Assumption.objects.get().result == "broken"


def test_p16_two_people_record_the_session(w: World) -> None:
    typed = {
        "version": 0,
        "held_on": TODAY.isoformat(),
        "led_by": w.verifier.pk,
        "present": [w.owner.pk],
        "answer_1": "Claims would notice.",
    }
    address = to(w, "logs_challenge")
    assert sign_in(w.manager).post(address, typed).status_code == 302
    answer = sign_in(w.sponsor).post(address, {**typed, "answer_1": "Nobody would."})
    assert answer.status_code == 409
    assert "Nobody would." in answer.content.decode()
    assert ChallengeSession.objects.get().answers.get().text == "Claims would notice."
    assert "1 of 9 answered" in words(sign_in(w.owner).get(address))
    assert sign_in(w.owner).post(address, typed).status_code == 403


def test_the_whole_way_of_an_issue(w: World) -> None:
    address, typed = forms(w)["issue"]
    sign_in(w.verifier).post(address, typed)
    page = sign_in(w.owner).get(address)
    assert "found late: Prepare for production instead of Validate" in words(page)
    assert "100 %" in words(page)
    close = {"version": 1, "resolution": "Asked the vendor.", "effort_hours": "12.5", "delay_days": "3"}
    assert sign_in(w.owner).post(to(w, "logs_issue_close", 1), close).status_code == 302
    assert "Asked the vendor." in words(sign_in(w.owner).get(to(w, "logs_issue", 1)))
    assert sign_in(w.owner).post(to(w, "logs_issue_reopen", 1), {"version": 2, "reason": "Back."}).status_code == 302
    assert Issue.objects.get().is_open


def test_the_whole_way_of_an_assumption(full: World) -> None:
    client = sign_in(full.manager)
    assert client.post(to(full, "logs_assumption_rank", 1), {"version": 1, "rank": "1"}).status_code == 302
    assert "1 is untested." in words(client.get(to(full, "logs_assumptions")))
    explained = {"event": full.events["gate-30"].pk, "reason": "Data comes on day 20."}
    assert client.post(to(full, "logs_assumption_explain", 1), explained).status_code == 302
    assert "Data comes on day 20." in words(client.get(to(full, "logs_assumption", 1)))


def test_s20_a_decision_has_no_way_to_change_but_to_supersede_it(full: World) -> None:
    client = sign_in(full.owner)
    page = client.get(to(full, "logs_decision", 1)).content.decode()
    assert "/decisions/1/supersede/" in page
    assert "<form" not in page.split('id="logs"')[1].split("</main>")[0]
    _, typed = forms(full)["decision"]
    address = to(full, "logs_decision_supersede", 1)
    assert client.get(address).status_code == 200
    assert client.post(address, typed).status_code == 302
    assert "Superseded by" in words(client.get(to(full, "logs_decision", 1)))
    assert client.get(address).status_code == 404
    lost = client.post(address, {**typed, "key": "other"})
    assert lost.status_code == 409
    assert DecisionRecord.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "show", "shown"),
    [
        ("logs_assumptions", "untested", 1),
        ("logs_assumptions", "broken", 0),
        ("logs_issues", "late", 1),
        ("logs_issues", "closed", 0),
        ("logs_scope", "waiting", 1),
        ("logs_scope", "approved", 0),
        ("logs_decisions", "current", 1),
        ("logs_decisions", "flagged", 0),
        ("logs_decisions", "nonsense", 1),
    ],
)
def test_filters_show_what_they_count(full: World, name: str, show: str, shown: int) -> None:
    page = sign_in(full.owner).get(to(full, name), {"show": show}).content.decode()
    assert len(re.findall(r'<li class="row" id=', page)) == shown


def test_users_words_are_text_not_markup(w: World) -> None:
    w.assumption(text="<script>alert(1)</script> is a label.")
    page = sign_in(w.owner).get(to(w, "logs_assumptions")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_way_in_leads_to_the_assumptions(w: World) -> None:
    answer = sign_in(w.owner).get(to(w, "logs"))
    assert (answer.status_code, answer["Location"]) == (302, to(w, "logs_assumptions"))


# ---------------------------------------------------------------- queries

QUERIES = {"logs_assumptions": 9, "logs_issues": 12, "logs_scope": 8, "logs_decisions": 8, "logs_challenge": 9}


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_with_one_and_three_rows(
    w: World, name: str, rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for n in range(rows):
        services.rank_assumption(actor=w.manager, assumption=w.assumption(text=f"Belief {n}."), rank=1)
        w.issue()
        w.scope()
        w.decision()
    if name == "logs_challenge":
        services.record_session(
            actor=w.manager,
            program=w.program,
            held_on=TODAY,
            led_by=w.verifier,
            present=[w.owner, w.sponsor, w.manager][:rows],
            answers={n: "We." for n in range(1, rows + 1)},
        )
    client: Client = sign_in(w.manager)
    client.get(to(w, name))
    with django_assert_num_queries(QUERIES[name]):
        client.get(to(w, name))
