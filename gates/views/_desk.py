"""The steering page put together once, for reading it and for every answer to its forms. No rights here."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse

from activity.selectors import last_at
from core import clock
from core.decisions import Decision
from gates import forms_steering as forms
from gates import policies
from gates.enums import StepState
from gates.models import ExceptionNote, LaunchStep
from gates.selectors import steering as reads
from gates.selectors.ledger import load_ledger
from gates.selectors.reading import GateReading, read_program
from gates.services.rollout import cleared_by
from phases.models import Event
from phases.selectors import Plan, load_plan
from phases.views._shared import Page, Place, place
from programs.enums import ProgramState
from programs.models import Program

Bound = Mapping[str, Form]


@dataclass(frozen=True)
class Desk:
    """Steering a program; `version` is that of the row a form is about."""

    program: Program
    version: int = 1

    def get_absolute_url(self) -> str:
        """Address of the page."""
        return reverse("steering", args=[self.program.slug])


@dataclass(frozen=True)
class StepLine:
    """A step with the forms that fit where it stands, and why it is not open yet."""

    step: LaunchStep
    enter: Form | None
    leave: Form | None
    halt: Form | None
    closed: str


@dataclass(frozen=True)
class NoteLine:
    """An exception note with the form to answer it."""

    note: ExceptionNote
    form: Form | None


def desk(request: HttpRequest, program_slug: str) -> Page:
    """Return the steering page. Errors: Http404 for a program the person may not see."""
    at = place(request, program_slug)
    return Page(at, Desk(at.program), "gates/steering/steering.html", _build, lambda at: Desk(at.program))


def desk_about(request: HttpRequest, program_slug: str, model: type[Event] | type[LaunchStep], **where: Any) -> Page:
    """Return the page for a form about one row, so that a lost race is told from that row's version."""
    page = desk(request, program_slug)

    def find(at: Place) -> Desk:
        row = model._default_manager.filter(program=at.program, **where).first()
        return Desk(at.program, row.version if row else 1)

    return Page(page.place, page.item, page.template, page.build, find)


def _build(at: Place, _item: Any, bound: Bound) -> dict[str, Any]:
    plan = load_plan(at.program, at.cast, tasks=False)
    today = clock.today(at.program.time_zone)
    ledger = load_ledger(at.program, today, plan.people)
    reading = read_program(plan, today=today, last_update=last_at(at.program.pk), ledger=ledger)
    gate = plan.next_gate()
    return {
        "program": at.program,
        "tab": "steering",
        "today": today,
        "gate": gate,
        "here": Desk(at.program).get_absolute_url(),
        **_status(at, reading, bound),
        **_notes(at, bound),
        **_early(at, gate, bound),
        **_steps(at, cleared_by(ledger, plan.events), bound),
        **_minis(at, plan, bound),
        **_team(at, bound),
        **_end(at, gate, bound),
    }


def _status(at: Place, reading: GateReading, bound: Bound) -> dict[str, Any]:
    declared = reads.declaration_of(at.program)
    may = policies.may_declare(at.actor, at.cast)
    agree = policies.may_agree(at.actor, declared.declared_by_id, at.cast) if declared else None
    return {
        "computed": reading.status,
        "declared": declared,
        "in_force": reading.declared is not None,
        "may_declare": may,
        "may_agree": agree,
        "declare_form": _form(may, bound, "declare", forms.DeclareForm),
    }


def _notes(at: Place, bound: Bound) -> dict[str, Any]:
    may, answer = policies.may_raise_exception(at.actor, at.cast), policies.may_answer_exception(at.actor, at.cast)
    lines = []
    for note in reads.notes_of(at.program):
        own = None
        if answer and note.answered_at is None:
            own = bound.get(f"answer-{note.pk}") or forms.AnswerForm(about=note.pk)
        lines.append(NoteLine(note, own))
    return {
        "notes": lines,
        "may_raise": may,
        "may_answer": answer,
        "exception_form": _form(may, bound, "exception", forms.ExceptionForm, initial={"key": secrets.token_hex(16)}),
    }


def _early(at: Place, gate: Event | None, bound: Bound) -> dict[str, Any]:
    may = policies.may_replan(at.actor, gate, at.cast) if gate else None
    form = _form(may, bound, "early", forms.EarlyGateForm, initial={"version": gate.version}) if gate and may else None
    return {"may_early": may, "early_form": form}


def _steps(at: Place, cleared: bool, bound: Bound) -> dict[str, Any]:
    may, halt = policies.may_roll_out(at.actor, at.cast), policies.may_halt(at.actor, at.cast)
    closed = "" if cleared else "Not open: no real user is exposed before the launch checkpoint clears it (G18)."
    lines = []
    for step in reads.steps_of(at.program):
        planned, entered = step.state == StepState.PLANNED, step.state == StepState.ENTERED
        own: dict[str, Any] = {"about": step.pk, "initial": {"version": step.version}}
        lines.append(
            StepLine(
                step,
                _form(may, bound, f"enter-{step.pk}", forms.EnterForm, **own) if planned and cleared else None,
                _form(may, bound, f"leave-{step.pk}", forms.LeaveForm, **own) if entered else None,
                _form(halt, bound, f"halt-{step.pk}", forms.HaltForm, about=step.pk) if entered else None,
                closed if planned else "",
            )
        )
    return {
        "steps": lines,
        "cleared": cleared,
        "may_roll_out": may,
        "may_halt": halt,
        "step_form": _form(may, bound, "step", forms.PlanStepForm),
    }


def _minis(at: Place, plan: Plan, bound: Bound) -> dict[str, Any]:
    may = policies.may_call_mini_gate(at.actor, at.cast)
    listed: dict[str, Any] = {"criteria": [c for c in plan.criteria if c.applicable], "roles": at.cast.roles}
    # A trigger or a logged change that leads here brings its words along.
    listed["initial"] = {"trigger": at.request.GET.get("trigger", "")[:300]}
    return {
        "minis": reads.mini_gates_of(at.program),
        "may_mini": may,
        "mini_form": _form(may, bound, "mini", forms.MiniGateForm, **listed),
    }


def _team(at: Place, bound: Bound) -> dict[str, Any]:
    may = policies.may_set_team(at.actor, at.cast)
    initial = {"small": at.program.small_team}
    return {"may_team": may, "team_form": _form(may, bound, "team", forms.TeamForm, initial=initial)}


def _end(at: Place, gate: Event | None, bound: Bound) -> dict[str, Any]:
    may = policies.may_stop(at.actor, at.cast)
    running = at.program.state == ProgramState.RUNNING
    key = {"key": secrets.token_hex(16)}
    return {
        "closure": reads.closure_of(at.program),
        "may_stop": may,
        "close_form": _form(may, bound, "close", forms.CloseForm) if running else None,
        "stop_form": _form(may, bound, "stop", forms.StopForm, initial=key) if gate and not running else None,
    }


def _form(may: Decision | None, bound: Bound, name: str, made: type[Form], **options: Any) -> Form | None:
    """The form that was refused, else a new one; none for somebody who may not send it."""
    if not may:
        return None
    return bound.get(name) or made(**options)
