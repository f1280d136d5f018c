"""Lets pages of apps below say which of their things is being escalated, without importing this app."""

from django import template

from escalation.models import Escalation
from escalation.selectors import standing
from programs.models import Program

register = template.Library()


@register.simple_tag
def escalations_about(program: Program, kind: str, subject_id: int) -> list[Escalation]:
    """Return what has not ended about a risk or an issue (one query)."""
    return standing.about(program, kind, subject_id)


@register.simple_tag
def risks_escalated(program: Program) -> dict[int, Escalation]:
    """Return the escalation that flags each risk, by the risk's id (two queries)."""
    return standing.of_risks(program)


@register.filter
def flagged(risks: dict[int, Escalation], risk_id: int) -> Escalation | None:
    """Return the escalation that flags a risk, from what `risks_escalated` gave."""
    return risks.get(risk_id)
