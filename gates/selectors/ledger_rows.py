"""Loads the rows of the ledgers of several programs in one statement and wires them up. Must not judge or write."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from core.gathering import Prepared, gather, link, prefetched
from escalation.models import Escalation
from escalation.selectors.standing import running_of
from gates.models import (
    Condition,
    Decision,
    DeclaredStatus,
    ExceptionNote,
    GateAlternate,
    GateReview,
    Opinion,
    Waiver,
)
from metrics.models import Alert, Metric
from metrics.selectors.standing import ENDS
from phases.models import Event
from programs.models import Program
from risks.models import EscalationLevel, MitigationAction, Risk, RiskAcceptance

_OF_METRIC = (
    "program",
    "name",
    "position",
    "category_required",
    "frequency",
    "last_measured_at",
    "slug",
    "unit",
    "last_value",
    "direction",
    *ENDS,
)
_OF_ALERT = ("metric", "level", "acknowledged_at", "acknowledge_by", "investigator_id")


@dataclass(frozen=True)
class LedgerRows:
    """Everything of some programs, each list in the order in which the ledger reads it."""

    decisions: list[Decision]
    reviews: list[GateReview]
    opinions: list[Opinion]
    alternates: list[GateAlternate]
    waivers: list[Waiver]
    conditions: list[Condition]
    risks: list[Risk]
    acceptances: list[RiskAcceptance]
    declared: list[DeclaredStatus]
    notes: list[ExceptionNote]
    waited_for: list[tuple[int, int]]
    """Event and gatekeeping role of each seat at an open round."""
    paths: frozenset[int]
    """Escalation paths that have a rung: one without leads nowhere (S58)."""
    metrics: list[Metric]
    alerts: list[Alert]
    """Those that are open."""
    escalations: list[Escalation]
    """Those nobody has acknowledged."""
    empty_rungs: frozenset[int]
    """Ids of escalations that met a rung where nobody could be told."""

    def of(self, program_id: int) -> dict[str, Any]:
        """The rows of one program, by the names of this class."""
        risks = {risk.pk for risk in self.risks if risk.program_id == program_id}
        reviews = {review.pk for review in self.reviews if review.program_id == program_id}
        events = {review.event_id for review in self.reviews if review.program_id == program_id}
        own = {
            name: [row for row in getattr(self, name) if row.program_id == program_id]
            for name in ("decisions", "reviews", "alternates", "waivers", "conditions", "declared", "notes")
        }
        return {
            **own,
            "opinions": [row for row in self.opinions if row.review_id in reviews],
            "risks": [row for row in self.risks if row.pk in risks and row.closed_at is None],
            "acceptances": [row for row in self.acceptances if row.risk_id in risks],
            "paths": self.paths,
            "escalations": [row for row in self.escalations if row.program_id == program_id],
            "empty_rungs": self.empty_rungs,
            "waited_for": [seat for seat in self.waited_for if seat[0] in events],
        }


def load_rows(programs: Sequence[Program], people: Mapping[int, User]) -> LedgerRows:
    """Load the rows with one query, and one more for people who are named and not among `people`."""
    ids = [program.pk for program in programs]
    found = _OF_ONE.gather(ids[0]) if len(ids) == 1 else gather(wanted(ids))
    decisions, reviews, opinions, alternates, waivers, conditions, risks, acceptances, declared, notes = found[:10]
    actions, waited_for, rungs, metrics, alerts, escalations, empty_rungs = found[10:]
    rows = LedgerRows(
        decisions=sorted(decisions, key=lambda row: row.pk),
        reviews=sorted(reviews, key=lambda row: row.pk),
        opinions=sorted(opinions, key=lambda row: row.role_id),
        alternates=sorted(alternates, key=lambda row: (row.event_id, row.role_id)),
        waivers=sorted(waivers, key=lambda row: -row.pk),
        conditions=sorted(conditions, key=lambda row: (row.due_date, row.position, row.pk)),
        risks=sorted(risks, key=lambda row: (row.position, row.pk)),
        acceptances=sorted(acceptances, key=lambda row: -row.pk),
        declared=sorted(declared, key=lambda row: -row.pk),
        notes=sorted(notes, key=lambda row: -row.pk),
        paths=frozenset(rung.path_id for rung in rungs),
        waited_for=sorted((seat.event_id, seat.role_id) for seat in waited_for),
        metrics=metrics,
        alerts=alerts,
        escalations=sorted(escalations, key=lambda row: row.pk),
        empty_rungs=frozenset(rung.escalation_id for rung in empty_rungs),
    )
    _wire(rows, {program.pk: program for program in programs}, people)
    _hang(rows.risks, sorted(actions, key=lambda row: (row.position, row.pk)))
    return rows


def wanted(program_ids: list[int]) -> list[QuerySet[Any]]:
    """What is read of each table. May depend on the ids alone: the statement for one program is made once."""
    own = {"program__in": program_ids}
    of_risk = {"risk__program__in": program_ids}
    seats = Event.gatekeepers.through
    rounds = GateReview.objects.filter(**own)
    running, empty = running_of(program_ids)
    return [
        Decision.objects.filter(**own),
        rounds,
        Opinion.objects.filter(review__program__in=program_ids),
        GateAlternate.objects.filter(**own),
        Waiver.objects.filter(**own),
        Condition.objects.filter(**own),
        Risk.objects.filter(**own),
        RiskAcceptance.objects.filter(**of_risk),
        DeclaredStatus.objects.filter(**own, ended_at=None),
        ExceptionNote.objects.filter(**own, answered_at=None),
        MitigationAction.objects.filter(**of_risk),
        seats.objects.filter(Exists(rounds.filter(closed_at=None, event=OuterRef("event_id")))),
        EscalationLevel.objects.filter(path__program__in=program_ids).only("path_id"),
        Metric.objects.filter(**own).only(*_OF_METRIC),
        Alert.objects.filter(metric__program__in=program_ids, closed_at=None).only(*_OF_ALERT),
        running,
        empty,
    ]


_OF_ONE = Prepared(lambda program_id: wanted([program_id]))


def _wire(rows: LedgerRows, programs: dict[int, Program], known: Mapping[int, User]) -> None:
    named = {row.owner_id for row in rows.conditions} | {row.declared_by_id for row in rows.declared}
    named |= {row.person_id for row in rows.opinions} | {row.person_id for row in rows.alternates}
    missing = named - set(known) - {None}
    people: dict[Any, User] = {**known, **(User.objects.in_bulk(missing) if missing else {})}
    for name in ("decisions", "reviews", "waivers", "conditions", "risks", "declared", "escalations"):
        link(getattr(rows, name), "program", programs)
    link(rows.opinions, "review", {review.pk: review for review in rows.reviews})
    link(rows.acceptances, "risk", {risk.pk: risk for risk in rows.risks})
    link(rows.conditions, "owner", people)
    link(rows.opinions, "person", people)
    link(rows.alternates, "person", people)
    link(rows.declared, "declared_by", people)


def _hang(risks: Iterable[Risk], actions: Iterable[MitigationAction]) -> None:
    of_risk: dict[int, list[MitigationAction]] = defaultdict(list)
    for action in actions:
        of_risk[action.risk_id].append(action)
    for risk in risks:
        for action in of_risk[risk.pk]:
            action.risk = risk
        prefetched(risk, "actions", of_risk[risk.pk])
