"""Issues: late discovery is computed, never typed; what finds cost; opening, closing, reopening (S12, S13, S90)."""

import datetime as dt
from decimal import Decimal

import pytest

from activity.models import Entry
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from registers import selectors, services
from registers.models import Issue
from registers.services.issues import IssueFacts
from tests.registers.world import NOW, TODAY, World, world


def last() -> Entry:
    return Entry.objects.latest("id")


def test_s12_late_follows_from_the_two_phases(w: World) -> None:
    first, second = w.phases
    assert w.issue().is_late
    assert not w.issue(found_phase=first).is_late
    assert not w.issue(expected_phase=second).is_late


def test_s12_nobody_can_type_late() -> None:
    names = {field.name for field in Issue._meta.get_fields()}
    assert not {name for name in names if "late" in name or "share" in name}
    assert "late" not in IssueFacts.__dataclass_fields__


def test_s12_the_share_is_counted_over_all_issues(w: World) -> None:
    first, _ = w.phases
    assert selectors.late_discovery_share(w.program).percent is None
    w.issue()
    w.issue(found_phase=first)
    w.issue(found_phase=first)
    share = selectors.late_discovery_share(w.program)
    assert (share.late, share.of, share.percent) == (1, 3, 33)


def test_s13_late_and_early_finds_are_summed_per_dimension(w: World) -> None:
    first, _ = w.phases
    w.issue()
    w.issue(found_phase=first, effort_hours=Decimal(2), delay_days=0)
    (row,) = selectors.late_discovery_cost(w.program)
    assert row.dimension == "Model assurance"
    assert (row.late.hours, row.late.days, row.in_time.hours, row.in_time.days) == (Decimal("12.5"), 3, Decimal(2), 0)


def test_s90_the_trend_has_a_point_for_each_week(w: World) -> None:
    first, _ = w.phases
    w.issue(opened_on=w.program.start_date, found_phase=first)
    w.issue()
    points = [(day, share.percent) for day, share in selectors.late_discovery_trend(w.program)]
    assert points == [(dt.date(2026, 1, 11), 0), (dt.date(2026, 1, 18), 0), (TODAY, 50)]


def test_an_issue_routes_to_its_area_and_names_the_risk_that_came_true(w: World) -> None:
    row = w.issue(w.people["max"], risk=w.risk)
    assert (row.number, row.area.role.holder, row.risk) == (1, w.owner, w.risk)
    assert (last().verb, last().data["area"], last().data["risk"]) == ("issue.opened", "own-model", "r-drift")
    assert last().data["late"] is True


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_who_has_no_role_opens_nothing(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        w.issue(getattr(w, who))
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "x" * 201),
        ("dimension", "nonsense"),
        ("opened_on", TODAY + dt.timedelta(days=1)),
        ("effort_hours", Decimal(-1)),
        ("delay_days", -1),
        ("delay_days", 1001),
    ],
)
def test_wrong_facts_are_refused_at_their_field(w: World, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refusal:
        w.issue(**{field: value})
    assert refusal.value.field == field


@pytest.mark.parametrize("field", ["found_phase", "expected_phase", "area", "risk"])
def test_nothing_of_another_program_is_taken(w: World, field: str) -> None:
    beta = world("beta")
    others = {"found_phase": beta.phases[0], "expected_phase": beta.phases[0], "area": beta.area, "risk": beta.risk}
    with pytest.raises(Invalid) as refusal:
        w.issue(**{field: others[field]})
    assert refusal.value.field == field


def test_p16_a_form_sent_twice_makes_one_issue(w: World) -> None:
    made = [services.open_issue(actor=w.owner, program=w.program, facts=w.facts(), key="k") for _ in range(2)]
    assert made[0].pk == made[1].pk
    assert Issue.objects.count() == 1


def test_a_correction_keeps_both_values(w: World) -> None:
    row = services.change_issue(actor=w.manager, issue=w.issue(), facts=w.facts(delay_days=5), version=1)
    assert (row.delay_days, row.version) == (5, 2)
    assert last().data["changed"] == {"delay_days": ["3", "5"]}


def test_only_author_area_and_manager_correct(w: World) -> None:
    row = w.issue(w.verifier)
    with pytest.raises(NotAllowed, match="Model owner"):
        services.change_issue(actor=w.sponsor, issue=row, facts=w.facts(delay_days=5))
    assert services.change_issue(actor=w.verifier, issue=row, facts=w.facts(delay_days=5)).delay_days == 5


def test_p16_who_is_slower_gets_a_conflict(w: World) -> None:
    row = w.issue()
    services.change_issue(actor=w.manager, issue=row, facts=w.facts(delay_days=5), version=1)
    with pytest.raises(Conflict) as lost:
        services.change_issue(actor=w.owner, issue=row, facts=w.facts(delay_days=6), version=1)
    assert "Postcodes are missing" in lost.value.current


def close(w: World, row: Issue, **changes: object) -> Issue:
    values = {"actor": w.owner, "resolution": "Asked the vendor.", "effort_hours": Decimal(20), "delay_days": 4}
    return services.close_issue(issue=row, **{**values, **changes})  # type: ignore[arg-type]


def test_closing_needs_a_resolution_and_keeps_what_it_cost(w: World) -> None:
    row = w.issue()
    with pytest.raises(Invalid) as refusal:
        close(w, row, resolution=" ")
    assert refusal.value.field == "resolution"
    row = close(w, row, version=1)
    assert (row.closed_on, row.closed_by, row.effort_hours, row.delay_days) == (TODAY, w.owner, Decimal(20), 4)
    assert last().verb == "issue.closed"


def test_only_the_area_and_the_manager_close(w: World) -> None:
    row = w.issue(w.verifier)
    with pytest.raises(NotAllowed, match="Model owner"):
        close(w, row, actor=w.verifier)
    assert not close(w, row, actor=w.people["max"]).is_open


def test_closed_is_closed_until_it_is_opened_again(w: World) -> None:
    row = close(w, w.issue())
    with pytest.raises(Invalid, match="closed already"):
        close(w, row, resolution="Otherwise.")
    with pytest.raises(Invalid, match="open it again"):
        services.change_issue(actor=w.owner, issue=row, facts=w.facts(delay_days=9))
    assert close(w, row, version=1).version == row.version  # the same press twice
    row = services.reopen_issue(actor=w.owner, issue=row, reason="It came back.")
    assert row.is_open
    assert (last().verb, last().data["reason"]) == ("issue.reopened", "It came back.")
    with pytest.raises(Invalid, match="is open"):
        services.reopen_issue(actor=w.owner, issue=row, reason="Again.")


def test_an_issue_ages_by_the_program_s_day(w: World) -> None:
    row = w.issue(opened_on=w.program.start_date)
    assert row.age(TODAY) == 15
    with clock.frozen(NOW + dt.timedelta(days=5)):
        row = close(w, row)
    assert row.age(TODAY + dt.timedelta(days=60)) == 20
