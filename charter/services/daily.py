"""Once per program and local day: what the charter makes of a day that has passed (S29)."""

import datetime as dt

from django.db import transaction

from charter.selectors.problem import unsigned_after_day
from programs.models import Program
from risks.models import Risk
from risks.services import raise_risk

WEAK_ANCHOR = "r-weak-anchor"
"""The playbook's risk of a program without a business anchor."""
BECAUSE = "The problem statement is not signed by business owner and sponsor, and the day for it has passed."


@transaction.atomic
def keep_day(program: Program, today: dt.date) -> Risk | None:
    """Raise the risk of a weak anchor once the day for the signatures has passed without them (S29).

    Returns the risk when it stands raised because of that. Safe to run many times: a risk is raised once, and whatever
    people make of it afterwards stands. A program that is paused or past its 90 days, or has no such risk, is left be.
    """
    if not program.is_active or not unsigned_after_day(program, today):
        return None
    return raise_risk(program=program, slug=WEAK_ANCHOR, reason=BECAUSE)
