"""What starts an escalation, once, and what ends it: recovery, a finished action, a new date, people (S58, S74)."""

import datetime as dt
from dataclasses import replace

import pytest

from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from escalation import services
from escalation.defaults import defaults
from escalation.enums import Cause, Subject
from escalation.models import Escalation
from escalation.services.daily import keep_day
from metrics.enums import AlertLevel
from metrics.models import Alert
from programs.enums import ProgramState
from programs.models import Program
from reminders.enums import State
from reminders.models import Delivery
from reminders.services import tick
from risks.models import MitigationAction, Risk
from risks.services import finish_action
from tests.escalation.world import (
    MONDAY,
    Escalating,
    at,
    breach,
    recover,
    told,
)
from tests.factories import sign_in


def test_recovery_ends_it_and_the_next_breach_starts_anew_and_knows_the_old_one(e: Escalating) -> None:
    with at(MONDAY):
        alert = breach(e)
        tick()
        recover(alert)
        first = e.only()
        assert first.ended_because == "The metric is back inside its limits."
        with pytest.raises(Conflict):
            services.acknowledge(actor=e.person("mia"), escalation=first, note="Late")
    with at(MONDAY, hours=2):
        breach(e)
        tick()
    second = Escalation.objects.get(ended_at=None)
    assert second.earlier == first
    assert Delivery.objects.filter(item_kind="escalation", state=State.SENT).count() == 2


