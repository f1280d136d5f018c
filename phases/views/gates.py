"""The page of a gate or checkpoint, its outcome and its date. Decides nothing; services do."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from core import clock
from phases import forms, policies, services
from phases.enums import EventKind, EventState, ItemKind, Outcome
from phases.models import Event
from phases.selectors import find_event
from phases.selectors.history import moves_of, timeline
from phases.selectors.phase_plan import criteria_of, newest_of
from phases.services.events import why_not_go
from phases.views._item import dates
from phases.views._shared import Page, Place, answer, place
from phases.views.rows import CriterionRow, criterion_row, people_of


@require_safe
def gate(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show a gate or checkpoint: its question, what is met, what is open and with whom, and the outcome (G1, G2)."""
    return gate_page(request, program_slug, slug).show()


@require_POST
def outcome(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Record what was decided; gates by the sponsor, checkpoints by the program manager (S15)."""
    page = gate_page(request, program_slug, slug)
    return answer(
        page,
        forms.OutcomeForm(request.POST, kind=EventKind(page.item.kind)),
        lambda data: services.record_outcome(
            actor=page.place.actor,
            event=page.item,
            outcome=Outcome(data["outcome"]),
            reason=data["reason"],
            version=data["version"],
        ),
        "Recorded.",
        may=policies.may_record(page.place.actor, page.item, page.place.cast),
    )


@require_POST
def redate(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Agree a new date for a gate or checkpoint with a reason."""
    page = gate_page(request, program_slug, slug)
    return answer(
        page,
        forms.RedateForm(request.POST),
        lambda data: services.redate_event(
            actor=page.place.actor,
            event=page.item,
            new_date=data["new_date"],
            reason=data["reason"],
            version=data["version"],
        ),
        "Date moved. The baseline stays beside it.",
        may=policies.may_redate(page.place.actor, page.item, page.place.cast),
    )


def gate_page(request: HttpRequest, program_slug: str, slug: str) -> Page:
    """Return the page of a gate or checkpoint. Errors: Http404."""
    here = place(request, program_slug)

    def find(at: Place) -> Event:
        return find_event(at.program, slug)

    return Page(here, find(here), "phases/gate.html", _context, find)


def _context(at: Place, event: Event, bound: Mapping[str, Form]) -> dict[str, Any]:
    today = clock.today(at.program.time_zone)
    people = people_of(at.cast)
    asked = criteria_of(event, at.cast)
    rows = [criterion_row(c, at.actor, at.cast, today, people=people, newest=newest_of(c)) for c in asked]
    applicable = [row for row in rows if row.criterion.applicable]
    pending = event.state == EventState.PENDING
    closed = why_not_go(event) if event.is_gate and pending else []
    initial = {"version": event.version}
    outcome_form = bound.get("outcome") or forms.OutcomeForm(kind=EventKind(event.kind), initial=initial)
    return {
        "program": at.program,
        "event": event,
        "tab": "plan",
        "today": today,
        "dates": dates(event, at, today),
        "moves": moves_of(ItemKind.EVENT, event),
        "gatekeepers": [at.cast.by_id[role.pk] for role in event.gatekeepers.all()],
        "dimensions": _by_dimension(rows),
        "must_rows": [row for row in rows if row.criterion.is_must and _is_owed(row)],
        "should_rows": [row for row in rows if not row.criterion.is_must and _is_owed(row)],
        "met_rows": [row for row in rows if not _is_owed(row)],
        "met": sum(row.cell == "ok" for row in rows),
        "all": len(applicable),
        "musts": sum(row.criterion.is_must for row in applicable),
        "musts_open": sum(row.criterion.is_must and _is_owed(row) for row in applicable),
        "blocking_open": sum(row.criterion.launch_blocking and _is_owed(row) for row in applicable),
        "pending": pending,
        "go_closed": closed,
        "may_record": policies.may_record(at.actor, event, at.cast),
        "may_redate": policies.may_redate(at.actor, event, at.cast),
        "outcome_form": outcome_form,
        "redate_form": bound.get("redate") or forms.RedateForm(initial=initial),
        "lines": timeline(ItemKind.EVENT, event.pk),
    }


def _is_owed(row: CriterionRow) -> bool:
    return row.criterion.applicable and row.cell != "ok"


def _by_dimension(rows: list[CriterionRow]) -> list[dict[str, Any]]:
    found: dict[str, list[CriterionRow]] = {}
    for row in sorted(rows, key=lambda row: not row.criterion.is_must):
        found.setdefault(row.criterion.dimension_name, []).append(row)
    return [
        {
            "name": name,
            "rows": own,
            "met": sum(row.cell == "ok" for row in own),
            "all": sum(row.criterion.applicable for row in own),
        }
        for name, own in found.items()
    ]
