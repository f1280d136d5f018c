"""The calendar after day 90: the year, one event, one date of it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from governance import forms, policies
from governance.domain.rules import Rhythm, rhythm_of
from governance.enums import Finding, GovernanceKind
from governance.models import GovernanceEvent
from governance.selectors import calendar as reads
from governance.selectors import pages
from governance.services import events, occurrences
from governance.views._shared import Bound, Page, Place, answer, offered, place


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the next twelve months; a POST puts an event on the calendar."""
    at = place(request, program_slug)
    page = Page(at, "governance/calendar.html", "calendar", _year, reverse("governance", args=[at.program.slug]))
    if request.method != "POST":
        return page.show()
    return answer(
        page,
        forms.AddEventForm(request.POST, roles=at.cast.roles),
        lambda data: events.add_event(actor=at.actor, program=at.program, wanted=_wanted(at, data), key=data["key"]),
        "It is on the calendar.",
        may=policies.may_keep(at.actor, at.cast),
    )


@require_safe
def event(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show one event: what it is, when it comes, what came of it."""
    at = place(request, program_slug)
    return _event_page(at, reads.find_event(at.program, slug)[1]).show()


@require_POST
def change(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Change an event for what lies ahead."""
    at = place(request, program_slug)
    row = reads.find_event(at.program, slug)[1]
    return answer(
        _event_page(at, row),
        forms.ChangeEventForm(request.POST, roles=at.cast.roles),
        lambda data: events.change_event(
            actor=at.actor, event=row, wanted=_wanted(at, data), reason=data["reason"], version=data["version"]
        ),
        "Changed for what lies ahead.",
        may=policies.may_keep(at.actor, at.cast),
    )


@require_safe
def occurrence(request: HttpRequest, program_slug: str, slug: str, day: dt.date) -> HttpResponse:
    """Show one date of an event."""
    at = place(request, program_slug)
    return _date_page(at, reads.find_entry(at.program, slug, day)).show()


@require_POST
def held(request: HttpRequest, program_slug: str, slug: str, day: dt.date) -> HttpResponse:
    """Say that it was held and what came out of it."""
    at = place(request, program_slug)
    entry = reads.find_entry(at.program, slug, day)
    return answer(
        _date_page(at, entry),
        forms.HoldForm(request.POST),
        lambda data: occurrences.complete(
            actor=at.actor,
            event=entry.event,
            planned_on=day,
            held_on=data["held_on"],
            finding=Finding(data["finding"]),
            output=data["output"],
            evidence=data["evidence"],
            next_step=data["next_step"],
            version=data["version"],
        ),
        "Held, and on record.",
        may=policies.may_hold(at.actor, entry.event, at.cast),
    )


@require_POST
def deferred(request: HttpRequest, program_slug: str, slug: str, day: dt.date) -> HttpResponse:
    """Put one date off with a reason."""
    at = place(request, program_slug)
    entry = reads.find_entry(at.program, slug, day)
    return answer(
        _date_page(at, entry),
        forms.DeferForm(request.POST),
        lambda data: occurrences.defer(
            actor=at.actor,
            event=entry.event,
            planned_on=day,
            new_date=data["new_date"],
            reason=data["reason"],
            version=data["version"],
        ),
        "Put off; the reason is on record.",
        may=policies.may_defer(at.actor, entry.event, entry.deferrals, at.cast),
    )


def _year(at: Place, bound: Bound) -> dict[str, Any]:
    book = reads.load_book(at.program)
    start, end = pages.year_from(book)
    entries = book.between(start, end)
    may = policies.may_keep(at.actor, at.cast)
    roles = at.cast.by_id
    return {
        "start": start,
        "end": end,
        "board": pages.board(entries, start),
        "months": [
            (month, [(entry, roles[entry.event.owner_role_id]) for entry in found])
            for month, found in reads.groups(entries)
        ],
        "total": len(entries),
        "overdue": [(entry, more, roles[entry.event.owner_role_id]) for entry, more in book.overdue()],
        "gaps": reads.schedule_gaps(at.program, book),
        "owner_gaps": pages.owner_gaps(book, at.cast),
        "may_keep": may,
        "form": offered(may, bound, "event", lambda: forms.AddEventForm(roles=at.cast.roles, initial={"first": start})),
    }


def _event_page(at: Place, row: GovernanceEvent) -> Page:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        book, event = reads.find_event(at.program, row.slug)
        start, end = pages.year_from(book)
        may = policies.may_keep(at.actor, at.cast)
        touched = sorted(book.rows.values(), key=lambda found: found.due_date, reverse=True)
        return {
            "event": event,
            "owner": at.cast.by_id[event.owner_role_id],
            "rhythm": reads.rhythm_words(event),
            "passed": book.open_until(event, book.today - dt.timedelta(days=1))[-12:],
            "ahead": book.of(event, start, end),
            "history": [found for found in touched if found.done_at],
            "may_keep": may,
            "change_form": offered(may, bound, "change", lambda: _change_form(at, event)),
        }

    address = row.get_absolute_url()
    return Page(at, "governance/event.html", "calendar", build, address, lambda: _version(at, row.slug))


def _change_form(at: Place, event: GovernanceEvent) -> forms.ChangeEventForm:
    rhythm = rhythm_of(event.rrule, event.rrule_later, event.first_date)
    initial = {
        "version": event.version,
        "title": event.name,
        "kind": event.kind,
        "owner_role": at.cast.by_id[event.owner_role_id].slug,
        "inputs": event.inputs,
        "output": event.output,
        "rhythm": rhythm.value,
        "rule": event.rrule if rhythm is Rhythm.RULE else "",
    }
    return forms.ChangeEventForm(roles=at.cast.roles, initial=initial)


def _version(at: Place, slug: str) -> int:
    return GovernanceEvent.objects.get(program=at.program, slug=slug).version


def _date_page(at: Place, entry: reads.Entry) -> Page:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        fresh = reads.find_entry(at.program, entry.event.slug, entry.planned)
        may = policies.may_hold(at.actor, fresh.event, at.cast)
        may_defer = policies.may_defer(at.actor, fresh.event, fresh.deferrals, at.cast)
        version = {"version": fresh.version}
        initial = {**version, "held_on": clock.today(at.program.time_zone)}
        return {
            "entry": fresh,
            "event": fresh.event,
            "owner": at.cast.by_id[fresh.event.owner_role_id],
            "rhythm": reads.rhythm_words(fresh.event),
            "moves": pages.moves_of(fresh.row),
            "may_hold": may,
            "may_defer": may_defer,
            "hold_form": offered(may, bound, "hold", lambda: forms.HoldForm(initial=initial)),
            "defer_form": offered(may_defer, bound, "defer", lambda: forms.DeferForm(initial=version)),
        }

    where = [at.program.slug, entry.event.slug, entry.planned]
    address = reverse("governance_date", args=where)

    def version() -> int:
        return reads.find_entry(at.program, entry.event.slug, entry.planned).version

    return Page(at, "governance/date.html", "calendar", build, address, version)


def _wanted(at: Place, data: Mapping[str, Any]) -> events.EventInput:
    return events.EventInput(
        name=data["title"],
        kind=GovernanceKind(data["kind"]),
        owner_role=at.cast.by_slug[data["owner_role"]],
        inputs=data["inputs"],
        output=data["output"],
        rhythm=Rhythm(data["rhythm"]),
        rule=data["rule"],
        first=data["first"],
    )
