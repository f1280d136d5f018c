"""Asking for what a criterion needs somebody else's yes for, and adding one (G7, G13, G14). Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from gates import forms, policies
from gates.domain.waivers import latest_expiry
from gates.enums import TailoringKind
from gates.selectors import requests as reads
from gates.selectors.ledger import limits_of
from gates.services import tailoring, waivers
from gates.views.requests import ask_waiver, open_risks
from phases.enums import Level
from phases.models import Criterion, Event
from phases.selectors import find_criterion, find_event
from phases.views._shared import Page, Place, answer, place

ASKED = "Asked. You see the answer among the requests."


@dataclass(frozen=True)
class Asking:
    """A criterion as these pages know it: its own address is the page of its requests."""

    criterion: Criterion

    def get_absolute_url(self) -> str:
        """Address of the criterion's requests."""
        return reverse("criterion_requests", args=[self.criterion.program.slug, self.criterion.slug])


@require_safe
def criterion_requests(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show what was asked for about a criterion, and the forms to ask."""
    return _page(request, program_slug, slug).show()


@require_POST
def ask_for_waiver(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Ask for a waiver with its compensating control and its last day (G7)."""
    page = _page(request, program_slug, slug)
    at, criterion = page.place, page.item.criterion
    risks = open_risks(at)
    return answer(
        page,
        forms.WaiverForm(request.POST, risks=risks),
        lambda data: ask_waiver(at, criterion, data, risks),
        ASKED,
        may=policies.may_request(at.actor, criterion, at.cast),
    )


@require_POST
def ask_not_applicable(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Ask to leave the criterion out, because it does not apply here (G13)."""
    page = _page(request, program_slug, slug)
    at, criterion = page.place, page.item.criterion
    return answer(
        page,
        forms.NotApplicableForm(request.POST),
        lambda data: tailoring.request_not_applicable(actor=at.actor, criterion=criterion, reason=data["reason"]),
        ASKED,
        may=policies.may_request(at.actor, criterion, at.cast),
    )


@require_POST
def ask_weakening(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Propose to make it a should-meet or to remove it; nothing changes before approval (G14)."""
    page = _page(request, program_slug, slug)
    at, criterion = page.place, page.item.criterion
    return answer(
        page,
        forms.WeakeningForm(request.POST),
        lambda data: tailoring.propose_weakening(
            actor=at.actor, criterion=criterion, kind=TailoringKind(data["kind"]), reason=data["reason"]
        ),
        ASKED,
        may=policies.may_tailor(at.actor, at.cast),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def criterion_add(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Add a criterion of the program's own to a gate; free, but on record (G14)."""
    at = place(request, program_slug)
    event = find_event(at.program, slug)
    page = Page(at, event, "gates/criterion_add.html", _adding, lambda here: find_event(here.program, slug))
    if request.method != "POST":
        return page.show()
    form = forms.AddCriterionForm(request.POST, **_options(at))
    said = "Added. It counts from now on."
    return answer(page, form, lambda data: _add(at, event, data), said, may=policies.may_tailor(at.actor, at.cast))


def _add(at: Place, event: Event, data: Mapping[str, Any]) -> None:
    tailoring.add_criterion(
        actor=at.actor,
        event=event,
        text=data["text"],
        dimension_slug=data["dimension_slug"],
        level=Level(data["level"]),
        owner_role=at.cast.by_slug[data["owner_role"]],
        verifier_role=at.cast.by_slug[data["verifier_role"]],
        due_date=data["due_date"],
        evidence_type=data["evidence_type"],
        max_age_days=data["max_age_days"],
        reason=data["reason"],
    )


def _adding(at: Place, event: Event, bound: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "program": at.program,
        "event": event,
        "tab": "plan",
        "may_add": policies.may_tailor(at.actor, at.cast),
        "form": bound.get("criterion") or forms.AddCriterionForm(initial={"due_date": event.due_date}, **_options(at)),
    }


def _options(at: Place) -> dict[str, Any]:
    rows = Criterion.objects.filter(program=at.program).values_list("dimension_slug", "dimension_name", "evidence_type")
    known = list(rows)
    return {
        "roles": at.cast.roles,
        "dimensions": sorted({(slug, name) for slug, name, _ in known}, key=lambda pair: pair[1]),
        "evidence": sorted({kind for _, _, kind in known}),
    }


def _page(request: HttpRequest, program_slug: str, slug: str) -> Page:
    here = place(request, program_slug)

    def find(at: Place) -> Asking:
        return Asking(find_criterion(at.program, slug))

    return Page(here, find(here), "gates/criterion_requests.html", _context, find)


def _context(at: Place, asking: Asking, bound: Mapping[str, Any]) -> dict[str, Any]:
    criterion = asking.criterion
    today = clock.today(at.program.time_zone)
    asked = reads.waivers_of(at.program, criterion)
    latest = latest_expiry(today, waivers.next_gate(criterion, today), limits_of(at.program))
    return {
        "program": at.program,
        "item": criterion,
        "tab": "plan",
        "latest": latest,
        "waivers": [(row, reads.state_of(row, today)) for row in asked],
        "applicability": reads.applicability_of(at.program, criterion),
        "tailoring": reads.tailoring_of(at.program, criterion),
        "may_request": policies.may_request(at.actor, criterion, at.cast),
        "may_tailor": policies.may_tailor(at.actor, at.cast),
        "waiver_form": bound.get("waiver") or forms.WaiverForm(risks=open_risks(at), initial={"expires_on": latest}),
        "applicability_form": bound.get("applicability") or forms.NotApplicableForm(),
        "weakening_form": bound.get("weakening") or forms.WeakeningForm(),
    }
