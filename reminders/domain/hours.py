"""When a mail may leave: the recipient's morning to evening, on a day that is worked and not an absence (rule 5).

Pure. Used for whatever is late; a reminder on time already carries the recipient's hour.
"""

from datetime import date, datetime, timedelta

from programs.domain.calendar import WorkCalendar
from programs.domain.localtime import local_date, local_hour, local_instant
from reminders.domain.facts import Person
from reminders.domain.preferences import quiet_in

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
