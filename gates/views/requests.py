"""The list of what was asked for in a program, and its answers (G7, G13, G14). Decides nothing; services do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.decisions import Decision
from gates import forms, policies
from gates.domain.waivers import approver_role
from gates.enums import RequestState
from gates.models import ApplicabilityRequest, TailoringChange, Waiver
from gates.selectors import requests as reads
from gates.selectors.ledger import limits_of
from gates.services import tailoring, waivers
from phases.views._shared import Page, Place, answer, place
from programs.enums import RISK_LEAD, SPONSOR
from risks.models import Risk

WAITING, IN_FORCE = RequestState.REQUESTED, RequestState.APPROVED


@dataclass(frozen=True)
class Listed:
    """What a form on this page changes: the version of the row, and the page to come back to."""

    row: Waiver | ApplicabilityRequest | TailoringChange | None
    address: str

    @property
    def version(self) -> int:
        """The row's version as it is now."""
        return self.row.version if self.row is not None else 1

    def get_absolute_url(self) -> str:
        """Address of the list."""
        return self.address


@dataclass(frozen=True)
class Line:
    """A row with where it stands, who answers it, and the forms the reader may use (None: not, with the reason)."""

    row: Any
    state: RequestState
    role: str
    may_answer: Decision
    answer_form: forms.AnswerForm | None
    take_back_form: forms.TakeBackForm | None = None
    extend_form: forms.WaiverForm | None = None
    why_not_extend: str = ""


