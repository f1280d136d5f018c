"""Which required kinds of metrics a program still lacks (S52, S53). Must not write."""

from metrics.domain import categories
from metrics.models import Metric


def missing_categories(program_id: int) -> tuple[str, ...]:
    """Return the required categories, in words, without a confirmed metric (one query)."""
    return categories.missing(Metric.objects.filter(program=program_id).values_list("category", "confirmed"))
