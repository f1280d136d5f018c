"""One reminder: why it was planned, what became of it, and the button that sends it again (rule 8)."""

import datetime as dt
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.errors import Conflict, Invalid
from core.htmx import render_page
from programs.models import Program
from programs.selectors import Cast, cast_of, get_program_for
from reminders import policies
from reminders.domain.again import IN_ALL, first_key
from reminders.domain.explaining import OUTCOMES, kind_name, reckoning, rule_name, said
from reminders.domain.rule_words import UNRULED, sentence
from reminders.enums import Outcome, RuleSlug, State
from reminders.forms_resend import ResendForm
from reminders.models import Attempt, Delivery
from reminders.selectors import load_rules
from reminders.selectors.told import Told, find_delivery, find_own, told
from reminders.services.resending import DONE, send_again
from reminders.views.program import entry

Step = tuple[dt.datetime | None, str]


@require_safe
def delivery(request: HttpRequest, slug: str, delivery_id: int) -> HttpResponse:
    """Show one reminder of a program to those in it, and to its recipient; 404 for strangers."""
    actor = cast(User, request.user)
    try:
        program = get_program_for(actor, slug)
    except Http404:
        row = find_own(actor, slug, delivery_id)
        return _page(request, row.program, cast_of(row.program), row, member=False)
    return _page(request, program, cast_of(program), find_delivery(program, delivery_id))


@require_POST
def resend(request: HttpRequest, slug: str, delivery_id: int) -> HttpResponse:
    """Send it again; leads to the new one."""
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    people, row = cast_of(program), find_delivery(program, delivery_id)
    policies.may_resend(actor, people).require()
    form = ResendForm(request.POST)
    if not form.is_valid():
        return _page(request, program, people, row, form, status=422)
    try:
        made = send_again(actor=actor, delivery=row, number=form.cleaned_data["number"])
    except Invalid as error:
        form.add_error(None, str(error))
        return _page(request, program, people, row, form, status=422)
    except Conflict as error:
        return _page(request, program, people, row, status=409, conflict=error)
    messages.success(request, f"On its way again to {row.user}, at a decent hour where they are.")
    return redirect(reverse("reminder_delivery", args=[program.slug, made.pk]))


def _page(
    request: HttpRequest,
    program: Program,
    people: Cast,
    row: Delivery,
    form: ResendForm | None = None,
    *,
    member: bool = True,
    status: int = 200,
    conflict: Conflict | None = None,
) -> HttpResponse:
    actor = cast(User, request.user)
    may_read = policies.may_read_mail(actor, people, row.user_id)
    found = told(row, actor, may_read=bool(may_read))
    roles = {role.slug: role.name for role in people.roles}
    invites = row.rule == RuleSlug.INVITATION
    rule = next((rule for rule in load_rules(program.pk) if rule.slug == row.rule), None)
    context = {
        "program": program,
        "member": member,
        "tab": "reminders",
        "row": row,
        "entry": entry(row, program, roles, found.again),
        "kind": kind_name(row.item_kind),
        "rule": rule_name(row.rule),
        "rule_words": sentence(rule) if rule else UNRULED if invites else "This program has no such rule any more.",
        "rule_off": rule is not None and not rule.enabled,
        "reckoned": reckoning(rule, row.step, row.due_date, row.planned_on, program.calendar),
        "steps": _steps(found),
        "attempts": [(attempt, OUTCOMES[Outcome(attempt.outcome)], said(attempt.reply)) for attempt in found.attempts],
        "others": [
            (other, entry(other, other.program, roles, {})["headline"]) for other in _of(found.others, row.user)
        ],
        "unseen": found.unseen,
        "relatives": [entry(other, program, roles, found.again) for other in _of(found.relatives, row.user)],
        "text": found.text,
        "may_read": may_read,
        "may_resend": policies.may_resend(actor, people),
        "resendable": row.state in DONE and not invites,
        "form": form or ResendForm(initial={"number": _next(found)}),
        "conflict": conflict,
        "here": reverse("reminder_delivery", args=[program.slug, row.pk]),
    }
    return render_page(request, "reminders/delivery.html", context, status=status)


def _of(rows: tuple[Delivery, ...], person: User) -> list[Delivery]:
    """Rows of one person, who is known already."""
    for row in rows:
        row.user = person
    return list(rows)


def _next(found: Told) -> int:
    """The time for which the button stands: one more than there were."""
    first = first_key(found.row.key)
    made = [row for row in (found.row, *found.relatives) if row.is_again and first_key(row.key) == first]
    return min(len(made) + 1, IN_ALL)


def _steps(found: Told) -> list[Step]:
    """What happened to the reminder so far, in order."""
    row, state = found.row, State(found.row.state)
    by = found.again.get(row.pk)
    steps: list[Step] = [(row.created_at, f"Sent again by {by}" if by else "Planned")]
    if row.not_before > row.planned_for and not row.is_again:
        steps.append((row.not_before, "Put off until then: outside the hours, a day off or an absence"))
    steps.extend((attempt.started_at, _tried(attempt)) for attempt in found.attempts)
    if state in (State.CANCELLED, State.EXPIRED, State.HELD):
        steps.append((None, f"{state.label}: {row.reason}" if row.reason else state.label))
    elif state is State.DEAD:
        steps.append((None, row.reason or state.label))
    elif state is State.SENT and row.mail is not None:
        steps.append((row.mail.sent_at, state.label))
    else:
        steps.append((row.not_before, "Leaves then at the earliest"))
    return steps


def _tried(attempt: Attempt) -> str:
    return f"Try {attempt.number}: {OUTCOMES[Outcome(attempt.outcome)].lower()}"
