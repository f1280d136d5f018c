"""What is posted to one escalation: acknowledge, end. Decides nothing; services do."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from escalation import forms, policies, services
from escalation.selectors import standing
from escalation.views._place import answer, place
from escalation.views.reading import show


@require_POST
def acknowledge(request: HttpRequest, program_slug: str, escalation_id: int) -> HttpResponse:
    """Stop the clock with a word on what is done."""
    at = place(request, program_slug)
    row = standing.find(at.program, escalation_id, at.cast).row
    return answer(
        at,
        forms.AcknowledgeForm(request.POST, name="acknowledge"),
        lambda data: services.acknowledge(actor=at.actor, escalation=row, note=data["note"]),
        "Acknowledged. The clock stands, and nobody else is told.",
        may=policies.may_acknowledge(at.actor, row, at.cast),
        show=lambda form, status, **more: show(at, escalation_id, status=status, acknowledge_form=form, **more),
    )


@require_POST
def end(request: HttpRequest, program_slug: str, escalation_id: int) -> HttpResponse:
    """End it with a reason although its cause stays."""
    at = place(request, program_slug)
    row = standing.find(at.program, escalation_id, at.cast).row

    def again(form: Form, status: int, **more: object) -> HttpResponse:
        return show(at, escalation_id, status=status, end_form=form, **more)

    return answer(
        at,
        forms.EndForm(request.POST, name="end"),
        lambda data: services.end_by_hand(actor=at.actor, escalation=row, reason=data["reason"]),
        "Ended, with your reason.",
        may=policies.may_end(at.actor, row, at.cast),
        show=again,
    )
