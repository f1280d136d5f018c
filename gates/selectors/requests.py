"""What was asked for in a program and by whom it waits to be answered, each list in one query. Must not write."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from gates.domain import waivers as rules
from gates.domain.limits import Limits
from gates.enums import RequestState
from gates.models import ApplicabilityRequest, TailoringChange, Waiver
from phases.models import Criterion
from programs.models import Program

PEOPLE = ("criterion__event", "criterion__assignee", "requested_by", "answered_by")


def waivers_of(program: Program, criterion: Criterion | None = None) -> list[Waiver]:
    """Return the waivers of a program, or of one criterion of it, newest first (one query)."""
    rows = Waiver.objects.filter(program=program).select_related(*PEOPLE, "risk")
    return [row for row in _placed(_about(rows, criterion), program) if isinstance(row, Waiver)]


def applicability_of(program: Program, criterion: Criterion | None = None) -> list[ApplicabilityRequest]:
    """Return the requests to leave criteria out, newest first (one query)."""
    rows = ApplicabilityRequest.objects.filter(program=program).select_related(*PEOPLE)
    return [row for row in _placed(_about(rows, criterion), program) if isinstance(row, ApplicabilityRequest)]


def tailoring_of(program: Program, criterion: Criterion | None = None) -> list[TailoringChange]:
    """Return the changes to the list of criteria, newest first (one query)."""
    rows = TailoringChange.objects.filter(program=program).select_related(*PEOPLE)
    return [row for row in _placed(_about(rows, criterion), program) if isinstance(row, TailoringChange)]


def state_of(waiver: Waiver, today: dt.date) -> RequestState:
    """Return where a waiver stands on a day, whether or not the daily pass has run."""
    return rules.state_on(RequestState(waiver.state), waiver.expires_on, today)


def why_not_extend(waiver: Waiver, every: Sequence[Waiver], limits: Limits, today: dt.date) -> str:
    """Say why no extension of an approved waiver can be asked for; empty when it can (G7)."""
    if waiver.answered_by_id is None or state_of(waiver, today) not in (RequestState.APPROVED, RequestState.EXPIRED):
        return "Only an approved waiver is extended."
    if any(other.extension_of_id == waiver.pk for other in every):
        return "An extension of this waiver was asked for already (G7)."
    by_id = {row.pk: row for row in every}
    chain, at = [], by_id.get(waiver.pk)
    while at is not None:
        chain.append(state_of(at, today))
        at = by_id.get(at.extension_of_id) if at.extension_of_id else None
    return rules.may_extend(chain, limits)


def _about(rows: QuerySet, criterion: Criterion | None) -> QuerySet:  # type: ignore[type-arg]  # three models
    return rows.filter(criterion=criterion) if criterion is not None else rows


def _placed(
    rows: Iterable[Waiver | ApplicabilityRequest | TailoringChange], program: Program
) -> list[Waiver | ApplicabilityRequest | TailoringChange]:
    """Hand the program to what asks it for its address, so that nothing is loaded row by row."""
    found = list(rows)
    for row in found:
        row.program = program
        if row.criterion is not None:
            row.criterion.program = row.criterion.event.program = program
    return found
