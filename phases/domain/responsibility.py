"""Who answers for an item, who may stand in, and who may verify it. Pure: people are ids.

The order is one rule for pages, mails and permissions alike, so that they can never disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Responsible:
    """Who answers. `person` is None when nobody does; then `stand_in` (the program manager) is asked."""

    person: int | None
    stand_in: int | None
    deputy: int | None

    @property
    def addressee(self) -> int | None:
        """Whom a page or mail turns to: the person, else the stand-in."""
        return self.person if self.person is not None else self.stand_in


def responsible(*, assignee: int | None, holder: int | None, deputy: int | None, manager: int | None) -> Responsible:
    """Resolve an item: the assignee, else the role's holder, else nobody with the program manager standing in.

    All arguments are ids of active people or None. The deputy is left out when the deputy already answers.
    """
    person = assignee if assignee is not None else holder
    other = deputy if deputy != person else None
    return Responsible(person, manager if person is None else None, other)


def verifiers(
    *,
    holder: int | None,
    deputy: int | None,
    manager: int | None,
    sponsor: int | None,
    excluded: Sequence[int | None],
) -> tuple[int, ...]:
    """Return who may verify, first choice first; never the owner or who handed it in (G2).

    The verifying role's holder and deputy come first; when neither may, the program manager, then the sponsor.
    Empty when everybody left is excluded: then nobody may, and the page says so.
    """
    for choice in ((holder, deputy), (manager,), (sponsor,)):
        usable = tuple(p for p in choice if p is not None and p not in excluded)
        if usable:
            return usable
    return ()
