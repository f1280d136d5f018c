"""Dates: three side by side, every move with its reason, never a day nobody works (promise 4, honesty rule 7)."""

import datetime as dt

import pytest

from core.errors import Conflict, Invalid, NotAllowed
from phases import services
from phases.models import DateChange
from tests.factories import Built, user
from tests.phases.steps import verbs

FRIDAY = dt.date(2026, 2, 6)
DUE = dt.date(2026, 1, 30)  # day 26 of the small program


def redate(built: Built, **more):
    """Move the criterion as the manager."""
    values = {
        "actor": built.manager,
        "item": built.criteria["accuracy"],
        "new_date": FRIDAY,
        "reason": "The vendor is late.",
    }
    return services.redate(**{**values, **more})


def forecast(built: Built, **more):
    """Give a forecast as the owner."""
    values = {
        "actor": built.owner,
        "item": built.criteria["accuracy"],
        "new_date": FRIDAY,
        "reason": "Two reviewers are away.",
    }
    return services.forecast(**{**values, **more})


def test_a_move_keeps_the_baseline_and_the_reason(built: Built) -> None:
    moved = redate(built)
    assert (moved.due_date, moved.baseline_date, moved.slip_days) == (FRIDAY, DUE, 7)
    change = DateChange.objects.get()
    assert (change.old_date, change.new_date, change.reason, change.changed_by) == (
        DUE,
        FRIDAY,
        "The vendor is late.",
        built.manager,
    )
    assert verbs(moved) == ["item.redated"]


def test_a_second_move_still_keeps_the_first_baseline(built: Built) -> None:
    redate(built)
    moved = redate(built, new_date=dt.date(2026, 2, 9))
    assert (moved.baseline_date, DateChange.objects.count()) == (DUE, 2)


def test_a_move_forgets_the_playbooks_nominal_day(built: Built) -> None:
    built.criteria["accuracy"].moved_from = dt.date(2026, 1, 25)
    built.criteria["accuracy"].save()
    assert redate(built).moved_from is None


def test_a_day_off_is_refused_and_the_next_working_day_named(built: Built) -> None:
    with pytest.raises(Invalid, match=r"Sat 7 Feb is no working day \(Saturday\); the next one is Mon 9 Feb") as caught:
        redate(built, new_date=dt.date(2026, 2, 7))
    assert caught.value.field == "new_date"


def test_a_public_holiday_is_refused_by_name(built: Built) -> None:
    with pytest.raises(Invalid, match=r"Good Friday.*Tue 7 Apr"):
        redate(built, new_date=dt.date(2026, 4, 3))


def test_an_extra_day_off_is_refused(built: Built) -> None:
    built.program.extra_days_off = [FRIDAY.isoformat()]
    built.program.save()
    with pytest.raises(Invalid, match="extra day off"):
        redate(built)


@pytest.mark.parametrize(
    ("day", "words"),
    [(dt.date(2026, 1, 13), "has passed"), (dt.date(2028, 1, 13), "check the year"), (DUE, "already has")],
)
def test_impossible_days_are_refused(built: Built, day: dt.date, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        redate(built, new_date=day)
    assert not DateChange.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_move_needs_a_reason_of_fair_length(built: Built, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        redate(built, reason=reason)
    assert caught.value.field == "reason"


@pytest.mark.parametrize("who", ["mia", "max", "sam", "ivy"])
def test_the_owner_cannot_move_the_agreed_date(built: Built, who: str) -> None:
    with pytest.raises(NotAllowed, match="Only the program manager"):
        redate(built, actor=built.people[who])


def test_the_managers_deputy_and_an_administrator_can(built: Built) -> None:
    redate(built, actor=built.people["dee"])
    redate(built, actor=user(is_administrator=True), new_date=dt.date(2026, 2, 9))
    assert DateChange.objects.count() == 2


def test_an_executive_viewer_changes_nothing(built: Built) -> None:
    with pytest.raises(NotAllowed):
        redate(built, actor=user(is_executive_viewer=True))


def test_p16_a_stale_version_is_a_conflict_and_a_repeat_is_not(built: Built) -> None:
    redate(built, version=1)
    assert redate(built, version=1).version == 2
    with pytest.raises(Conflict) as caught:
        redate(built, version=1, new_date=dt.date(2026, 2, 9))
    assert caught.value.current == "Open, due Fri 6 Feb"


def test_a_forecast_leaves_the_agreed_date_alone(built: Built) -> None:
    told = forecast(built)
    assert (told.forecast_date, told.due_date, told.expected_date) == (FRIDAY, DUE, FRIDAY)
    assert DateChange.objects.get().field == "forecast"


def test_every_earlier_forecast_is_kept(built: Built) -> None:
    forecast(built)
    forecast(built, new_date=dt.date(2026, 2, 9))
    assert [c.new_date for c in DateChange.objects.all()] == [dt.date(2026, 2, 9), FRIDAY]


@pytest.mark.parametrize("who", ["mia", "max", "pat", "dee"])
def test_owner_deputy_and_manager_forecast(built: Built, who: str) -> None:
    assert forecast(built, actor=built.people[who]).forecast_date == FRIDAY


@pytest.mark.parametrize("who", ["sam", "ivy"])
def test_others_do_not_forecast(built: Built, who: str) -> None:
    with pytest.raises(NotAllowed):
        forecast(built, actor=built.people[who])


def test_a_forecast_needs_reason_and_a_working_day(built: Built) -> None:
    with pytest.raises(Invalid) as caught:
        forecast(built, reason="")
    assert caught.value.field == "reason"
    with pytest.raises(Invalid, match="no working day"):
        forecast(built, new_date=dt.date(2026, 2, 8))


def test_a_task_moves_the_same_way(built: Built) -> None:
    moved = redate(built, item=built.tasks["train"])
    assert (moved.due_date, DateChange.objects.get().item_kind) == (FRIDAY, "task")


def test_a_gate_moves_with_a_reason_until_it_is_decided(built: Built) -> None:
    gate = built.events["gate-30"]
    moved = services.redate_event(actor=built.manager, event=gate, new_date=FRIDAY, reason="Sponsor is away.")
    assert (moved.due_date, moved.baseline_date) == (FRIDAY, gate.baseline_date)
    assert verbs(moved) == ["event.redated"]


def test_a_decided_gate_does_not_move(built: Built) -> None:
    gate = built.events["gate-30"]
    gate.state, gate.outcome, gate.decided_by = "decided", "go", built.sponsor
    gate.decided_at = dt.datetime(2026, 1, 14, tzinfo=dt.UTC)
    gate.save()
    with pytest.raises(Invalid, match="does not move any more"):
        services.redate_event(actor=built.manager, event=gate, new_date=FRIDAY, reason="Late.")


def test_only_the_manager_moves_a_gate(built: Built) -> None:
    with pytest.raises(NotAllowed):
        services.redate_event(actor=built.sponsor, event=built.events["gate-30"], new_date=FRIDAY, reason="Away.")
