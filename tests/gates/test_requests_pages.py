"""Pages of waivers, not-applicable requests and tailoring: who asks, who answers, what is kept and what is refused."""

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from gates.enums import RequestState, TailoringKind
from gates.models import ApplicabilityRequest, TailoringChange, Waiver
from gates.services import tailoring, waivers
from phases.models import Criterion
from tests.factories import sign_in
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World

UNTIL = dt.date(2026, 2, 20)
ASK = {
    "reason": "The sample is late.",
    "control": "Two people read each case.",
    "control_evidence": "Rota of week 6",
    "expires_on": "2026-02-20",
}


def to(w: World, name: str, *args: object) -> str:
    return reverse(name, args=[w.program.slug, *args])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def waiver(w: World, slug: str = "accuracy", **fields: Any) -> Waiver:
    values = {"reason": "r", "control": "c", "control_evidence": "e", "expires_on": UNTIL, **fields}
    return waivers.request_waiver(actor=w.person("mia"), criterion=w.criterion(slug), **values)


def test_g07_the_owner_asks_and_the_risk_lead_approves_with_words(w: World) -> None:
    with build.on(GATE_DAY):
        sent = sign_in(w.person("mia")).post(to(w, "criterion_ask_waiver", "accuracy"), ASK)
        assert sent.headers["Location"] == to(w, "criterion_requests", "accuracy")
        asked = Waiver.objects.get()
        client = sign_in(w.person("rita"))
        shown = words(client.get(to(w, "gate_requests")))
        assert "Two people read each case." in shown
        assert "approver: Risk governance lead" in shown
        answer = {"answer": "approve", "words": "Fine until then.", "version": asked.version}
        done = words(client.post(to(w, "waiver_answer", asked.pk), answer, follow=True))
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == (RequestState.APPROVED, w.person("rita"))
    assert "In force" in done
    assert "Fine until then." in done


def test_g07_an_incomplete_waiver_comes_back_with_what_was_typed(w: World) -> None:
    client = sign_in(w.person("mia"))
    with build.on(GATE_DAY):
        bare = client.post(to(w, "criterion_ask_waiver", "accuracy"), {**ASK, "control": ""})
        late = client.post(to(w, "criterion_ask_waiver", "accuracy"), {**ASK, "expires_on": "2026-05-20"})
    assert (bare.status_code, late.status_code) == (422, 422)
    assert "Name the control" in words(bare)
    assert "The sample is late." in bare.content.decode()
    assert "Wed 4 Mar" in words(late) or "at most (G7)" in words(late)
    assert not Waiver.objects.exists()


def test_g06_what_cannot_be_waived_has_no_form_and_is_refused(w: World) -> None:
    Criterion.objects.filter(slug="accuracy").update(non_waivable=True)
    client = sign_in(w.person("mia"))
    with build.on(GATE_DAY):
        page = client.get(to(w, "criterion_requests", "accuracy"))
        refused = client.post(to(w, "criterion_ask_waiver", "accuracy"), ASK)
    assert "Ask for the waiver" not in words(page)
    assert refused.status_code == 422
    assert not Waiver.objects.exists()


def test_g07_a_high_risk_takes_the_waiver_to_the_sponsor(w: World) -> None:
    with build.on(GATE_DAY):
        asked = waiver(w, risk=build.risk(w))
        answer = {"answer": "approve", "version": asked.version}
        refused = sign_in(w.person("rita")).post(to(w, "waiver_answer", asked.pk), answer)
        assert refused.status_code == 403
        assert "Executive sponsor" in words(refused)
        assert sign_in(w.person("sam")).post(to(w, "waiver_answer", asked.pk), answer).status_code == 302


def test_a_refusal_needs_words_and_an_old_version_is_a_conflict(w: World) -> None:
    client = sign_in(w.person("rita"))
    with build.on(GATE_DAY):
        asked = waiver(w)
        silent = client.post(to(w, "waiver_answer", asked.pk), {"answer": "refuse", "version": asked.version})
        assert silent.status_code == 422
        assert "Say why" in words(silent)
        Waiver.objects.filter(pk=asked.pk).update(version=7)
        lost = client.post(to(w, "waiver_answer", asked.pk), {"answer": "refuse", "words": "No.", "version": 1})
    assert lost.status_code == 409
    assert "What you typed" in words(lost)
    assert 'value="7"' in lost.content.decode()
    asked.refresh_from_db()
    assert asked.state == RequestState.REQUESTED


def test_g07_one_extension_is_asked_for_and_a_waiver_is_taken_back(w: World) -> None:
    mia = sign_in(w.person("mia"))
    with build.on(GATE_DAY):
        first = waiver(w)
        waivers.approve_waiver(actor=w.person("rita"), waiver=first)
        mia.post(to(w, "waiver_extend", first.pk), {**ASK, "expires_on": "2026-02-27"})
        second = Waiver.objects.get(extension_of=first)
        mia.post(to(w, "waiver_withdraw", second.pk), {"version": second.version})
        again = mia.post(to(w, "waiver_extend", first.pk), {**ASK, "expires_on": "2026-02-28"})
        assert again.status_code == 422
        assert "An extension of this waiver was asked for already (G7)." in words(again)
    second.refresh_from_db()
    assert second.state == RequestState.WITHDRAWN


