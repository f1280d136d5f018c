"""When a reminder may leave, and in which mail: the recipient's morning to evening, on a day that is worked and neither
an absence nor quiet (rules 4, 5).

Pure. Composing and the preview of somebody's own changes both ask here, so they agree.
"""

from datetime import date, datetime, timedelta

from programs.domain.calendar import WorkCalendar
from programs.domain.localtime import local_date, local_hour, local_instant
from reminders.domain.facts import Person
from reminders.domain.intents import daily_key, week_key
from reminders.domain.preferences import quiet_in
from reminders.enums import RuleSlug, Style

_LONGEST_WAIT = 366


def next_decent_hour(
    now: datetime, person: Person, calendar: WorkCalendar, *, late_until: int, any_day: date | None = None
) -> datetime:
    """The first instant at or after `now` at which the person may be mailed; `now` itself when they may.

    From their reminder hour until `late_until` o'clock local time (at least the one hour of somebody who chose a
    late one), on a working day of the program that is neither an absence nor a quiet day. `any_day` names a date that
    is exempt from the working-day part: the day of a gate. When a year has no such day (an absence may last one, a
    calendar may have no working day) it is the morning after that year: no reminder makes sense so long, and one person
    must not hold up the others (P8).
    """
    on = local_date(now, person.zone)
    closes = max(late_until, person.hour + 1)
    quiet = quiet_in(person.preferences.quiet, calendar)
    for _ in range(_LONGEST_WAIT):
        opens = local_instant(on, person.hour, person.zone)
        worked = on == any_day or (calendar.is_working_day(on) and not person.away_on(on) and on.weekday() not in quiet)
        if worked and now <= opens:
            return opens
        if worked and local_date(now, person.zone) == on and local_hour(now, person.zone) < closes:
            return now
        on += timedelta(days=1)
    return local_instant(on, person.hour, person.zone)


def may_leave(
    rule: str, now: datetime, person: Person, calendar: WorkCalendar, *, late_until: int, any_day: date | None
) -> datetime:
    """The first instant at or after `now` at which a reminder of a rule may leave; `any_day` as `next_decent_hour`.

    An urgent escalation, which has an `any_day`, waits for no hour.
    """
    if rule == RuleSlug.PATH_RUNG and any_day is not None:
        return now
    return next_decent_hour(now, person, calendar, late_until=late_until, any_day=any_day)


def mail_key(rule: str, step: str, key: str, person: Person, at: datetime) -> str:
    """Which mail a reminder that leaves at an instant is in: the week's, else the day's, else its own (rule 4).

    Its own has an escalation of a path, and everything of somebody who wants single mails. `key` is the reminder's.
    """
    if rule == RuleSlug.MY_WEEK:
        return week_key(person.id, step)
    if person.preferences.style is Style.SINGLE or rule == RuleSlug.PATH_RUNG:
        return f"alone|{key}"
    return daily_key(person.id, local_date(at, person.zone))
