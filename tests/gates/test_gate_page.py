"""The gate page by form: review, views, the second look, the record, conditions; who is refused and why."""

import datetime as dt

import pytest
from django.test import Client

from gates.models import Condition, Decision, GateAlternate, GateReview, Opinion
from gates.services import waivers
from phases import services as phases
from phases.models import Evidence
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World, open_round, prove

GO = {
    "word": "go",
    "number": "1",
    "key": "k1",
    "reason": "It is proven.",
    "next_owner": "Mia",
    "next_budget": "120 k",
    "next_start": "2026-02-04",
    "next_end": "2026-03-05",
    "conditions-TOTAL_FORMS": "0",
    "conditions-INITIAL_FORMS": "0",
}
CONDITION = {
    "conditions-TOTAL_FORMS": "1",
    "conditions-INITIAL_FORMS": "0",
    "conditions-0-text": "Repeat the bias test",
    "conditions-0-owner_role": "model-owner",
    "conditions-0-verifier_role": "independent-reviewer",
    "conditions-0-due_date": "2026-02-13",
    "conditions-0-exit_test": "No group worse than 2 points",
    "conditions-0-consequence": "Exposure is halved",
}


@pytest.fixture
def client_of(w: World):
    """Sign somebody in by name."""

    def sign_in(name: str) -> Client:
        client = Client()
        people = {"stranger": w.stranger, "executive": w.executive, "administrator": w.administrator}
        client.force_login(people.get(name) or w.person(name))
        return client

    return sign_in


def at(w: World, tail: str = "", slug: str = "gate-30") -> str:
    return f"/programs/{w.program.slug}/gates/{slug}/{tail}"


def test_a_gate_from_review_to_go_takes_a_second_look_that_names_the_outcome(w, client_of) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        version = w.event("gate-30").version
        client_of("pat").post(at(w, "review/"), {"version": version, "text": "Ready"})
        assert GateReview.objects.get().note == "Ready"
        for name, role in (("rita", "risk-governance-lead"), ("ben", "business-owner"), ("fay", "finance-partner")):
            answer = client_of(name).post(
                at(w, "view/"), {"version": w.event("gate-30").version, "role": role, "view": "support"}
            )
            assert answer.status_code == 302
        assert Opinion.objects.count() == 3
        sam = client_of("sam")
        look = sam.post(at(w, "decide/"), GO)
        assert look.status_code == 200
        assert b"Record Go" in look.content
        assert not Decision.objects.exists()
        done = sam.post(at(w, "decide/"), {**GO, "confirmed": "yes"})
        assert done.status_code == 302
        again = sam.post(at(w, "decide/"), {**GO, "confirmed": "yes"})
        assert again.status_code == 302
    assert Decision.objects.get().word == "go"
    assert w.event("gate-30").outcome == "go"


def test_missing_parts_are_named_at_their_fields_and_what_was_typed_stays(w, client_of) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        answer = client_of("sam").post(at(w, "decide/"), {**GO, "next_owner": "", "reason": "Proven twice."})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Name who owns the next phase." in page
    assert "Proven twice." in page
    assert not Decision.objects.exists()


def test_a_closed_word_is_refused_with_its_cause(w, client_of) -> None:
    with build.on(GATE_DAY):
        open_round(w)
        answer = client_of("sam").post(at(w, "decide/"), GO)
    assert answer.status_code == 422
    assert "Go is not open" in answer.content.decode()


def test_conditional_go_makes_conditions_that_are_proven_and_closed_by_somebody_else(w, client_of) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        form = {**GO, **CONDITION, "word": "conditional-go", "explanation": "Named debts.", "confirmed": "yes"}
        assert client_of("sam").post(at(w, "decide/"), form).status_code == 302
        made = Condition.objects.get()
        proof = {"version": made.version, "text": "Seen on 4 Feb"}
        assert client_of("ivy").post(at(w, f"conditions/{made.pk}/proof/"), proof).status_code == 403
        assert client_of("mia").post(at(w, f"conditions/{made.pk}/proof/"), proof).status_code == 302
        made.refresh_from_db()
        refused = client_of("mia").post(at(w, f"conditions/{made.pk}/close/"), {"version": made.version})
        assert refused.status_code == 403
        back = {"version": made.version, "reason": "Name the groups."}
        assert client_of("ivy").post(at(w, f"conditions/{made.pk}/send-back/"), back).status_code == 302
        made.refresh_from_db()
        client_of("mia").post(at(w, f"conditions/{made.pk}/proof/"), {**proof, "version": made.version})
        made.refresh_from_db()
        client_of("ivy").post(at(w, f"conditions/{made.pk}/close/"), {"version": made.version})
    made.refresh_from_db()
    assert (made.state, made.closed_by_id) == ("closed", w.person("ivy").pk)


