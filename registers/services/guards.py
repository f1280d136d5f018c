"""Refuses a step of the plan that a register does not bear out yet. Must not change anything.

The plan lies below and does not know of registers: it tells what happens through the activity record, inside its own
transaction, and what is refused here is undone there.
"""

from activity.enums import Verb
from activity.models import Entry
from core.errors import Invalid
from programs.models import Program
from registers.domain.decisions import KINDS_OF_CRITERION
from registers.selectors.decisions import missing_decision_kinds

STEPS = (Verb.CRITERION_HANDED_IN, Verb.CRITERION_VERIFIED)


def on_activity(entry: Entry) -> None:
    """Keep a criterion open while a kind of decision it needs is not on record (S48). Errors: Invalid."""
    slug = entry.data.get("slug", "")
    if entry.program_id is None or entry.verb not in STEPS or slug not in KINDS_OF_CRITERION:
        return
    missing = missing_decision_kinds(Program.objects.get(pk=entry.program_id), slug)
    if missing:
        named = ", ".join(kind.value for kind in missing)
        raise Invalid(f"The decision log lacks a decision of this kind: {named}. Put it on record first.")
