"""The reminders page of one program: who will be mailed what in the next days, and what became of the rest."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from core import clock
from core.htmx import render_page, wants_partial
from programs.models import Program
from programs.selectors import get_program_for
from reminders.domain.answers import holding
from reminders.domain.explaining import rule_name, said
from reminders.domain.facts import ProgramFacts
from reminders.domain.intents import Intent
from reminders.domain.people import role_name
from reminders.domain.rules import Rule
from reminders.domain.wording import asked_as, headline
from reminders.enums import State
from reminders.filters import OF_LEDGER, OF_PREVIEW, LedgerForm, PreviewForm
from reminders.models import Delivery
from reminders.selectors import ledger, load_facts, load_rules, state_counts
from reminders.selectors.ledger import PER_PAGE, LedgerFilter, newest, present, role_names
from reminders.selectors.preview import PreviewDay, PreviewMail, ahead, narrowed
from reminders.selectors.resends import resent_by

NEAR = 7
"""Days that are planned at first: planning a month takes longer than all the rest of the page."""
DAYS = 30
"""Days that are planned for who asks to look so far ahead, or for one person or rule."""
SIGHT = 24
"""Mails that are in sight, whole days; the others fold away, so that the ledger is not screens below on a phone."""


@require_safe
def program_reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """Show preview and ledger.

    `?who=` and `?what=` narrow the preview, `?ahead=30` makes it longer, `?on=` and `?to=` open one mail of it; the
    ledger has its own filters and `?page=`. htmx gets the part it asks for, and only that part is made.
    """
    program = get_program_for(cast(User, request.user), slug)
    part = _part(request)
    context: dict[str, Any] = {"program": program, "tab": "reminders", "week": NEAR, "month": DAYS}
    for name, fields in (("kept_preview", OF_PREVIEW), ("kept_ledger", OF_LEDGER)):
        context[name] = list(_kept(request, fields).items())
    roles: dict[str, str] = {}
    if part != "ledger":
        facts = load_facts(program)
        roles = {slug: role.name for slug, role in facts.roles.items()}
        context |= _preview(request, facts, load_rules(program.pk), part)
    if part == "":
        context["holding"] = holding(facts, clock.today(program.time_zone))
    if part in ("", "ledger"):
        context |= _ledger(request, program, roles or role_names(program))
    return render_page(request, "reminders/program.html", context, partial=part)


def _part(request: HttpRequest) -> str:
    """Which part htmx asks for; empty for the whole page."""
    if not wants_partial(request):
        return ""
    if request.GET.get("on") and request.GET.get("to"):
        return "mail"
    return "preview" if request.headers.get("HX-Target", "").endswith("#preview") else "ledger"


def _kept(request: HttpRequest, fields: Iterable[str]) -> dict[str, str]:
    """The filters as they were asked for, so that each half leaves those of the other alone."""
    return {name: value for name in fields if (value := request.GET.get(name, ""))}


def _here(request: HttpRequest, **changes: object) -> str:
    """The address of the ledger with the filters that are asked for, changed; nothing that is open, the first page."""
    return f"{request.path}{_query(request, **changes)}#ledger"


def _query(request: HttpRequest, **changes: object) -> str:
    asked = {name: value for name, value in {**_kept(request, (*OF_PREVIEW, *OF_LEDGER)), **changes}.items() if value}
    return f"?{urlencode(asked)}" if asked else ""


def _preview(request: HttpRequest, facts: ProgramFacts, rules: Iterable[Rule], part: str) -> dict[str, Any]:
    form = PreviewForm(request.GET, facts.people.values(), (rule.slug for rule in rules if rule.enabled))
    who, what = form.asked
    on, to = request.GET.get("on", ""), request.GET.get("to", "")
    wide, narrow = request.GET.get("ahead") == str(DAYS), bool(who or what)
    days, only = DAYS if wide or narrow else NEAR, who
    if part == "mail":  # nobody else's mails are shown, nor any later day
        days, only = min(DAYS, _days_until(on, facts) + 1), next((pk for pk in facts.people if str(pk) == to), 0)
    elif on and _days_until(on, facts) >= NEAR:
        days = DAYS
    shown = narrowed(ahead(facts, rules, clock.now(), days=days, only=only), who, what)
    opened = next(
        ((d, mail) for d in shown for mail in d.mails if (d.on.isoformat(), str(mail.user_id)) == (on, to)), None
    )
    listed = [_day(day, facts) for day in shown] if part != "mail" else []
    soon = in_sight(listed)
    return {
        "span": days,
        "soon": listed[:soon],
        "later": listed[soon:],
        "unfolded": wide or on in [day["key"] for day in listed[soon:]],
        "mails": sum(len(day.mails) for day in shown),
        "told": sum(len(mail.intents) for day in shown for mail in day.mails),
        "wide": wide,
        "narrow": narrow,
        "longer": days < DAYS,
        "shorter": wide and not narrow,
        "preview_form": form,
        "opened": _opened(*opened, facts) if opened else None,
    }


def _days_until(on: str, facts: ProgramFacts) -> int:
    """Days from the program's today to the day that is asked for; 0 for what lies behind or is no day."""
    try:
        return max(0, (date.fromisoformat(on) - clock.today(facts.zone)).days)
    except ValueError:
        return 0


