"""Switches the weekly status update off where a test counts other mails. Must not hold assertions."""

from programs.models import Program
from reminders.enums import RuleSlug
from reminders.models import Rule


def without_updates(program: Program) -> None:
    """Nobody is asked for status updates of this program."""
    for slug in (RuleSlug.UPDATE_DUE, RuleSlug.UPDATE_MISSED):
        Rule.objects.filter(program=program, slug=slug).update(definition={"slug": slug.value, "enabled": False})
