"""A launch is one transaction that creates what the plan says, or nothing (S1, S55, S61, G14, P17)."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from activity.models import Entry
from core.errors import NotAllowed
from governance.models import GovernanceEvent
from metrics.models import Metric
from phases.models import Criterion, Event, Task
from playbooks.domain.faults import FileFaultsError
from playbooks.domain.plan import plan_launch
from playbooks.domain.playbook import Playbook
from playbooks.domain.spec import LaunchSpec
from playbooks.services import launch
from programs.models import OwnershipArea, Portfolio, Program, Role
from risks.models import EscalationLevel, EscalationPath, MitigationAction, Risk, RiskIndicator
from tests import factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 9, 22, 30, tzinfo=dt.UTC)  # already the 10th in Berlin


def start(spec: LaunchSpec, **more: Any) -> Program:
    return launch(actor=more.pop("actor", None), spec=spec, now=NOW, **more)


def row_counts() -> dict[str, int]:
    """How many rows every table of ours holds."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if _ours(model)}


def _ours(model: Any) -> bool:
    return model._meta.app_label in {"accounts", "activity", "programs", "phases", "risks", "metrics", "governance"}


def test_S1_S55_S61_everything_of_the_plan_is_there(book: Playbook, claims: LaunchSpec) -> None:
    program = start(claims)
    counts = plan_launch(book, claims).counts()
    assert counts == {
        "phases": program.phases.count(),
        "workstreams": program.workstreams.count(),
        "events": program.events.count(),
        "criteria": program.criteria.count(),
        "criteria_must": program.criteria.filter(applicable=True, level="must").count(),
        "criteria_should": program.criteria.filter(applicable=True, level="should").count(),
        "criteria_not_applicable": program.criteria.filter(applicable=False).count(),
        "tasks": program.tasks.count(),
        "risks": program.risks.count(),
        "escalation_paths": program.escalation_paths.count(),
        "metrics": program.metrics.count(),
        "roles": program.roles.count(),
        "people": User.objects.count(),
        "ownership_areas": program.ownership_areas.count(),
        "raci": program.raci.values("activity").distinct().count(),
        "stakeholder_groups": program.stakeholder_groups.count(),
        "governance_events": program.governance_events.count(),
        "triggers": program.triggers.count(),
        "challenge_questions": program.challenge_questions.count(),
    }
    assert RiskIndicator.objects.count() == sum(len(r.indicators) for r in plan_launch(book, claims).risks)
    assert MitigationAction.objects.filter(owner_role__isnull=False).count() == 25 * 3
    assert program.outcome_statements.get().affected.startswith("140 adjusters")


def test_S1_every_date_is_the_plan_s(book: Playbook, claims: LaunchSpec) -> None:
    program, plan = start(claims), plan_launch(book, claims)
    due = {item.definition.slug: (item.due.on, item.due.on, item.due.moved_from) for item in plan.criteria}
    rows = Criterion.objects.filter(program=program)
    assert {row.slug: (row.due_date, row.baseline_date, row.moved_from) for row in rows} == due
    tasks = {item.definition.slug: (item.start.on, item.due.on, item.due.moved_from) for item in plan.tasks}
    found = Task.objects.filter(program=program)
    assert {row.slug: (row.start_date, row.due_date, row.moved_from) for row in found} == tasks
    gate = Event.objects.get(program=program, slug="gate-90")
    assert (gate.due_date, gate.moved_from) == (dt.date(2027, 1, 11), dt.date(2027, 1, 9))
    assert set(gate.gatekeepers.values_list("slug", flat=True)) == {
        "risk-governance-lead", "business-owner", "finance-partner",
    }  # fmt: skip


