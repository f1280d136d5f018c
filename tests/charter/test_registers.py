"""Data sources, stakeholders, dependencies, and what the charter holds against handing in (S33-S37, S41, S81)."""

import datetime as dt

import pytest

from activity.models import Entry
from charter import services
from charter.enums import CheckKind, DependencyState, Finding, Seat, Stance
from charter.models import DataCheck, DataGap, DataSource, Dependency, StakeholderPlan
from charter.selectors.data import sources
from charter.selectors.gaps import CHECKS
from charter.selectors.stakeholders import GroupView, groups
from charter.services.stakeholders import GroupPlan
from core.errors import Conflict, Invalid, NotAllowed
from phases import checks
from phases import services as phases
from phases.enums import EvidenceKind
from programs.selectors import cast_of
from tests.charter.world import NOW, SOURCE, TODAY, World, world


def last() -> Entry:
    return Entry.objects.latest("id")


# ---------------------------------------------------------------- data


def test_s36_a_source_is_incomplete_until_the_four_are_filled(w: World) -> None:
    row = w.source(quality_limits="", retention="")
    assert row.missing == ["quality keeper and limits", "rights and retention"]
    row = services.change_source(actor=w.people["dan"], source=row, words=SOURCE, version=1)
    assert (row.missing, row.version) == ([], 2)
    assert last().data["changed"] == {"quality_limits": ["", "At most 2 % empty"], "retention": ["", "Two years"]}


def test_s35_the_newest_check_of_a_kind_counts(w: World) -> None:
    row = w.source()
    w.check(row, finding=Finding.NO, checked_on=TODAY - dt.timedelta(days=1))
    w.check(row)
    w.check(row, kind=CheckKind.RELIABLE, finding=Finding.PARTLY)
    (view,) = sources(w.program, cast_of(w.program), TODAY)
    assert view.findings == {CheckKind.CONTINUOUS: Finding.YES, CheckKind.RELIABLE: Finding.PARTLY}
    assert [kind for kind, check in view.statuses if check is None] == [CheckKind.REPRESENTATIVE]


@pytest.mark.parametrize(
    ("field", "value"),
    [("proof", " "), ("checked_on", TODAY + dt.timedelta(days=1)), ("checked_on", dt.date(1990, 1, 1))],
)
def test_s35_a_check_has_proof_and_a_day(w: World, field: str, value: object) -> None:
    row = w.source()
    with pytest.raises(Invalid) as refusal:
        w.check(row, **{field: value})
    assert refusal.value.field == field
    assert not DataCheck.objects.exists()


