"""A breach opens an alert in the transaction of the reading; only the newest reading decides (S54, S72-S74)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from activity.enums import Verb
from activity.models import Entry
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from metrics import listeners, services
from metrics.domain.limits import Bounds, Limits
from metrics.enums import AlertLevel, Direction
from metrics.models import Alert, LimitChange, Metric, Reading
from tests.metrics.world import NOW, World

DAY = 24.0


def verbs(w: World) -> list[str]:
    """What happened to the alert of the program, oldest first."""
    rows = Entry.objects.filter(program_id=w.program.pk, subject_kind="metric_alert").order_by("id")
    return list(rows.values_list("verb", flat=True))


def limits(target: int = 60, warn: int = 40, critical: int = 20) -> Limits:
    bounds = (Bounds(low=Decimal(end)) for end in (target, warn, critical))
    return Limits(Direction.HIGHER, *bounds)


def acknowledge(w: World, alert: Alert, **changes: Any) -> Alert:
    values = {"actor": w.owner, "investigator": w.people["max"], "note": "Compare with yesterday's batch."}
    return services.acknowledge(alert=alert, **{**values, **changes})


# ---------------------------------------------------------------- opening


@pytest.mark.parametrize(
    ("value", "level", "hours"), [("39", AlertLevel.WARNING, 24), ("19", AlertLevel.CRITICAL, 4), ("40", None, 0)]
)
def test_s54_a_breach_opens_one_alert_with_its_clock(
    w: World, value: str, level: AlertLevel | None, hours: int
) -> None:
    w.read(value)
    alert = w.alert()
    assert (alert and alert.level) == level
    if alert is None:
        assert verbs(w) == []
        return
    assert (alert.value, alert.measured_at, alert.opened_at) == (Decimal(value), NOW, NOW)
    assert alert.acknowledge_by == NOW + dt.timedelta(hours=hours)
    entry = Entry.objects.get(verb=Verb.METRIC_BREACHED)
    assert (entry.subject_kind, entry.subject_id) == ("metric_alert", alert.pk)
    assert (entry.data["metric"], entry.data["level"], entry.data["value"]) == ("m-recall", level, value)


def test_s72_the_alert_stands_or_falls_with_the_reading(w: World) -> None:
    def read_and_fail() -> None:
        with transaction.atomic():
            w.read("10")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        read_and_fail()
    assert (Reading.objects.count(), Alert.objects.count()) == (0, 0)


def test_a_back_dated_import_raises_no_false_alert(w: World) -> None:
    w.read("70")
    w.send((48, "10"), (24, "5"))
    assert w.alert() is None
    assert Reading.objects.count() == 3


def test_an_old_newest_reading_says_nothing_about_today(w: World) -> None:
    w.send((12 * DAY, "10"))
    assert w.alert() is None
    w.send((1, "10"))
    assert w.alert() is not None


def test_the_state_at_the_end_of_a_batch_counts_not_the_order_of_its_rows(w: World) -> None:
    w.send((1, "70"), (2, "10"))
    assert w.alert() is None
    w.send((0, "10"), (0.5, "70"))
    assert w.alert() is not None


def test_sending_again_opens_nothing_again(w: World) -> None:
    first, again = w.send((1, "10")), w.send((1, "10"))
    assert (first.saved, again.saved, again.unchanged) == (1, 0, 1)
    assert verbs(w) == ["metric.breached"]


# ---------------------------------------------------------------- worse and better


def test_a_worse_level_raises_the_open_alert_and_starts_its_clock_anew(w: World) -> None:
    w.read("30", hours_ago=2)
    alert = w.alert()
    assert alert is not None
    acknowledge(w, alert)
    with clock.frozen(NOW + dt.timedelta(hours=1)):
        w.read("10")
    alert.refresh_from_db()
    assert (alert.level, alert.value, alert.acknowledged_at) == ("critical", Decimal(10), None)
    assert alert.acknowledge_by == NOW + dt.timedelta(hours=5)
    assert Alert.objects.count() == 1
    assert verbs(w) == ["metric.breached", "metric.acknowledged", "metric.breached"]


def test_the_worst_value_of_a_level_is_kept_and_a_little_better_does_not_lower_it(w: World) -> None:
    for hours, value in ((3, "15"), (2, "5"), (1, "12"), (0, "35")):
        w.read(value, hours_ago=hours)
    alert = w.alert()
    assert alert is not None
    assert (alert.level, alert.value) == ("critical", Decimal(5))
    assert verbs(w) == ["metric.breached"]


def test_the_first_reading_back_inside_closes_it(w: World) -> None:
    w.read("10", hours_ago=2)
    w.read("40", hours_ago=1)
    assert w.alert() is None
    alert = Alert.objects.get()
    assert (alert.closed_at, alert.closed_because) == (NOW, "Back inside its limits")
    assert verbs(w) == ["metric.breached", "metric.recovered"]
    w.read("10")
    assert Alert.objects.count() == 2


def test_a_correction_closes_what_a_wrong_reading_opened(w: World) -> None:
    wrong = w.read("7")
    right = services.correct_reading(actor=w.owner, reading=wrong, value=Decimal(70), why="A digit was lost.")
    assert w.alert() is None
    assert Alert.objects.get().closed_because == "The reading was corrected: A digit was lost."
    wrong.refresh_from_db()
    assert (wrong.current, wrong.value, right.corrects, right.reason) == (False, Decimal(7), wrong, "A digit was lost.")
    assert Metric.objects.get(pk=w.recall.pk).last_value == Decimal(70)


# ---------------------------------------------------------------- acknowledging


def test_s73_an_acknowledgement_names_an_investigator_and_stops_the_clock(w: World) -> None:
    w.read("10")
    alert = w.alert()
    assert alert is not None
    done = acknowledge(w, alert)
    assert (done.acknowledged_at, done.acknowledged_by, done.investigator) == (NOW, w.owner, w.people["max"])
    assert acknowledge(w, alert).pk == done.pk  # pressed twice
    assert verbs(w) == ["metric.breached", "metric.acknowledged"]
    with pytest.raises(Conflict) as lost:
        acknowledge(w, alert, actor=w.manager)
    assert lost.value.current == "Compare with yesterday's batch."


def test_s73_an_acknowledgement_needs_a_note_a_person_of_the_program_and_the_right(w: World) -> None:
    w.read("10")
    alert = w.alert()
    assert alert is not None
    with pytest.raises(Invalid) as no_note:
        acknowledge(w, alert, note=" ")
    assert no_note.value.field == "note"
    with pytest.raises(Invalid) as nobody:
        acknowledge(w, alert, investigator=w.stranger)
    assert nobody.value.field == "investigator"
    for who in (w.sponsor, w.verifier, w.viewer):
        with pytest.raises(NotAllowed):
            acknowledge(w, alert, actor=who)
    w.read("80", hours_ago=-0.01)
    with pytest.raises(Invalid, match="closed"):
        acknowledge(w, alert)


# ---------------------------------------------------------------- limits


def test_g14_g20_a_change_of_limits_keeps_the_old_ones_with_the_reason(w: World) -> None:
    services.change_limits(actor=w.owner, metric=w.recall, limits=limits(warn=50), why="Too late otherwise.", version=1)
    change = LimitChange.objects.get()
    assert (change.before["warn_low"], change.after["warn_low"]) == ("40.0000", "50")
    assert (change.reason, change.weakened, change.changed_by) == ("Too late otherwise.", [], w.owner)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        LimitChange.objects.update(reason="x")
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        LimitChange.objects.all().delete()


def test_new_limits_judge_the_newest_reading(w: World) -> None:
    w.read("45")
    assert w.alert() is None
    services.change_limits(actor=w.owner, metric=w.recall, limits=limits(warn=50), why="Too late otherwise.")
    assert w.alert() is not None
    services.change_limits(actor=w.owner, metric=w.recall, limits=limits(), why="Too early.")
    assert w.alert() is None
    assert Alert.objects.get().closed_because == "The limits changed: Too early."


def test_g14_a_confirmed_limit_is_not_weakened_by_its_owner(w: World) -> None:
    services.confirm_metric(actor=w.owner, metric=w.recall)
    with pytest.raises(NotAllowed, match="somebody else"):
        services.change_limits(actor=w.owner, metric=w.recall, limits=limits(critical=10), why="Fewer alarms.")
    services.change_limits(actor=w.owner, metric=w.recall, limits=limits(critical=30), why="Stricter.")
    done = services.change_limits(actor=w.manager, metric=w.recall, limits=limits(critical=10), why="Agreed.")
    assert done.critical_low == Decimal(10)
    assert LimitChange.objects.first().weakened == ["critical limit"]  # type: ignore[union-attr]


def test_g14_a_small_team_may_and_the_record_still_says_weakened(w: World) -> None:
    w.program.small_team = True
    w.program.save()
    services.confirm_metric(actor=w.owner, metric=w.recall)
    services.change_limits(actor=w.owner, metric=w.recall, limits=limits(critical=10), why="Fewer alarms.")
    assert LimitChange.objects.get().weakened == ["critical limit"]


@pytest.mark.parametrize(("why", "low", "field"), [("", 10, "reason"), ("Because.", 70, "critical_low")])
def test_limits_need_a_reason_and_their_order(w: World, why: str, low: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.change_limits(actor=w.owner, metric=w.recall, limits=limits(critical=low), why=why)
    assert refused.value.field == field
    assert LimitChange.objects.count() == 0


def test_p16_who_was_slower_sees_what_is_there(w: World) -> None:
    services.change_limits(actor=w.owner, metric=w.recall, limits=limits(warn=50), why="One.", version=1)
    with pytest.raises(Conflict) as lost:
        services.change_limits(actor=w.manager, metric=w.recall, limits=limits(warn=45), why="Two.", version=1)
    assert "warning 50" in lost.value.current


# ---------------------------------------------------------------- listeners


def test_who_listens_hears_of_a_newer_reading_and_can_undo_it(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[list[str]] = []
    monkeypatch.setattr(listeners, "_listeners", [lambda metrics: heard.append([m.slug for m in metrics])])
    w.send((1, "70"))
    w.send((2, "70"))  # not the newest: nothing moved
    assert heard == [["m-recall"]]

    def refuse(metrics: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(listeners, "_listeners", [refuse])
    with pytest.raises(RuntimeError):
        w.send((0, "70"))
    assert Reading.objects.count() == 2
