"""Frozen documents, what changed since, and the gate pack on page and paper. Shows; computes nothing itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.htmx import render_page
from gates.domain.pack import sheet
from gates.domain.sheet import Sheet, moment
from gates.printing import Origin, pack_pdf
from gates.selectors.snapshots import (
    Stored,
    changed,
    current_document,
    decided_snapshot,
    find_snapshot,
    newest_snapshot,
    snapshots_of,
)
from gates.views._place import GatePlace, gate_place


@require_safe
def snapshot(request: HttpRequest, program_slug: str, slug: str, snapshot_id: int) -> HttpResponse:
    """Show a snapshot from its stored text alone; part `snapshot` is the same byte for byte for ever (G11, S20)."""
    here = gate_place(request, program_slug, slug)
    stored = find_snapshot(here.event, snapshot_id)
    context = {**_frame(here), "stored": stored, "sheet": sheet(stored.document, full=True)}
    return render_page(request, "gates/snapshot.html", context, partial="snapshot")


@require_safe
def snapshot_compare(
    request: HttpRequest, program_slug: str, slug: str, snapshot_id: int, other_id: int
) -> HttpResponse:
    """Show what differs between two snapshots of a gate, the first one being the older side."""
    here = gate_place(request, program_slug, slug)
    then, now = find_snapshot(here.event, snapshot_id), find_snapshot(here.event, other_id)
    context = {
        **_frame(here),
        "then": then,
        "then_words": _words(then),
        "now_words": _words(now),
        "changed": changed(then.document, now.document),
    }
    return render_page(request, "gates/changed.html", context, partial="changed")


@require_safe
def changed_since_gate(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show what changed between the decision's snapshot and now, and what of it is material (G20)."""
    here = gate_place(request, program_slug, slug)
    then = decided_snapshot(here.event)
    context = {**_frame(here), "then": then, "now_words": "now"}
    if then is not None:
        context["then_words"] = _words(then)
        context["changed"] = changed(then.document, current_document(here.event))
    return render_page(request, "gates/changed.html", context, partial="changed")


@require_safe
def gate_pack(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show the gate pack: the newest snapshot, the one in `?snapshot=`, or a preview before there is one."""
    here = gate_place(request, program_slug, slug)
    stored = _chosen(here)
    context = {**_frame(here), "stored": stored, "sheet": _sheet(here, stored), "origin": _origin(here, stored)}
    return render_page(request, "gates/pack.html", context, partial="pack")


@require_safe
def gate_pack_pdf(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Send the gate pack as PDF; same choice and same numbers as the page."""
    here = gate_place(request, program_slug, slug)
    stored = _chosen(here)
    response = HttpResponse(pack_pdf(_sheet(here, stored), _origin(here, stored)), content_type="application/pdf")
    number = f"-{stored.snapshot.pk}" if stored else "-preview"
    response["Content-Disposition"] = f'inline; filename="{here.program.slug}-{here.event.slug}{number}.pdf"'
    return response


def _frame(here: GatePlace) -> dict[str, Any]:
    return {
        "program": here.program,
        "event": here.event,
        "tab": "plan",
        "snapshots": snapshots_of(here.event),
    }


def _chosen(here: GatePlace) -> Stored | None:
    wanted = here.request.GET.get("snapshot", "")
    if wanted.isdecimal() and len(wanted) < 19:
        return find_snapshot(here.event, int(wanted))
    return newest_snapshot(here.event)


def _sheet(here: GatePlace, stored: Stored | None) -> Sheet:
    return sheet(stored.document if stored else current_document(here.event))


def _origin(here: GatePlace, stored: Stored | None) -> Origin:
    path = reverse("gate_pack", args=[here.program.slug, here.event.slug])
    if stored is None:
        return Origin(here.request.build_absolute_uri(path), "", "Preview: nothing is frozen yet.")
    zone = stored.document["program"]["time_zone"]
    frozen = f"Frozen {moment(stored.document['taken_at'], zone)} ({zone})."
    return Origin(
        here.request.build_absolute_uri(f"{path}?snapshot={stored.snapshot.pk}"), stored.snapshot.sha256, frozen
    )


def _words(stored: Stored) -> str:
    zone = stored.document["program"]["time_zone"]
    return f"{stored.snapshot.get_kind_display().lower()}, {moment(stored.document['taken_at'], zone)}"
