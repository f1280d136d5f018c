"""Reads status updates, and drafts the facts of the next one. Must not write."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from activity.models import Entry
from activity.selectors import last_at, of_program
from core import clock
from gates.selectors.reading import GateReading, read_program
from phases.selectors import load_plan
from programs.domain.localtime import local_date
from programs.models import Program
from updates.domain import rules
from updates.domain.draft import Fact, Happened, draft
from updates.enums import ByMail
from updates.models import StatusUpdate, Subscription

ENTRIES = 2000
"""Entries looked at for one draft: three months of a busy program."""


@dataclass(frozen=True)
class Cadence:
    """When an update was due last, and whether it is missing."""

    due: dt.date | None
    missed: bool
    next_due: dt.date


def updates_of(program: Program) -> QuerySet[StatusUpdate]:
    """Return a program's updates, newest first, with who wrote and who read them."""
    rows = StatusUpdate.objects.filter(program=program)
    return rows.select_related("posted_by", "way_back_owner", "acknowledgement", "acknowledgement__by")


def find_update(program: Program, number: int) -> StatusUpdate:
    """Return one update (one query). Errors: Http404."""
    found = updates_of(program).filter(number=number).first()
    if found is None:
        raise Http404("No such update")
    found.program = program
    return found


def latest(program: Program) -> StatusUpdate | None:
    """Return the newest update (one query)."""
    return updates_of(program).first()


def by_mail_of(user: User, program: Program) -> ByMail:
    """Return how somebody gets updates of a program (one query)."""
    found = Subscription.objects.filter(program=program, user=user).values_list("at_once", flat=True).first()
    if found is None:
        return ByMail.NO
    return ByMail.AT_ONCE if found else ByMail.DIGEST


def drafted(program: Program, since: dt.datetime | None) -> list[Fact]:
    """Return the facts since an instant, from the activity record (one query)."""
    rows: QuerySet[Entry] = of_program(program.pk).order_by("id")
    if since is not None:
        rows = rows.filter(at__gt=since)
    values = rows.values_list("verb", "subject_kind", "subject_id", "subject_label", "data")[:ENTRIES]
    return draft(Happened(*value) for value in values)


def reading_of(program: Program) -> GateReading:
    """Return the program's reading as of now (some twenty queries, whatever its size)."""
    today = clock.today(program.time_zone)
    return read_program(load_plan(program), today=today, last_update=last_at(program.pk))


def cadence_of(program: Program, last: StatusUpdate | None, today: dt.date) -> Cadence:
    """Say when an update was due and whether it is missing. No queries."""
    calendar = program.calendar
    due = rules.current_due(today, program.start_date, calendar)
    posted = local_date(last.posted_at, program.time_zone) if last else None
    coming = rules.due_day(today, calendar)
    if coming <= today:
        coming = rules.due_day(today + dt.timedelta(days=7), calendar)
    return Cadence(due, program.is_active and rules.is_missed(due, posted, today), coming)
