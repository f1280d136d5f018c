"""Recording a decision: form, a second look that names the outcome, then the record. Decides nothing; services do.

The first send checks everything by recording it inside a transaction that is undone, so that the second look can
only be reached with a decision that would be accepted; the second send records it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from core.errors import Conflict, Invalid
from gates import forms, policies
from gates.domain.conditions import default_due
from gates.domain.contents import DecisionInput
from gates.models import Decision
from gates.selectors.facts import kind_of, next_gate_after
from gates.selectors.ledger import load_ledger
from gates.services import deciding
from gates.services.base import Incomplete, today_of
from gates.views._page import MEANING, GatePage, gate_page, verdict_of
from phases.enums import Outcome
from phases.selectors import load_plan

NOT_CARRIED = ("csrfmiddlewaretoken", "confirmed")
Act = Callable[[DecisionInput], Decision]
if TYPE_CHECKING:
    Rows = BaseFormSet[forms.ConditionForm]


@require_POST
def decide(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Record what was decided about the open round (G1-G6, G8-G11, G22)."""
    page = gate_page(request, program_slug, slug)
    number = request.POST.get("number", "")

    def act(wanted: DecisionInput) -> Decision:
        return deciding.decide(
            actor=page.place.actor,
            event=page.item,
            wanted=wanted,
            number=int(number) if number.isdigit() else None,
            key=request.POST.get("key", "")[:64],
        )

    return _record(page, act)


@require_POST
def correct(request: HttpRequest, program_slug: str, slug: str, decision_id: int) -> HttpResponse:
    """Correct a decision by a new one; the old one stays on record (G11)."""
    page = gate_page(request, program_slug, slug)
    decision = get_object_or_404(Decision, pk=decision_id, event=page.item)

    def act(wanted: DecisionInput) -> Decision:
        key = request.POST.get("key", "")[:64]
        return deciding.supersede(actor=page.place.actor, decision=decision, wanted=wanted, key=key)

    return _record(page, act)


def _record(page: GatePage, act: Act) -> HttpResponse:
    request = page.place.request
    form, rows = _bound(page)
    if not (form.is_valid() and rows.is_valid()):
        _allowed(page, str(request.POST.get("word", "")))
        return page.show({"decision": form, "conditions": rows}, status=422)
    entries = (row.entry() for row in rows.forms)
    wanted = form.entry([entry for entry in entries if entry is not None])
    try:
        if request.POST.get("confirmed") != "yes":
            _try(act, wanted)
            return _second_look(page, wanted)
        decision = act(wanted)
    except Incomplete as error:
        for fault in error.faults:
            _fault(form, rows, fault.field, fault.sentence)
        return page.show({"decision": form, "conditions": rows}, status=422)
    except Conflict:
        raise
    except Invalid as error:
        _fault(form, rows, error.field, str(error))
        return page.show({"decision": form, "conditions": rows}, status=422)
    messages.success(request, f"Recorded: {decision.get_word_display()}. A snapshot was taken.")
    return redirect(page.item.get_absolute_url())


def _try(act: Act, wanted: DecisionInput) -> None:
    """Check a decision with everything the service checks, and leave nothing behind."""
    with transaction.atomic():
        act(wanted)
        transaction.set_rollback(True)


def _second_look(page: GatePage, wanted: DecisionInput) -> HttpResponse:
    request = page.place.request
    carried = [
        (name, value) for name in request.POST for value in request.POST.getlist(name) if name not in NOT_CARRIED
    ]
    context: dict[str, Any] = {
        "program": page.place.program,
        "event": page.item,
        "wanted": wanted,
        "word": wanted.word.value.replace("-", " ").capitalize(),
        "meaning": MEANING[wanted.word],
        "carried": carried,
        "action": request.path,
        "tab": "plan",
    }
    return render(request, "gates/confirm.html", context)


def _bound(page: GatePage) -> "tuple[forms.DecisionForm, Rows]":
    program = page.place.program
    plan = load_plan(program)
    ledger = load_ledger(program, today_of(program))
    event = next(e for e in plan.events if e.pk == page.item.pk)
    open_ = [c for c in plan.open_criteria() if c.event.day <= event.day]
    gate = next_gate_after(event, plan)
    due = default_due(ledger.today, gate.due_date if gate else None, ledger.limits)
    data = page.place.request.POST
    form = forms.DecisionForm(data, verdict=verdict_of(event, plan, ledger), open_criteria=open_)
    return form, forms.condition_forms(data, roles=plan.cast.roles, criteria=open_, due=due)


def _allowed(page: GatePage, word: str) -> None:
    """Refuse before anybody mends a form they may not send."""
    known = {outcome.value: outcome for outcome in Outcome}
    kind = kind_of(page.item, load_plan(page.place.program))
    policies.may_decide(page.place.actor, kind, known.get(word, Outcome.GO), page.place.cast).require()


def _fault(form: forms.DecisionForm, rows: "Rows", field: str, sentence: str) -> None:
    """Put a fault where it belongs: at a field, at a field of a condition, or above the form."""
    parts = field.split("-", 2)
    if parts[0] == "conditions" and len(parts) == 3 and parts[1].isdigit() and int(parts[1]) < len(rows.forms):
        row = rows.forms[int(parts[1])]
        row.add_error(parts[2] if parts[2] in row.fields else None, sentence)
    form.add_error(field if field in form.fields else None, sentence)
