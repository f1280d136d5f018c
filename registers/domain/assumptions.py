"""The five assumptions that would hurt most, in order. Pure: no Django, no clock, no I/O."""

from collections.abc import Mapping

TOP = 5
"""How many are marked: "top five" is the word of the requirement (S15) and of the gate-30 criterion."""


def placed(ranks: Mapping[int, int], item: int, rank: int | None) -> dict[int, int]:
    """Return the ranks after `item` is put at `rank` (1 hurts most), or taken out with None.

    Others keep their order and close the gaps; what is pushed past the last place loses its rank. A rank further
    down than there are ranked items becomes the next free one. Errors: ValueError for a rank outside 1 to TOP.
    """
    if rank is not None and not 1 <= rank <= TOP:
        raise ValueError(f"a rank is a number from 1 to {TOP}")
    order = [key for key, _ in sorted(ranks.items(), key=lambda pair: pair[1]) if key != item]
    if rank is not None:
        order.insert(rank - 1, item)
    return {key: place for place, key in enumerate(order[:TOP], start=1)}
