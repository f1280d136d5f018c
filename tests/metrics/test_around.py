"""What metrics change elsewhere: the status of the program, criteria that fill themselves, gate 60, reminders."""

import datetime as dt
from typing import Any

import pytest

from core import clock
from core.errors import Invalid, NotAllowed
from gates.models import Decision
from gates.selectors.reading import read_program
from metrics import services
from metrics.domain.categories import CRITERION, REQUIRED
from metrics.models import Alert, Metric
from phases import services as phases
from phases.enums import EvidenceKind
from phases.models import Criterion, Event, Evidence
from phases.selectors import load_plan
from reminders.models import Delivery
from reminders.services import copy_default_rules, tick
from tests.factories import sign_in
from tests.metrics.world import NOW, World, metric

HOUR = dt.timedelta(hours=1)


def rules(w: World, at: dt.datetime = NOW) -> dict[str, str]:
    """Colour by slug of the rules about metrics that fire at an instant."""
    with clock.frozen(at):
        reading = read_program(load_plan(w.program), today=at.date(), last_update=at)
    return {rule.slug: rule.colour.value for rule in reading.status.rules if rule.slug.startswith("metric")}


# ---------------------------------------------------------------- status


def test_without_readings_and_before_launch_metrics_say_nothing(w: World) -> None:
    assert rules(w) == {}


@pytest.mark.parametrize(("days", "fires"), [(0, False), (2, False), (3, True)])
def test_a_required_metric_silent_for_two_periods_is_grey(w: World, days: int, fires: bool) -> None:
    w.read("70")  # on a Tuesday: due Wednesday, nothing is known after Thursday
    assert rules(w, NOW + dt.timedelta(days=days)) == ({"metric-silent": "grey"} if fires else {})


def test_a_metric_that_is_not_required_may_be_silent(w: World) -> None:
    Metric.objects.update(category_required=False)
    w.read("70")
    assert rules(w, NOW + dt.timedelta(days=30)) == {}


def test_s71_from_the_launch_clearance_on_a_required_metric_must_report(w: World) -> None:
    gate = w.events["gate-30"]
    Decision.objects.create(program=w.program, event=gate, number=1, word="clear-to-launch", reason="r", decided_at=NOW)
    assert rules(w, NOW + dt.timedelta(days=2)) == {}
    assert rules(w, NOW + dt.timedelta(days=3)) == {"metric-silent": "grey"}


def test_a_critical_breach_is_red_once_its_time_is_over_and_not_when_acknowledged(w: World) -> None:
    w.read("10")
    assert rules(w, NOW + 4 * HOUR) == {"metric-breached": "amber"}
    assert rules(w, NOW + 5 * HOUR) == {"metric-critical": "red"}
    services.acknowledge(actor=w.owner, alert=Alert.objects.get(), investigator=w.owner, note="On it.")
    assert rules(w, NOW + 5 * HOUR) == {"metric-breached": "amber"}


def test_a_warning_is_amber_however_late_and_gone_when_it_recovers(w: World) -> None:
    w.read("30", hours_ago=1)
    assert rules(w, NOW + 40 * HOUR) == {"metric-breached": "amber"}
    w.read("70")
    assert rules(w) == {}


# ---------------------------------------------------------------- criteria that fill themselves


def series(w: World) -> Criterion:
    """A criterion that readings prove, and its metric confirmed."""
    services.confirm_metric(actor=w.owner, metric=w.recall)
    Criterion.objects.filter(slug="accuracy").update(evidence_type="metric-series")
    return Criterion.objects.get(slug="accuracy")


def recall() -> Metric:
    return Metric.objects.get(slug="m-recall")


def test_g19_the_newest_reading_is_the_proof_and_follows_by_itself(w: World) -> None:
    criterion = series(w)
    w.read("70", hours_ago=48)
    made = phases.add_series(actor=w.owner, criterion=criterion, metric=recall())
    assert (made.kind, made.effective_date) == (EvidenceKind.METRIC, dt.date(2026, 1, 18))
    assert made.note == "70 %, on target (60 or more)"
    assert phases.add_series(actor=w.owner, criterion=criterion, metric=recall()).pk == made.pk
    w.send((1, "35"))
    made.refresh_from_db()
    assert (made.effective_date, made.note) == (NOW.date(), "35 %, beyond the warning limit (below 40)")
    criterion.refresh_from_db()
    assert criterion.state == "open"  # a reading verifies nothing


def test_the_gate_page_shows_the_reading_against_its_target_before_the_proof(w: World) -> None:
    criterion = series(w)
    w.read("70", hours_ago=48)
    made = phases.add_series(actor=w.owner, criterion=criterion, metric=recall())
    assert (made.result, made.limit) == ("70 %", "60 or more %")
    w.send((1, "35"))
    page = sign_in(w.verifier).get(f"/programs/{w.program.slug}/gates/gate-30/?show=all").content.decode()
    assert page.index("<dd>35 %</dd>") < page.index("<dd>60 or more %</dd>") < page.index("Readings of")


