"""Why readiness moved from one day to another: every change of a criterion's proof is named with its effect. Pure.

A day keeps the proof of each counted criterion, so that nothing that moved the score can be left out: what no activity
entry explains was time (evidence past its age) or another gate ahead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from phases.domain.readiness import Proof, Scoring, rounded


class Because(StrEnum):
    """What kind of change moved a criterion's part in the score."""

    PROOF = "proof"
    JOINED = "joined"
    LEFT = "left"
    LEVEL = "level"


@dataclass(frozen=True)
class Counted:
    """One criterion that counted on a day."""

    slug: str
    dimension: str
    level: str
    proof: Proof

    @classmethod
    def of_day(cls, proofs: Mapping[str, Mapping[str, str]]) -> dict[str, "Counted"]:
        """Read what a stored day says of its criteria."""
        return {slug: cls(slug, row["dimension"], row["level"], Proof(row["proof"])) for slug, row in proofs.items()}


@dataclass(frozen=True)
class Move:
    """One criterion whose part in the score changed; `before` or `after` is None where it did not count."""

    slug: str
    dimension: str
    because: Because
    before: Counted | None
    after: Counted | None

    @property
    def words(self) -> str:
        """What changed, in words."""
        if self.because is Because.JOINED:
            return "counts from now on"
        if self.because is Because.LEFT:
            return "no longer counts"
        if self.because is Because.LEVEL:
            return f"{_level(self.before)} became {_level(self.after)}"
        return f"{_proof(self.before)} became {_proof(self.after)}"


@dataclass(frozen=True)
class Shift:
    """One dimension whose score changed, with the criteria that moved it."""

    dimension: str
    before: int | None
    after: int | None
    moves: tuple[Move, ...]


def shifts(before: Mapping[str, Counted], after: Mapping[str, Counted], *, scoring: Scoring) -> tuple[Shift, ...]:
    """Return every dimension in which something moved between two days, largest change first."""
    found = moves(before, after)
    names = {move.dimension for move in found}
    rows = [
        Shift(
            name,
            score(before.values(), name, scoring),
            score(after.values(), name, scoring),
            tuple(move for move in found if move.dimension == name),
        )
        for name in names
    ]
    return tuple(sorted(rows, key=lambda row: (-abs((row.after or 0) - (row.before or 0)), row.dimension)))


def moves(before: Mapping[str, Counted], after: Mapping[str, Counted]) -> tuple[Move, ...]:
    """Return every criterion whose proof, level or presence differs between two days, by slug."""
    found = []
    for slug in sorted({*before, *after}):
        old, new = before.get(slug), after.get(slug)
        if old == new:
            continue
        if old is None and new is not None:
            found.append(Move(slug, new.dimension, Because.JOINED, None, new))
        elif new is None and old is not None:
            found.append(Move(slug, old.dimension, Because.LEFT, old, None))
        elif old is not None and new is not None:
            because = Because.PROOF if old.proof is not new.proof else Because.LEVEL
            found.append(Move(slug, new.dimension, because, old, new))
    return tuple(found)


def score(rows: Iterable[Counted], dimension: str, scoring: Scoring) -> int | None:
    """The score of a dimension on one day as printed, None when nothing counted in it."""
    own = [row for row in rows if row.dimension == dimension]
    weight = sum((scoring.weight[row.level] for row in own), Fraction(0))
    credit = sum((scoring.weight[row.level] * scoring.credit[row.proof] for row in own), Fraction(0))
    return rounded(100 * credit / weight) if weight else None


def _proof(row: Counted | None) -> str:
    return row.proof.value.replace("_", " ") if row else "nothing"


def _level(row: Counted | None) -> str:
    return f"{row.level}-meet" if row else "nothing"
