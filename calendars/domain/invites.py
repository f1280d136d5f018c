"""When somebody's invitation is sent, changed or called off (RFC 5546). Pure: no clock, no database.

One person's copy of one event is a chain of mails under one UID. Each mail carries a higher SEQUENCE than all before
it, and there is a mail only when what stands in the person's calendar is not what ought to stand there.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from calendars.enums import Method


@dataclass(frozen=True)
class Content:
    """What an invitation says: a name, a day, and where it has them an hour, a length in minutes, a place."""

    label: str
    on: dt.date
    at: dt.time | None = None
    minutes: int = 60
    place: str = ""
    zone: str = "UTC"

    def as_json(self) -> dict[str, Any]:
        """Plain JSON of it."""
        at = self.at.isoformat("minutes") if self.at else None
        return {**asdict(self), "on": self.on.isoformat(), "at": at}

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> "Content":
        """The content that `as_json` wrote."""
        at = dt.time.fromisoformat(data["at"]) if data["at"] else None
        return cls(**{**data, "on": dt.date.fromisoformat(data["on"]), "at": at})


@dataclass(frozen=True)
class Chain:
    """One person's copy of one event: the newest mail, and what stood in the calendar before that mail.

    `sequence` is -1 before the first mail. `before` is None when nothing stood there.
    """

    sequence: int = -1
    method: Method = Method.CANCEL
    content: Content | None = None
    before: Content | None = None

    def standing(self, *, left: bool) -> Content | None:
        """What stands in the person's calendar; `left` says whether the newest mail may have reached them."""
        if not left:
            return self.before
        return self.content if self.method is Method.REQUEST else None


def advance(
    chain: Chain, wanted: Content | None, today: dt.date, *, left: bool, waiting: bool, happened: bool = False
) -> tuple[Chain, bool]:
    """Return the chain as it ought to be, and whether the newest mail has to be withdrawn.

    `wanted` is what the person ought to have (None: nothing); `left` whether the newest mail may have left; `waiting`
    whether it waits to. `happened`: the event was decided, so that its own day is not called off any more. A chain
    with a higher sequence is a mail to send; the same chain is none.
    """
    standing = chain.standing(left=left)
    method, content = _step(standing, wanted, today, happened=happened)
    if waiting and not left and method is chain.method and content == chain.content:
        return chain, False
    if method is None:
        return chain, waiting and not left
    return Chain(chain.sequence + 1, method, content, standing), waiting and not left


def _step(
    standing: Content | None, wanted: Content | None, today: dt.date, *, happened: bool
) -> tuple[Method | None, Content | None]:
    """The mail that turns what stands into what is wanted. A day that has passed is nobody's news."""
    if wanted is not None and wanted.on >= today:
        return (None, None) if wanted == standing else (Method.REQUEST, wanted)
    if standing is None or (wanted is not None and wanted.on == standing.on):
        return None, None
    ahead = standing.on > today if happened else standing.on >= today
    return (Method.CANCEL, standing) if ahead else (None, None)
