"""G20: what changed since a gate, fact by fact, and which of it asks for a mini-gate."""

import copy
import datetime as dt
import json
from typing import Any

import pytest
from django.urls import reverse

from gates.domain.difference import Fact, FactKind, difference, material, words
from gates.models import Snapshot
from gates.selectors.snapshots import changed, current_document
from phases.models import Evidence
from tests.factories import sign_in
from tests.gates.world import GATE_DAY, World, decided, go, hold, on, open_round, prove, risk

EVIDENCE = {"id": 1, "title": "Report", "sha256": "a", "describes_version": "1", "effective_date": "2026-01-24"}
ANA, BEN = {"id": 1, "name": "Ana"}, {"id": 2, "name": "Ben"}


def document(**fields: Any) -> dict[str, Any]:
    """A small document with one of everything."""
    made: dict[str, Any] = {
        "schema": 1,
        "program": {
            "slug": "p", "name": "P", "tier": 2, "playbook": {"slug": "b", "version": 1}, "state": "active",
            "small_team": False, "profile": {"users": "staff"},
        },
        "readiness": {"version": 1},
        "outcome": {"measure": "minutes", "unit": "min", "baseline": "9", "target": "5", "target_date": None,
                    "guardrail": ""},
        "criteria": [
            {"slug": "c", "text": "It works", "proof": "verified_fresh", "state": "verified", "level": "must",
             "applicable": True, "owner": ANA, "due": "2026-02-01", "forecast": None, "evidence": [EVIDENCE]}
        ],
        "waivers": [{"id": 1, "criterion": "c", "criterion_text": "It works", "state": "approved",
                     "expires_on": "2026-03-01"}],
        "conditions": [{"id": 1, "text": "Redo", "standing": "open", "due_date": "2026-02-14"}],
        "tolerance": 12,
        "risks": [{"slug": "r", "event": "It drifts", "score": 12, "band": "high", "above_tolerance": False,
                   "response": "mitigate", "closed": False, "owner": ANA,
                   "acceptance": {"by": ANA, "score": 12, "expires_on": "2026-03-01"}}],
        "metrics": [{"slug": "m", "name": "Recall", "target": {"low": "0.9"}, "warning": {"low": "0.85"},
                     "critical": {"low": "0.8"}}],
        "roles": [{"slug": "mo", "name": "Model owner", "holder": ANA, "deputy": BEN}],
        "areas": [{"slug": "model", "name": "Model", "role": "Model owner", "accepted_by": ANA}],
        "events": [{"slug": "g", "name": "Gate", "state": "decided", "outcome": "go", "due": "2026-02-03",
                    "forecast": None}],
    }  # fmt: skip
    return {**made, **fields}


def after(path: str, value: Any) -> dict[str, Any]:
    """The document with one value changed, named by a path such as `risks.0.score`."""
    changed_ = copy.deepcopy(document())
    *way, last = path.split(".")
    place: Any = changed_
    for step in way:
        place = place[int(step)] if step.isdecimal() else place[step]
    if isinstance(place, list):
        del place[int(last)]
    else:
        place[last] = value
    return changed_


def one(now: dict[str, Any]) -> Fact:
    """The only fact between the document and `now`."""
    (fact,) = difference(document(), now)
    return fact


