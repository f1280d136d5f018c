"""The decision log: complete, append-only inside the database, superseded and never edited (S20, S21, S48-S50)."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from phases import services as phases
from phases.enums import EvidenceKind
from registers import selectors, services
from registers.domain.decisions import ARCHITECTURE
from registers.enums import DecisionKind
from registers.models import DecisionRecord
from registers.selectors.decisions import counts
from tests.registers.world import TODAY, World, world


def test_s20_a_record_keeps_options_reason_who_when_and_dissent(w: World) -> None:
    row = w.decision(dissent="Ivy: the vendor is safer.")
    row.refresh_from_db()
    assert row.options == ["Own cluster", "Vendor's cloud"]
    assert (row.chosen, row.reason, row.dissent) == (
        "Own cluster",
        "Claims data may not leave.",
        "Ivy: the vendor is safer.",
    )
    assert (row.decided_by, row.decided_on, row.logged_by) == (w.sponsor, TODAY, w.owner)
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.data["kind"], entry.data["chosen"]) == ("decision.logged", "hosting", "Own cluster")


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_s20_who_has_no_role_logs_nothing(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        w.decision(getattr(w, who))


ATTEMPTS = {
    "update": lambda row: DecisionRecord.objects.filter(pk=row.pk).update(reason="Otherwise."),
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "delete all": lambda row: DecisionRecord.objects.all().delete(),
}


@pytest.mark.parametrize("what", ATTEMPTS)
def test_s20_the_database_refuses_to_change_or_delete_a_record(w: World, what: str) -> None:
    row = w.decision()
    row.reason = "Otherwise."
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ATTEMPTS[what](row)
    row.refresh_from_db()
    assert row.reason == "Claims data may not leave."


def test_s20_a_record_outlives_its_program(w: World) -> None:
    row = w.decision()
    assert DecisionRecord._meta.get_field("program").remote_field.on_delete.__name__ == "DO_NOTHING"
    assert DecisionRecord.objects.filter(pk=row.pk, program_id=w.program.pk).exists()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": " "}),
        ("reason", {"reason": ""}),
        ("options", {"options": ["Own cluster"]}),
        ("options", {"options": ["Own cluster", "own CLUSTER"]}),
        ("options", {"options": [f"Option {n}" for n in range(9)]}),
        ("chosen", {"chosen": "Something else"}),
        ("at_12_months", {"at_12_months": " "}),
        ("cost", {"cost": "x" * 4001}),
    ],
)
def test_s20_incomplete_records_are_refused_at_their_field(w: World, field: str, changes: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refusal:
        w.decision(**changes)
    assert refusal.value.field == field
    assert not DecisionRecord.objects.exists()


def test_s49_only_architecture_needs_a_view_of_twelve_months(w: World) -> None:
    assert w.decision(kind=DecisionKind.OTHER, at_12_months="").at_12_months == ""
    for kind in ARCHITECTURE:
        with pytest.raises(Invalid) as refusal:
            w.decision(kind=kind, at_12_months="")
        assert refusal.value.field == "at_12_months"


@pytest.mark.parametrize("kind", ARCHITECTURE)
def test_s50_an_architecture_decision_needs_a_trade_off_note(w: World, kind: DecisionKind) -> None:
    with pytest.raises(Invalid) as refusal:
        w.decision(kind=kind, cost=" ")
    assert refusal.value.field == "performance"
    assert w.decision(kind=kind, cost="", security="Nothing leaves.").unweighed == ("performance", "cost", "time")


def log(w: World, **changes: object) -> DecisionRecord:
    values = {"actor": w.owner, "choice": w.choice(), "decided_by": w.sponsor, "decided_on": TODAY}
    return services.log_decision(program=w.program, **{**values, **changes})  # type: ignore[arg-type]


def test_s20_decided_by_somebody_of_the_program_today_or_before(w: World) -> None:
    with pytest.raises(Invalid) as refusal:
        log(w, decided_by=w.stranger)
    assert refusal.value.field == "decided_by"
    with pytest.raises(Invalid) as refusal:
        log(w, decided_on=TODAY + dt.timedelta(days=1))
    assert refusal.value.field == "decided_on"


def test_s21_a_record_without_a_trade_off_is_taken_and_flagged(w: World) -> None:
    assert w.decision(kind=DecisionKind.OTHER, cost="").lacks_trade_off
    full = w.decision()
    assert not full.lacks_trade_off
    assert full.unweighed == ("performance", "security", "time")
    assert counts(w.program)["flagged"] == 1


def test_s48_kinds_are_missing_until_each_is_in_force(w: World) -> None:
    assert selectors.missing_decision_kinds(w.program) == ["hosting", "access", "integration", "scaling"]
    w.decision()
    w.decision(kind=DecisionKind.ACCESS)
    w.decision(kind=DecisionKind.OTHER)
    assert selectors.missing_decision_kinds(w.program) == ["integration", "scaling"]
    assert selectors.missing_decision_kinds(w.program, "g60-cost-envelope") == []


def test_s48_a_superseded_record_does_not_count(w: World) -> None:
    hosting = w.decision()
    w.decision(kind=DecisionKind.OTHER, supersedes=hosting)
    assert "hosting" in selectors.missing_decision_kinds(w.program)


def test_s20_a_correction_supersedes_and_both_stay(w: World) -> None:
    first = w.decision()
    second = w.decision(reason="The contract changed.", supersedes=first)
    first.refresh_from_db()
    assert (second.supersedes, first.superseded_by) == (first, second)
    assert counts(w.program) == {"all": 2, "current": 1, "architecture": 1, "flagged": 0, "superseded": 1}


def test_p16_who_supersedes_second_gets_a_conflict(w: World) -> None:
    first = w.decision()
    w.decision(title="Run it at the vendor's", supersedes=first)
    with pytest.raises(Conflict) as lost:
        w.decision(supersedes=first)
    assert "Run it at the vendor's" in lost.value.current


def test_nothing_of_another_program_is_superseded(w: World) -> None:
    other = world("beta").decision()
    with pytest.raises(Invalid):
        w.decision(supersedes=other)


def test_p16_a_form_sent_twice_makes_one_record(w: World) -> None:
    assert log(w, key="k").pk == log(w, key="k").pk
    assert DecisionRecord.objects.count() == 1


def test_s48_a_missing_kind_blocks_the_criterion_and_nothing_is_left_behind(w: World) -> None:
    criterion = w.criteria["accuracy"]
    criterion.slug = "g60-architecture-decided"
    criterion.save()
    phases.add_evidence(
        actor=w.owner, criterion=criterion, kind=EvidenceKind.NOTE, title="Records", note="Three.", effective_date=TODAY
    )
    w.decision()
    w.decision(kind=DecisionKind.ACCESS)
    with pytest.raises(Invalid, match="this kind: integration"):
        phases.hand_in(actor=w.owner, criterion=criterion)
    criterion.refresh_from_db()
    assert criterion.state == "open"
    assert not Entry.objects.filter(verb="criterion.handed_in").exists()
    w.decision(kind=DecisionKind.INTEGRATION)
    w.decision(kind=DecisionKind.SCALING)
    assert phases.hand_in(actor=w.owner, criterion=criterion).state == "handed_in"
    assert phases.verify(actor=w.verifier, criterion=criterion).state == "verified"
