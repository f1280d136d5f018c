"""G11, P17: a snapshot is taken with the round and the decision, cannot be changed, and shows the same for ever."""

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gates.domain.canonical import canonical, digest, exact, plain
from gates.domain.pack import sheet
from gates.enums import SnapshotKind
from gates.models import Snapshot
from gates.selectors.snapshots import find_snapshot
from gates.services import snapshots
from gates.services.expiry import expire_due
from phases.models import Evidence
from tests.factories import sign_in
from tests.gates.world import GATE_DAY, World, add, conditional, decided, go, hear, on, open_round, prove, risk, stop

PART = {"HX-Request": "true"}


def frozen(w: World, *, kind: SnapshotKind = SnapshotKind.DECISION) -> Snapshot:
    """Decide gate 30 with Go and return one of its two snapshots."""
    prove(w, "accuracy")
    with on(GATE_DAY):
        open_round(w)
        decided(w, go())
    return Snapshot.objects.get(event=w.event("gate-30"), kind=kind)


def part(w: World, snapshot: Snapshot) -> bytes:
    """What the viewer shows of a snapshot, as the sponsor gets it."""
    w.program.refresh_from_db()
    url = reverse("snapshot", args=[w.program.slug, "gate-30", snapshot.pk])
    response = sign_in(w.person("sam")).get(url, headers=PART)
    assert response.status_code == 200
    return response.content


# ------------------------------------------------------------------ the canonical text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("4.50"), '"4.5"'),
        (Decimal("-0.0"), '"0"'),
        (Decimal("1E+2"), '"100"'),
        (Fraction(35, 2), '"35/2"'),
        (dt.date(2026, 2, 3), '"2026-02-03"'),
        (dt.datetime(2026, 2, 3, 11, tzinfo=dt.timezone(dt.timedelta(hours=1))), '"2026-02-03T10:00:00.000000Z"'),
        (SnapshotKind.REVIEW, '"review"'),
        ("Grüße 漢字", '"Grüße 漢字"'),
        ([True, None, 3], "[true,null,3]"),
    ],
)
def test_g11_each_value_has_one_spelling(value: object, text: str) -> None:
    assert canonical({"schema": 1, "a": value}) == f'{{"a":{text},"schema":1}}'


@pytest.mark.parametrize("value", [1.5, {1, 2}, object(), b"x"])
def test_g11_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        plain({"a": value})


NAIVE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - an instant without its zone is the point


@pytest.mark.parametrize(
    "document", [{}, {"schema": "1"}, {"schema": True}, {"schema": 1, "at": NAIVE}, {"schema": 1, 2: 3}]
)
def test_g11_a_document_without_its_version_or_with_loose_time_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each case has its own words
        canonical(document)


def test_g11_order_of_keys_does_not_change_the_hash() -> None:
    one, other = {"schema": 1, "b": {"y": 1, "x": 2}, "a": 0}, {"a": 0, "b": {"x": 2, "y": 1}, "schema": 1}
    assert digest(canonical(one)) == digest(canonical(other))
    assert digest(canonical({**one, "a": 1})) != digest(canonical(one))
    assert exact({"share": 0.2, "list": [0.1]}) == {"share": Decimal("0.2"), "list": [Decimal("0.1")]}


# ------------------------------------------------------------------ when it is taken


def test_g11_round_and_decision_are_each_frozen_once(w: World) -> None:
    decision = frozen(w)
    kinds = list(Snapshot.objects.filter(event=w.event("gate-30")).values_list("kind", flat=True))
    assert kinds == ["review", "decision"]
    assert decision.decision is not None
    assert decision.decision.word == "go"
    assert decision.sha256 == digest(decision.document)
    with on(GATE_DAY):
        assert Snapshot.objects.count() == 2


def test_g11_opening_a_round_twice_freezes_once(w: World) -> None:
    with on(GATE_DAY):
        open_round(w, heard=False)
        open_round(w, heard=False)
    assert Snapshot.objects.count() == 1


def test_g11_a_refused_decision_leaves_no_snapshot(w: World) -> None:
    with on(GATE_DAY):
        open_round(w)
        with pytest.raises(Exception, match="Go is not open"):
            decided(w, go())
    assert list(Snapshot.objects.values_list("kind", flat=True)) == ["review"]