def in_sight(days: list[dict[str, Any]]) -> int:
    """How many of the days are in sight: those whose mails fit, the first one always."""
    mails = 0
    for number, day in enumerate(days):
        mails += len(day["mails"])
        if mails > SIGHT and number:
            return number
    return len(days)


def _day(day: PreviewDay, facts: ProgramFacts) -> dict[str, Any]:
    """A day as (person's id, name, hour and first headline) of each mail: there are hundreds, so plain words only."""
    mails = [(str(mail.user_id), mail.name, _words(mail, facts)) for mail in day.mails]
    return {"on": day.on, "key": day.on.isoformat(), "mails": mails}


def _words(mail: PreviewMail, facts: ProgramFacts) -> str:
    more = len(mail.intents) - 1
    first = f"{mail.hour:02d}:00 {_headline(mail.intents[0], facts)}"
    return f"{first} and {more} more" if more else first


def _opened(day: PreviewDay, mail: PreviewMail, facts: ProgramFacts) -> dict[str, Any]:
    lines = [
        {
            "headline": _headline(intent, facts),
            "label": intent.label,
            "why": asked_as(intent.part, role_name(facts, intent.role)),
            "gaps": intent.gaps,
        }
        for intent in mail.intents
    ]
    hour = f"{mail.hour:02d}:00"
    return {"key": day.on.isoformat(), "on": day.on, "name": mail.name, "hour": hour, "zone": mail.zone, "lines": lines}


def _headline(intent: Intent, facts: ProgramFacts) -> str:
    return headline(intent.rule, intent.due, intent.planned_on, facts.calendar, occurrence=intent.occurrence)


def _ledger(request: HttpRequest, program: Program, roles: dict[str, str]) -> dict[str, Any]:
    there = present(program)
    form = LedgerForm(request.GET, there)
    asked = form.asked
    counts = state_counts(program, asked, there)
    pages = Paginator(ledger(program, asked), PER_PAGE)
    # Known already from the row of states; counting again would cost a query.
    pages.count = counts.states.get(asked.state, 0) if asked.state else counts.total
    page = pages.get_page(request.GET.get("page"))
    whole = asked == LedgerFilter() and page.number == 1 and counts.total
    rows = newest(program) if whole else list(page)
    again = resent_by(rows)
    return {
        "form": form,
        "chips": [(label, said, _here(request, **{name: ""})) for name, label, said in form.chips if name != "state"],
        "page": page,
        "newer": _here(request, page=page.number - 1),
        "older": _here(request, page=page.number + 1),
        "file": reverse("reminders_csv", args=[program.slug]) + _query(request),
        "entries": [_entry_with_answer(row, program, roles, again) for row in rows],
        "state": asked.state,
        "states": [
            (value.value, value.label, counts.states.get(value, 0), _here(request, state=value.value))
            for value in State
            if counts.states.get(value) or value == asked.state
        ],
        "all_states": _here(request, state=""),
        "total": counts.total,
        "again": counts.again,
    }


def _entry_with_answer(row: Delivery, program: Program, roles: dict[str, str], again: dict[int, str]) -> dict[str, Any]:
    return {**entry(row, program, roles, again), "said": said(row.mail.reply) if row.mail else ""}


def entry(row: Delivery, program: Program, roles: dict[str, str], again: dict[int, str]) -> dict[str, Any]:
    """One reminder as lists show it."""
    return {
        "row": row,
        "state": State(row.state),
        "headline": headline(row.rule, row.due_date, row.planned_on, program.calendar, occurrence=row.step),
        "why": asked_as(row.part, roles.get(row.role_slug, row.role_slug)),
        "rule": rule_name(row.rule),
        "step": row.step,
        "zone": row.user.time_zone,
        "again": again.get(row.pk, "somebody") if row.is_again else "",
    }
