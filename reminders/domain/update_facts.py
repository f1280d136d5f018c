"""What the planner knows about status updates of a program. Plain values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PublishedFacts:
    """A published update: its number, its verdict and the program's date on which it was posted."""

    id: int
    number: int
    verdict: str
    posted: date


@dataclass(frozen=True)
class UpdateFacts:
    """The days on which an update is due and still missing, what was published lately, and who wants it by mail.

    `subscribers` are pairs of a person's id and whether at once (else with the daily mail).
    """

    program_id: int
    slug: str
    label: str
    due: tuple[date, ...] = ()
    published: tuple[PublishedFacts, ...] = ()
    subscribers: tuple[tuple[int, bool], ...] = ()
