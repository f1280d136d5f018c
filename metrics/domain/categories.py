"""Which kinds of metrics a program needs before production (S52, S53). Pure."""

from collections.abc import Iterable, Mapping

REQUIRED: Mapping[str, str] = {
    "reliability": "reliability",
    "latency": "response time",
    "cost": "cost",
    "adoption": "adoption",
    "quality": "quality",
    "outcome": "outcome",
}
"""Category and its words, as criterion `g60-metric-set-approved` lists them: accuracy alone is not enough."""
CRITERION = "g60-metric-set-approved"


def missing(metrics: Iterable[tuple[str, bool]]) -> tuple[str, ...]:
    """The required categories, in words, without a confirmed metric; `metrics` are (category, confirmed)."""
    there = {category for category, confirmed in metrics if confirmed}
    return tuple(words for category, words in REQUIRED.items() if category not in there)
