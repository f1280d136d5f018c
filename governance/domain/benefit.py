"""What a benefit reading says: its confidence grade and how far it is on the way to the target (S97). Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from governance.enums import Basis

DAYS = (120, 180)
"""Program days on which the playbook asks for a reading."""
BELOW_PLAN = 40
"""Per cent of the way below which two readings running ask for a stop-or-fix decision (trigger of the playbook)."""
GRADES = {"A": "measured and verified", "B": "measured", "C": "estimated", "D": "nothing read"}


def grade(basis: str, *, verified: bool) -> str:
    """A measured and verified by a second person, B measured, C estimated, D nothing; nobody can claim an A."""
    if basis == Basis.MEASURED:
        return "A" if verified else "B"
    return "C" if basis == Basis.ESTIMATED else "D"


def progress(value: Decimal | None, baseline: Decimal | None, target: Decimal | None) -> int | None:
    """Per cent of the way from baseline to target, below 0 when it got worse; the same for targets that lie lower.

    None when a number is missing or baseline and target are the same.
    """
    if value is None or baseline is None or target is None or baseline == target:
        return None
    share = (value - baseline) / (target - baseline) * 100
    return int(share.to_integral_value(rounding=ROUND_HALF_UP))


def falls_short(newest_first: Sequence[int | None]) -> bool:
    """Whether the two newest readings that could be held against the plan are both below 40 % of it."""
    known = [share for share in newest_first if share is not None][:2]
    return len(known) == 2 and all(share < BELOW_PLAN for share in known)