def test_texts_and_provenance_are_copied(book: Playbook, claims: LaunchSpec) -> None:
    program = start(claims)
    assert (program.playbook_slug, program.playbook_version) == ("poc-to-production-90", 1)
    assert program.limits["max_holds"] == 2
    assert program.scoring["weight"] == {"must": 3, "should": 1}
    assert program.risk_scale["bands"]["critical"] == [15, 25]
    assert program.profile["system_kind"] == "predictive"
    assert program.extra_days_off == ["2026-12-24", "2026-12-31"]
    criterion = Criterion.objects.get(program=program, slug="g60-security-tested")
    made = next(item for item in book.criteria if item.slug == "g60-security-tested")
    assert (criterion.text, criterion.relates_to) == (
        made.text,
        {framework: list(labels) for framework, labels in made.relates_to.items()},
    )
    assert (criterion.level, criterion.level_code) == ("must", "M12")
    assert set(Task.objects.get(program=program, slug="t-poc-dossier").feeds.values_list("slug", flat=True)) == {
        "g30-poc-replayed", "g30-scope-limits",
    }  # fmt: skip


def test_G13_what_does_not_apply_is_there_with_its_reason(claims: LaunchSpec) -> None:
    row = Criterion.objects.get(program=start(claims), slug="g60-obligations-planned")
    assert (row.applicable, row.not_applicable_reason) == (False, "profile: not a regulated use")


def test_S54_S58_S62_free_text_became_numbers_and_roles(claims: LaunchSpec) -> None:
    program = start(claims)
    metric = Metric.objects.get(program=program, slug="m-override-rate")
    assert (metric.target_low, metric.target_high, metric.critical_low, metric.critical_high) == (5, 20, 2, 35)
    unit_cost = Metric.objects.get(program=program, slug="m-unit-cost")
    assert (unit_cost.target_high, unit_cost.limit_note) == (
        None, "target set from cost envelope; warning 10% above; critical 25% above",
    )  # fmt: skip
    path = EscalationPath.objects.get(program=program, slug="esc-security")
    level = EscalationLevel.objects.get(path=path, position=2)
    assert (level.amount, level.unit) == (4, "hours")
    assert set(level.roles.values_list("slug", flat=True)) == {"risk-governance-lead", "privacy-legal-lead"}
    area = OwnershipArea.objects.get(program=program, slug="own-change")
    assert area.response_times == [{"trigger": "user report", "amount": 2, "unit": "working_days"}]
    assert Risk.objects.get(program=program, slug="r-bias").path.slug == "esc-legal"


def test_S75_the_calendar_after_day_90_repeats_by_rule(claims: LaunchSpec) -> None:
    program = start(claims)
    service = GovernanceEvent.objects.get(program=program, slug="gc-service-weekly")
    assert service.first_date == dt.date(2027, 1, 18)  # day 97 is a Saturday
    assert service.moved_from == dt.date(2027, 1, 16)
    assert (service.rrule, service.rrule_later) == ("FREQ=WEEKLY;COUNT=5", "FREQ=MONTHLY;BYMONTHDAY=15")
    assert GovernanceEvent.objects.get(program=program, slug="gc-benefit-120").rrule == ""
    assert GovernanceEvent.objects.get(program=program, slug="gc-class-semi").on_change == "trigger"


def test_S59_a_vacant_role_is_a_gap_since_the_day_of_the_launch(claims: LaunchSpec) -> None:
    role = Role.objects.get(program=start(claims), slug="monitoring-owner")
    assert (role.holder, role.vacant_since) == (None, dt.date(2026, 10, 10))


def test_people_are_found_whatever_the_case_and_keep_what_is_theirs(claims: LaunchSpec) -> None:
    ines = factories.user("Ines", email="Ines.OKAFOR@example.com", time_zone="Asia/Tokyo")
    program = start(claims)
    sponsor = Role.objects.get(program=program, slug="sponsor")
    assert sponsor.holder == ines
    ines.refresh_from_db()
    assert (ines.name, ines.time_zone) == ("Ines", "Asia/Tokyo")
    assert User.objects.count() == 10


def test_new_people_get_an_account_nobody_can_sign_in_to_yet(claims: LaunchSpec) -> None:
    start(claims)
    priya = User.objects.get(email="priya.raman@example.com")
    assert (priya.name, priya.time_zone, priya.reminder_hour, priya.has_usable_password()) == (
        "Priya Raman", "Asia/Kolkata", 8, False,
    )  # fmt: skip
    assert mail.outbox == []


def test_a_person_s_own_reminder_hour_is_taken(claims: LaunchSpec) -> None:
    early = claims.people[0].model_copy(update={"reminder_hour": 6, "time_zone": None})
    start(claims.model_copy(update={"people": (early, *claims.people[1:])}))
    ines = User.objects.get(email="ines.okafor@example.com")
    assert (ines.reminder_hour, ines.time_zone) == (6, "Europe/Berlin")