def test_without_a_target_the_reading_stands_alone(w: World) -> None:
    criterion = series(w)
    Metric.objects.update(target_low=None)
    w.read("70")
    made = phases.add_series(actor=w.owner, criterion=criterion, metric=recall())
    assert (made.result, made.limit) == ("70 %", "")


def test_a_decided_gate_keeps_the_proof_it_was_decided_on(w: World) -> None:
    criterion = series(w)
    w.read("70", hours_ago=48)
    made = phases.add_series(actor=w.owner, criterion=criterion, metric=recall())
    phases.hand_in(actor=w.owner, criterion=criterion)
    phases.verify(actor=w.verifier, criterion=criterion)
    w.send((24, "71"))
    made.refresh_from_db()
    assert (made.note[:2], Criterion.objects.get(pk=criterion.pk).state) == ("71", "verified")
    Event.objects.filter(slug="gate-30").update(outcome="go", state="decided", decided_at=NOW)
    w.send((1, "35"))
    made.refresh_from_db()
    assert made.note[:2] == "71"


def test_what_nobody_confirmed_or_measured_proves_nothing(w: World) -> None:
    criterion = w.criteria["accuracy"]
    w.read("70")
    with pytest.raises(Invalid, match="confirmed"):
        phases.add_series(actor=w.owner, criterion=criterion, metric=recall())
    with pytest.raises(NotAllowed):
        phases.add_series(actor=w.verifier, criterion=criterion, metric=recall())
    other = metric(w.built, "m-other", confirmed=True)
    with pytest.raises(Invalid, match="no reading"):
        phases.add_series(actor=w.owner, criterion=criterion, metric=other)
    assert Evidence.objects.count() == 0


def test_the_criterion_page_offers_confirmed_metrics_with_readings(w: World) -> None:
    criterion = series(w)
    page = sign_in(w.owner).get(criterion.get_absolute_url()).content.decode()
    assert "Use the readings of a metric" in page
    w.read("70")
    path = criterion.get_absolute_url() + "series/"
    assert sign_in(w.owner).post(path, {"metric": w.override.pk}).status_code == 422
    assert sign_in(w.owner).post(path, {"metric": w.recall.pk}).status_code == 302
    shown = sign_in(w.verifier).get(criterion.get_absolute_url()).content.decode()
    assert "70 %, on target" in shown
    assert f'href="{w.recall.get_absolute_url()}"' in shown


# ---------------------------------------------------------------- gate 60


def test_s52_s53_the_metric_set_is_not_handed_in_before_each_kind_is_covered(w: World) -> None:
    Criterion.objects.filter(slug="accuracy").update(slug=CRITERION)
    criterion = Criterion.objects.get(slug=CRITERION)
    own: dict[str, Any] = {"actor": w.owner, "criterion": criterion}
    phases.add_evidence(**own, kind=EvidenceKind.NOTE, title="Set", note="The set.", effective_date=NOW.date())
    services.confirm_metric(actor=w.owner, metric=w.recall)
    with pytest.raises(Invalid, match="reliability, response time, cost, adoption, outcome"):
        phases.hand_in(**own)
    for category in REQUIRED:
        metric(w.built, f"m-{category}", category=category, confirmed=True)
    assert phases.hand_in(**own).state == "handed_in"
    Metric.objects.filter(category="cost").update(confirmed=False)
    with pytest.raises(Invalid, match="cost"):
        phases.verify(actor=w.verifier, criterion=criterion)


# ---------------------------------------------------------------- reminders


def told(kind: str, **where: Any) -> list[tuple[str, str]]:
    """Who is told about a metric by which occurrence, first names."""
    rows = Delivery.objects.filter(item_kind=kind, **where).select_related("user").order_by("planned_for", "pk")
    return [(row.user.email.split(".")[0], row.occurrence) for row in rows]


def test_a_breach_is_told_at_once_and_silent_once_acknowledged(w: World) -> None:
    copy_default_rules(w.program)
    w.read("10")
    tick()
    assert told("metric_alert", state="sent") == [("mia", "T0")]
    services.acknowledge(actor=w.owner, alert=Alert.objects.get(), investigator=w.owner, note="On it.")
    with clock.frozen(NOW + dt.timedelta(days=1)):
        tick()
    assert not Delivery.objects.filter(item_kind="metric_alert", state="queued").exists()
    assert told("metric_alert", state="sent") == [("mia", "T0")]


def test_a_late_reading_is_asked_of_its_owner_until_it_comes(w: World) -> None:
    copy_default_rules(w.program)
    w.read("70")  # the next one is due on Wednesday the 21st
    with clock.frozen(NOW + dt.timedelta(days=2)):
        tick()
        assert ("mia", "+1") in told("metric")
        w.send((-47, "71"))
        tick()
        assert told("metric", state="queued") == []
