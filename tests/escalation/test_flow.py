"""From a breach to silence: alert, path, rungs, mails, acknowledgement, end (S54, S57, S58, S74; issue 4)."""

import datetime as dt

import pytest
from django.db import transaction

from accounts.models import Absence
from activity import services as activity
from activity.enums import Verb
from activity.models import Entry
from core.errors import Invalid
from escalation import services
from escalation.enums import Cause, Part, Subject
from escalation.models import Escalation, RungCall
from escalation.selectors.standing import of_risks
from metrics.enums import AlertLevel
from metrics.models import Alert, Metric
from programs.models import Role
from reminders.enums import State
from reminders.models import Delivery, Mail
from reminders.services import tick
from risks.models import EscalationLevel, Risk, RiskIndicator
from tests.escalation.world import (
    MONDAY,
    Escalating,
    acknowledge_alert,
    at,
    breach,
    told,
)


def rungs() -> list[tuple[int, bool, list[str]]]:
    """Position, emptiness and first names of every rung reached so far."""
    return [
        (r.position, r.empty, [c.user.email.split(".")[0] for c in r.calls.filter(ended_at=None)])
        for r in Escalation.objects.get().rungs.order_by("position")
    ]


def test_a_breach_is_mailed_within_one_tick_then_the_next_rung_then_stopped(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        tick()
        assert told(State.SENT) == {"rung-1": {"mia"}}
        assert of_risks(e.program)[e.risk.pk] == e.only()
    with at(MONDAY, minutes=59):
        tick()
        assert told() == {"rung-1": {"mia"}}
    with at(MONDAY, minutes=61):
        tick()
        assert told(State.SENT) == {"rung-1": {"mia"}, "rung-2": {"pat"}}
        services.acknowledge(actor=e.person("pat"), escalation=e.only(), note="Rolling back")
    with at(MONDAY, hours=9):
        tick()
        assert told() == {"rung-1": {"mia"}, "rung-2": {"pat"}}
    alert = Alert.objects.get()
    assert (alert.acknowledged_by, alert.note) == (e.person("pat"), "Rolling back")
    verbs = list(Entry.objects.filter(subject_kind="escalation").order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "escalation.started",
        "escalation.rung_reached",
        "escalation.rung_reached",
        "escalation.acknowledged",
    ]


def test_an_emergency_is_mailed_at_night_alone_and_leaves_the_morning_its_mail(e: Escalating) -> None:
    night = MONDAY.replace(day=11, hour=3)  # a Sunday
    with at(night):
        breach(e)
        tick()
        assert told(State.SENT) == {"rung-1": {"mia"}}
        assert [mail.key.split("|")[0] for mail in Mail.objects.all()] == ["alone"]
        assert "Escalated to you: Availability" in Mail.objects.get().subject


def test_a_path_in_working_hours_waits_for_a_decent_hour_unless_critical(e: Escalating) -> None:
    night = MONDAY.replace(hour=3)
    with at(night):
        services.start_by_hand(
            actor=e.person("pat"),
            path=e.path("esc-model"),
            about=services.About(Subject.RISK, e.risk.pk, "Drift"),
            reason="It drifts",
            risk=e.risk,
        )
        tick()
        assert told(State.QUEUED) == {"rung-1": {"mia"}}
    with at(MONDAY.replace(hour=8), minutes=1):
        tick()
        assert told(State.SENT) == {"rung-1": {"mia"}}


def test_the_same_breach_told_twice_starts_one_path(e: Escalating) -> None:
    with at(MONDAY):
        alert = breach(e)
        breach(e)
        assert Escalation.objects.count() == 1
        assert (e.only().subject_kind, e.only().subject_id, e.only().cause) == ("metric_alert", alert.pk, Cause.BREACH)


def test_every_open_risk_that_watches_the_metric_starts_its_own_path_once(e: Escalating) -> None:
    for slug, path, closed in (("a", "esc-model", None), ("b", "esc-model", None), ("c", "esc-data", MONDAY)):
        risk = Risk.objects.get(pk=e.risk.pk)
        risk.pk, risk.slug, risk.path, risk.closed_at = None, slug, e.path(path), closed
        risk.save()
        RiskIndicator.objects.create(risk=risk, position=1, text="t", metric=e.metric)
    with at(MONDAY):
        breach(e)
    found = {row.path.slug: {risk.slug for risk in row.risks.all()} for row in Escalation.objects.all()}
    assert found == {"esc-ops": {"outage"}, "esc-model": {"a", "b"}}


@pytest.mark.parametrize(("category", "path"), [("quality", "esc-model"), ("reliability", "esc-ops"), ("x", "esc-ops")])
def test_a_metric_nobody_watches_starts_the_path_of_its_category(e: Escalating, category: str, path: str) -> None:
    RiskIndicator.objects.all().delete()
    Metric.objects.update(category=category)
    with at(MONDAY):
        breach(e)
    assert e.only().path.slug == path
    assert e.only().risks.count() == 0


def test_a_warning_starts_nothing_until_it_is_critical(e: Escalating) -> None:
    with at(MONDAY):
        breach(e, AlertLevel.WARNING)
        assert not Escalation.objects.exists()
        breach(e)
        assert e.only().critical


def test_an_empty_rung_is_handed_up_at_once_with_the_gap_named(e: Escalating) -> None:
    Role.objects.filter(slug="model-owner").update(holder=None, deputy=None, vacant_since=MONDAY.date())
    with at(MONDAY):
        breach(e)
        tick()
        assert rungs() == [(1, True, []), (2, False, ["pat"])]
        gap = "Model owner is vacant and no deputy is named for Model owner"
        assert Delivery.objects.get(item_kind="escalation").gaps == [gap]
        assert [r.gaps for r in e.only().rungs.all()] == [[gap], [gap]]


def test_nobody_on_the_last_rung_asks_somebody_to_stand_in(e: Escalating) -> None:
    Role.objects.filter(slug="sponsor").update(holder=None, vacant_since=MONDAY.date())
    with at(MONDAY):
        breach(e)
        tick()
    for hours in (1, 4):
        with at(MONDAY, hours=hours):
            tick()
    assert rungs()[-1] == (3, False, ["pat"])
    assert RungCall.objects.get(rung__position=3).part == Part.STAND_IN
    assert told(State.SENT)["rung-3"] == {"pat"}
    assert e.only().next_at is None


def test_a_deputy_is_told_when_the_holder_is_away_or_deactivated(e: Escalating) -> None:
    Absence.objects.create(user=e.person("mia"), start=MONDAY.date(), end=MONDAY.date())
    with at(MONDAY):
        breach(e)
        tick()
    assert told(State.SENT) == {"rung-1": {"max"}}
    assert e.only().rungs.get().gaps == []


def test_a_new_holder_is_asked_instead_and_nobody_twice(e: Escalating) -> None:
    with at(MONDAY.replace(hour=3)):
        services.start_by_hand(
            actor=e.person("pat"),
            path=e.path("esc-model"),
            about=services.About(Subject.MATTER, 0, "Drift"),
            reason="It drifts",
        )
        tick()
        Role.objects.filter(slug="model-owner").update(holder=e.person("ben"))
        _role_changed(e, "model-owner")
        tick()
        assert told(State.CANCELLED) == {"rung-1": {"mia"}}
        assert told(State.QUEUED) == {"rung-1": {"ben"}}
        Role.objects.filter(slug="model-owner").update(holder=e.person("mia"))
        _role_changed(e, "model-owner")
        tick()
    with at(MONDAY, minutes=5):
        tick()
        tick()
    assert told(State.SENT) == {"rung-1": {"mia"}}
    assert Delivery.objects.filter(item_kind="escalation").count() == 2


def test_a_rung_whose_people_left_hands_over_at_once(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        tick()
        Role.objects.filter(slug="model-owner").update(holder=None, deputy=None, vacant_since=MONDAY.date())
        _role_changed(e, "model-owner")
    with at(MONDAY, minutes=1):
        tick()
        assert rungs() == [(1, True, []), (2, False, ["pat"])]


def test_acknowledging_cancels_what_has_not_left_in_the_same_transaction(e: Escalating) -> None:
    with at(MONDAY.replace(hour=3)):
        row = services.start_by_hand(
            actor=e.person("pat"),
            path=e.path("esc-model"),
            about=services.About(Subject.MATTER, 0, "Drift"),
            reason="It drifts",
        )
        tick()
        assert told(State.QUEUED) == {"rung-1": {"mia"}}
        services.acknowledge(actor=e.person("mia"), escalation=row, note="Looking")
        assert told(State.CANCELLED) == {"rung-1": {"mia"}}
        assert Delivery.objects.get(item_kind="escalation").reason == "Acknowledged"
    with at(MONDAY):
        tick()
    assert told(State.SENT) == {}


def test_acknowledging_twice_is_once_and_needs_words(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        tick()
        with pytest.raises(Invalid):
            services.acknowledge(actor=e.person("mia"), escalation=e.only(), note=" ")
        services.acknowledge(actor=e.person("mia"), escalation=e.only(), note="First")
        services.acknowledge(actor=e.person("pat"), escalation=e.only(), note="Second")
    assert (e.only().acknowledged_by, e.only().note) == (e.person("mia"), "First")


def test_an_alert_acknowledged_on_its_own_page_stops_the_clock(e: Escalating) -> None:
    with at(MONDAY):
        alert = breach(e)
        acknowledge_alert(alert, e.person("mia"))
        assert (e.only().acknowledged_by, e.only().note) == (e.person("mia"), "Restarting the pods")
        tick()
        assert told() == {}


def test_after_a_standstill_no_rung_is_passed_over(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
    with at(MONDAY, days=2):
        tick()
        assert told(State.SENT) == {"rung-1": {"mia"}}
    with at(MONDAY, days=2, minutes=59):
        tick()
        assert "rung-2" not in told()
    with at(MONDAY, days=2, minutes=61):
        tick()
        assert told(State.SENT)["rung-2"] == {"pat"}


def test_one_that_cannot_be_advanced_holds_up_nobody(e: Escalating, monkeypatch: pytest.MonkeyPatch) -> None:
    with at(MONDAY):
        breach(e)
        bad = e.only()
        for title in ("One", "Two"):
            services.start_by_hand(
                actor=e.person("pat"),
                path=e.path("esc-model"),
                about=services.About(Subject.MATTER, 0, title),
                reason="x",
            )
        EscalationLevel.objects.filter(path=e.path("esc-ops")).update(unit="fortnights")
        assert services.advance() == 2
    bad.refresh_from_db()
    assert bad.next_at == MONDAY + dt.timedelta(hours=1)


def _role_changed(e: Escalating, slug: str) -> None:
    """What the service of roles records (its own rules are tested elsewhere)."""
    role = e.role(slug)
    with transaction.atomic():
        activity.record(
            actor_id=None,
            verb=Verb.ROLE_FILLED,
            subject_kind="role",
            subject_id=role.pk,
            subject_label=role.name,
            program_id=role.program_id,
        )