def test_a_deactivated_person_is_a_fault_and_nothing_is_saved(claims: LaunchSpec) -> None:
    factories.user("jonas", email="jonas.weber@example.com", is_active=False)
    before = row_counts()
    with pytest.raises(FileFaultsError, match=r"people\[2\]\.email: the account of jonas\.weber@.* is deactivated"):
        start(claims)
    assert row_counts() == before


def test_P17_a_fault_half_way_leaves_nothing(claims: LaunchSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("activity.services.record", broken)
    before = row_counts()
    with pytest.raises(RuntimeError, match="the disk is full"):
        start(claims)
    assert row_counts() == before


def test_the_launch_is_recorded(claims: LaunchSpec) -> None:
    ada = factories.user("ada", is_administrator=True)
    program = start(claims, actor=ada)
    entry = Entry.objects.get(verb="program.launched", program_id=program.pk)
    assert (entry.actor_id, entry.subject_label, entry.data["tier"]) == (ada.pk, "Claims triage assistant", 2)


def test_the_same_key_launches_once(claims: LaunchSpec) -> None:
    first, second = start(claims, launch_key="a" * 32), start(claims, launch_key="a" * 32)
    assert first == second
    assert Program.objects.count() == 1
    assert start(claims, launch_key="b" * 32) != first


def test_slugs_are_unique_and_never_an_address_of_ours(claims: LaunchSpec) -> None:
    assert [start(claims).slug for _ in range(2)] == ["claims-triage-assistant", "claims-triage-assistant-2"]
    new = claims.model_copy(update={"program": claims.program.model_copy(update={"name": "New"})})
    assert start(new).slug == "new-program"
    strange = claims.model_copy(update={"program": claims.program.model_copy(update={"name": "契約検索"})})
    assert start(strange).slug == "program"
    assert Portfolio.objects.count() == 1


@pytest.mark.parametrize("who", ["administrator", "manager", "member", "stranger", "deactivated"])
def test_who_may_launch(claims: LaunchSpec, who: str) -> None:
    built = factories.program("alpha")
    actor = {
        "administrator": factories.user("ada", is_administrator=True),
        "manager": built.manager,
        "member": built.owner,
        "stranger": factories.user("sid"),
        "deactivated": factories.user("dan", is_administrator=True, is_active=False),
    }[who]
    if who in ("administrator", "manager"):
        assert start(claims, actor=actor).name == "Claims triage assistant"
    else:
        with pytest.raises(NotAllowed):
            start(claims, actor=actor)
        assert Program.objects.count() == 1


def test_new_people_are_invited_when_wished_and_only_they(
    claims: LaunchSpec, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    ada = factories.user("ada", is_administrator=True)
    factories.user("ines", email="ines.okafor@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        start(claims, actor=ada, invite_new=True)
    assert sorted(address for message in mail.outbox for address in message.to) == sorted(
        person.email for person in claims.people if person.email != "ines.okafor@example.com"
    )


def test_the_number_of_queries_is_the_same_in_a_fuller_installation(claims: LaunchSpec) -> None:
    start(claims)  # people and portfolio exist from here on
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as made:
            start(claims)
        counts.append(len(made))
    assert counts == [counts[0]] * 3
    # 36 are ours, more on SQLite, where a statement takes 999 values; the rest is what listeners do at a launch.
    assert counts[0] <= 48


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [["a" * 32] * 3, ["a" * 32, "b" * 32, "c" * 32]])
def test_launches_in_the_same_instant(claims: LaunchSpec, keys: list[str]) -> None:
    ready = threading.Barrier(len(keys))

    def one(key: str) -> tuple[int, str]:
        try:
            ready.wait()
            program = start(claims, launch_key=key)
            return program.pk, program.slug
        finally:
            connection.close()

    with ThreadPoolExecutor(len(keys)) as pool:
        made = set(pool.map(one, keys))
    assert len(made) == Program.objects.count() == len(set(keys))
    assert len({slug for _, slug in made}) == len(made)
    assert User.objects.count() == len(claims.people)
