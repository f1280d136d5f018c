"""The plan, one phase at a time: its question, dates, tasks by workstream, criteria by gate."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core import clock
from core.htmx import render_page
from phases.models import Event, Phase, Workstream
from phases.selectors.phase_plan import PhasePlan, load_phase, newest_of, phase_for_day
from phases.views._item import dates
from phases.views._shared import Place, place
from phases.views.rows import CriterionRow, TaskRow, criterion_row, people_of, task_row
from programs.domain.calendar import day_of

SHOWN = {"all": "Everything", "mine": "Mine", "open": "Open", "overdue": "Overdue"}
Row = TypeVar("Row", TaskRow, CriterionRow)


@dataclass(frozen=True)
class Choice:
    """What the reader narrowed the plan to; anything unknown counts as everything."""

    show: str
    role: str

    def keeps(self, row: TaskRow | CriterionRow) -> bool:
        """Whether a row is shown."""
        item = row.task if isinstance(row, TaskRow) else row.criterion
        if self.role and item.owner_role.slug != self.role:
            return False
        return {"mine": row.mine, "open": item.is_open, "overdue": row.late}.get(self.show, True)

    @property
    def query(self) -> str:
        """The choice as it stands in an address, after the phase."""
        return "".join([f"&show={self.show}" * (self.show != "all"), f"&role={self.role}" * bool(self.role)])


@require_safe
def plan(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show one phase (`?phase=`; the current one unless said), narrowed by `show` and `role` (S18, G16)."""
    at = place(request, program_slug)
    today = clock.today(at.program.time_zone)
    phases = list(Phase.objects.filter(program=at.program))
    current = phase_for_day(phases, day_of(at.program.start_date, today))
    wanted = request.GET.get("phase", "")
    chosen = next((phase for phase in phases if phase.slug == wanted), current)
    found = load_phase(at.program, at.cast, phases, chosen)
    show, role = request.GET.get("show", "all"), request.GET.get("role", "")
    choice = Choice(show if show in SHOWN else "all", role if role in at.cast.by_slug else "")
    context = _context(at, found, choice, today)
    return render_page(request, "phases/plan.html", {**context, "current": current}, partial="plan")


def _context(at: Place, found: PhasePlan, choice: Choice, today: dt.date) -> dict[str, Any]:
    people = people_of(at.cast)
    locked = found.locked_by(found.phase)
    tasks = [task_row(t, at.actor, at.cast, today, people=people, locked=locked is not None) for t in found.tasks]
    criteria = [criterion_row(c, at.actor, at.cast, today, people=people, newest=newest_of(c)) for c in found.criteria]
    kept = [row for row in tasks if choice.keeps(row)], [row for row in criteria if choice.keeps(row)]
    return {
        "program": at.program,
        "tab": "plan",
        "today": today,
        "day": day_of(at.program.start_date, today),
        "phases": found.phases,
        "phase": found.phase,
        "gate": locked,
        "events": [{"event": e, "dates": dates(e, at, today)} for e in found.events_of(found.phase)],
        "streams": list(_by_stream(found.workstreams, kept[0])),
        "decisions": list(_by_event(found.events_of(found.phase), kept[1])),
        "tasks_done": sum(not row.task.is_open for row in tasks),
        "tasks_all": len(tasks),
        "criteria_done": sum(row.cell == "ok" for row in criteria),
        "criteria_all": sum(row.criterion.applicable for row in criteria),
        "shown": len(kept[0]) + len(kept[1]),
        "choice": choice,
        "shows": SHOWN,
        "back": at.request.get_full_path(),
        "roles": at.cast.roles,
    }


def _by_stream(streams: list[Workstream], rows: list[TaskRow]) -> Iterable[dict[str, Any]]:
    for stream in streams:
        own = [row for row in rows if row.task.workstream_id == stream.pk]
        if own:
            yield {"stream": stream, "rows": own, "done": sum(not row.task.is_open for row in own)}


def _by_event(events: list[Event], rows: list[CriterionRow]) -> Iterable[dict[str, Any]]:
    for event in events:
        own = [row for row in rows if row.criterion.event_id == event.pk]
        if own:
            ordered = sorted(own, key=lambda row: (not row.criterion.is_must, row.criterion.due_date))
            counted = sum(row.criterion.applicable for row in own)
            yield {"event": event, "rows": ordered, "done": sum(row.cell == "ok" for row in own), "all": counted}
