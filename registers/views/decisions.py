"""The decision log: the list, one record, and adding one (also one that supersedes another). Decides nothing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from registers import forms, policies, services
from registers.domain.decisions import TRADES
from registers.enums import DecisionKind
from registers.models import DecisionRecord
from registers.selectors import decisions as reads
from registers.services.decisions import Choice
from registers.views._shared import Bound, Page, Place, answer, filters, place


@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show decisions, newest first; take a new one for good (S20, S21, S48-S50)."""
    at = place(request, program_slug)
    page = Page(at, "registers/decisions.html", "decisions", _listing)
    return page.show() if request.method != "POST" else _log(at, page, None)


@require_safe
def decision(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Show one decision just as it was taken."""
    return _page(place(request, program_slug), number).show()


@require_http_methods(["GET", "HEAD", "POST"])
def supersede(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Take a decision that replaces this one; this one stays as it is."""
    at = place(request, program_slug)
    row = reads.find_decision(at.program, number)
    later = reads.later_of(row)
    if later is not None and request.method != "POST":
        raise Http404("Superseded already")
    may = policies.may_log(at.actor, at.cast)
    may.require()
    page = Page(at, "registers/decision_supersede.html", "decisions", lambda at, bound: _draft(at, bound, row))
    return page.show() if request.method != "POST" else _log(at, page, row)


def _log(at: Place, page: Page, supersedes: DecisionRecord | None) -> HttpResponse:
    return answer(
        page,
        forms.AddDecisionForm(at.request.POST, people=at.cast.people),
        lambda data: services.log_decision(
            actor=at.actor,
            program=at.program,
            choice=Choice(
                title=data["title"],
                kind=DecisionKind(data["kind"]),
                options=data["options"],
                chosen=data["chosen_words"],
                reason=data["reason"],
                at_12_months=data["at_12_months"],
                dissent=data["dissent"],
                **{name: data[name] for name in TRADES},
            ),
            decided_by=data["decided_by"],
            decided_on=data["decided_on"],
            supersedes=supersedes,
            key=data["key"],
        ),
        "On record for good.",
        may=policies.may_log(at.actor, at.cast),
        to=page.address,
    )


def _form(at: Place, bound: Bound, **initial: Any) -> forms.AddDecisionForm:
    today = clock.today(at.program.time_zone)
    form: Any = bound.get("decision") or forms.AddDecisionForm(
        people=at.cast.people, initial={"decided_on": today, **initial}
    )
    return form  # type: ignore[no-any-return]  # a bound form of this name is always of this class


def _listing(at: Place, bound: Bound) -> dict[str, Any]:
    counts = reads.counts(at.program)
    chosen, offered = filters(reads.FILTERS, counts, at.request)
    return {
        "rows": reads.listed(at.program, chosen),
        "filters": offered,
        "chosen": chosen,
        "total": counts["all"],
        "missing": reads.missing_decision_kinds(at.program),
        "may_log": policies.may_log(at.actor, at.cast),
        "form": _form(at, bound),
    }


def _draft(at: Place, bound: Bound, row: DecisionRecord) -> dict[str, Any]:
    options = {f"option_{n}": text for n, text in enumerate(row.options[: forms.OPTIONS], start=1)}
    return {
        "row": row,
        "may_log": policies.may_log(at.actor, at.cast),
        "form": _form(at, bound, title=row.title, kind=row.kind, **options),
    }


def _page(at: Place, number: int) -> Page:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        row = reads.find_decision(at.program, number)
        return {
            "row": row,
            "later": reads.later_of(row),
            "here": row.get_absolute_url(),
            "trade_off": row.trade_off,
            "may_log": policies.may_log(at.actor, at.cast),
        }

    return Page(at, "registers/decision.html", "decisions", build)
