"""Adding, withdrawing and downloading proof. Files leave only through `download`, as attachments, never inline."""

import logging
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from phases import files, forms, policies, services
from phases.enums import EvidenceKind
from phases.models import Evidence
from phases.selectors.evidence import find_evidence
from phases.selectors.metrics import series_for
from phases.views._shared import Page, answer, place
from phases.views.criteria import criterion_page

log = logging.getLogger(__name__)


@require_POST
def add(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Attach a link, file or note to a criterion; a refused file leaves nothing behind (P21)."""
    page = criterion_page(request, program_slug, slug)
    return answer(
        page,
        forms.EvidenceForm(request.POST, request.FILES),
        lambda data: _add(page, data),
        "Evidence added. Hand it in when it is complete.",
        may=policies.may_work_on(page.place.actor, page.item, page.place.cast),
    )


def _add(page: Page, data: Mapping[str, Any]) -> None:
    with files.kept(data["file"], program_id=page.place.program.pk) as stored:
        row = services.add_evidence(
            actor=page.place.actor,
            criterion=page.item,
            kind=data["kind"],
            title=data["title"],
            effective_date=data["effective_date"],
            url=data["url"],
            note=data["note"],
            file=stored,
            describes_version=data["describes_version"],
            result=data["result"],
            limit=data["limit"],
        )
    if stored is not None and row.file_key != stored.key:  # sent twice: the first copy is the proof
        files.remove(stored.key)


@require_POST
def add_series(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Let the readings of a metric prove a criterion from now on."""
    page = criterion_page(request, program_slug, slug)
    return answer(
        page,
        forms.SeriesForm(request.POST, metrics=series_for(page.place.program)),
        lambda data: services.add_series(actor=page.place.actor, criterion=page.item, metric=data["metric"]),
        "The criterion follows these readings now. Hand it in when they are good.",
        may=policies.may_work_on(page.place.actor, page.item, page.place.cast),
    )


@require_POST
def withdraw(request: HttpRequest, program_slug: str, evidence_id: int) -> HttpResponse:
    """Take a proof back with a reason; it stays on record."""
    found = _find(request, program_slug, evidence_id)
    page = criterion_page(request, program_slug, found.criterion.slug)
    return answer(
        page,
        forms.WithdrawForm(request.POST, evidence_id=found.pk),
        lambda data: services.withdraw_evidence(actor=page.place.actor, evidence=found, reason=data["reason"]),
        "Withdrawn. It stays on record and counts no more.",
        may=policies.may_work_on(page.place.actor, page.item, page.place.cast),
    )


@require_safe
def download(request: HttpRequest, program_slug: str, evidence_id: int) -> HttpResponseBase:
    """Send a stored file as an attachment that no browser runs or guesses about (security: uploads)."""
    at = place(request, program_slug)
    found = find_evidence(at.program, evidence_id)
    if found.kind != EvidenceKind.FILE:
        raise Http404("This evidence is no file")
    policies.may_download(at.actor, found, at.cast).require()
    try:
        file = files.open_stored(found.file_key)
    except (OSError, ValueError):
        log.exception("evidence file %s is not readable", found.pk)
        messages.error(request, f"The stored file of “{found.title}” cannot be read. Tell the operator.")
        return redirect(found.criterion)
    response = FileResponse(file, as_attachment=True, filename=found.file_name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _find(request: HttpRequest, program_slug: str, evidence_id: int) -> Evidence:
    return find_evidence(place(request, program_slug).program, evidence_id)
