"""How gaps cap readiness: three criteria stand or fall with the register of owners, whatever was uploaded.

Formula version 1 scores the dimension Ownership by criteria alone and stays as it is. The cap works on the proof that
goes into it: while the register shows a gap, the criterion cannot be handed in or verified, and one that was verified
counts as stale (half credit, never met) until the gap is closed, also after the gate that froze it. Pure.
"""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from ownership.domain.gaps import Holding, area_gaps
from ownership.enums import GapKind


class Demand(StrEnum):
    """What a criterion asks of every area."""

    INTERIM = "interim"
    ACCEPTED = "accepted"
    OPERATING = "operating"


DEMANDS = {
    "g30-interim-owners": Demand.INTERIM,
    "g60-owners-accepted": Demand.ACCEPTED,
    "g90-owners-operating": Demand.OPERATING,
}
"""The playbook's criteria about the areas: a named person; accepted with a deputy; run for two weeks."""
RUN_IN_DAYS = 14
"""Calendar days for which an owner has run the area before the handover counts (S92)."""
_NAMED = (GapKind.NOBODY, GapKind.DEACTIVATED)


def shortfalls(slug: str, holdings: Iterable[Holding], today: dt.date) -> tuple[str, ...]:
    """Say what the register lacks for a criterion, area by area; empty when it holds or asks nothing of the areas."""
    demand = DEMANDS.get(slug)
    if demand is None:
        return ()
    return tuple(words for holding in holdings for words in _lacks(demand, holding, today))


def _lacks(demand: Demand, area: Holding, today: dt.date) -> tuple[str, ...]:
    gaps = area_gaps(area, today)
    if demand is Demand.INTERIM:
        return tuple(gap.sentence for gap in gaps if gap.kind in _NAMED)
    if gaps or demand is Demand.ACCEPTED:
        return tuple(gap.sentence for gap in gaps)
    ran = (today - area.effective_from).days if area.effective_from else 0
    if ran < RUN_IN_DAYS:
        return (f"{area.name} has been run for {ran} of {RUN_IN_DAYS} days by its owner.",)
    return ()
