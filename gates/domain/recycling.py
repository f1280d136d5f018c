"""G9: after Recycle only some criteria are looked at again. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Reviewed:
    """One criterion of a recycled gate: named in the decision, gone stale since, its object changed since."""

    slug: str
    named: bool = False
    stale: bool = False
    changed: bool = False


def scope(criteria: Iterable[Reviewed]) -> tuple[str, ...]:
    """Return the slugs to review again: named ones, those whose evidence expired, those whose object changed."""
    return tuple(sorted(c.slug for c in criteria if c.named or c.stale or c.changed))
