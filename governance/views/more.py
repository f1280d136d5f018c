"""Triggers, benefit readings and the version log."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.decisions import Decision
from governance import forms, policies
from governance.domain.benefit import BELOW_PLAN, DAYS, falls_short
from governance.enums import Basis, ChangeKind, GovernanceKind
from governance.models import BENEFIT, GovernanceEvent
from governance.selectors import pages
from governance.services import benefits, changes, events
from governance.views._shared import Bound, Page, Place, answer, offered, place

REVIEW_WITHIN = 5
"""Working days the form proposes between a happening and its review."""


@require_safe
def triggers(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show what calls for a review outside the calendar, and what it has called for."""
    return _triggers_page(place(request, program_slug)).show()


@require_POST
def happened(request: HttpRequest, program_slug: str, position: int) -> HttpResponse:
    """Say that a trigger happened: a dated review comes of it."""
    at = place(request, program_slug)
    trigger = pages.find_trigger(at.program, position)
    return answer(
        _triggers_page(at),
        forms.HappenedForm(request.POST, roles=at.cast.roles, position=position),
        lambda data: events.report_trigger(
            actor=at.actor,
            trigger=trigger,
            cause=data["cause"],
            happened_on=data["happened_on"],
            review_on=data["review_on"],
            kind=GovernanceKind(data["kind"]),
            owner_role=at.cast.by_slug[data["owner_role"]],
            key=data["key"],
        ),
        "A review has its day, its owner and its cause.",
        may=policies.may_report(at.actor, at.cast),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def benefit(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show what the system is worth; a POST records a reading."""
    at = place(request, program_slug)
    page = _benefit_page(at)
    if request.method != "POST":
        return page.show()
    return answer(
        page,
        forms.BenefitForm(request.POST),
        lambda data: benefits.record_benefit(
            actor=at.actor,
            program=at.program,
            basis=Basis(data["basis"]),
            **{name: data[name] for name in ("day", "read_on", "value", "method", "evidence", "key")},
        ),
        "The reading is on record; now somebody else verifies it.",
        may=_may_read(at),
    )


@require_POST
def verify(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Verify a reading as a second person."""
    at = place(request, program_slug)
    reading = pages.find_reading(at.program, number)
    return answer(
        _benefit_page(at),
        forms.VerifyForm(request.POST),
        lambda _: benefits.verify_benefit(actor=at.actor, reading=reading),
        "Verified.",
        may=policies.may_verify_benefit(at.actor, reading, at.cast),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def version_log(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show what was changed and who approved it; a POST logs a change."""
    at = place(request, program_slug)
    page = _log_page(at)
    if request.method != "POST":
        return page.show()
    return answer(page, forms.ChangeForm(request.POST), lambda data: _log(at, data), "It is in the log.", may=_may(at))


@require_POST
def approve(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Approve a change as a second person."""
    at = place(request, program_slug)
    change = pages.find_change(at.program, number)
    return answer(
        _log_page(at),
        forms.ApproveForm(request.POST, number=number),
        lambda data: changes.approve_change(actor=at.actor, change=change, note=data["note"]),
        "Approved.",
        may=policies.may_approve(at.actor, change, at.cast),
    )


def _triggers_page(at: Place) -> Page:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        may = _may(at)
        today = clock.today(at.program.time_zone)
        initial = {
            "happened_on": today,
            "review_on": at.program.calendar.add_working_days(today, REVIEW_WITHIN),
            "kind": GovernanceKind.REVIEW.value,
        }
        lines = []
        for trigger, reviews in pages.triggers_of(at.program):
            form = bound.get(f"happened-{trigger.position}")
            if form is None and may:
                form = forms.HappenedForm(roles=at.cast.roles, position=trigger.position, initial=initial)
            lines.append((trigger, reviews, form))
        return {"lines": lines, "may_report": may, "called": sum(len(reviews) for _, reviews, _ in lines)}

    return Page(at, "governance/triggers.html", "triggers", build, _to(at, "governance_triggers"))


def _benefit_page(at: Place) -> Page:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        may = _may_read(at)
        lines = pages.readings_of(at.program)
        today = clock.today(at.program.time_zone)
        newest = {day: next((line for line in lines if line.row.day == day), None) for day in DAYS}
        wanted = next((day for day in DAYS if newest[day] is None), DAYS[-1])
        dues = {day: at.program.start_date + timedelta(days=day - 1) for day in DAYS}
        return {
            "lines": [(line, policies.may_verify_benefit(at.actor, line.row, at.cast)) for line in lines],
            "days": [(day, dues[day], newest[day], dues[day] < today) for day in DAYS],
            "outcome": pages.outcome_of(at.program),
            "short": falls_short([line.progress for line in map(newest.get, reversed(DAYS)) if line]),
            "below": BELOW_PLAN,
            "may_read": may,
            "form": offered(
                may, bound, "benefit", lambda: forms.BenefitForm(initial={"day": wanted, "read_on": today})
            ),
        }

    return Page(at, "governance/benefit.html", "benefit", build, _to(at, "governance_benefit"))


def _log_page(at: Place) -> Page:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        may, rows = _may(at), pages.changes_of(at.program)
        lines = []
        for row in rows:
            allowed = policies.may_approve(at.actor, row, at.cast)
            form = bound.get(f"approve-{row.number}")
            if form is None and allowed and not row.is_approved:
                form = forms.ApproveForm(number=row.number)
            lines.append((row, allowed, form))
        today = clock.today(at.program.time_zone)
        return {
            "lines": lines,
            "unapproved": sum(not row.is_approved for row in rows),
            "running": next((row for row in rows if row.applied_on <= today), None),
            "may_report": may,
            "form": offered(may, bound, "log", lambda: forms.ChangeForm(initial={"applied_on": today})),
        }

    return Page(at, "governance/changes.html", "changes", build, _to(at, "governance_changes"))


def _log(at: Place, data: Mapping[str, Any]) -> object:
    names = ("what", "why", "release", "applied_on", "evidence", "key")
    return changes.log_change(
        actor=at.actor, program=at.program, kind=ChangeKind(data["kind"]), **{name: data[name] for name in names}
    )


def _may(at: Place) -> Decision:
    return policies.may_report(at.actor, at.cast)


def _may_read(at: Place) -> Decision:
    event = GovernanceEvent.objects.filter(program=at.program, slug__startswith=BENEFIT).first()
    return policies.may_read_benefit(at.actor, event, at.cast)


def _to(at: Place, name: str) -> str:
    return reverse(name, args=[at.program.slug])
