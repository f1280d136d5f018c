"""G13 and G14: what does not apply, and what is made weaker. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gates.domain.limits import Limits
from gates.enums import TailoringKind


@dataclass(frozen=True)
class Share:
    """How much of a dimension does not apply."""

    dimension: str
    left_out: int
    total: int

    @property
    def part(self) -> Fraction:
        """Left out as a share of all, 0 for an empty dimension."""
        return Fraction(self.left_out, self.total) if self.total else Fraction(0)


def not_applicable(criteria: Iterable[tuple[str, bool]]) -> tuple[Share, ...]:
    """Count `(dimension, applies)` pairs by dimension, largest share first."""
    found: dict[str, list[bool]] = {}
    for dimension, applies in criteria:
        found.setdefault(dimension, []).append(applies)
    shares = [Share(name, own.count(False), len(own)) for name, own in found.items()]
    return tuple(sorted(shares, key=lambda share: (-share.part, share.dimension)))


def flagged(shares: Iterable[Share], limits: Limits) -> tuple[Share, ...]:
    """Return the dimensions of which more than the playbook's share does not apply: gatekeepers are told (G13)."""
    return tuple(share for share in shares if share.part > limits.na_share_flag)


def weakens(kind: TailoringKind, before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Whether a change makes it easier to pass, and so needs approval (G14). Adding a criterion never does."""
    if kind is TailoringKind.ADD:
        return False
    if kind is TailoringKind.RAISE_LIMIT:
        return Fraction(str(after["value"])) > Fraction(str(before["value"]))
    return True
