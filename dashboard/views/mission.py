"""Mission control: where a program is on day N, and what needs whom now."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core import clock
from core.htmx import render_page, wants_partial
from dashboard import services
from dashboard.domain.attention import ranked
from dashboard.selectors import attention, debts, mission, timeline
from dashboard.selectors.lines import verdict_of
from dashboard.selectors.metric_card import metric_card
from dashboard.selectors.overview import load_overviews
from dashboard.selectors.risk_card import risk_card
from dashboard.selectors.visits import program_with_visit, visit_of
from gates.selectors.ledger import load_ledgers
from gates.selectors.reading import read_program
from gates.selectors.sustain import next_decision
from programs.enums import ProgramState
from programs.policies import may_manage

SHOWN = 8  # changes listed under "since your last visit"


@require_safe
def mission_control(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the program; a poll that finds nothing new gets 204, so that nothing on the page moves."""
    actor = cast(User, request.user)
    program = program_with_visit(actor, slug)
    if program is None:
        raise Http404("No such program")
    today = clock.today(program.time_zone)
    entries = timeline.newest(program.pk)
    version = f"{entries[0].pk if entries else 0}.{today:%m%d}"
    if wants_partial(request) and request.GET.get("v") == version:
        return HttpResponse(status=204)
    seen = services.note_visit(user=actor, program=program, visit=visit_of(actor, program))
    plan = load_overviews([program])[0]
    ledger = load_ledgers([(program, today)], plan.people)[program.pk]
    reading = read_program(plan, today=today, last_update=entries[0].at if entries else None, ledger=ledger)
    may = may_manage(actor, plan.cast)
    lines = [
        *attention.lines(plan, reading, actor=actor, may_assign=bool(may)),
        *debts.lines(plan, reading, actor=actor),
    ]
    since = [e for e in entries if seen is not None and e.at > seen] if seen else entries
    label, this_week, next_week, done, of = mission.week(plan, reading, actor)
    context: dict[str, Any] = {
        "program": program,
        "actor": actor,
        "version": version,
        "reading": reading,
        "verdict": verdict_of(plan, reading),
        "rules": reading.status.rules,
        "manager": plan.cast.manager,
        "sponsor": plan.cast.sponsor,
        "may_manage": may,
        "in_run": program.state == ProgramState.RUNNING,
        "next_decision": next_decision(program) if program.state == ProgramState.RUNNING else None,
        "day_words": mission.day_words(reading),
        "phases": mission.phase_rows(plan, reading),
        "figures": mission.figures(plan, reading),
        "attention": ranked(lines, today=today),
        "attention_total": len(lines),
        "dimensions": mission.dimension_rows(plan, reading),
        "weakest": reading.dimension_names.get(reading.readiness.weakest.dimension)
        if reading.readiness.weakest
        else "",
        "week": {"label": label, "rows": this_week, "next": next_week, "done": done, "of": of},
        "risks": risk_card(plan, reading.ledger),
        "metrics": metric_card(reading.ledger),
        "owners": mission.owners(plan, today),
        "gap_count": len(plan.cast.vacant),
        "since": timeline.told(
            since[:SHOWN], actor.time_zone, {p.pk: str(p) for p in plan.people.values()}, look_up=False
        ),
        "since_total": len(since),
        "seen": seen,
    }
    return render_page(request, "dashboard/mission.html", context, partial="live")