def test_the_slower_of_two_deciders_sees_both_decisions(w, client_of) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        client_of("sam").post(at(w, "decide/"), {**GO, "confirmed": "yes"})
        late = client_of("sam").post(at(w, "decide/"), {**GO, "key": "k2", "reason": "Mine.", "confirmed": "yes"})
    assert late.status_code == 409
    assert "It is proven." in late.content.decode()
    assert "Mine." in late.content.decode()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "status"), [("mia", 403), ("pat", 403), ("executive", 403), ("administrator", 403), ("stranger", 404)]
)
def test_g02_only_the_sponsor_decides_by_direct_request_too(w, client_of, name, status) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        answer = client_of(name).post(at(w, "decide/"), {**GO, "confirmed": "yes"})
    assert answer.status_code == status
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("name", "status"), [("mia", 403), ("executive", 403), ("stranger", 404), ("sam", 403)])
def test_only_the_manager_hands_in_to_review(w, client_of, name, status) -> None:
    answer = client_of(name).post(at(w, "review/"), {"version": 1, "text": ""})
    assert answer.status_code == status
    assert not GateReview.objects.exists()


def test_g22_an_alternate_speaks_for_an_absent_gatekeeper(w, client_of) -> None:
    with build.on(GATE_DAY):
        open_round(w, heard=False)
        form = {"version": w.event("gate-30").version, "role": "finance-partner", "person": w.person("ivy").pk}
        missing = client_of("pat").post(at(w, "alternate/"), form)
        assert missing.status_code == 422
        client_of("pat").post(at(w, "alternate/"), {**form, "reason": "Fay is on leave"})
        assert GateAlternate.objects.get().person == w.person("ivy")
        view = {"version": w.event("gate-30").version, "role": "finance-partner", "view": "support"}
        assert client_of("mia").post(at(w, "view/"), view).status_code == 403
        assert client_of("ivy").post(at(w, "view/"), view).status_code == 302
    assert Opinion.objects.get().given_as == "alternate"


def test_the_page_says_which_decision_is_advised_and_why_the_others_are_closed(w, client_of) -> None:
    with build.on(GATE_DAY):
        page = client_of("sam").get(at(w)).content.decode()
    assert "The rules recommend" in page
    assert "has not been handed in to review" in page


def test_the_page_costs_the_same_with_one_and_three_criteria(w, client_of, django_assert_num_queries) -> None:
    client = client_of("sam")
    with build.on(GATE_DAY):
        client.get(at(w))
        with django_assert_num_queries(13):
            client.get(at(w))
        build.add(w, "speed")
        build.add(w, "fairness", proven=True)
        with django_assert_num_queries(13):
            client.get(at(w))


def test_the_number_stands_before_the_file(w, client_of) -> None:
    build.prove(w, "accuracy", verified=False)
    Evidence.objects.update(result="1.6 points", limit="at most 2.0 points", title="bias-report.pdf")
    with build.on(GATE_DAY):
        page = client_of("sam").get(at(w)).content.decode()
    assert page.index("1.6 points") < page.index("at most 2.0 points") < page.index("bias-report.pdf")


