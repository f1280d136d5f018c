"""Refuses a step of the plan that the metric set does not bear out yet. Must not change anything.

The plan lies above; it tells what happens through the activity record, inside its own transaction, and what is refused
here is undone there.
"""

from activity.enums import Verb
from activity.models import Entry
from core.errors import Invalid
from metrics.domain.categories import CRITERION
from metrics.selectors.categories import missing_categories

STEPS = (Verb.CRITERION_HANDED_IN, Verb.CRITERION_VERIFIED)


def on_activity(entry: Entry) -> None:
    """Keep the criterion of the metric set open while a required category has no confirmed metric (S52, S53)."""
    if entry.program_id is None or entry.verb not in STEPS or entry.data.get("slug") != CRITERION:
        return
    missing = missing_categories(entry.program_id)
    if missing:
        raise Invalid(
            f"No confirmed metric covers {', '.join(missing)}. Confirm one of each on the metrics page first."
        )
