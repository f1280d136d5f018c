"""Scope changes: the list, one request, and the answer to it. Decides nothing; services do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registers import forms, policies, services
from registers.models import ScopeChange
from registers.selectors import scope as reads
from registers.services.scope import ScopeEffect
from registers.views._shared import Bound, Page, Place, answer, filters, place

ANSWERS = {
    "approve": (services.approve_scope, policies.may_decide_scope, "Approved."),
    "refuse": (services.refuse_scope, policies.may_decide_scope, "Refused. The request stays on record."),
    "withdraw": (services.withdraw_scope, policies.may_withdraw_scope, "Taken back."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show scope changes, newest first; take a new request (S16)."""
    at = place(request, program_slug)
    page = Page(at, "registers/scope.html", "scope", _listing)
    if request.method != "POST":
        return page.show()
    return answer(
        page,
        forms.AddScopeForm(request.POST, program=at.program, has_outcome=reads.current_outcome(at.program) is not None),
        lambda data: services.request_scope(
            actor=at.actor,
            program=at.program,
            what=data["title"],
            why=data["reason"],
            effect=ScopeEffect(
                outcome=data["effect_outcome"],
                days=data["effect_days"],
                cost=data["effect_cost"],
                new_target=data.get("new_target"),
                new_target_date=data.get("new_target_date"),
            ),
            key=data["key"],
        ),
        "Asked. The sponsor decides.",
        may=policies.may_log(at.actor, at.cast),
        to=page.address,
    )


@require_safe
def change(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Show one scope change with its effect and the answer."""
    return _page(place(request, program_slug), number).show()


@require_POST
def reply(request: HttpRequest, program_slug: str, number: int, word: str) -> HttpResponse:
    """Approve, refuse or take back; never approved or refused by who asked (G2)."""
    at = place(request, program_slug)
    row = reads.find_scope_change(at.program, number)
    act, policy, said = ANSWERS[word]
    return answer(
        _page(at, number),
        forms.ReasonForm(request.POST, name=word),
        lambda data: act(actor=at.actor, change=row, reason=data["reason"], version=data["version"]),
        said,
        may=policy(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


def _listing(at: Place, bound: Bound) -> dict[str, Any]:
    counts = reads.counts(at.program)
    chosen, offered = filters(reads.FILTERS, counts, at.request)
    outcome = reads.current_outcome(at.program)
    return {
        "rows": reads.listed(at.program, chosen),
        "filters": offered,
        "chosen": chosen,
        "total": counts["all"],
        "outcome": outcome,
        "may_log": policies.may_log(at.actor, at.cast),
        "form": bound.get("scope") or forms.AddScopeForm(program=at.program, has_outcome=outcome is not None),
    }


def _page(at: Place, number: int) -> Page:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        row = reads.find_scope_change(at.program, number)
        version = {"version": row.version}
        labels = {"approve": "Why it is approved", "refuse": "Why it is refused", "withdraw": "Why it is taken back"}
        built = {
            f"{word}_form": bound.get(word) or forms.ReasonForm(name=word, label=label, initial=version)
            for word, label in labels.items()
        }
        return {
            "row": row,
            "here": row.get_absolute_url(),
            "may_decide": policies.may_decide_scope(at.actor, row, at.cast),
            "may_withdraw": policies.may_withdraw_scope(at.actor, row, at.cast),
            **built,
        }

    def version() -> int:
        return ScopeChange.objects.get(program=at.program, number=number).version

    return Page(at, "registers/scope_change.html", "scope", build, version)
