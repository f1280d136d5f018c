"""Steps of the rollout, posted to the steering page (G18). Decides nothing; services do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from core.text import one_line
from gates import forms_steering as forms
from gates import policies
from gates.models import LaunchStep
from gates.services import rollout
from gates.views._desk import desk, desk_about
from phases.views._shared import answer


@require_POST
def plan_step(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Add the next step of the rollout."""
    page = desk(request, program_slug)
    at = page.place
    return answer(
        page,
        forms.PlanStepForm(request.POST),
        lambda data: rollout.plan_step(
            actor=at.actor,
            program=at.program,
            name=data["step"],
            exposure=data["exposure"],
            planned_date=data["planned_date"],
            entry_test=data["entry_test"],
            exit_test=data["exit_test"],
            halt_conditions=[line for line in map(one_line, data["halt_conditions"].splitlines()) if line],
        ),
        "The step is planned.",
        may=policies.may_roll_out(at.actor, at.cast),
    )


@require_POST
def enter_step(request: HttpRequest, program_slug: str, step_id: int) -> HttpResponse:
    """Expose a step's users with the number that allows it."""
    page = desk_about(request, program_slug, LaunchStep, pk=step_id)
    at = page.place
    step = get_object_or_404(LaunchStep, pk=step_id, program=at.program)
    return answer(
        page,
        forms.EnterForm(request.POST, about=step.pk),
        lambda data: rollout.enter_step(
            actor=at.actor, step=step, entry_number=data["entry_number"], version=data["version"]
        ),
        "The step is running.",
        may=policies.may_roll_out(at.actor, at.cast),
    )


@require_POST
def leave_step(request: HttpRequest, program_slug: str, step_id: int) -> HttpResponse:
    """Record that a step's exit test holds."""
    page = desk_about(request, program_slug, LaunchStep, pk=step_id)
    at = page.place
    step = get_object_or_404(LaunchStep, pk=step_id, program=at.program)
    return answer(
        page,
        forms.LeaveForm(request.POST, about=step.pk),
        lambda data: rollout.leave_step(
            actor=at.actor, step=step, exit_number=data["exit_number"], version=data["version"]
        ),
        "The step is done.",
        may=policies.may_roll_out(at.actor, at.cast),
    )


@require_POST
def halt_step(request: HttpRequest, program_slug: str, step_id: int) -> HttpResponse:
    """Stop the rollout at once: anybody with a role."""
    page = desk(request, program_slug)
    at = page.place
    step = get_object_or_404(LaunchStep, pk=step_id, program=at.program)
    return answer(
        page,
        forms.HaltForm(request.POST, about=step.pk),
        lambda data: rollout.halt_step(actor=at.actor, step=step, because=data["because"]),
        "The rollout is halted.",
        may=policies.may_halt(at.actor, at.cast),
    )
