"""The reminders page of one program: who will be mailed what in the next 30 days, and what became of the rest."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core import clock
from core.htmx import render_page
from programs.models import Program
from programs.selectors import get_program_for
from reminders.domain.answers import holding
from reminders.domain.facts import ProgramFacts
from reminders.domain.people import role_name
from reminders.domain.wording import asked_as, headline
from reminders.enums import State
from reminders.models import Delivery
from reminders.selectors import PreviewDay, ledger, preview, state_counts

PER_PAGE = 50
DAYS = 30


@require_safe
def program_reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """Show preview and ledger; `?state=` narrows the ledger, `?page=` turns it."""
    program = get_program_for(cast(User, request.user), slug)
    state = request.GET.get("state", "")
    days, facts = preview(program, clock.now(), days=DAYS)
    counts = state_counts(program)
    pages = Paginator(ledger(program, state=state), PER_PAGE)
    # Known already from the filter row; counting again would cost a query.
    pages.count = counts.get(state, 0) if state in set(State) else sum(counts.values())
    page = pages.get_page(request.GET.get("page"))
    context = {
        "program": program,
        "tab": "reminders",
        "days": [_day(day, facts) for day in days],
        "span": DAYS,
        "page": page,
        "entries": [_entry(row, program, facts) for row in page],
        "state": state if state in set(State) else "",
        "states": [(value.value, value.label, counts[value]) for value in State if counts.get(value)],
        "total": sum(counts.values()),
        "holding": holding(facts, clock.today(program.time_zone)),
    }
    return render_page(request, "reminders/program.html", context, partial="ledger")


def _day(day: PreviewDay, facts: ProgramFacts) -> dict[str, Any]:
    mails = [
        {
            "name": mail.name,
            "hour": f"{mail.hour:02d}:00",
            "zone": mail.zone,
            "lines": [
                {
                    "headline": headline(i.rule, i.due, i.planned_on, facts.calendar, occurrence=i.occurrence),
                    "label": i.label,
                    "why": asked_as(i.part, role_name(facts, i.role)),
                    "gaps": i.gaps,
                }
                for i in mail.intents
            ],
        }
        for mail in day.mails
    ]
    return {"on": day.on, "mails": mails}


def _entry(row: Delivery, program: Program, facts: ProgramFacts) -> dict[str, Any]:
    return {
        "row": row,
        "state": State(row.state),
        "headline": headline(row.rule, row.due_date, row.planned_on, program.calendar, occurrence=row.occurrence),
        "why": asked_as(row.part, role_name(facts, row.role_slug)),
        "zone": row.user.time_zone,
    }
