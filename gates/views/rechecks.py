"""Looking again before a gate: the random draw, what it showed, late flips. Decides nothing; services do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gates import policies
from gates.enums import RecheckResult
from gates.forms_steering import NamedForm, RecheckForm
from gates.models import Recheck
from gates.selectors.history import late_flips_of, rechecks_of
from gates.services import rechecks
from phases.enums import EventState
from phases.models import Event
from phases.selectors import find_event, load_plan
from phases.views._shared import Page, Place, answer, place


@dataclass(frozen=True)
class Look:
    """The re-check of a gate; `version` is that of the row a form is about."""

    event: Event
    version: int = 1

    def get_absolute_url(self) -> str:
        """Address of the page."""
        return reverse("gate_recheck", args=[self.event.program.slug, self.event.slug])


def _page(request: HttpRequest, program_slug: str, slug: str, recheck_id: int | None = None) -> Page:
    at = place(request, program_slug)

    def find(where: Place) -> Look:
        row = None if recheck_id is None else Recheck.objects.filter(pk=recheck_id).first()
        return Look(find_event(where.program, slug), row.version if row else 1)

    return Page(at, find(at), "gates/steering/recheck.html", _build, find)


@require_safe
def recheck(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show the draw before a gate with its results, and the late-flip alarm (honesty rules 5 and 6)."""
    return _page(request, program_slug, slug).show()


@require_POST
def draw(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Draw the criteria to look at again: the independent reviewer; the seed is recorded."""
    page = _page(request, program_slug, slug)
    at = page.place
    return answer(
        page,
        NamedForm(request.POST),
        lambda _: rechecks.draw_rechecks(actor=at.actor, event=page.item.event),
        "Drawn. The seed is on record.",
        may=policies.may_recheck(at.actor, at.cast),
    )


@require_POST
def record(request: HttpRequest, program_slug: str, slug: str, recheck_id: int) -> HttpResponse:
    """Record what looking again showed."""
    page = _page(request, program_slug, slug, recheck_id)
    at = page.place
    row = get_object_or_404(Recheck, pk=recheck_id, round__event=page.item.event)
    return answer(
        page,
        RecheckForm(request.POST, about=row.pk),
        lambda data: rechecks.record_recheck(
            actor=at.actor,
            recheck=row,
            result=RecheckResult(data["result"]),
            text=data["text"],
            version=data["version"],
        ),
        "Recorded.",
        may=policies.may_recheck(at.actor, at.cast),
    )


def _build(at: Place, look: Look, bound: Mapping[str, Form]) -> dict[str, Any]:
    plan = load_plan(at.program, at.cast)
    event = next(row for row in plan.events if row.pk == look.event.pk)
    may = policies.may_recheck(at.actor, at.cast)
    drawn, rows = rechecks_of(event)
    lines = []
    for row in rows:
        form = None
        if may and not row.result:
            form = bound.get(f"recheck-{row.pk}") or RecheckForm(about=row.pk, initial={"version": row.version})
        lines.append((row, form))
    return {
        "program": at.program,
        "event": event,
        "tab": "plan",
        "may": may,
        "pending": event.state == EventState.PENDING,
        "drawn": drawn,
        "lines": lines,
        "draw_form": bound.get("form"),
        "flips": late_flips_of(event, plan),
        "here": look.get_absolute_url(),
    }
