"""Data sources: the register, one source with checks and gaps, and what is posted to them. Decides nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter import forms, policies, services
from charter.domain.data import FOUR
from charter.domain.limits import data_remediation_by_day
from charter.enums import CheckKind, Finding
from charter.models import DataGap, DataSource
from charter.selectors import data as reads
from charter.selectors.data import GapView
from charter.views._shared import Bound, CharterPage, Place, answer, place
from core import clock
from registers.policies import may_log

FIELDS = ("holds", *(name for fields in FOUR.values() for name in fields))
GAP_WORDS = ("title", "in_poc", "in_live", "size", "plan", "owner_role", "due_date")


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the sources with their three statuses and the gap list; take a new source (S33-S37)."""
    at = place(request, program_slug)
    page = CharterPage(at, "charter/data.html", "data", _listing)
    if request.method != "POST":
        return page.show()
    form = forms.AddSourceForm(request.POST)
    return answer(
        page,
        form,
        lambda data: services.add_source(actor=at.actor, program=at.program, words=form.words(), key=data["key"]),
        "Source written down.",
        may=may_log(at.actor, at.cast),
        to=page.address,
    )


@require_safe
def source(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Show one source: the four things, the three statuses with their proof, its gaps."""
    return _page(place(request, program_slug), number).show()


@require_POST
def change(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Correct or complete a source."""
    at = place(request, program_slug)
    row = _find(at, number)
    form = forms.ChangeSourceForm(request.POST)
    return answer(
        _page(at, number),
        form,
        lambda data: services.change_source(actor=at.actor, source=row, words=form.words(), version=data["version"]),
        "Saved.",
        may=policies.may_change_source(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


@require_POST
def check(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Record what a check of a source said."""
    at = place(request, program_slug)
    row = _find(at, number)
    return answer(
        _page(at, number),
        forms.CheckForm(request.POST),
        lambda data: services.check_source(
            actor=at.actor,
            source=row,
            kind=CheckKind(data["kind"]),
            finding=Finding(data["finding"]),
            proof=data["proof"],
            checked_on=data["checked_on"],
            key=data["key"],
        ),
        "Check recorded.",
        may=policies.may_change_source(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


@require_POST
def add_gap(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Write down where the proof of concept's data differs from live data."""
    at = place(request, program_slug)
    row = _find(at, number)
    form = forms.AddGapForm(request.POST, roles=at.cast.roles)
    return answer(
        _page(at, number),
        form,
        lambda data: services.add_gap(actor=at.actor, source=row, facts=form.facts(), key=data["key"]),
        "Gap written down.",
        may=may_log(at.actor, at.cast),
        to=row.get_absolute_url(),
    )


@require_POST
def change_gap(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Correct a gap, its plan or its date."""
    at = place(request, program_slug)
    row = reads.find_gap(at.program, number)
    form = forms.ChangeGapForm(request.POST, roles=at.cast.roles, number=number)
    return answer(
        _page(at, row.source.number, gap=number),
        form,
        lambda data: services.change_gap(actor=at.actor, gap=row, facts=form.facts(), version=data["version"]),
        "Saved.",
        may=policies.may_change_gap(at.actor, row, at.cast),
        to=_address(at, row),
    )


@require_POST
def close_gap(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Close a gap with how it was closed."""
    at = place(request, program_slug)
    row = reads.find_gap(at.program, number)
    return answer(
        _page(at, row.source.number, gap=number),
        forms.CloseGapForm(request.POST, number=number),
        lambda data: services.close_gap(
            actor=at.actor, gap=row, resolution=data["resolution"], version=data["version"]
        ),
        "Gap closed.",
        may=policies.may_change_gap(at.actor, row, at.cast),
        to=_address(at, row),
    )


def _find(at: Place, number: int) -> DataSource:
    return reads.find_source(at.program, number, at.cast, clock.today(at.program.time_zone)).row


def _address(at: Place, gap: DataGap) -> str:
    gap.source.program = at.program
    return gap.source.get_absolute_url()


def _listing(at: Place, bound: Bound) -> dict[str, Any]:
    views = reads.sources(at.program, at.cast, clock.today(at.program.time_zone))
    gaps = [(gap, view.row) for view in views for gap in view.gaps if gap.row.is_open]
    return {
        "views": views,
        "gaps": sorted(gaps, key=lambda pair: (pair[0].due, pair[0].row.number)),
        "by_day": data_remediation_by_day(at.program.limits),
        "may_log": may_log(at.actor, at.cast),
        "form": bound.get("source") or forms.AddSourceForm(),
    }


def _page(at: Place, number: int, gap: int | None = None) -> CharterPage:
    """The page of a source; `gap` is the one whose version counts when a form about it loses a race."""

    def build(at: Place, bound: Bound) -> dict[str, Any]:
        today = clock.today(at.program.time_zone)
        view = reads.find_source(at.program, number, at.cast, today)
        row = view.row
        initial = {"version": row.version, "name_of_source": row.name, **{name: getattr(row, name) for name in FIELDS}}
        return {
            "view": view,
            "row": row,
            "here": row.get_absolute_url(),
            "gaps": [_gap(at, one, bound) for one in view.gaps],
            "by_day": data_remediation_by_day(at.program.limits),
            "may_log": may_log(at.actor, at.cast),
            "may_change": policies.may_change_source(at.actor, row, at.cast),
            "change_form": bound.get("change") or forms.ChangeSourceForm(initial=initial),
            "check_form": bound.get("check") or forms.CheckForm(initial={"checked_on": today}),
            "gap_form": bound.get("gap") or forms.AddGapForm(roles=at.cast.roles),
        }

    def version() -> int:
        if gap is not None:
            return DataGap.objects.get(program=at.program, number=gap).version
        return DataSource.objects.get(program=at.program, number=number).version

    return CharterPage(at, "charter/source.html", "data", build, version)


def _gap(at: Place, view: GapView, bound: Bound) -> dict[str, Any]:
    row = view.row
    change, close = f"change_gap_{row.number}", f"close_gap_{row.number}"
    initial = {"version": row.version, **{name: getattr(row, name) for name in GAP_WORDS}}
    return {
        "view": view,
        "row": row,
        "may": policies.may_change_gap(at.actor, row, at.cast),
        "change_form": bound.get(change)
        or forms.ChangeGapForm(roles=at.cast.roles, number=row.number, initial=initial),
        "close_form": bound.get(close) or forms.CloseGapForm(number=row.number, initial={"version": row.version}),
    }
