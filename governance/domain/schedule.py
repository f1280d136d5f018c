"""Whether the twelve months after day 90 are scheduled, and what is missing (S75, S76). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from governance.enums import GovernanceKind

MONTHS = 12
FIRST_WITHIN = 30
"""Days after day 90 inside which the first event falls (text of the criterion)."""


@dataclass(frozen=True)
class Slot:
    """One month of the year after day 90, `first` to `last` included, and how much falls into it."""

    first: date
    last: date
    count: int = 0


def slots(end: date, dates: Iterable[date]) -> list[Slot]:
    """The twelve months from the day after `end` (day 90), each with the number of `dates` in it."""
    known = sorted(dates)
    found = []
    for number in range(MONTHS):
        first = end + relativedelta(months=number) + timedelta(days=1)
        last = end + relativedelta(months=number + 1)
        found.append(Slot(first, last, sum(first <= on <= last for on in known)))
    return found


def missing_kinds(kinds: Iterable[str]) -> list[GovernanceKind]:
    """The kinds of which nothing is scheduled in these twelve months (S76)."""
    there = set(kinds)
    return [kind for kind in GovernanceKind if kind not in there]


def reasons(end: date, scheduled: Sequence[tuple[date, str]]) -> list[str]:
    """Why the calendar is not complete, one sentence each; empty when it is. `scheduled` holds date and kind."""
    first = [on for on, _ in scheduled if end < on <= end + timedelta(days=FIRST_WITHIN)]
    found = [] if first else [f"Nothing is scheduled within {FIRST_WITHIN} days after day 90."]
    months = slots(end, (on for on, _ in scheduled))
    bare = [slot for slot in months if not slot.count]
    if bare:
        named = ", ".join(f"{_write(slot.first)} to {_write(slot.last)}" for slot in bare[:3])
        more = f" and {len(bare) - 3} more" if len(bare) > 3 else ""
        found.append(f"{MONTHS - len(bare)} of {MONTHS} months are scheduled; nothing falls into {named}{more}.")
    missing = missing_kinds(kind for on, kind in scheduled if months[0].first <= on <= months[-1].last)
    found += [f"No {kind.value} is scheduled in the twelve months after day 90." for kind in missing]
    return found


def _write(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
