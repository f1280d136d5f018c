"""Status updates of one program as the planner's facts. Must not decide anything."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Max

from core import clock
from programs.domain.localtime import local_date
from reminders.domain.update_facts import PublishedFacts, UpdateFacts
from reminders.domain.updates import NEWS_DAYS
from reminders.selectors.rows import Rows
from updates.domain.rules import due_day, is_answered
from updates.models import StatusUpdate, Subscription

WEEKS_AHEAD = 6
"""As far as the preview of a month reaches."""


def update_facts(rows: Rows) -> UpdateFacts:
    """Due days that no update answers yet, recent news, subscribers. No query."""
    program = rows.program
    today = clock.today(program.time_zone)
    recent = sorted(rows.of(StatusUpdate), key=lambda update: -update.number)
    posted = [PublishedFacts(u.pk, u.number, u.verdict, local_date(u.posted_at, program.time_zone)) for u in recent]
    last = posted[0].posted if posted else None
    weeks = {due_day(today + timedelta(days=7 * week), program.calendar) for week in range(-1, WEEKS_AHEAD)}
    due = sorted(day for day in weeks if (day - program.start_date).days >= 5 and not is_answered(day, last))
    wanting = sorted((row.user_id, row.at_once) for row in rows.of(Subscription))
    return UpdateFacts(
        program_id=program.pk,
        slug=program.slug,
        label=f"Status update of {program.name}",
        due=tuple(due),
        published=tuple(p for p in posted if (today - p.posted).days <= NEWS_DAYS),
        subscribers=tuple(wanting),
    )


def last_posted(programs: Iterable[int], zones: dict[int, str]) -> dict[int, date]:
    """The local date of each program's newest update, by program (one query)."""
    rows = StatusUpdate.objects.filter(program__in=programs).order_by().values_list("program_id")
    return {pk: local_date(at, zones[pk]) for pk, at in rows.annotate(at=Max("posted_at")) if pk in zones}
