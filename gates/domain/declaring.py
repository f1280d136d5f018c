"""Declared beside computed: worse at any time, better only with the sponsor's yes and an end. Pure."""

import datetime as dt

from gates.domain.limits import Limits
from gates.domain.waivers import Fault
from phases.domain.status import Colour

ORDER = (Colour.GREY, Colour.RED, Colour.AMBER, Colour.GREEN)


def is_better(declared: Colour, computed: Colour) -> bool:
    """Whether a declared colour is better than the computed one; grey is the worst, since unknown is not good."""
    return ORDER.index(declared) > ORDER.index(computed)


def faults(
    declared: Colour, computed: Colour, *, reason: str, expires_on: dt.date | None, today: dt.date, limits: Limits
) -> list[Fault]:
    """Return what is missing from a declaration."""
    found = []
    better = is_better(declared, computed)
    if not reason.strip() and declared is not computed:
        found.append(Fault("reason", "Say why you see it differently."))
    if better:
        latest = today + dt.timedelta(days=limits.declared_better_max_days)
        if expires_on is None or not today < expires_on <= latest:
            found.append(Fault("expires_on", f"Better than computed ends by {latest:%a %d %b %Y} at the latest."))
    return found


def holds(*, better: bool, agreed: bool, expires_on: dt.date | None, today: dt.date) -> bool:
    """Whether a declaration is in force as of a day."""
    if expires_on is not None and today > expires_on:
        return False
    return agreed or not better