@require_safe
def gate_requests(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show waivers, not-applicable requests and tailoring: waiting, in force, over; who may answer and why not."""
    return _page(place(request, program_slug)).show()


@require_POST
def waiver_answer(request: HttpRequest, program_slug: str, waiver_id: int) -> HttpResponse:
    """Approve or refuse a waiver: the sponsor for a high linked risk, else the risk lead; never who asked (G2, G7)."""
    at = place(request, program_slug)
    waiver = _waiver(at, waiver_id)

    def act(data: Mapping[str, Any]) -> None:
        do = waivers.approve_waiver if data["answer"] == "approve" else waivers.refuse_waiver
        do(actor=at.actor, waiver=waiver, words=data["words"], version=data["version"])

    may = policies.may_answer_waiver(at.actor, waiver, at.cast, limits_of(at.program))
    form = forms.AnswerForm(request.POST, name=f"answer-waiver-{waiver.pk}")
    return answer(_page(at, waiver), form, act, "Your answer is on record.", may=may)


@require_POST
def waiver_withdraw(request: HttpRequest, program_slug: str, waiver_id: int) -> HttpResponse:
    """Take a request or a waiver in force back: who asked, or the program manager."""
    at = place(request, program_slug)
    waiver = _waiver(at, waiver_id)
    return answer(
        _page(at, waiver),
        forms.TakeBackForm(request.POST, name=f"back-waiver-{waiver.pk}"),
        lambda data: waivers.withdraw_waiver(actor=at.actor, waiver=waiver, version=data["version"]),
        "Taken back. It stays on record.",
        may=policies.may_withdraw(at.actor, waiver.requested_by_id, at.cast),
    )


@require_POST
def waiver_extend(request: HttpRequest, program_slug: str, waiver_id: int) -> HttpResponse:
    """Ask for the one extension of a waiver, with its control shown anew (G7)."""
    at = place(request, program_slug)
    waiver = _waiver(at, waiver_id)
    risks = open_risks(at)
    return answer(
        _page(at, waiver),
        forms.WaiverForm(request.POST, risks=risks, name=f"extend-waiver-{waiver.pk}"),
        lambda data: ask_waiver(at, waiver.criterion, data, risks, waiver),
        "Asked. The extension waits for its own answer.",
        may=policies.may_request(at.actor, waiver.criterion, at.cast),
    )


@require_POST
def applicability_answer(request: HttpRequest, program_slug: str, request_id: int) -> HttpResponse:
    """Say whether a criterion is left out (G13): the risk and governance lead, never who asked."""
    at = place(request, program_slug)
    rows = ApplicabilityRequest.objects.select_related("criterion__assignee")
    asked = get_object_or_404(rows, pk=request_id, program=at.program)
    return answer(
        _page(at, asked),
        forms.AnswerForm(request.POST, name=f"answer-applicability-{asked.pk}"),
        lambda data: tailoring.answer_not_applicable(
            actor=at.actor,
            request=asked,
            approve=data["answer"] == "approve",
            words=data["words"],
            version=data["version"],
        ),
        "Your answer is on record.",
        may=policies.may_answer_request(at.actor, asked.requested_by_id, asked.criterion, at.cast),
    )


@require_POST
def tailoring_answer(request: HttpRequest, program_slug: str, change_id: int) -> HttpResponse:
    """Say whether a weakening takes effect (G14): the risk and governance lead, never who asked."""
    at = place(request, program_slug)
    rows = TailoringChange.objects.select_related("criterion__assignee")
    change = get_object_or_404(rows, pk=change_id, program=at.program)
    return answer(
        _page(at, change),
        forms.AnswerForm(request.POST, name=f"answer-tailoring-{change.pk}"),
        lambda data: tailoring.answer_tailoring(
            actor=at.actor,
            change=change,
            approve=data["answer"] == "approve",
            words=data["words"],
            version=data["version"],
        ),
        "Your answer is on record.",
        may=policies.may_answer_request(at.actor, change.requested_by_id, change.criterion, at.cast),
    )


def open_risks(at: Place) -> list[Risk]:
    """The risks a waiver can be linked to (one query)."""
    return list(Risk.objects.filter(program=at.program, closed_at=None))


def ask_waiver(at: Place, criterion: Any, data: Mapping[str, Any], risks: list[Risk], of: Waiver | None = None) -> None:
    """Send a filled-in waiver form to its service."""
    waivers.request_waiver(
        actor=at.actor,
        criterion=criterion,
        reason=data["reason"],
        control=data["control"],
        control_evidence=data["control_evidence"],
        expires_on=data["expires_on"],
        risk=next((risk for risk in risks if risk.slug == data["risk"]), None),
        extension_of=of,
    )


def _waiver(at: Place, waiver_id: int) -> Waiver:
    rows = Waiver.objects.select_related("criterion__event", "criterion__assignee", "risk")
    found = get_object_or_404(rows, pk=waiver_id, program=at.program)
    found.criterion.program = at.program
    return found


def _page(at: Place, row: Waiver | ApplicabilityRequest | TailoringChange | None = None) -> Page:
    address = reverse("gate_requests", args=[at.program.slug])

    def find(_: Place) -> Listed:
        if row is not None:
            row.refresh_from_db(fields=["version"])
        return Listed(row, address)

    return Page(at, Listed(row, address), "gates/requests.html", _context, find)


def _context(at: Place, _: Any, bound: Mapping[str, Any]) -> dict[str, Any]:
    lines = waiver_lines(at, reads.waivers_of(at.program), bound)
    return {
        "program": at.program,
        "tab": "plan",
        "waiting": [line for line in lines if line.state is WAITING],
        "in_force": [line for line in lines if line.state is IN_FORCE],
        "over": [line for line in lines if line.state not in (WAITING, IN_FORCE)],
        "applicability": [_plain(at, row, "applicability", bound) for row in reads.applicability_of(at.program)],
        "tailoring": [_plain(at, row, "tailoring", bound) for row in reads.tailoring_of(at.program)],
        "here": reverse("gate_requests", args=[at.program.slug]),
    }


def waiver_lines(at: Place, rows: list[Waiver], bound: Mapping[str, Any]) -> list[Line]:
    """Return waivers as the page shows them to the reader."""
    today, limits, risks = clock.today(at.program.time_zone), limits_of(at.program), open_risks(at)
    found = []
    for row in rows:
        state = reads.state_of(row, today)
        slug = approver_role(row.risk.current_score if row.risk else None, limits, sponsor=SPONSOR, lead=RISK_LEAD)
        may = policies.may_answer_waiver(at.actor, row, at.cast, limits)
        back = state in (WAITING, IN_FORCE) and policies.may_withdraw(at.actor, row.requested_by_id, at.cast)
        why = reads.why_not_extend(row, rows, limits, today)
        extend = not why and policies.may_request(at.actor, row.criterion, at.cast)
        name = f"extend-waiver-{row.pk}"
        found.append(
            Line(
                row,
                state,
                _role(at, slug),
                may,
                _answer_form(row, "waiver", bound) if may and state is WAITING else None,
                bound.get(f"back-waiver-{row.pk}")
                or forms.TakeBackForm(name=f"back-waiver-{row.pk}", initial={"version": row.version})
                if back
                else None,
                bound.get(name) or forms.WaiverForm(risks=risks, name=name, initial=_again(row)) if extend else None,
                why,
            )
        )
    return found


def _plain(at: Place, row: ApplicabilityRequest | TailoringChange, kind: str, bound: Mapping[str, Any]) -> Line:
    may = policies.may_answer_request(at.actor, row.requested_by_id, row.criterion, at.cast)
    form = _answer_form(row, kind, bound) if may and row.state == WAITING else None
    return Line(row, RequestState(row.state), _role(at, RISK_LEAD), may, form)


def _answer_form(row: Any, kind: str, bound: Mapping[str, Any]) -> forms.AnswerForm:
    name = f"answer-{kind}-{row.pk}"
    refused = bound.get(name)
    return refused if isinstance(refused, forms.AnswerForm) else forms.AnswerForm(name=name, initial=_version(row))


def _version(row: Any) -> dict[str, Any]:
    return {"version": row.version}


def _again(row: Waiver) -> dict[str, Any]:
    return {"control": row.control, "risk": row.risk.slug if row.risk else ""}


def _role(at: Place, slug: str) -> str:
    role = at.cast.by_slug.get(slug)
    name = role.name if role else slug.replace("-", " ").capitalize()
    return f"{name} ({at.cast.holder(slug) or 'nobody at present'})"
