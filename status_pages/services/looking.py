"""Remembers what was shown, for "since you last looked". Convenience only: no record, no entry."""

import datetime as dt

from accounts.models import User
from core import clock
from programs.models import Program
from status_pages.models import LastLook, StatusLook

VISIT_ENDS_AFTER = dt.timedelta(hours=1)
WRITTEN_EVERY = dt.timedelta(minutes=10)


def look(row: LastLook, shown: str) -> bool:
    """Note that `shown` (a document's text) is looked at now; return whether the row has to be saved.

    A visit ends after an hour without a look; then what was seen last becomes what the next page compares with.
    """
    now = clock.now()
    if row.seen_at is None:
        row.seen, row.seen_at = shown, now
        return True
    quiet = now - row.seen_at
    if quiet >= VISIT_ENDS_AFTER:
        row.before, row.before_at = row.seen, row.seen_at
    elif quiet < WRITTEN_EVERY:
        return False
    row.seen, row.seen_at = shown, now
    return True


def note_look(*, user: User, program: Program, shown: str) -> StatusLook:
    """Remember a person's look at a program's status; one write in ten minutes at most (one or two queries)."""
    row = StatusLook.objects.filter(user=user, program=program).first() or StatusLook(user=user, program=program)
    if look(row, shown):
        if row._state.adding:
            own, values = ["user", "program"], ["seen", "seen_at"]  # two first looks at once are one row
            StatusLook.objects.bulk_create([row], update_conflicts=True, unique_fields=own, update_fields=values)
        else:
            row.save(update_fields=["seen", "seen_at", "before", "before_at"])
    return row
