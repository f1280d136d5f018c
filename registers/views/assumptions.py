"""The assumption log: the list, one assumption, and what is posted to them. Decides nothing; services do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from registers import forms, policies, services
from registers.domain.assumptions import TOP
from registers.enums import Result, Theme
from registers.models import Assumption
from registers.selectors import assumptions as reads
from registers.selectors.engagement import first_engaged
from registers.views._shared import Bound, Page, Place, answer, filters, place


@require_http_methods(["GET", "HEAD", "POST"])
def assumptions(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the log, the top five first; take a new assumption (S15, S30)."""
    at = place(request, program_slug)
    page = Page(at, "registers/assumptions.html", "assumptions", _listing)
    if request.method != "POST":
        return page.show()
    return answer(
        page,
        forms.AddAssumptionForm(request.POST, roles=at.cast.roles),
        lambda data: services.add_assumption(
            actor=at.actor,
            program=at.program,
            text=data["text"],
            consequence=data["consequence"],
            theme=Theme(data["theme"]),
            owner_role=data["owner_role"],
            test=data["test"],
            key=data["key"],
        ),
        "Written down.",
        may=policies.may_log(at.actor, at.cast),
        to=page.address,
    )


@require_safe
def assumption(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Show one assumption: test, result, consequence, and why it is untested (S30)."""
    return _page(place(request, program_slug), number).show()


@require_POST
def change(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Reword an assumption or its test."""
    at = place(request, program_slug)
    row = reads.find_assumption(at.program, number)
    return answer(
        _page(at, number),
        forms.ChangeAssumptionForm(request.POST, roles=at.cast.roles),
        lambda data: services.change_assumption(
            actor=at.actor,
            assumption=row,
            text=data["text"],
            consequence=data["consequence"],
            theme=Theme(data["theme"]),
            owner_role=data["owner_role"],
            test=data["test"],
            version=data["version"],
        ),
        "Saved.",
        may=policies.may_change_assumption(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


@require_POST
def rank(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Put an assumption among the top five, or take it out."""
    at = place(request, program_slug)
    row = reads.find_assumption(at.program, number)
    return answer(
        _page(at, number),
        forms.RankForm(request.POST),
        lambda data: services.rank_assumption(
            actor=at.actor, assumption=row, rank=data["rank"] or None, version=data["version"]
        ),
        "Place saved.",
        may=policies.may_rank(at.actor, at.cast),
        to=row.get_absolute_url(),
    )


@require_POST
def test(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Record what a test showed."""
    at = place(request, program_slug)
    row = reads.find_assumption(at.program, number)
    return answer(
        _page(at, number),
        forms.TestForm(request.POST),
        lambda data: services.record_test(
            actor=at.actor,
            assumption=row,
            result=Result(data["result"]),
            note=data["note"],
            tested_on=data["tested_on"],
            version=data["version"],
        ),
        "Result recorded.",
        may=policies.may_test(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


@require_POST
def explain(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Say why a top assumption is still untested (S15)."""
    at = place(request, program_slug)
    row = reads.find_assumption(at.program, number)
    return answer(
        _page(at, number),
        forms.ExplainForm(request.POST, events=reads.pending_events(at.program)),
        lambda data: services.explain_untested(
            actor=at.actor, assumption=row, event=data["event"], reason=data["reason"]
        ),
        "Explained. The checkpoint may close.",
        may=policies.may_test(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


def _listing(at: Place, bound: Bound) -> dict[str, Any]:
    counts = reads.counts(at.program)
    chosen, offered = filters(reads.FILTERS, counts, at.request)
    return {
        "rows": reads.listed(at.program, chosen),
        "filters": offered,
        "chosen": chosen,
        "total": counts["all"],
        "top": TOP,
        "ranked": counts["top"],
        "untested_top": list(reads.untested_top_assumptions(at.program)),
        "engaged": first_engaged(at.program, today=clock.today(at.program.time_zone)),
        "may_log": policies.may_log(at.actor, at.cast),
        "form": bound.get("assumption") or forms.AddAssumptionForm(roles=at.cast.roles),
    }


def _page(at: Place, number: int) -> Page:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        row = reads.find_assumption(at.program, number)
        events = reads.pending_events(at.program)
        version = {"version": row.version}
        words = {name: getattr(row, name) for name in ("text", "consequence", "theme", "owner_role", "test")}
        today = clock.today(at.program.time_zone)
        return {
            "row": row,
            "here": row.get_absolute_url(),
            "explanations": reads.explanations_of(row),
            "may_change": policies.may_change_assumption(at.actor, row, at.cast),
            "may_rank": policies.may_rank(at.actor, at.cast),
            "may_test": policies.may_test(at.actor, row, at.cast),
            "explainable": bool(events) and row.rank is not None and not row.is_tested,
            "change_form": bound.get("change")
            or forms.ChangeAssumptionForm(roles=at.cast.roles, initial={**version, **words}),
            "rank_form": bound.get("rank") or forms.RankForm(initial={**version, "rank": row.rank or 0}),
            "test_form": bound.get("test") or forms.TestForm(initial={**version, "tested_on": today}),
            "explain_form": bound.get("explain") or forms.ExplainForm(events=events),
        }

    def version() -> int:
        return Assumption.objects.get(program=at.program, number=number).version

    return Page(at, "registers/assumption.html", "assumptions", build, version)
