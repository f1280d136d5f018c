"""The end of a program, posted to the steering page (G10). Decides nothing; services do."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from core.text import many_lines, one_line
from gates import forms_steering as forms
from gates import policies
from gates.domain.contents import DecisionInput
from gates.services import deciding, ending
from gates.views._desk import desk
from phases.enums import Outcome
from phases.selectors import find_event
from phases.views._shared import answer


@require_POST
def stop_now(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Decide Stop on a gate, whether or not it is in review: the sponsor, any day."""
    page = desk(request, program_slug)
    at = page.place
    event = find_event(at.program, slug)
    return answer(
        page,
        forms.StopForm(request.POST),
        lambda data: deciding.decide(
            actor=at.actor,
            event=event,
            wanted=DecisionInput(
                word=Outcome.STOP,
                reason=many_lines(data["reason"]),
                explanation=many_lines(data["explanation"]),
                lessons=many_lines(data["lessons"]),
                disposal=many_lines(data["disposal"]),
                people_told=one_line(data["people_told"]),
                stop_reason=data["stop_reason"],
                cost_avoided=data["cost_avoided"],
            ),
            key=data["key"],
        ),
        "The program is stopped on purpose. What is left to clear up has owners and dates.",
        may=policies.may_stop(at.actor, at.cast),
    )


@require_POST
def close(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Retire a running program."""
    page = desk(request, program_slug)
    at = page.place
    names = ("reason", "lessons", "people_told", "disposal", "cost_avoided")
    return answer(
        page,
        forms.CloseForm(request.POST),
        lambda data: ending.close_program(actor=at.actor, program=at.program, **{name: data[name] for name in names}),
        "The program is closed. What is left to clear up has owners and dates.",
        may=policies.may_stop(at.actor, at.cast),
    )
