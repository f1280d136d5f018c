"""Gives a program its own copy of the reminder rules, so that changing the defaults never rewrites a running plan."""

from django.db import transaction

from programs.models import Program
from reminders.defaults import default_rules
from reminders.models import ProgramPlan, Rule


@transaction.atomic
def copy_default_rules(program: Program) -> None:
    """Write the default rules and the planning row of a program that has none; safe to call again.

    Raises RuleError when the shipped defaults are malformed.
    """
    rows = [
        Rule(program=program, slug=entry["slug"], definition={k: v for k, v in entry.items() if k != "slug"})
        for entry in default_rules()
    ]
    # Existing rows are kept as they are: the slug is rewritten with itself, other faults still raise.
    Rule.objects.bulk_create(rows, update_conflicts=True, unique_fields=["program", "slug"], update_fields=["slug"])
    ProgramPlan.objects.update_or_create(program=program, defaults={"dirty": True})