def test_g11_document_holds_what_was_decided_on(w: World) -> None:
    risk(w, dated=True)
    prove(w, "accuracy")
    with on(GATE_DAY):
        open_round(w, heard=False)
        hear(w)
        decided(w, go())
    found = json.loads(Snapshot.objects.get(kind="decision").document)
    accuracy = next(row for row in found["criteria"] if row["slug"] == "accuracy")
    assert (accuracy["proof"], accuracy["verified_by"]["name"]) == ("verified_fresh", str(w.person("ivy")))
    assert [proof["effective_date"] for proof in accuracy["evidence"]] == ["2026-01-24"]
    assert found["readiness"]["points"] == 100
    assert found["readiness"]["version"] == 1
    assert found["decision"]["word"] == "go"
    assert found["decision"]["recommendation"]["recommended"] == "go"
    assert {view["role"] for view in found["review"]["views"]} >= {"Business owner", "Finance partner"}
    assert [(row["slug"], row["score"], row["above_tolerance"]) for row in found["risks"]] == [("drift", 25, True)]
    assert found["tolerance"] == 12
    assert found["program"]["playbook"] == {"slug": "poc-to-production-90", "version": 1}
    assert found["program"]["limits"]["na_share_flag"] == "0.2"
    assert next(row for row in found["events"] if row["slug"] == "gate-30")["outcome"] == "go"


def test_g11_score_is_that_of_the_gate_not_of_the_next_one(w: World) -> None:
    document = json.loads(frozen(w).document)
    assert document["readiness"]["criteria"] == 1
    assert [row["slug"] for row in document["criteria"] if row["counts"]] == ["accuracy"]
    assert document["status"]["colour"] != ""


def test_g15_a_lapse_is_frozen_as_nobodys_choice(w: World) -> None:
    prove(w, "accuracy")
    with on(GATE_DAY):
        open_round(w)
        decided(w, conditional())
    late = GATE_DAY + dt.timedelta(days=18)
    with on(late):
        assert expire_due(w.program, late) >= 1
    lapsed = Snapshot.objects.order_by("-id")[0]
    document = json.loads(lapsed.document)
    assert (document["decision"]["word"], document["decision"]["lapsed"], lapsed.taken_by) == ("hold", True, None)
    texts = [getattr(block, "by", "") for section in sheet(document).sections for block in section.blocks]
    assert any(text.startswith("Nobody chose this") for text in texts)


def test_g10_stop_is_frozen_although_the_program_ends_with_it(w: World) -> None:
    with on(GATE_DAY):
        decided(w, stop())
    document = json.loads(Snapshot.objects.get().document)
    assert (document["decision"]["word"], document["decision"]["stop_reason"]) == ("stop", "value")


def test_g2_self_verified_is_marked(w: World) -> None:
    w.built.program.small_team = True
    w.built.program.save()
    prove(w, "accuracy")
    criterion = w.criterion("accuracy")
    criterion.verified_by = w.person("mia")
    criterion.save()
    with on(GATE_DAY):
        open_round(w)
    document = json.loads(Snapshot.objects.get().document)
    assert next(row for row in document["criteria"] if row["slug"] == "accuracy")["self_verified"]
    marks = next(section for section in sheet(document).sections if section.slug == "marks")
    texts = " ".join(getattr(block, "text", "") for block in marks.blocks)
    assert "Self-verified: accuracy" in texts
    assert "Small team" in texts


# ------------------------------------------------------------------ how it is taken


@pytest.mark.django_db(transaction=True)
def test_g11_no_snapshot_outside_the_transaction_of_its_cause() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        snapshots.take(event=None, kind=SnapshotKind.REVIEW, actor=None)  # type: ignore[arg-type]  # never looked at


