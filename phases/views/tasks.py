"""The task page, and done and not done, from wherever a task is listed. Decides nothing; services do."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from core import clock
from phases import forms, services
from phases.enums import ItemKind
from phases.models import Phase, Task
from phases.selectors import find_task
from phases.selectors.history import timeline
from phases.selectors.phase_plan import adopt, criteria_with_age, events_of_program, locked_by, newest_of
from phases.views._item import common
from phases.views._shared import Page, Place, answer, local, place
from phases.views.rows import criterion_row, people_of, task_row


@require_safe
def task(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show one task: what is delivered, who does it by when, which criteria it feeds, its history."""
    return task_page(request, program_slug, slug).show()


@require_POST
def done(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Mark a task done; a row of any list gets itself back."""
    page = task_page(request, program_slug, slug)
    return answer(
        page,
        forms.TickForm(request.POST),
        lambda data: services.complete_task(actor=page.place.actor, task=page.item, version=data["version"]),
        f"Done: {page.item.title}",
    )


@require_POST
def reopen(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Take "done" back."""
    page = task_page(request, program_slug, slug)
    return answer(
        page,
        forms.TickForm(request.POST),
        lambda data: services.reopen_task(actor=page.place.actor, task=page.item, version=data["version"]),
        f"Open again: {page.item.title}",
    )


def task_page(request: HttpRequest, program_slug: str, slug: str) -> Page:
    """Return the page of a task. Errors: Http404."""
    here = place(request, program_slug)

    def find(at: Place) -> Task:
        found = find_task(at.program, slug)
        found.owner_role = at.cast.by_id[found.owner_role_id]
        return found

    return Page(here, find(here), "phases/task.html", _context, find, _row)


def _context(at: Place, item: Task, bound: Mapping[str, Form]) -> dict[str, Any]:
    today = clock.today(at.program.time_zone)
    events = events_of_program(at.program)
    by_id = {event.pk: event for event in events}
    phase = Phase.objects.get(pk=item.workstream.phase_id)
    gate = locked_by(events, phase)
    row = task_row(item, at.actor, at.cast, today, people=people_of(at.cast, item), locked=gate is not None)
    feeds = [adopt(c, at.program, at.cast, by_id[c.event_id]) for c in criteria_with_age(item.feeds.all())]
    return {
        **common(at, item, bound, today),
        "row": row,
        "phase": phase,
        "gate": gate,
        "feeds": [
            criterion_row(c, at.actor, at.cast, today, people=people_of(at.cast, c), newest=newest_of(c)) for c in feeds
        ],
        "lines": timeline(ItemKind.TASK, item.pk),
        "tick_form": bound.get("tick") or forms.TickForm(initial={"version": item.version}),
    }


def _row(page: Page, item: Task) -> HttpResponse:
    at = page.place
    events = events_of_program(at.program)
    phase = Phase.objects.get(pk=item.workstream.phase_id)
    row = task_row(
        item,
        at.actor,
        at.cast,
        clock.today(at.program.time_zone),
        people=people_of(at.cast, item),
        locked=locked_by(events, phase) is not None,
    )
    back = local(at.request.POST.get("next", ""), item.get_absolute_url())
    return render(at.request, "phases/_task_row.html", {"row": row, "back": back, "focus": True})
