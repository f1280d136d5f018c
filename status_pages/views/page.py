"""The status page of a program for everybody with an account who may see it: live, as it was, two compared, as PDF."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core.htmx import render_page, wants_partial
from gates.domain.canonical import digest
from programs.models import Program
from programs.selectors import cast_of, get_program_for
from status_pages import policies
from status_pages.domain.difference import Changed, difference
from status_pages.selectors.live import live_text, read, version_of
from status_pages.selectors.snapshots import find_snapshot, rail_of
from status_pages.services.looking import note_look
from status_pages.views.files import program_bytes, sent
from status_pages.views.sheet import LOOKED, sheet, since_last


@require_safe
def status(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the status now; a poll that finds nothing new gets 204 before anything is worked out."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    version = version_of(program)
    if wants_partial(request) and request.GET.get("v") == version:
        return HttpResponse(status=204)
    text = live_text(program, version)
    seen = note_look(user=actor, program=program, shown=text)
    before, since = since_last(seen, program, live=True, words=LOOKED)
    context = {
        **_frame(actor, program),
        **sheet(read(text), before=before, proof=program.get_absolute_url()),
        **since,
        "version": version,
        "live": True,
    }
    return render_page(request, "status_pages/status.html", context, partial="sheet")


@require_safe
def snapshot(request: HttpRequest, program_slug: str, snapshot_id: int) -> HttpResponse:
    """Show the status as it was, from the stored text alone."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    found = find_snapshot(program, snapshot_id)
    context = {
        **_frame(actor, program),
        **sheet(found.document, before=None, proof=program.get_absolute_url()),
        "snapshot": found.snapshot,
        "intact": found.intact,
        "live": False,
    }
    return render_page(request, "status_pages/status.html", context)


@require_safe
def compare(request: HttpRequest, program_slug: str, snapshot_id: int, other_id: int | None = None) -> HttpResponse:
    """Name every fact in which a snapshot differs from another one, or from now."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    first = find_snapshot(program, snapshot_id)
    if other_id is None:
        other, document = None, read(live_text(program, version_of(program)))
    else:
        second = find_snapshot(program, other_id)
        other, document = second.snapshot, second.document
        if second.snapshot.taken_at < first.snapshot.taken_at:
            first, other, document = second, first.snapshot, first.document
    context = {
        **_frame(actor, program),
        "first": first.snapshot,
        "other": other,
        "panels": _panels(difference(first.document, document)),
    }
    return render_page(request, "status_pages/compare.html", context)


@require_safe
def download(request: HttpRequest, program_slug: str, kind: str, snapshot_id: int | None = None) -> HttpResponse:
    """Give the status, live or as it was, as a file: one page of PDF, five slides, or a workbook."""
    program = get_program_for(cast(User, request.user), program_slug)
    if snapshot_id is None:
        text = live_text(program, version_of(program))
        document, sha256, name = read(text), digest(text), f"{program.slug}-status"
    else:
        found = find_snapshot(program, snapshot_id)
        document, sha256 = found.document, found.snapshot.sha256
        name = f"{program.slug}-status-{found.snapshot.taken_at:%Y-%m-%d}"
    return sent(program_bytes(document, sha256, kind), name, kind)


def _frame(actor: User, program: Program) -> dict[str, Any]:
    may_share = policies.may_share(actor, cast_of(program))
    return {"program": program, "rail": rail_of(program), "may_share": may_share, "tab": "status"}


def _panels(changed: list[Changed]) -> list[tuple[str, list[Changed]]]:
    found: dict[str, list[Changed]] = {}
    for row in changed:
        found.setdefault(row.panel, []).append(row)
    return list(found.items())
