"""The outcome statement: versions until gate 30 freezes it, then scope changes alone; measured and verified (S32)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from activity.models import Entry
from charter import services
from charter.enums import Confidence
from charter.models import OutcomeDetail, OutcomeMeasurement
from charter.selectors.outcome import find_version, outcome_reading
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from metrics.domain.batch import Row
from metrics.enums import ReadingSource
from metrics.models import Metric
from metrics.services import ingest
from programs.models import OutcomeStatement
from registers import services as registers
from registers.models import ScopeChange
from registers.services.scope import ScopeEffect
from tests.charter.world import NOW, TODAY, World, world
from tests.factories import sign_in

LATER = NOW + dt.timedelta(days=1)


def last() -> Entry:
    return Entry.objects.latest("id")


def approved(w: World, **effect: object) -> ScopeChange:
    """Ask for a change of scope as the model owner; the sponsor approves."""
    row = registers.request_scope(
        actor=w.owner, program=w.program, what="Less", why="Late data", effect=ScopeEffect(outcome="Less", **effect)
    )  # type: ignore[arg-type]
    return registers.approve_scope(actor=w.sponsor, change=row, reason="Worth it.")


def test_s32_a_version_keeps_its_figures_its_reason_and_its_writer(w: World) -> None:
    row = w.outcome(reason="First draft.")
    assert (row.number, row.measure, row.baseline, row.target) == (1, "Handling time", Decimal(12), Decimal(5))
    detail = row.detail
    assert (detail.reason, detail.written_by, detail.grade, detail.priority) == (
        "First draft.", w.bea, "B", "Faster claims",
    )  # fmt: skip
    assert (last().verb, last().data["number"], last().data["reason"]) == ("outcome.written", 1, "First draft.")


def test_s32_versions_are_added_and_never_edited(w: World) -> None:
    first = w.outcome()
    second = w.outcome(reason="Finance asked.", target=Decimal(6), base=1)
    first.refresh_from_db()
    assert (first.target, second.number, second.target) == (Decimal(5), 2, Decimal(6))
    version, changes = find_version(outcome_reading(w.program), 2)
    assert version.number == 2
    assert [(one.name, one.before, one.after) for one in changes] == [("Target", "5", "6")]


@pytest.mark.parametrize("who", ["owner", "sponsor", "verifier", "viewer", "stranger"])
def test_s32_only_business_owner_and_manager_write(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        w.outcome(getattr(w, who))
    assert not OutcomeStatement.objects.exists()


@pytest.mark.parametrize("who", ["bea", "bob", "pat", "dee"])
def test_s32_business_owner_manager_and_deputies_may(w: World, who: str) -> None:
    assert w.outcome(w.people[who]).number == 1


def test_a_paused_program_takes_nothing(w: World) -> None:
    w.program.state = "paused"
    w.program.save()
    with pytest.raises(NotAllowed, match="paused"):
        w.outcome()


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("measure", {"measure": " "}),
        ("measure", {"measure": "x" * 301}),
        ("reason", {"reason": " "}),
        ("baseline", {"baseline": None}),
        ("baseline", {"baseline": Decimal(10) ** 14}),
        ("baseline_source", {"baseline_source": ""}),
        ("target_date", {"target_date": dt.date(2206, 1, 1)}),
        ("guardrail", {"guardrail": "x" * 4001}),
    ],
)
def test_s32_wrong_words_are_refused_at_their_field(w: World, field: str, values: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refusal:
        w.outcome(**values)  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert not OutcomeStatement.objects.exists()


def test_the_metric_is_one_of_the_same_program(w: World) -> None:
    with pytest.raises(Invalid) as refusal:
        w.outcome(metric=world("beta").metric())
    assert refusal.value.field == "metric"
    assert w.outcome(metric=w.metric()).detail.metric is not None


def test_s32_a_version_of_nothing_new_is_refused(w: World) -> None:
    w.outcome()
    with pytest.raises(Invalid, match="Nothing differs"):
        w.outcome()


def test_p16_a_form_sent_twice_is_one_version_and_a_slower_writer_gets_a_conflict(w: World) -> None:
    assert w.outcome(key="k", base=0).pk == w.outcome(key="k", base=0).pk
    with pytest.raises(Conflict) as lost:
        w.outcome(target=Decimal(4), base=0)
    assert "Version 1: Handling time" in lost.value.current
    assert OutcomeStatement.objects.count() == 1


# ---------------------------------------------------------------- frozen


@pytest.mark.parametrize("word", ["go", "conditional-go"])
def test_s32_go_at_the_first_gate_freezes_it(w: World, word: str) -> None:
    w.outcome()
    w.decide_gate(word)
    with pytest.raises(Invalid, match="scope change"):
        w.outcome(target=Decimal(6))
    assert outcome_reading(w.program).frozen.number == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("word", ["hold", "recycle"])
def test_s32_hold_and_recycle_leave_it_open(w: World, word: str) -> None:
    w.outcome()
    w.decide_gate(word)
    assert outcome_reading(w.program).frozen is None
    assert w.outcome(target=Decimal(6)).number == 2


def test_s32_only_an_approved_scope_change_changes_a_frozen_one(w: World) -> None:
    w.outcome(metric=w.metric())
    w.outcome(target=Decimal(6))
    w.decide_gate()
    with clock.frozen(LATER):
        row = approved(w, new_target=Decimal(7))
        reading = outcome_reading(w.program)
    assert (reading.current.number, reading.frozen.number) == (3, 2)  # type: ignore[union-attr]
    assert reading.current.scope == row  # type: ignore[union-attr]
    assert [stick.line.target for stick in reading.yardsticks] == [Decimal(6), Decimal(7)]


def test_s16_what_belongs_to_a_version_follows_an_approved_scope_change(w: World) -> None:
    w.outcome(metric=w.metric())
    services.verify_baseline(actor=w.owner, program=w.program, number=1)
    approved(w, new_target=Decimal(7))
    detail = OutcomeDetail.objects.get(statement__number=2)
    assert (detail.grade, detail.priority, detail.baseline_source) == ("A", "Faster claims", "Ticket system, October")
    assert detail.metric is not None
    assert detail.reason == "Approved scope change: Worth it."


def test_s16_a_refused_scope_change_or_one_without_a_target_makes_no_version(w: World) -> None:
    w.outcome()
    approved(w)
    row = registers.request_scope(
        actor=w.owner, program=w.program, what="x", why="y", effect=ScopeEffect(outcome="z", new_target=Decimal(9))
    )
    registers.refuse_scope(actor=w.sponsor, change=row, reason="No.")
    assert OutcomeDetail.objects.count() == OutcomeStatement.objects.count() == 1


def test_a_version_made_at_launch_has_no_detail_and_its_figure_counts_as_estimated(w: World) -> None:
    OutcomeStatement.objects.create(program=w.program, number=1, measure="Time", baseline=Decimal(3))
    current = outcome_reading(w.program).current
    assert current is not None
    assert (current.grade, current.priority) == ("C", "Serve faster")
    approved(w, new_target=Decimal(2))
    assert not OutcomeDetail.objects.exists()


# ---------------------------------------------------------------- baseline and measurements


def test_g2_a_second_person_makes_b_an_a(w: World) -> None:
    w.outcome()
    with pytest.raises(NotAllowed, match="somebody else"):
        services.verify_baseline(actor=w.bea, program=w.program, number=1)
    assert services.verify_baseline(actor=w.owner, program=w.program, number=1).grade == "A"
    services.verify_baseline(actor=w.owner, program=w.program, number=1)
    assert Entry.objects.filter(verb="outcome.baseline_verified").count() == 1


def test_g2_the_database_refuses_who_verifies_the_own_version(w: World) -> None:
    detail = w.outcome().detail
    with pytest.raises(IntegrityError), transaction.atomic():
        OutcomeDetail.objects.filter(pk=detail.pk).update(verified_by=w.bea, verified_at=NOW)


def test_nothing_is_verified_that_is_not_measured_or_not_the_newest(w: World) -> None:
    w.outcome(confidence=Confidence.ESTIMATED)
    with pytest.raises(Invalid, match="no measured baseline"):
        services.verify_baseline(actor=w.owner, program=w.program, number=1)
    w.outcome()
    with pytest.raises(Invalid, match="newest"):
        services.verify_baseline(actor=w.owner, program=w.program, number=1)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [({"target": Decimal(6)}, "A"), ({"baseline": Decimal(13)}, "B"), ({"baseline_source": "Another"}, "B")],
)
def test_a_verification_stays_with_the_baseline_it_was_about(w: World, changes: dict[str, object], kept: str) -> None:
    w.outcome()
    services.verify_baseline(actor=w.owner, program=w.program, number=1)
    assert w.outcome(**changes).detail.grade == kept  # type: ignore[arg-type]


def test_g2_who_verified_and_now_writes_does_not_verify_the_own_version(w: World) -> None:
    w.outcome()
    services.verify_baseline(actor=w.manager, program=w.program, number=1)
    assert w.outcome(w.manager, target=Decimal(6)).detail.grade == "B"


def test_s32_progress_is_the_newest_measurement_against_the_plan_line(w: World) -> None:
    w.outcome()
    w.measured(11, TODAY - dt.timedelta(days=3))
    w.measured(10)
    (stick,) = outcome_reading(w.program).yardsticks
    assert stick.progress is not None
    assert (stick.progress.now, stick.progress.share, stick.progress.on_plan) == (Decimal(10), 28, True)
    assert (stick.line.start, stick.line.end) == (w.program.start_date, dt.date(2026, 6, 30))


def read(w: World, metric: Metric, value: str, days_ago: int = 0) -> None:
    """Store a reading as a monitoring system would."""
    at = NOW - dt.timedelta(days=days_ago, hours=1)
    row = Row(1, metric.slug, at, Decimal(value))
    ingest(program=w.program, rows=[row], source=ReadingSource.API)


def newest(w: World) -> tuple[Decimal, str, bool]:
    """The value that counts now, its grade, and whether a metric gave it."""
    (stick,) = outcome_reading(w.program).yardsticks
    assert stick.newest is not None
    assert stick.progress is not None
    assert (stick.progress.now, stick.progress.on) == (stick.newest.value, stick.newest.on)
    return stick.newest.value, stick.newest.grade, stick.newest.metric is not None


def test_s32_the_newest_reading_of_the_linked_metric_is_the_progress(w: World) -> None:
    metric = w.metric()
    w.outcome(metric=metric)
    w.measured(11, TODAY - dt.timedelta(days=3))
    assert newest(w) == (Decimal(11), "B", False)
    read(w, metric, "10", days_ago=1)
    read(w, metric, "9")
    read(w, metric, "99", days_ago=8)  # came late
    assert newest(w) == (Decimal(9), "B", True)
    (stick,) = outcome_reading(w.program).yardsticks
    assert [one.value for one in stick.values] == [99, 11, 10, 9]


@pytest.mark.parametrize("verified", [True, False])
def test_s32_of_one_day_a_verified_measurement_wins_over_the_reading(w: World, verified: bool) -> None:
    metric = w.metric()
    w.outcome(metric=metric)
    read(w, metric, "9")
    row = w.measured(10)
    if verified:
        services.verify_measurement(actor=w.verifier, measurement=row)
    assert newest(w) == ((Decimal(10), "A", False) if verified else (Decimal(9), "B", True))
    read(w, metric, "8", days_ago=1)
    assert newest(w)[0] == (10 if verified else 9)


def test_readings_in_another_unit_or_of_a_metric_that_is_not_linked_say_nothing(w: World) -> None:
    metric = w.metric()
    w.outcome()
    read(w, metric, "9")
    assert outcome_reading(w.program).yardsticks[0].progress is None
    w.outcome(metric=metric, unit="hours", reason="By metric.")
    (stick,) = outcome_reading(w.program).yardsticks
    assert (stick.progress, stick.odd_unit) == (None, True)
    page = sign_in(w.bea).get(f"/programs/{w.program.slug}/charter/outcome/").content.decode()
    assert "counts in minutes, the outcome in hours" in page


def test_the_page_says_where_the_value_is_from(w: World) -> None:
    metric = w.metric()
    w.outcome(metric=metric)
    row = w.measured(10, TODAY - dt.timedelta(days=1))
    address = f"/programs/{w.program.slug}/charter/outcome/"
    browser = sign_in(w.bea)
    assert "A measurement that nobody has verified yet: grade B" in browser.get(address).content.decode()
    services.verify_measurement(actor=w.verifier, measurement=row)
    assert "A measurement that a second person verified: grade A" in browser.get(address).content.decode()
    read(w, metric, "9")
    page = browser.get(address).content.decode()
    assert f'Newest reading of <a href="{metric.get_absolute_url()}">' in page
    assert "9 minutes on" in page


def test_the_plan_line_ends_with_the_program_without_a_target_date(w: World) -> None:
    w.outcome(target_date=None)
    (stick,) = outcome_reading(w.program).yardsticks
    assert (stick.line.end, stick.progress) == (w.program.end_date, None)


def test_g2_a_measurement_is_verified_by_somebody_else(w: World) -> None:
    w.outcome()
    row = w.measured()
    with pytest.raises(NotAllowed, match="somebody else"):
        services.verify_measurement(actor=w.owner, measurement=row)
    assert services.verify_measurement(actor=w.verifier, measurement=row).verified_by == w.verifier
    assert services.verify_measurement(actor=w.sponsor, measurement=row).verified_by == w.verifier
    with pytest.raises(IntegrityError), transaction.atomic():
        OutcomeMeasurement.objects.update(verified_by=w.owner)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("measured_on", {"measured_on": TODAY + dt.timedelta(days=1)}),
        ("measured_on", {"measured_on": dt.date(1990, 1, 1)}),
        ("value", {"value": Decimal("NaN")}),
        ("note", {"note": " "}),
    ],
)
def test_a_measurement_has_a_day_that_has_come_a_figure_and_proof(
    w: World, field: str, values: dict[str, object]
) -> None:
    w.outcome()
    given = {"measured_on": TODAY, "value": Decimal(1), "note": "Report"}
    with pytest.raises(Invalid) as refusal:
        services.add_measurement(actor=w.owner, program=w.program, **{**given, **values})  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_nothing_is_measured_before_the_measure_is_named_or_by_a_viewer(w: World) -> None:
    with pytest.raises(Invalid, match="outcome statement first"):
        w.measured()
    w.outcome()
    with pytest.raises(NotAllowed):
        w.measured(actor=w.viewer)
