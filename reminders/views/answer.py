"""Answering a reminder: acknowledge or snooze, from the link in its mail (signed out) or from inside the application.

Opening either page changes nothing, because mail scanners open links; the press on the page acts. The page of a link
never looks at who is signed in, sets no cookie and renders without the request. Django's own check of forms needs a
cookie and a referrer, which this page must not have; its form carries a key that only the page of that link holds.
"""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core import clock
from core.errors import Conflict, Invalid
from core.htmx import go, render_page
from programs.selectors import get_program_for
from reminders import tokens
from reminders.defaults import limits
from reminders.domain.wording import asked_as, due_line, headline, short_date, why
from reminders.forms import AcknowledgeForm, SnoozeForm
from reminders.models import Delivery
from reminders.selectors import answers
from reminders.services import answering
from reminders.services.addresses import address_of, role_name

Answering = AcknowledgeForm | SnoozeForm


@csrf_exempt  # see above: no session acts here, and the form's own key is checked
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a mail asked and take the answer; every link that does not hold gets the same page."""
    opened = tokens.read(token, tokens.Purpose.ANSWER, clock.now())
    row = answers.by_link(opened.subject, opened.person) if opened else None
    if row is None or (request.method == "POST" and not tokens.is_page_key(token, request.POST.get("key", ""))):
        return _guarded(HttpResponse(render_to_string("reminders/link_gone.html"), status=404))
    here = reverse("reminder_answer", args=[token])
    form, status = _answer(row, request.POST) if request.method == "POST" else (None, 200)
    if status == 303:
        return _guarded(HttpResponseRedirect(here, status=303))
    context = {**_page(row, form), "here": here, "key": tokens.page_key(token)}
    return _guarded(HttpResponse(render_to_string("reminders/answer_by_link.html", context), status=status))


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, slug: str, kind: str, item_id: int) -> HttpResponse:
    """The same for somebody who is signed in, about the last reminder of an item that reached them."""
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    row = answers.latest_of(actor, program, kind, item_id)
    if row is None:
        status = 409 if request.method == "POST" else 200
        return render_page(request, "reminders/answer.html", {"program": program}, status=status)
    form, status = _answer(row, request.POST) if request.method == "POST" else (None, 200)
    if status == 303:
        messages.success(request, "Noted.")
        return go(request, request.path)
    context = {**_page(row, form), "here": request.path}
    return render_page(request, "reminders/answer.html", context, status=status)


def _answer(row: Delivery, data: QueryDict) -> tuple[Answering | None, int]:
    """Take one answer; the form with its faults and the status when it is refused, 303 when it is done."""
    form: Answering = SnoozeForm(data) if data.get("do") == SnoozeForm.name else AcknowledgeForm(data)
    if not form.is_valid():
        return form, 422
    try:
        if isinstance(form, SnoozeForm):
            answering.snooze(actor=row.user, delivery=row, until=form.cleaned_data["until"])
        else:
            answering.acknowledge(actor=row.user, delivery=row, **form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field or None, str(error))
        return form, 422
    except Conflict as error:
        form.add_error(None, str(error))
        return form, 409
    return None, 303


def _page(row: Delivery, form: Answering | None) -> dict[str, Any]:
    standing = answers.standing(row, clock.now())
    today, program = standing.today, row.program
    role = role_name(row)
    return {
        "row": row,
        "program": program,
        "standing": standing,
        "over": answering.why_over(row),
        "headline": headline(row.rule, row.due_date, today, program.calendar),
        "due": due_line(row.item_kind, row.due_date, today, program.time_zone),
        "asked": asked_as(row.part, role),
        "why": why(row.part, role, row.rule),
        "days": [(day, _day_name(day, today)) for day in standing.days],
        "address": address_of(row),
        "most": limits().acknowledged_days,
        "acknowledge_form": form if isinstance(form, AcknowledgeForm) else AcknowledgeForm(),
        "snooze_form": form if isinstance(form, SnoozeForm) else None,
    }


def _day_name(day: date, today: date) -> str:
    """`Tomorrow, Tue 1 Dec` or `Thu 3 Dec`."""
    return f"Tomorrow, {short_date(day, today)}" if (day - today).days == 1 else short_date(day, today)


def _guarded(response: HttpResponse) -> HttpResponse:
    """Keep the link out of referrers, search engines and caches."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
