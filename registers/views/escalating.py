"""Pressing an issue upwards by hand (S58). Decides nothing; the escalation app does."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from escalation.enums import Subject
from escalation.services import About
from escalation.views._place import place
from escalation.views.starting import METHODS, press
from registers.selectors.issues import find_issue
from risks.models import EscalationPath


@require_http_methods(METHODS)
def escalate(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Start a path about an issue, that of the risk behind it unless another is chosen."""
    at = place(request, program_slug)
    issue = find_issue(at.program, number)
    about = About(Subject.ISSUE, issue.pk, issue.title, issue.get_absolute_url())
    risk = issue.risk
    path = EscalationPath.objects.filter(pk=risk.path_id).first() if risk is not None else None
    return press(at, about, risk=risk, path=path)
