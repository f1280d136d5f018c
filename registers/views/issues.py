"""Issues: the list with what late finds cost, one issue, and what is posted to them. Decides nothing."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from registers import forms, policies, services
from registers.domain import issues as rules
from registers.enums import Severity
from registers.models import Issue
from registers.selectors import issues as reads
from registers.services.issues import IssueFacts
from registers.views._shared import Bound, Page, Place, answer, filters, place

WORDS = ("title", "detail", "severity", "found_phase", "expected_phase", "area", "risk", "opened_on")
COST = ("effort_hours", "delay_days")


@require_http_methods(["GET", "HEAD", "POST"])
def issues(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show issues, open ones first, with the late-discovery share; take a new one (S12, S13, S90)."""
    at = place(request, program_slug)
    page = Page(at, "registers/issues.html", "issues", _listing)
    if request.method != "POST":
        return page.show()
    return answer(
        page,
        forms.AddIssueForm(request.POST, offers=_offers(at)),
        lambda data: services.open_issue(actor=at.actor, program=at.program, facts=_facts(data), key=data["key"]),
        "Issue written down.",
        may=policies.may_log(at.actor, at.cast),
        to=page.address,
    )


@require_safe
def issue(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Show one issue: where it was found, where it should have been, what it cost."""
    return _page(place(request, program_slug), number).show()


@require_POST
def change(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Correct an issue."""
    at = place(request, program_slug)
    row = reads.find_issue(at.program, number)
    return answer(
        _page(at, number),
        forms.ChangeIssueForm(request.POST, offers=_offers(at)),
        lambda data: services.change_issue(actor=at.actor, issue=row, facts=_facts(data), version=data["version"]),
        "Saved.",
        may=policies.may_change_issue(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


@require_POST
def close(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Close an issue with how it was solved."""
    at = place(request, program_slug)
    row = reads.find_issue(at.program, number)
    return answer(
        _page(at, number),
        forms.CloseIssueForm(request.POST),
        lambda data: services.close_issue(
            actor=at.actor,
            issue=row,
            resolution=data["resolution"],
            effort_hours=data["effort_hours"],
            delay_days=data["delay_days"],
            version=data["version"],
        ),
        "Closed.",
        may=policies.may_close_issue(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


@require_POST
def reopen(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Open an issue again with a reason."""
    at = place(request, program_slug)
    row = reads.find_issue(at.program, number)
    return answer(
        _page(at, number),
        forms.ReasonForm(request.POST, name="reopen"),
        lambda data: services.reopen_issue(actor=at.actor, issue=row, reason=data["reason"], version=data["version"]),
        "Open again.",
        may=policies.may_close_issue(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


def _facts(data: Mapping[str, Any]) -> IssueFacts:
    return IssueFacts(
        dimension=data["dimension"],
        **{name: data[name] for name in (*WORDS, *COST) if name != "severity"},
        severity=Severity(data["severity"]),
    )


def _offers(at: Place) -> forms.IssueOffers:
    return forms.IssueOffers(reads.dimensions_of(at.program), *reads.choices_of(at.program))


def _listing(at: Place, bound: Bound) -> dict[str, Any]:
    today = clock.today(at.program.time_zone)
    counts = reads.counts(at.program)
    chosen, offered = filters(reads.FILTERS, counts, at.request)
    facts = reads.finds(at.program)
    points = rules.trend(facts, start=at.program.start_date, today=today)
    form = bound.get("issue")
    if form is None:
        offers = _offers(at)
        now = reads.phase_on(offers.phases, today)
        came_true = next((r for r in offers.risks if r.slug == at.request.GET.get("risk")), None)
        initial = {"opened_on": today, "found_phase": now, "risk": came_true}
        form = forms.AddIssueForm(offers=offers, initial=initial)
    return {
        "rows": [(row, row.age(today)) for row in reads.listed(at.program, chosen)],
        "filters": offered,
        "chosen": chosen,
        "total": counts["all"],
        "share": rules.share(facts),
        "costs": rules.cost_by_dimension(facts),
        "trend": [(day, point) for day, point in points if point.of][-6:],
        "may_log": policies.may_log(at.actor, at.cast),
        "form": form,
    }


def _page(at: Place, number: int) -> Page:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        row = reads.find_issue(at.program, number)
        version = {"version": row.version}
        cost = {name: getattr(row, name) for name in COST}
        words = {"dimension": row.dimension_slug, **{name: getattr(row, name) for name in WORDS}, **cost}
        may_change = policies.may_change_issue(at.actor, row, at.cast)
        return {
            "row": row,
            "here": row.get_absolute_url(),
            "age": row.age(clock.today(at.program.time_zone)),
            "answers": at.cast.by_id[row.area.role_id],
            "may_change": may_change,
            "may_close": policies.may_close_issue(at.actor, row, at.cast),
            "change_form": (
                bound.get("change") or forms.ChangeIssueForm(offers=_offers(at), initial={**version, **words})
            )
            if may_change and row.is_open
            else None,
            "close_form": bound.get("close") or forms.CloseIssueForm(initial={**version, **cost}),
            "reopen_form": bound.get("reopen")
            or forms.ReasonForm(name="reopen", label="Why it is not solved", initial=version),
        }

    def version() -> int:
        return Issue.objects.get(program=at.program, number=number).version

    return Page(at, "registers/issue.html", "issues", build, version)
