"""The dated plan: every day on its date or the next working day, levels, applicability and gaps (S1, P10)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.domain.faults import FileFaultsError
from playbooks.domain.plan import LaunchPlan, place, plan_launch, scope_of
from playbooks.domain.playbook import Playbook
from playbooks.domain.profile import Level, Profile
from playbooks.domain.spec import LaunchSpec, ProgramSpec
from playbooks.selectors import known_playbooks
from programs.domain.calendar import WorkCalendar

CALENDARS = [
    WorkCalendar.build(),
    WorkCalendar.build(country="DE", subdivision="BE", extra_days_off=[dt.date(2026, 12, 24)]),
    WorkCalendar.build(country="US"),
    WorkCalendar.build(country="IL", weekend=(4, 5)),
    WorkCalendar.build(country="JP", weekend=(6,)),
]


def changed(spec: LaunchSpec, **fields: object) -> LaunchSpec:
    """The same specification with other fields of its program."""
    program = ProgramSpec.model_validate({**spec.program.model_dump(), **fields, "calendar": spec.program.calendar})
    return spec.model_copy(update={"program": program})


@pytest.fixture(scope="module")
def plan(book: Playbook, claims: LaunchSpec) -> LaunchPlan:
    return plan_launch(book, claims)


def test_S1_the_dates_of_claims_triage(plan: LaunchPlan) -> None:
    assert [(item.definition.slug, item.due.on.isoformat(), item.due.why_moved) for item in plan.events] == [
        ("cp-15", "2026-10-26", ""),
        ("gate-30", "2026-11-10", ""),
        ("cp-45", "2026-11-25", ""),
        ("gate-60", "2026-12-10", ""),
        ("cp-75", "2026-12-28", "Christmas Day"),
        ("gate-90", "2027-01-11", "Saturday"),
    ]
    assert plan.end_date == dt.date(2027, 1, 9)
    assert [(item.start.isoformat(), item.end.isoformat()) for item in plan.phases] == [
        ("2026-10-12", "2026-11-10"), ("2026-11-11", "2026-12-10"), ("2026-12-11", "2027-01-09"),
    ]  # fmt: skip


def test_P10_day_90_of_2026_01_05(book: Playbook, claims: LaunchSpec) -> None:
    plan = plan_launch(book, changed(claims, start_date=dt.date(2026, 1, 5)))
    assert plan.end_date == dt.date(2026, 4, 4)
    assert plan.events[-1].due.on == dt.date(2026, 4, 7)  # a Saturday, then Easter Sunday and Monday
    assert plan.events[-1].due.moved_from == dt.date(2026, 4, 4)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 1, 1)), st.integers(1, 400), st.sampled_from(CALENDARS))
def test_P10_a_day_lands_on_its_date_or_on_the_first_working_day_after(
    start: dt.date, day: int, calendar: WorkCalendar
) -> None:
    placed = place(calendar, start, day)
    assert placed.nominal == start + dt.timedelta(days=day - 1)
    assert placed.on >= placed.nominal
    assert calendar.is_working_day(placed.on)
    between = [placed.nominal + dt.timedelta(days=n) for n in range((placed.on - placed.nominal).days)]
    assert not any(calendar.is_working_day(on) for on in between)
    assert (placed.moved_from is None) == (placed.on == placed.nominal) == (placed.why_moved == "")


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)))
def test_S5_moving_keeps_the_order_of_things(start: dt.date) -> None:
    book = known_playbooks()["poc-to-production-90"]
    plan = plan_launch(book, changed(SPEC, start_date=start))
    due = {item.definition.slug: item.due.on for item in plan.events}
    assert list(due.values()) == sorted(due.values())
    assert all(item.due.on <= due[item.definition.event] for item in plan.criteria)
    assert all(item.start.on <= item.due.on for item in plan.tasks)
    assert all(item.first.on > plan.end_date for item in plan.governance)


SPEC = LaunchSpec.model_validate(
    {
        "program": {
            "name": "X",
            "portfolio": "Y",
            "playbook": "poc-to-production-90",
            "start_date": "2026-10-12",
            "time_zone": "Europe/Berlin",
            "calendar": {"country": "DE"},
            "profile": {
                "system_kind": "predictive", "affects_people": False, "personal_data": False, "third_party": False,
                "regulated": False, "acts_without_person": False, "public_users": False, "trained_by_us": False,
                "critical_service": False,
            },
        },
    }
)  # fmt: skip


def test_G13_what_does_not_apply_stays_visible_with_its_reason(book: Playbook) -> None:
    plan = plan_launch(book, SPEC)
    assert len(plan.criteria) == 70
    assert {item.definition.slug: item.not_applicable_reason for item in plan.criteria if not item.applicable} == {
        "g30-vendor-terms": "profile: no third-party model, data or service",
        "g60-obligations-planned": "profile: not a regulated use",
        "g60-vendor-fallback": "profile: no third-party model, data or service",
        "g60-privacy-complete": "profile: no personal data",
    }


@pytest.mark.parametrize(
    ("answers", "loaded"),
    [
        ({}, set()),
        ({"personal_data": True}, {"r-privacy"}),
        ({"third_party": True}, {"r-vendor-change", "r-ip"}),
        ({"system_kind": "agent"}, {"r-false-content"}),
        ({"regulated": True}, set()),
    ],
)
def test_S55_risks_load_by_profile(book: Playbook, answers: dict[str, object], loaded: set[str]) -> None:
    profile = Profile.model_validate({**SPEC.program.profile.model_dump(), **answers})
    plan = plan_launch(book, changed(SPEC, profile=profile))
    always = {item.slug for item in book.risks if item.applies == "all"}
    assert {item.slug for item in plan.risks} == always | loaded


@pytest.mark.parametrize(("answers", "tier", "must"), [({}, 3, 40), ({"critical_service": True}, 1, 54)])
def test_G14_levels_follow_the_tier(book: Playbook, answers: dict[str, object], tier: int, must: int) -> None:
    profile = Profile.model_validate({**SPEC.program.profile.model_dump(), **answers})
    plan = plan_launch(book, changed(SPEC, profile=profile))
    applying = [item for item in plan.criteria if item.applicable]
    assert (plan.tier, sum(item.level is Level.MUST for item in applying)) == (tier, must)
    scope = scope_of(book, profile)
    assert (scope.tier, scope.must, scope.must + scope.should + scope.not_applicable) == (tier, must, 70)


def test_S59_gaps_name_vacant_roles_areas_and_missing_deputies(plan: LaunchPlan) -> None:
    assert [(gap.kind, gap.role, gap.area) for gap in plan.gaps] == [
        ("vacant-role", "monitoring-owner", ""),
        ("vacant-area", "monitoring-owner", "own-monitoring"),
        ("no-deputy", "data-pipeline-owner", "own-data"),
        ("no-deputy", "monitoring-owner", "own-monitoring"),
    ]


def test_a_calendar_without_working_days_is_a_fault(book: Playbook, claims: LaunchSpec) -> None:
    mondays = [dt.date(2026, 10, 12) + dt.timedelta(weeks=n) for n in range(120)]
    calendar = claims.program.calendar.model_copy(
        update={"weekend": (1, 2, 3, 4, 5, 6), "extra_days_off": tuple(mondays)}
    )
    program = claims.program.model_copy(update={"calendar": calendar})
    with pytest.raises(FileFaultsError, match=r"program\.calendar: leaves nothing to plan on"):
        plan_launch(book, claims.model_copy(update={"program": program}))


def test_S1_days_off_are_told_apart(plan: LaunchPlan) -> None:
    assert plan.days_off.named == (
        (dt.date(2026, 12, 24), "extra day off"),
        (dt.date(2026, 12, 25), "Christmas Day"),
    )
    assert plan.days_off.weekend + 2 == len(plan.moved_dates)