@pytest.mark.parametrize("who", ["sponsor", "verifier", "viewer", "stranger"])
def test_author_data_owner_and_manager_keep_a_source(w: World, who: str) -> None:
    row = w.source()
    for act in (
        lambda actor: services.change_source(actor=actor, source=row, words={**SOURCE, "owner": "Ulla"}),
        lambda actor: w.check(row, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            act(getattr(w, who))
        act(w.owner)


def test_p16_a_source_sent_twice_is_one_and_a_lost_race_a_conflict(w: World) -> None:
    add = {"actor": w.owner, "program": w.program, "words": SOURCE, "key": "k"}
    row = services.add_source(**add)
    assert services.add_source(**add).pk == row.pk
    changed = {**SOURCE, "owner": "Ulla"}
    services.change_source(actor=w.owner, source=row, words=changed, version=1)
    assert services.change_source(actor=w.owner, source=row, words=changed, version=1).version == 2
    with pytest.raises(Conflict):
        services.change_source(actor=w.owner, source=row, words=SOURCE, version=1)
    with pytest.raises(Invalid) as refusal:
        services.add_source(actor=w.owner, program=w.program, words={**SOURCE, "name": ""})
    assert refusal.value.field == "name"
    assert DataSource.objects.count() == 1


def test_s34_a_gap_has_size_plan_and_an_end(w: World) -> None:
    row = w.gap(w.source())
    assert (row.number, row.size, row.due_date, row.is_open) == (1, "medium", dt.date(2026, 2, 10), True)
    row = services.change_gap(actor=w.owner, gap=row, facts=w.gap_facts(plan="Ask the vendor."), version=1)
    assert last().data["changed"]["plan"][1] == "Ask the vendor."
    row = services.close_gap(actor=w.people["dan"], gap=row, resolution="Weekends are loaded.", version=2)
    assert (row.closed_on, row.is_open) == (TODAY, False)
    assert services.close_gap(actor=w.owner, gap=row, resolution="Weekends are loaded.", version=2).version == 3
    with pytest.raises(Invalid, match="closed already"):
        services.change_gap(actor=w.owner, gap=row, facts=w.gap_facts(title="Other"))
    with pytest.raises(Conflict):
        services.close_gap(actor=w.owner, gap=row, resolution="Otherwise.", version=1)


def test_s37_a_gap_is_late_after_day_45_whatever_was_planned(w: World) -> None:
    source = w.source()
    w.gap(source, due_date=dt.date(2026, 3, 20))
    cast, day_45 = cast_of(w.program), dt.date(2026, 2, 18)
    (gap,) = sources(w.program, cast, day_45)[0].gaps
    assert (gap.due, gap.is_late) == (day_45, False)
    (gap,) = sources(w.program, cast, day_45 + dt.timedelta(days=1))[0].gaps
    assert gap.is_late


def test_only_who_closes_a_gap_changes_it(w: World) -> None:
    row = w.gap(w.source())
    for act in (
        lambda: services.close_gap(actor=w.verifier, gap=row, resolution="Done."),
        lambda: services.change_gap(actor=w.sponsor, gap=row, facts=w.gap_facts()),
        lambda: w.gap(row.source, w.viewer),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(Invalid) as refusal:
        w.gap(row.source, owner_role=world("beta").roles["sponsor"])
    assert refusal.value.field == "owner_role"
    assert DataGap.objects.count() == 1


# ---------------------------------------------------------------- stakeholders


def view(w: World, slug: str, today: dt.date = TODAY) -> GroupView:
    return next(one for one in groups(w.program, cast_of(w.program), today) if one.group.slug == slug)


def kept(w: World, **changes: object) -> GroupPlan:
    values = {"stance": Stance.WORRIED, "cadence_days": 10, "owner_role": w.roles["model-owner"]}
    return GroupPlan(**{**values, **changes})  # type: ignore[arg-type]


def test_s41_a_group_without_contact_or_plan_is_flagged_and_its_rhythm_is_the_playbooks(w: World) -> None:
    found = view(w, "sg-ds")
    assert (found.cadence_days, found.standing.unplanned, found.standing.is_overdue) == (7, True, True)
    assert not view(w, "sg-later").is_flagged
    assert (view(w, "sg-audit").cadence_days, view(w, "sg-audit").is_flagged) == (None, True)


def test_s41_a_contact_starts_the_rhythm_anew(w: World) -> None:
    w.contact("sg-ds", TODAY - dt.timedelta(days=3))
    w.contact("sg-ds", TODAY - dt.timedelta(days=9))
    found = view(w, "sg-ds")
    assert (found.last, found.is_flagged) == (TODAY - dt.timedelta(days=3), False)
    assert view(w, "sg-ds", TODAY + dt.timedelta(days=5)).standing.is_overdue


def test_s41_stance_rhythm_owner_and_next_contact_are_kept(w: World) -> None:
    row = services.plan_group(
        actor=w.owner, group=w.groups["sg-ds"], kept=kept(w, next_on=TODAY + dt.timedelta(days=2)), version=0
    )
    found = view(w, "sg-ds")
    assert (row.version, found.stance, found.cadence_days, found.is_flagged) == (1, Stance.WORRIED, 10, False)
    assert last().verb == "stakeholder.planned"
    with pytest.raises(Conflict, match="a moment ago"):
        services.plan_group(actor=w.owner, group=w.groups["sg-ds"], kept=kept(w, note="New"), version=0)
    again = kept(w, next_on=TODAY + dt.timedelta(days=2))
    assert services.plan_group(actor=w.owner, group=w.groups["sg-ds"], kept=again, version=0).version == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("cadence_days", 0), ("cadence_days", 367), ("next_on", TODAY - dt.timedelta(days=1)), ("note", "x" * 4001)],
)
def test_s41_wrong_plans_are_refused_at_their_field(w: World, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refusal:
        services.plan_group(actor=w.manager, group=w.groups["sg-ds"], kept=kept(w, **{field: value}))
    assert refusal.value.field == field
    assert not StakeholderPlan.objects.exists()


def test_s41_who_keeps_a_group_plans_it_and_everybody_logs_contacts(w: World) -> None:
    group = w.groups["sg-ds"]
    for who in ("sponsor", "verifier", "viewer", "stranger"):
        with pytest.raises(NotAllowed):
            services.plan_group(actor=getattr(w, who), group=group, kept=kept(w))
    assert services.log_contact(actor=w.verifier, group=group, on=TODAY, note="Hello.").number == 1
    with pytest.raises(NotAllowed):
        services.log_contact(actor=w.viewer, group=group, on=TODAY, note="Hello.")
    for values in ({"on": TODAY + dt.timedelta(days=1), "note": "x"}, {"on": TODAY, "note": ""}):
        with pytest.raises(Invalid):
            services.log_contact(actor=w.owner, group=group, **values)


# ---------------------------------------------------------------- dependencies


def test_s81_a_dependency_names_team_day_state_and_owner(w: World) -> None:
    row = w.dependency()
    assert (row.team, row.needed_by, row.is_open) == ("Platform", dt.date(2026, 2, 2), True)
    assert not row.is_late(dt.date(2026, 2, 2))
    assert row.is_late(dt.date(2026, 2, 3))
    facts = w.wait_facts(state=DependencyState.DELIVERED)
    row = services.change_dependency(actor=w.owner, dependency=row, facts=facts, version=1)
    assert (row.is_open, last().data["changed"]) == (False, {"state": ["asked", "delivered"]})
    with pytest.raises(Conflict):
        services.change_dependency(actor=w.owner, dependency=row, facts=w.wait_facts(team="IT"), version=1)


@pytest.mark.parametrize(
    ("field", "changes"),
    [("team", {"team": " "}), ("what", {"what": ""}), ("needed_by", {"needed_by": dt.date(2206, 1, 1)})],
)
def test_s81_wrong_dependencies_are_refused_at_their_field(w: World, field: str, changes: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refusal:
        w.dependency(**changes)  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert not Dependency.objects.exists()


def test_s81_a_dropped_one_says_why_and_only_its_people_change_it(w: World) -> None:
    row = w.dependency()
    with pytest.raises(Invalid) as refusal:
        services.change_dependency(actor=w.owner, dependency=row, facts=w.wait_facts(state=DependencyState.DROPPED))
    assert refusal.value.field == "note"
    for who in ("sponsor", "viewer", "stranger"):
        with pytest.raises(NotAllowed):
            services.change_dependency(actor=getattr(w, who), dependency=row, facts=w.wait_facts(team="IT"))
    with pytest.raises(NotAllowed):
        w.dependency(w.viewer)


# ---------------------------------------------------------------- gate effects


def hand_in(w: World, slug: str) -> None:
    """Hand a criterion in as its owner, with evidence."""
    row = w.criterion(slug)
    phases.add_evidence(
        actor=w.owner, criterion=row, kind=EvidenceKind.NOTE, title="Proof", note="Proof", effective_date=TODAY
    )
    phases.hand_in(actor=w.owner, criterion=row)
    assert last().verb == "criterion.handed_in"


@pytest.mark.parametrize("slug", CHECKS)
def test_s26_handing_in_is_refused_with_the_reasons_while_the_register_shows_the_gap(w: World, slug: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hand_in(w, slug)
    assert str(refusal.value) == " ".join(CHECKS[slug](w.program))
    assert last().verb == "criterion.evidence_added"


@pytest.mark.parametrize("slug", CHECKS)
def test_s26_verifying_is_refused_too_when_the_register_has_lost_it_since(w: World, slug: str) -> None:
    row = w.criterion(slug)
    handed = {"state": "handed_in", "handed_in_by": w.owner, "handed_in_at": NOW}
    type(row).objects.filter(pk=row.pk).update(**handed)
    with pytest.raises(Invalid) as refusal:
        phases.verify(actor=w.verifier, criterion=row)
    assert str(refusal.value) == " ".join(CHECKS[slug](w.program))
    row.refresh_from_db()
    assert (row.state, row.verified_by) == ("handed_in", None)


def test_s26_an_unsigned_problem_statement_names_who_has_to_sign(w: World) -> None:
    w.problem()
    services.sign_problem(actor=w.bea, program=w.program, seat=Seat.BUSINESS_OWNER, number=1)
    with pytest.raises(Invalid, match="not signed by the sponsor"):
        hand_in(w, "g30-problem-owned")
    services.sign_problem(actor=w.sponsor, program=w.program, seat=Seat.SPONSOR, number=1)
    phases.hand_in(actor=w.owner, criterion=w.program.criteria.get(slug="g30-problem-owned"))
    assert checks.reasons("g30-problem-owned", w.program) == []


def test_each_criterion_is_handed_in_once_the_register_is_complete(w: World) -> None:
    w.outcome()
    w.brief()
    for slug, who in (("sg-ds", "mia"), ("sg-exec", "sam"), ("sg-ops", "sam")):
        services.acknowledge(actor=w.people[who], program=w.program, group=w.groups[slug], number=1)
    w.check(w.source())
    for slug in ("g30-outcome-baselined", "g30-brief-acknowledged", "g30-data-supply"):
        hand_in(w, slug)
        verified = phases.verify(actor=w.verifier, criterion=w.program.criteria.get(slug=slug))
        assert verified.state == "verified"


def test_s42_the_group_that_is_missing_is_named(w: World) -> None:
    w.brief()
    assert checks.reasons("g30-brief-acknowledged", w.program)[0] == (
        "Group sg-exec has not acknowledged version 1 of the brief."
    )


def test_other_criteria_are_not_asked_about(w: World) -> None:
    assert checks.reasons("accuracy", w.program) == []
    hand_in(w, "g30-something-else")