def test_an_expired_waiver_is_listed_as_over_without_any_pass(w: World) -> None:
    with build.on(GATE_DAY):
        waivers.approve_waiver(actor=w.person("rita"), waiver=waiver(w))
    with build.on(UNTIL + dt.timedelta(days=1)):
        shown = words(sign_in(w.person("pat")).get(to(w, "gate_requests")))
    assert "Waivers that are over" in shown
    assert "Expired" in shown


def test_g13_leaving_out_is_asked_and_answered_by_two_people(w: World) -> None:
    with build.on(GATE_DAY):
        sign_in(w.person("mia")).post(to(w, "criterion_ask_not_applicable", "accuracy"), {"reason": "No model here."})
        asked = ApplicabilityRequest.objects.get()
        answer = {"answer": "approve", "version": asked.version}
        assert sign_in(w.person("mia")).post(to(w, "applicability_answer", asked.pk), answer).status_code == 403
        assert sign_in(w.person("rita")).post(to(w, "applicability_answer", asked.pk), answer).status_code == 302
    assert not w.criterion("accuracy").applicable


def test_g14_weakening_counts_only_after_the_risk_leads_yes(w: World) -> None:
    with build.on(GATE_DAY):
        form = {"kind": TailoringKind.LOWER.value, "reason": "Small pilot."}
        assert sign_in(w.person("mia")).post(to(w, "criterion_ask_weakening", "accuracy"), form).status_code == 403
        sign_in(w.person("pat")).post(to(w, "criterion_ask_weakening", "accuracy"), form)
        assert w.criterion("accuracy").level == "must"
        change = TailoringChange.objects.get()
        answer = {"answer": "approve", "version": change.version}
        assert sign_in(w.person("pat")).post(to(w, "tailoring_answer", change.pk), answer).status_code == 403
        sign_in(w.person("rita")).post(to(w, "tailoring_answer", change.pk), answer)
    assert w.criterion("accuracy").level == "should"


def test_g14_the_manager_adds_a_criterion_and_its_owner_cannot_verify_it(w: World) -> None:
    form = {
        "text": "The alarm wakes somebody.",
        "dimension_slug": "assurance",
        "level": "must",
        "owner_role": "model-owner",
        "verifier_role": "model-owner",
        "due_date": "2026-02-02",
        "evidence_type": "report",
        "max_age_days": 30,
        "reason": "Found in week 3.",
    }
    client = sign_in(w.person("pat"))
    with build.on(dt.date(2026, 1, 20)):
        refused = client.post(to(w, "criterion_add", "gate-30"), form)
        assert refused.status_code == 422
        assert "Its owner cannot verify it" in words(refused)
        assert "The alarm wakes somebody." in refused.content.decode()
        done = client.post(to(w, "criterion_add", "gate-30"), {**form, "verifier_role": "independent-reviewer"})
    assert done.headers["Location"] == w.event("gate-30").get_absolute_url()
    assert Criterion.objects.get(slug="own-1").text == "The alarm wakes somebody."


@pytest.mark.parametrize("name", ["executive", "administrator"])
def test_executives_and_administrators_read_and_answer_nothing(w: World, name: str) -> None:
    client = sign_in(getattr(w, name))
    with build.on(GATE_DAY):
        asked = waiver(w)
        page = words(client.get(to(w, "gate_requests")))
        assert "Waits for Risk governance lead" in page
        for form in (to(w, "waiver_answer", asked.pk), to(w, "waiver_withdraw", asked.pk)):
            assert client.post(form, {"answer": "approve", "version": 1}).status_code == 403
        assert client.post(to(w, "criterion_ask_waiver", "accuracy"), ASK).status_code == 403
        assert client.post(to(w, "criterion_add", "gate-30"), {}).status_code == 403


def test_strangers_find_nothing_and_ids_of_another_program_do_not_work_here(w: World) -> None:
    other = build.world()
    with build.on(GATE_DAY):
        theirs = waiver(other)
        stranger, rita = sign_in(w.stranger), sign_in(w.person("rita"))
        assert stranger.get(to(w, "gate_requests")).status_code == 404
        assert stranger.get(to(w, "criterion_requests", "accuracy")).status_code == 404
        assert stranger.post(to(w, "criterion_ask_waiver", "accuracy"), ASK).status_code == 404
        answer = {"answer": "approve", "version": theirs.version}
        assert rita.post(to(w, "waiver_answer", theirs.pk), answer).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_with_one_and_three_rows(
    w: World, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with build.on(GATE_DAY):
        for number in range(rows):
            build.add(w, f"extra-{number}")
            waiver(w, f"extra-{number}")
            criterion = w.criterion(f"extra-{number}")
            tailoring.request_not_applicable(actor=w.person("mia"), criterion=criterion, reason="r")
            tailoring.propose_weakening(
                actor=w.person("pat"), criterion=criterion, kind=TailoringKind.REMOVE, reason="r"
            )
        client = sign_in(w.person("rita"))
        with django_assert_num_queries(10):
            client.get(to(w, "gate_requests"))