def test_g11_a_decision_snapshot_names_its_decision(w: World) -> None:
    event = w.event("gate-30")
    with pytest.raises(ValueError, match="decision"):
        snapshots.take(event=event, kind=SnapshotKind.DECISION, actor=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.create(
            program=w.program, event=event, kind="decision", schema_version=1, document="{}", sha256="0" * 64,
            taken_at=dt.datetime(2026, 2, 3, tzinfo=dt.UTC),
        )  # fmt: skip


@pytest.mark.parametrize(
    "change", ["UPDATE gates_snapshot SET document = '{}'", "DELETE FROM gates_snapshot", "DELETE FROM gates_decision"]
)
def test_p17_database_refuses_to_change_or_delete_a_snapshot(w: World, change: str) -> None:
    before = frozen(w)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Snapshot.objects.get(pk=before.pk).document == before.document


def test_g11_number_of_queries_does_not_grow_with_the_program(w: World) -> None:
    prove(w, "accuracy")
    risk(w)

    def taken() -> int:
        with (
            on(GATE_DAY),
            CaptureQueriesContext(
                connection,
            ) as queries,
            transaction.atomic(),
        ):
            snapshots.take(event=w.event("gate-30"), kind=SnapshotKind.REVIEW, actor=None)
        return len(queries)

    small = taken()
    for number in range(3):
        add(w, f"more-{number}", proven=True)
        risk(w, f"risk-{number}")
    assert taken() == small
    assert small <= 50


# ------------------------------------------------------------------ the viewer


def test_s20_viewer_is_byte_for_byte_the_same_whatever_changes_later(w: World) -> None:
    snapshot = frozen(w)
    shown = part(w, snapshot)
    assert str(w.person("ivy")).encode() in shown
    assert snapshot.sha256.encode() in shown

    ivy = w.person("ivy")
    ivy.name, ivy.is_active = "Somebody Else", False
    ivy.save()
    role = w.role("independent-reviewer")
    role.holder, role.vacant_since, role.name = None, GATE_DAY, "Another name"
    role.save()
    program = w.program
    program.name, program.limits, program.scoring, program.tier = "Renamed", {}, {}, 1
    program.time_zone, program.playbook_version = "Asia/Tokyo", 9
    program.save()
    criterion = w.criterion("accuracy")
    criterion.text, criterion.applicable, criterion.level = "Another text", False, "should"
    criterion.save()
    Evidence.objects.filter(criterion=criterion).delete()
    event = w.event("gate-30")
    event.name, event.due_date = "Another gate", dt.date(2026, 6, 1)
    event.save()

    with on(dt.date(2031, 1, 1)):
        assert part(w, snapshot) == shown


def test_s20_viewer_survives_the_deletion_of_the_people_it_names(w: World) -> None:
    snapshot = frozen(w)
    shown = part(w, snapshot)
    rob = w.person("rob")
    name = str(rob)
    w.built.roles["risk-governance-lead"].deputy = None
    w.role("risk-governance-lead").save()
    type(w.role("risk-governance-lead")).objects.filter(deputy=rob).update(deputy=None)
    rob.delete()
    assert name.encode() in shown
    assert part(w, snapshot) == shown


def test_g11_a_document_that_was_tampered_with_is_told(w: World) -> None:
    prove(w, "accuracy")
    with on(GATE_DAY):
        open_round(w)
    kept = Snapshot.objects.get()
    twin = Snapshot.objects.create(
        program=w.program, event=w.event("gate-30"), kind="review", schema_version=1, taken_at=kept.taken_at,
        document=kept.document.replace("verified_fresh", "none"), sha256=kept.sha256,
    )  # fmt: skip
    assert find_snapshot(w.event("gate-30"), kept.pk).intact
    assert not find_snapshot(w.event("gate-30"), twin.pk).intact
    assert b"This is not the text that was frozen" in part(w, twin)
    assert b"This is not the text that was frozen" not in part(w, kept)


def test_viewer_is_for_those_who_see_the_program(w: World) -> None:
    snapshot = frozen(w)
    url = reverse("snapshot", args=[w.program.slug, "gate-30", snapshot.pk])
    assert sign_in().get(url).status_code == 302
    assert sign_in(w.stranger).get(url).status_code == 404
    for person in (w.person("mia"), w.person("sam"), w.executive, w.administrator):
        assert sign_in(person).get(url).status_code == 200
    assert sign_in(w.person("sam")).post(url).status_code == 405
    other = reverse("snapshot", args=[w.program.slug, "gate-60", snapshot.pk])
    assert sign_in(w.person("sam")).get(other).status_code == 404


def test_unknown_layout_is_refused_not_guessed(w: World) -> None:
    document = {**json.loads(frozen(w).document), "schema": 2}
    with pytest.raises(ValueError, match="layout 2"):
        sheet(document)
    assert dataclasses.is_dataclass(sheet({**document, "schema": 1}))