@pytest.mark.parametrize(
    ("path", "value", "kind", "before", "now", "is_material"),
    [
        ("criteria.0.proof", "none", FactKind.CRITERION, "verified fresh", "none", True),
        ("criteria.0.state", "sent_back", FactKind.CRITERION, "verified", "sent back", False),
        ("criteria.0.level", "should", FactKind.CRITERION, "must", "should", True),
        ("criteria.0.applicable", False, FactKind.CRITERION, "yes", "no", True),
        ("criteria.0", None, FactKind.CRITERION, "there", "", True),
        ("criteria.0.owner", BEN, FactKind.OWNER, "Ana", "Ben", False),
        ("criteria.0.owner", None, FactKind.OWNER, "Ana", "nobody", False),
        ("criteria.0.due", "2026-02-09", FactKind.DATE, "2026-02-01", "2026-02-09", False),
        ("criteria.0.forecast", "2026-02-09", FactKind.DATE, "", "2026-02-09", False),
        ("criteria.0.evidence.0", None, FactKind.EVIDENCE, "Report", "", True),
        ("criteria.0.evidence.0.sha256", "b", FactKind.EVIDENCE, "a", "b", True),
        ("criteria.0.evidence.0.effective_date", "2026-01-30", FactKind.EVIDENCE, "2026-01-24", "2026-01-30", False),
        ("waivers.0.state", "expired", FactKind.WAIVER, "approved", "expired", True),
        ("waivers.0.expires_on", "2026-04-01", FactKind.WAIVER, "2026-03-01", "2026-04-01", False),
        ("conditions.0.standing", "overdue", FactKind.CONDITION, "open", "overdue", True),
        ("conditions.0.standing", "closed", FactKind.CONDITION, "open", "closed", False),
        ("risks.0.score", 15, FactKind.RISK, "12 (high)", "15 (high)", True),
        ("risks.0.score", 6, FactKind.RISK, "12 (high)", "6 (high)", False),
        ("risks.0.acceptance", None, FactKind.RISK, "Ana for 12 until 2026-03-01", "", True),
        ("risks.0.owner", BEN, FactKind.OWNER, "Ana", "Ben", False),
        ("tolerance", 16, FactKind.LIMIT, "12", "16", True),
        ("metrics.0.critical", {"low": "0.7"}, FactKind.LIMIT, "low 0.8", "low 0.7", True),
        ("metrics.0", None, FactKind.LIMIT, "there", "", True),
        ("roles.0.holder", BEN, FactKind.ROLE, "Ana", "Ben", True),
        ("roles.0.deputy", ANA, FactKind.ROLE, "Ben", "Ana", False),
        ("areas.0.accepted_by", None, FactKind.ROLE, "Ana", "nobody", True),
        ("events.0.due", "2026-02-10", FactKind.DATE, "2026-02-03", "2026-02-10", False),
        ("events.0.outcome", "hold", FactKind.FRAME, "go", "hold", False),
        ("program.tier", 1, FactKind.FRAME, "2", "1", True),
        ("program.profile.users", "public", FactKind.FRAME, "staff", "public", True),
        ("readiness.version", 2, FactKind.FRAME, "1", "2", True),
        ("outcome.target", "7", FactKind.FRAME, "5", "7", True),
    ],
)  # fmt: skip
def test_g20_each_change_is_one_named_fact(
    path: str, value: Any, kind: FactKind, before: str, now: str, is_material: bool
) -> None:
    fact = one(after(path, value))
    assert (fact.kind, fact.before, fact.after, fact.material) == (kind, before, now, is_material)


def test_g20_a_new_name_of_the_same_person_is_no_change() -> None:
    assert difference(document(), after("roles.0.holder", {"id": 1, "name": "Ana Newname"})) == ()
    assert difference(document(), document()) == ()


def test_g20_evidence_of_another_version_is_material_even_when_it_is_new() -> None:
    now = document()
    now["criteria"] = [{**now["criteria"][0], "evidence": [EVIDENCE, {**EVIDENCE, "id": 2, "describes_version": "2"}]}]
    facts = difference(document(), now)
    assert [fact.what for fact in facts] == ["Evidence added", "Version described"]
    assert [fact.what for fact in material(facts)] == ["Version described"]


def test_g20_something_new_has_no_before() -> None:
    extra = {**document()["risks"][0], "slug": "new", "event": "It breaks", "score": 20, "above_tolerance": True}
    fact = one(document(risks=[*document()["risks"], extra]))
    assert (fact.before, fact.after, fact.material) == ("", "20 (high)", True)


