"""Steering between gates: what is posted to its page. Decides nothing; services do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from gates import forms_steering as forms
from gates import policies
from gates.domain.exceptions import NoteInput
from gates.models import DeclaredStatus, ExceptionNote
from gates.services import between, declaring
from gates.views._desk import desk, desk_about
from phases.domain.status import Colour
from phases.models import Criterion, Event
from phases.selectors import find_event
from phases.views._shared import answer
from programs.models import Role


@require_safe
def steering(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show what steers a program between gates, computed status beside the declared one."""
    return desk(request, program_slug).show()


@require_POST
def declare(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Declare a status; a better one than computed waits for the sponsor."""
    page = desk(request, program_slug)
    at = page.place
    return answer(
        page,
        forms.DeclareForm(request.POST),
        lambda data: declaring.declare_status(
            actor=at.actor,
            program=at.program,
            colour=Colour(data["colour"]),
            reason=data["reason"],
            expires_on=data["expires_on"],
        ),
        "Declared. The computed status stays beside it.",
        may=policies.may_declare(at.actor, at.cast),
    )


@require_POST
def agree(request: HttpRequest, program_slug: str, declared_id: int) -> HttpResponse:
    """Agree to a status that is better than computed: the sponsor."""
    page = desk(request, program_slug)
    at = page.place
    declared = get_object_or_404(DeclaredStatus, pk=declared_id, program=at.program)
    return answer(
        page,
        forms.NamedForm(request.POST),
        lambda _: declaring.agree_status(actor=at.actor, declared=declared),
        "Agreed; both stay shown.",
        may=policies.may_agree(at.actor, declared.declared_by_id, at.cast),
    )


@require_POST
def take_back(request: HttpRequest, program_slug: str, declared_id: int) -> HttpResponse:
    """Take a declaration back."""
    page = desk(request, program_slug)
    at = page.place
    declared = get_object_or_404(DeclaredStatus, pk=declared_id, program=at.program)
    return answer(
        page,
        forms.NamedForm(request.POST),
        lambda _: declaring.end_declaration(actor=at.actor, declared=declared),
        "Taken back; the computed status stands alone.",
        may=policies.may_declare(at.actor, at.cast),
    )


@require_POST
def raise_exception(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Tell of a breach that is forecast (G17)."""
    page = desk(request, program_slug)
    at = page.place
    names = ("tolerance", "cause", "effect", "options", "recommendation", "forecast_on")
    return answer(
        page,
        forms.ExceptionForm(request.POST),
        lambda data: between.raise_exception(
            actor=at.actor,
            program=at.program,
            wanted=NoteInput(**{name: data[name] for name in names}),
            key=data["key"],
        ),
        "The sponsor is asked.",
        may=policies.may_raise_exception(at.actor, at.cast),
    )


@require_POST
def answer_exception(request: HttpRequest, program_slug: str, note_id: int) -> HttpResponse:
    """Answer an exception note: the sponsor."""
    page = desk(request, program_slug)
    at = page.place
    note = get_object_or_404(ExceptionNote, pk=note_id, program=at.program)
    return answer(
        page,
        forms.AnswerForm(request.POST, about=note.pk),
        lambda data: between.answer_exception(actor=at.actor, exception=note, text=data["text"]),
        "Answered.",
        may=policies.may_answer_exception(at.actor, at.cast),
    )


@require_POST
def early_gate(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Hold a gate earlier than agreed; logged as good practice (G17)."""
    page = desk_about(request, program_slug, Event, slug=slug)
    at = page.place
    event = find_event(at.program, slug)
    return answer(
        page,
        forms.EarlyGateForm(request.POST),
        lambda data: between.call_early_gate(
            actor=at.actor,
            event=event,
            new_date=data["new_date"],
            reason=data["reason"],
            version=data["version"],
        ),
        "The gate is held earlier.",
        may=policies.may_replan(at.actor, event, at.cast),
    )


@require_POST
def mini_gate(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Call a gate about one change, with a shortened list (G21)."""
    page = desk(request, program_slug)
    at = page.place
    known = Criterion.objects.filter(program=at.program, applicable=True).order_by("event__day", "id")
    roles: dict[str, Role] = at.cast.by_slug
    return answer(
        page,
        forms.MiniGateForm(request.POST, criteria=known, roles=at.cast.roles),
        lambda data: between.call_mini_gate(
            actor=at.actor,
            program=at.program,
            name=data["title"],
            trigger=data["trigger"],
            on=data["on"],
            criteria=[c for c in known if c.slug in data["criteria"]],
            gatekeepers=[roles[slug] for slug in data["gatekeepers"]],
        ),
        "The mini-gate is called.",
        may=policies.may_call_mini_gate(at.actor, at.cast),
    )


@require_POST
def team(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Relax or restore who may verify and approve (G2): the sponsor."""
    page = desk(request, program_slug)
    at = page.place
    return answer(
        page,
        forms.TeamForm(request.POST),
        lambda data: between.set_small_team(
            actor=at.actor, program=at.program, small=data["small"], reason=data["reason"]
        ),
        "The setting is on record.",
        may=policies.may_set_team(at.actor, at.cast),
    )