def test_an_acknowledged_breach_that_repeats_at_the_same_level_stays_quiet(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        tick()
        services.acknowledge(actor=e.person("mia"), escalation=e.only(), note="On it")
    with at(MONDAY, hours=2):
        breach(e)
        tick()
    assert Escalation.objects.count() == 1


@pytest.mark.parametrize(
    ("phase", "raised", "path", "flagged"),
    [
        ("phase-1", False, "esc-model", 1),
        ("phase-3", True, "esc-model", 1),  # raised ahead of its phase
        ("phase-3", False, "esc-ops", 0),  # the path of the metric's category instead
    ],
)
def test_s89_a_risk_of_a_later_phase_starts_no_path_until_it_is_raised(
    e: Escalating, phase: str, raised: bool, path: str, flagged: int
) -> None:
    Risk.objects.filter(pk=e.risk.pk).update(
        raise_from_phase=phase, raised_at=MONDAY if raised else None, path=e.path("esc-model")
    )
    with at(MONDAY):
        breach(e)
    assert (e.only().path.slug, e.only().risks.count()) == (path, flagged)


def test_s89_the_risk_counts_from_the_first_day_of_its_phase(e: Escalating) -> None:
    Risk.objects.filter(pk=e.risk.pk).update(raise_from_phase="phase-3", path=e.path("esc-model"))
    with at(MONDAY, weeks=8):
        breach(e)
    assert e.only().path.slug == "esc-model"


def test_s73_an_answer_on_the_escalation_reads_like_one_on_the_metrics_page(e: Escalating) -> None:
    with at(MONDAY):
        alert = breach(e)
        services.acknowledge(actor=e.person("mia"), escalation=e.only(), note="On it")
        services.acknowledge(actor=e.person("mia"), escalation=e.only(), note="On it")
    alert.refresh_from_db()
    said = (alert.acknowledged_by, alert.investigator, alert.note)
    assert said == (e.person("mia"), e.person("mia"), "On it")
    entry = Entry.objects.get(verb="metric.acknowledged")
    assert (entry.subject_kind, entry.subject_id, entry.data["metric"]) == ("metric_alert", alert.pk, "m-availability")
    assert (entry.data["note"], entry.data["after"]) == ("On it", e.person("mia").pk)


def test_the_escalation_leads_to_the_metric_that_broke(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        assert e.only().subject_url == f"/programs/{e.program.slug}/metrics/m-availability/"
        page = sign_in(e.person("mia")).get(f"/programs/{e.program.slug}/escalations/{e.only().pk}/").content.decode()
        assert f'href="{e.only().subject_url}"' in page
        assert sign_in(e.person("mia")).get(e.only().subject_url).status_code == 200


def test_a_finished_action_of_another_kind_of_entry_ends_nothing(e: Escalating) -> None:
    with at(MONDAY):
        alert = breach(e)
        recover(Alert(pk=alert.pk + 1, program=e.program, metric=e.metric))
    assert e.only().ended_at is None


def test_where_warnings_start_paths_too_a_critical_reading_starts_the_acknowledged_one_anew(
    e: Escalating, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = replace(defaults(), start_at=frozenset({"warning", "critical"}))
    monkeypatch.setattr("escalation.services.starting.defaults", lambda: both)
    with at(MONDAY):
        breach(e, AlertLevel.WARNING)
        services.acknowledge(actor=e.person("mia"), escalation=e.only(), note="Watching")
    with at(MONDAY, hours=1):
        breach(e)
        tick()
    first, second = Escalation.objects.order_by("pk")
    assert first.ended_because == "It became critical; the path started anew."
    assert (second.earlier, second.critical, second.is_running) == (first, True, True)
    assert told(State.SENT) == {"rung-1": {"mia"}}


def _overdue(e: Escalating) -> MitigationAction:
    action = MitigationAction.objects.get(risk=e.risk)
    MitigationAction.objects.filter(pk=action.pk).update(due_date=MONDAY.date() - dt.timedelta(days=3))
    return MitigationAction.objects.get(pk=action.pk)


def test_an_overdue_action_starts_the_path_of_its_risk_once_per_date(e: Escalating) -> None:
    action = _overdue(e)
    with at(MONDAY):
        tick()
        tick()
        assert (e.only().cause, e.only().subject_id) == (Cause.OVERDUE_ACTION, action.pk)
        services.end_by_hand(actor=e.person("pat"), escalation=e.only(), reason="Agreed to wait")
    with at(MONDAY, days=1):
        tick()
        assert Escalation.objects.count() == 1
        MitigationAction.objects.update(due_date=MONDAY.date() - dt.timedelta(days=1))
        keep_day(e.program, MONDAY.date())
    assert Escalation.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("due", [MONDAY.date(), None])
def test_an_action_due_today_or_without_a_date_starts_nothing(e: Escalating, due: dt.date | None) -> None:
    MitigationAction.objects.update(due_date=due)
    with at(MONDAY):
        tick()
    assert not Escalation.objects.exists()


def test_finishing_the_action_ends_it_in_the_same_transaction(e: Escalating) -> None:
    action = _overdue(e)
    with at(MONDAY):
        tick()
        finish_action(actor=e.person("rita"), action=action, proof="The drill of 12 January")
        assert e.only().ended_because == "The action is finished."


def test_a_new_date_ends_it_on_the_next_day(e: Escalating) -> None:
    _overdue(e)
    with at(MONDAY):
        tick()
        MitigationAction.objects.update(due_date=MONDAY.date() + dt.timedelta(days=9))
    with at(MONDAY, days=1):
        tick()
    assert e.only().ended_because == "The action has another date now."


def test_by_hand_any_member_with_a_reason_and_a_double_press_is_one(e: Escalating) -> None:
    about = services.About(Subject.RISK, e.risk.pk, "The outage")
    with at(MONDAY):
        for _ in range(2):
            services.start_by_hand(
                actor=e.person("fay"), path=e.path("esc-ops"), about=about, reason="It is down", key="k", risk=e.risk
            )
        assert e.only().started_by == e.person("fay")
        for actor, reason, error in (
            (e.person("fay"), "Again", Invalid),
            (e.person("fay"), " ", Invalid),
            (e.w.executive, "x", NotAllowed),
            (e.w.stranger, "x", NotAllowed),
        ):
            with pytest.raises(error):
                services.start_by_hand(actor=actor, path=e.path("esc-ops"), about=about, reason=reason)


def test_who_may_not_answer(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        for name in ("fay", "ivy"):
            with pytest.raises(NotAllowed):
                services.acknowledge(actor=e.person(name), escalation=e.only(), note="x")
        with pytest.raises(NotAllowed):
            services.end_by_hand(actor=e.person("mia"), escalation=e.only(), reason="x")


@pytest.mark.parametrize("state", [ProgramState.PAUSED, ProgramState.STOPPED])
def test_a_program_that_is_not_alive_neither_starts_nor_climbs(e: Escalating, state: ProgramState) -> None:
    with at(MONDAY):
        breach(e)
        Program.objects.update(state=state)
        tick()
        assert e.only().rungs.count() == 0
        Alert.objects.all().delete()
        Escalation.objects.all().delete()
        breach(e)
    assert not Escalation.objects.exists()
