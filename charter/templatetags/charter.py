"""Colour and word of what stands in the charter. Must not query or decide."""

from django import template

from charter.domain.outcome import GRADES
from charter.enums import DependencyState, Finding, Stance

register = template.Library()

FINDINGS = {Finding.YES: "green", Finding.PARTLY: "amber", Finding.NO: "red"}
STANCES = {
    Stance.SUPPORTS: "green",
    Stance.NEUTRAL: "grey",
    Stance.WORRIED: "amber",
    Stance.OPPOSES: "red",
    Stance.UNKNOWN: "grey",
}
STATES = {
    DependencyState.ASKED: "grey",
    DependencyState.AGREED: "amber",
    DependencyState.DELIVERED: "green",
    DependencyState.DROPPED: "grey",
}


@register.filter
def finding_colour(value: str) -> str:
    """Status value of what a check said."""
    return FINDINGS[Finding(value)]


@register.filter
def stance_colour(value: str) -> str:
    """Status value of where a group stands."""
    return STANCES[Stance(value)]


@register.filter
def state_colour(value: str) -> str:
    """Status value of how far a dependency is."""
    return STATES[DependencyState(value)]


@register.filter
def grade_words(value: str) -> str:
    """Write a confidence grade with its meaning: "B, measured"."""
    return f"{value}, {GRADES[value]}"