def test_g20_other_programs_and_other_layouts_are_not_compared() -> None:
    with pytest.raises(ValueError, match="programs"):
        difference(document(), after("program.slug", "q"))
    with pytest.raises(ValueError, match="layouts"):
        difference(document(), after("schema", 2))


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "yes"), ("sent_back", "sent back"), ("gate-30", "gate-30"), ({"a": 1}, "a 1")],
)
def test_values_in_words(value: object, text: str) -> None:
    assert words(value) == text


# ------------------------------------------------------------------ from rows to page


def page(w: World, name: str, *more: object) -> str:
    """A page of gate 30 as the sponsor sees it."""
    response = sign_in(w.person("sam")).get(reverse(name, args=[w.program.slug, "gate-30", *more]))
    assert response.status_code == 200
    return response.content.decode()


def test_g20_nothing_changed_right_after_the_decision_and_everything_later_is_named(w: World) -> None:
    risk(w, likelihood=2, impact=3)
    prove(w, "accuracy")
    with on(GATE_DAY):
        open_round(w)
        decided(w, go())
        then = json.loads(Snapshot.objects.get(kind="decision").document)
        assert changed(then, current_document(w.event("gate-30"))).facts == ()
        assert "Nothing differs" in page(w, "changed_since_gate")

    drift = w.program.risks.get()
    drift.current_likelihood = 5
    drift.save()
    Evidence.objects.update(withdrawn_at=dt.datetime(2026, 2, 4, tzinfo=dt.UTC))
    role = w.role("model-owner")
    role.holder = w.person("ben")
    role.save()
    with on(GATE_DAY + dt.timedelta(days=1)):
        found = changed(then, current_document(w.event("gate-30")))
        shown = page(w, "changed_since_gate")
    kinds = {fact.kind for fact in found.facts}
    assert {FactKind.RISK, FactKind.EVIDENCE, FactKind.ROLE, FactKind.OWNER} <= kinds
    assert "The risk grew after the decision" in shown
    assert "6 (moderate)" in shown
    assert "15 (critical)" in shown
    assert "Material changes" in shown


def test_g20_two_snapshots_of_a_gate_are_compared(w: World) -> None:
    with on(GATE_DAY):
        open_round(w)
        decided(w, hold())
    first, second = Snapshot.objects.order_by("id")
    shown = page(w, "snapshot_compare", first.pk, second.pk)
    assert "2026-02-13" in shown
    assert "Agreed date" in shown
    stranger = sign_in(w.stranger)
    url = reverse("snapshot_compare", args=[w.program.slug, "gate-30", first.pk, second.pk])
    assert stranger.get(url).status_code == 404
    assert sign_in(w.person("sam")).get(url.replace(str(second.pk), "999999")).status_code == 404


def test_g20_before_a_decision_there_is_nothing_to_compare_with(w: World) -> None:
    assert "No decision is on record" in page(w, "changed_since_gate")


def test_g20_what_later_gates_look_at_stands_apart_unless_it_is_material() -> None:
    own = {**document()["criteria"][0], "counts": True}
    later = {**own, "slug": "later", "text": "Much later", "counts": False}
    then = document(criteria=[own, later])
    going_on = document(criteria=[{**own, "owner": BEN}, {**later, "owner": BEN, "proof": "stale"}])
    found = changed(then, going_on)
    assert [(fact.subject, fact.what) for fact in found.material] == [("later", "Proof")]
    assert [(kind, [fact.subject for fact in facts]) for kind, facts in found.by_kind] == [(FactKind.OWNER, ["c"])]
    assert [(fact.subject, fact.what) for fact in found.ahead] == [("later", "Owner")]
    assert len(found.facts) == 3
    added = document(criteria=[own, later, {**later, "slug": "new"}])
    assert [fact.subject for fact in changed(then, added).ahead] == ["new"]
