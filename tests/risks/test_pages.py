"""Pages of the risk register: order, tolerance in words, who scores and signs, forms that keep what was typed."""

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from metrics.models import Alert, Metric
from risks import services
from risks.models import MitigationAction, Risk, RiskAcceptance, RiskIndicator
from tests.factories import sign_in
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World


def to(w: World, name: str = "risk", *args: object) -> str:
    return reverse(name, args=[w.program.slug, "drift", *args])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def action(w: World) -> MitigationAction:
    return MitigationAction.objects.get(risk__program=w.program, risk__slug="drift")


def test_s55_worst_first_and_above_tolerance_is_said_in_words(w: World) -> None:
    build.risk(w, "small", likelihood=1, impact=2)
    build.risk(w, "drift")
    with build.on(GATE_DAY):
        shown = words(sign_in(w.person("pat")).get(reverse("risks", args=[w.program.slug])))
    assert shown.index("The drift comes true") < shown.index("The small comes true")
    assert "Tolerance: a current score of 12. 1 risk is above it; 1 of them nobody has accepted" in shown
    assert "above tolerance accepted by nobody" in shown
    assert "within tolerance" in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_takes_the_same_queries_with_one_and_three_risks(
    w: World, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        build.risk(w, f"risk-{number}")
    client = sign_in(w.person("pat"))
    with django_assert_num_queries(13):
        client.get(reverse("risks", args=[w.program.slug]))


def test_owner_dates_and_finishes_an_action_and_the_risk_lead_lowers_the_score(w: World) -> None:
    """G23 by hand: no action, no lower score; and whoever finished the action lets somebody else conclude (G2)."""
    risk = build.risk(w)
    mia, rita = sign_in(w.person("mia")), sign_in(w.person("rita"))
    step = action(w)
    with build.on(GATE_DAY):
        lower = {"version": 1, "likelihood": 2, "impact": 5, "reason": "The alarm works."}
        refused = mia.post(to(w, "risk_rescore"), lower)
        assert refused.status_code == 422
        assert "completed action" in words(refused)
        assert "The alarm works." in refused.content.decode()
        plan = {"text": step.text, "owner_role": step.owner_role_id, "due_date": "2026-03-01", "version": 1}
        dated = mia.post(to(w, "risk_action_change", step.pk), plan)
        assert dated.headers["Location"] == to(w)
        assert str(action(w).due_date) == "2026-03-01"
        mia.post(to(w, "risk_action_finish", step.pk), {"proof": "Alarm tested on 2 Feb"})
        assert (action(w).proof, action(w).done_by) == ("Alarm tested on 2 Feb", w.person("mia"))
        assert mia.post(to(w, "risk_rescore"), {**lower, "action": ""}).status_code == 422
        own = mia.post(to(w, "risk_rescore"), {**lower, "action": step.pk})
        assert (own.status_code, "somebody else has to say" in words(own)) == (422, True)
        assert rita.post(to(w, "risk_rescore"), {**lower, "action": step.pk}).status_code == 302
        shown = words(rita.get(to(w)))
    risk.refresh_from_db()
    assert risk.current_score == 10
    assert "25 → 10" in shown
    assert "scale 1–5" in shown
    assert "Rests on: Watch it (Alarm tested on 2 Feb)" in shown


def test_what_is_missing_is_said_at_the_field_and_nothing_is_written(w: World) -> None:
    build.risk(w)
    client = sign_in(w.person("mia"))
    plan = {"text": "Watch it", "owner_role": action(w).owner_role_id, "due_date": "2026-01-06", "version": 1}
    with build.on(GATE_DAY):
        past = client.post(to(w, "risk_action_change", action(w).pk), plan)
        empty = client.post(to(w, "risk_action_finish", action(w).pk), {"proof": " "})
    assert (past.status_code, empty.status_code) == (422, 422)
    assert "That day has passed" in words(past)
    assert "Say what shows that it is done." in words(empty)
    assert (action(w).due_date, action(w).done_at) == (None, None)


def test_g02_the_sponsor_signs_above_tolerance_and_the_risk_lead_does_not(w: World) -> None:
    build.risk(w)
    form = {"seen": 25, "reason": "The pilot is small.", "expires_on": "2026-03-01"}
    with build.on(GATE_DAY):
        refused = sign_in(w.person("rita")).post(to(w, "risk_accept"), form)
        assert refused.status_code == 403
        assert "Only Executive sponsor" in words(refused)
        done = sign_in(w.person("sam")).post(to(w, "risk_accept"), form, follow=True)
    assert "Accepted by" in words(done)
    assert RiskAcceptance.objects.get().accepted_by == w.person("sam")


def test_a_score_that_moved_meanwhile_is_a_conflict_with_both_sides(w: World) -> None:
    risk = build.risk(w)
    Risk.objects.filter(pk=risk.pk).update(current_likelihood=4, version=2)
    form = {"seen": 25, "reason": "The pilot is small.", "expires_on": "2026-03-01"}
    with build.on(GATE_DAY):
        lost = sign_in(w.person("sam")).post(to(w, "risk_accept"), form)
        again = sign_in(w.person("mia")).post(
            to(w, "risk_rescore"), {"version": 1, "likelihood": 5, "impact": 5, "reason": "Worse."}
        )
    assert (lost.status_code, again.status_code) == (409, 409)
    assert "Current score 20" in words(lost)
    assert "The pilot is small." in words(lost)
    assert not RiskAcceptance.objects.exists()


@pytest.mark.parametrize("name", ["manager", "executive", "administrator"])
def test_others_read_and_change_nothing(w: World, name: str) -> None:
    build.risk(w)
    person = w.person("pat") if name == "manager" else getattr(w, name)
    client = sign_in(person)
    with build.on(GATE_DAY):
        assert client.get(to(w)).status_code == 200
        refused = client.post(to(w, "risk_rescore"), {"version": 1, "likelihood": 1, "impact": 1, "reason": "x"})
        assert client.post(to(w, "risk_accept"), {}).status_code == 403
        assert client.post(to(w, "risk_action_finish", action(w).pk), {"proof": "x"}).status_code == 403
    assert refused.status_code == 403
    assert "risk lead may change this" in words(refused)


def test_strangers_find_nothing_and_a_risk_of_another_program_is_not_here(w: World) -> None:
    build.risk(w)
    other = build.world()
    build.risk(other, "elsewhere")
    stranger, mia = sign_in(w.stranger), sign_in(w.person("mia"))
    assert stranger.get(reverse("risks", args=[w.program.slug])).status_code == 404
    assert stranger.post(to(w, "risk_rescore"), {}).status_code == 404
    assert mia.get(reverse("risk", args=[w.program.slug, "elsewhere"])).status_code == 404
    theirs = MitigationAction.objects.get(risk__slug="elsewhere")
    assert mia.post(to(w, "risk_action_finish", theirs.pk), {"proof": "x"}).status_code == 404


def score_form(w: World, risk: Risk, **more: Any) -> dict[str, Any]:
    return {
        "version": risk.version,
        "likelihood": 5,
        "impact": 5,
        "reason": "Seen twice",
        "back": "?show=above",
        **more,
    }


def test_s87_the_map_counts_each_cell_and_a_press_filters_the_list(w: World) -> None:
    build.risk(w, "small", likelihood=1, impact=2)
    build.risk(w, "drift", likelihood=4, impact=5)
    client, place = sign_in(w.person("pat")), reverse("risks", args=[w.program.slug])
    with build.on(GATE_DAY):
        page = client.get(place).content.decode()
        chosen = words(client.get(place + "?likelihood=4&impact=5"))
        table, only_map = (client.get(place + f"?view={view}").content.decode() for view in ("table", "map"))
        odd = client.get(place + "?likelihood=9&impact=x&view=no&show=no&edit=no")
    assert 'href="?likelihood=4&amp;impact=5" aria-label="1 critical risk, likelihood 4, impact 5">1</a>' in page
    assert 'aria-label="1 low risk, likelihood 1, impact 2"' in page
    assert page.count('aria-label="') - page.count('aria-label="Score anew') >= 2
    assert "The drift comes true" in chosen
    assert "The small comes true" not in chosen
    assert ('class="heat"' in table, 'class="heat"' in only_map) == (False, True)
    assert ("The small comes true" in table, "The small comes true" in only_map) == (True, False)
    assert odd.status_code == 200


def test_inline_scoring_opens_in_the_row_and_row_and_map_come_back_together(w: World) -> None:
    risk = build.risk(w, likelihood=3, impact=5)
    mia, htmx = sign_in(w.person("mia")), {"HX-Request": "true"}
    place = reverse("risks", args=[w.program.slug])
    with build.on(GATE_DAY):
        plain = mia.get(place + "?edit=drift").content.decode()
        assert 'name="likelihood" value="3"' in plain
        assert "<html" in plain
        opened = mia.get(place + "?edit=drift", headers=htmx).content.decode()
        assert "<html" not in opened
        assert "rescore-drift" not in sign_in(w.person("pat")).get(place + "?edit=drift").content.decode()
        kept = mia.post(to(w, "risk_rescore"), score_form(w, risk, reason=" "), headers=htmx)
        assert (kept.status_code, "Say what changed." in words(kept)) == (422, True)
        assert 'id="risks"' in kept.content.decode()
        saved = mia.post(to(w, "risk_rescore"), score_form(w, risk), headers=htmx).content.decode()
    assert "1 critical risk, likelihood 5, impact 5" in saved
    assert "was 15" in saved
    assert "rescore-drift" not in saved
    with build.on(GATE_DAY):
        lost = mia.post(to(w, "risk_rescore"), score_form(w, risk, impact=4), headers=htmx)
        assert lost.status_code == 409
        assert "Likelihood 5, impact 5, current score 25" in words(lost)
        risk.refresh_from_db()
        done = mia.post(to(w, "risk_rescore"), score_form(w, risk))
    assert done.headers["Location"] == place + "?show=above"


def test_what_moved_is_counted_and_closed_risks_stay_reachable(w: World) -> None:
    up, over = build.risk(w, "up", likelihood=3, impact=3), build.risk(w, "over", likelihood=1, impact=1)
    with build.on(GATE_DAY):
        services.rescore(actor=w.person("mia"), risk=up, likelihood=3, impact=4, reason="More")
        services.close_risk(actor=w.person("rita"), risk=over, reason="The vendor left")
        client, place = sign_in(w.person("pat")), reverse("risks", args=[w.program.slug])
        shown = words(client.get(place))
        assert "▲ Rose 1 risks ▼ Fell 0 New 0 Closed 1 risks" in shown
        assert "The over comes true" not in shown
        assert "The over comes true" in words(client.get(place + "?show=closed"))
        assert "The up comes true" in words(client.get(place + "?show=up"))
        one = words(client.get(reverse("risk", args=[w.program.slug, "over"])))
    assert "The vendor left" in one


def test_s57_an_open_alert_flags_the_risk_on_register_and_page_and_a_closed_one_does_not(w: World) -> None:
    risk = build.risk(w)
    metric = Metric.objects.create(
        program=w.program, slug="psi", name="Input drift", category="model", unit="PSI", direction="lower",
        frequency="daily", source="s", owner_role=w.role("model-owner"), why="w",
    )  # fmt: skip
    at = dt.datetime(2026, 2, 3, tzinfo=dt.UTC)
    Alert.objects.create(
        program=w.program, metric=metric, level="critical", value=1, measured_at=at, opened_at=at, acknowledge_by=at
    )
    sign = RiskIndicator.objects.create(risk=risk, position=1, text="drift above warning")
    client, place = sign_in(w.person("mia")), reverse("risks", args=[w.program.slug])
    with build.on(GATE_DAY):
        assert "Input drift" not in words(client.get(place))
        client.post(to(w, "risk_sign_change", sign.pk), {"text": sign.text, "metric": metric.pk})
        assert "1 with a sign seen" in words(client.get(place))
        assert "The drift comes true" in words(client.get(place + "?show=flagged"))
        assert "beyond its critical limit now" in words(client.get(to(w)))
        Alert.objects.update(closed_at=at)
        assert "with a sign seen" not in words(client.get(place))
        assert "beyond its" not in words(client.get(to(w)))


def test_s57_a_late_review_shows_and_reviewing_ends_it(w: World) -> None:
    build.risk(w)
    Risk.objects.update(review_on=GATE_DAY - dt.timedelta(days=3))
    client, place = sign_in(w.person("pat")), reverse("risks", args=[w.program.slug])
    with build.on(GATE_DAY):
        assert "3 days late" in words(client.get(place + "?show=late"))
        empty = client.post(to(w, "risk_review"), {"version": 1, "note": " "})
        assert (empty.status_code, "Say in a line what you found." in words(empty)) == (422, True)
        client.post(to(w, "risk_review"), {"version": 1, "note": "Quiet"})
        assert "days late" not in words(client.get(place))


def test_s89_later_phases_are_shown_apart_until_raised(w: World) -> None:
    build.risk(w)
    Risk.objects.update(raise_from_phase="phase-3")
    client, place = sign_in(w.person("mia")), reverse("risks", args=[w.program.slug])
    with build.on(GATE_DAY):
        shown = words(client.get(place))
        assert "0 open" in shown
        assert "1 risk of later phases does not count yet" in shown
        assert "The drift comes true" in words(client.get(place + "?show=later"))
        client.post(to(w, "risk_raise"), {"reason": "It is here already"})
        assert "1 open" in words(client.get(place))
        assert "Raised Tue 3 Feb, 11:00: It is here already" in words(client.get(to(w)))


def test_a_new_risk_is_written_once_and_what_was_typed_is_kept(w: World) -> None:
    path = build.risk(w).path_id
    client, place = sign_in(w.person("ivy")), reverse("risk_add", args=[w.program.slug])
    form = {
        "event": "Answers change", "cause": "a new model", "impact": "wrong cases", "likelihood": 4, "severity": 4,
        "owner_role": w.role("model-owner").pk, "path": path, "response": "transfer", "category": "third-party",
        "raise_from_phase": "phase-1", "key": "abc",
    }  # fmt: skip
    with build.on(GATE_DAY):
        refused = client.post(place, {**form, "cause": "", "path": "0"})
        assert refused.status_code == 422
        assert "Say what it comes from." in words(refused)
        assert "That is not offered here." in words(refused)
        assert "Answers change" in refused.content.decode()
        for _ in range(2):
            assert client.post(place, form).headers["Location"] == reverse("risk", args=[w.program.slug, "own-1"])
        opened = words(client.get(reverse("risk", args=[w.program.slug, "own-1"])))
    assert Risk.objects.filter(slug__startswith="own-").count() == 1
    assert "Inherent 16 Current 16 Target none yet" in opened


def test_it_happened_leads_to_an_issue_form_with_the_risk_chosen(w: World) -> None:
    risk = build.risk(w)
    client = sign_in(w.person("mia"))
    with build.on(GATE_DAY):
        assert f"/logs/issues/?risk={risk.slug}" in client.get(to(w)).content.decode()
        form = client.get(reverse("logs_issues", args=[w.program.slug]) + f"?risk={risk.slug}").content.decode()
    assert f'<option value="{risk.pk}" selected>' in form


@pytest.mark.parametrize("rows", [1, 3])
def test_a_risks_page_takes_the_same_queries_whatever_stands_on_it(
    w: World, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    risk = build.risk(w)
    with build.on(GATE_DAY):
        for number in range(rows):
            services.add_sign(actor=w.person("mia"), risk=risk, text=f"Sign {number}")
            step = services.add_action(
                actor=w.person("mia"), risk=risk, text=f"Step {number}", owner_role=w.role("model-owner"),
                due_date=GATE_DAY,
            )  # fmt: skip
            services.finish_action(actor=w.person("mia"), action=step, proof="Report")
    with build.on(GATE_DAY + dt.timedelta(days=1)):
        services.rescore(actor=w.person("rita"), risk=risk, likelihood=3, impact=5, reason="x", action_id=step.pk)
    client = sign_in(w.person("pat"))
    with django_assert_num_queries(17):
        client.get(to(w))