@pytest.mark.parametrize(
    ("show", "name", "seen", "unseen"),
    [
        ("open", "ivy", {"accuracy", "speed"}, {"fairness"}),
        ("", "ivy", {"accuracy", "speed"}, {"fairness"}),
        ("nonsense", "ivy", {"accuracy", "speed"}, {"fairness"}),
        ("mine", "ivy", {"accuracy"}, {"speed", "fairness"}),
        ("mine", "mia", {"speed"}, {"accuracy", "fairness"}),
        ("must", "ivy", {"accuracy", "fairness"}, {"speed"}),
        ("all", "ivy", {"accuracy", "fairness", "speed"}, set()),
    ],
)
def test_four_filters(w, client_of, show, name, seen, unseen) -> None:
    build.add(w, "fairness", proven=True)
    build.add(w, "speed", level="should")
    build.prove(w, "accuracy", verified=False)
    with build.on(GATE_DAY):
        page = client_of(name).get(at(w) + (f"?show={show}" if show else "")).content.decode()
    rows = {slug for slug in seen | unseen if f'id="criterion-{w.criterion(slug).pk}"' in page}
    assert rows == seen


def test_the_verifier_accepts_in_place_and_others_get_no_button(w, client_of) -> None:
    build.prove(w, "accuracy", verified=False)
    row = w.criterion("accuracy")
    form = {"version": row.version, "look": "proofs", "next": at(w) + "?show=mine"}
    with build.on(GATE_DAY):
        assert "Accept<" not in client_of("mia").get(at(w)).content.decode()
        ivy = client_of("ivy")
        assert "Accept<" in ivy.get(at(w)).content.decode()
        plain = ivy.post(f"{row.get_absolute_url()}send-back/", {**form, "reason": "Large claims are missing."})
        assert plain["Location"] == at(w) + "?show=mine"
        build.prove(w, "accuracy", verified=False)
        form["version"] = w.criterion("accuracy").version
        part = ivy.post(f"{row.get_absolute_url()}verify/", form, headers={"HX-Request": "true"}).content.decode()
    assert 'class="row seen"' in part
    assert "Hand in<" not in client_of("mia").get(at(w) + "?show=all").content.decode()
    assert "Verified" in part
    assert w.criterion("accuracy").state == "verified"


def test_a_sent_back_proof_shows_its_reason_and_a_waiver_is_not_met(w, client_of) -> None:
    build.prove(w, "accuracy", verified=False)
    phases.send_back(actor=w.person("ivy"), criterion=w.criterion("accuracy"), reason="Large claims are missing.")
    with build.on(GATE_DAY):
        asked = waivers.request_waiver(
            actor=w.person("mia"), criterion=w.criterion("accuracy"), reason="r", control="c", control_evidence="e",
            expires_on=dt.date(2026, 2, 20),
        )  # fmt: skip
        waivers.approve_waiver(actor=w.person("rita"), waiver=asked)
        page = client_of("sam").get(at(w)).content.decode()
    assert "Large claims are missing." in page
    assert "waived until 20 Feb" in page
    assert "1 of 1 must-meet open" in page


FORMS = {
    "review/": {"pat"},
    "view/": {"fay"},
    "alternate/": {"pat", "sam", "fay"},
    "redate/": {"pat", "administrator"},
    "replan/": {"pat"},
    "decide/": {"sam"},
    "recheck/draw/": {"ivy"},
    "stop/": {"sam"},
    "early/": {"pat"},
}
ASKED = ("mia", "ivy", "pat", "fay", "sam", "administrator", "executive", "stranger")


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("tail", FORMS)
def test_every_form_of_the_page_refuses_with_the_reason_by_direct_request(w, client_of, tail, name) -> None:
    """Whatever their own page shows: eight people, each form."""
    build.prove(w, "accuracy")
    form = {**GO, "version": 1, "role": "finance-partner", "view": "support", "person": w.person("ivy").pk}
    with build.on(GATE_DAY):
        if tail in ("view/", "decide/"):
            open_round(w, heard=tail == "decide/")
            form["version"] = w.event("gate-30").version
        answer = client_of(name).post(at(w, tail), form)
    if name == "stranger":
        assert answer.status_code == 404
    elif name in FORMS[tail]:
        assert answer.status_code in (200, 302, 409, 422)
    else:
        assert answer.status_code == 403
        said = answer.content.decode().lower()
        assert "only " in said or "cannot" in said
