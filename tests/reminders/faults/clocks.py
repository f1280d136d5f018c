"""Drives the engine of an installation through clocks that jump; run as a program of its own.

`python -m tests.reminders.faults.clocks PEOPLE`: the changes of daylight saving in four zones, each passed in steps of
half an hour, with a clock that is once behind and once ahead by an hour. Prints one JSON object: mails not cancelled,
people whose reminder of the day did not leave exactly once, and reminders that were due at another hour than theirs.
"""

import datetime as dt
import json
import sys
from collections import Counter
from zoneinfo import ZoneInfo

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - as above
from django.db.models import F  # noqa: E402 - as above

from accounts.models import User  # noqa: E402 - models need the set-up above
from core import clock  # noqa: E402 - as above
from phases.enums import TaskState  # noqa: E402 - as above
from phases.models import Task  # noqa: E402 - as above
from programs.models import Portfolio  # noqa: E402 - as above
from reminders.enums import RuleSlug, State  # noqa: E402 - as above
from reminders.models import Delivery, Mail  # noqa: E402 - as above
from reminders.services import copy_default_rules, tick  # noqa: E402 - as above
from tests.reminders.faults.seed import newcomers, quiet_program, tasks_for  # noqa: E402 - as above
from tests.reminders.quiet import without_updates  # noqa: E402 - as above

ZONES = ("Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe")
CHANGES = (
    dt.datetime(2027, 3, 13, 18, tzinfo=dt.UTC),  # New York springs forward
    dt.datetime(2027, 3, 27, 18, tzinfo=dt.UTC),  # Berlin springs forward
    dt.datetime(2027, 4, 3, 18, tzinfo=dt.UTC),  # Santiago and Lord Howe fall back
    dt.datetime(2027, 10, 30, 18, tzinfo=dt.UTC),  # Berlin falls back
    dt.datetime(2027, 11, 6, 18, tzinfo=dt.UTC),  # New York falls back
)
STEP = dt.timedelta(minutes=30)
JUMPS = {10: -dt.timedelta(hours=1), 30: dt.timedelta(hours=1)}
"""After so many steps the clock is wrong by so much, for one pass each."""


def main(people: int) -> None:
    """Fill, run, report."""
    call_command("migrate", verbosity=0, interactive=False)
    portfolio = Portfolio.objects.create(name="P", slug="p")
    clock.move(CHANGES[0], speed=0)
    manager = User.objects.create(email="manager@example.org", name="Manager")
    for number, change in enumerate(CHANGES, start=1):
        clock.move(change, speed=0)
        Task.objects.update(state=TaskState.DONE, done_at=change)
        fill(number, change, manager, portfolio, people)
        at = change
        for step in range(96):
            clock.move(at, speed=0)
            tick()
            if wrong := JUMPS.get(step):
                clock.move(at + wrong, speed=0)
                tick()
            at += STEP
    sent = Delivery.objects.filter(state=State.SENT, rule=RuleSlug.ITEM_DUE, planned_on=F("due_date"))
    times = Counter(sent.values_list("user_id", flat=True))
    asked = Task.objects.values_list("assignee_id", flat=True)
    wrong_hour = sum(
        row.planned_for.astimezone(ZoneInfo(row.user.time_zone)).hour != row.user.reminder_hour
        for row in Delivery.objects.filter(state=State.SENT).select_related("user")
    )
    due = Mail.objects.exclude(state=State.CANCELLED).count()
    print(json.dumps({"due": due, "missing": sum(times[pk] != 1 for pk in asked), "wrong_hour": wrong_hour}))


def fill(number: int, change: dt.datetime, manager: User, portfolio: Portfolio, people: int) -> None:
    """A program whose tasks are due on the day after the change, for people of every hour in four zones."""
    due = change.date() + dt.timedelta(days=1)
    program = quiet_program(number, "UTC", portfolio)
    tasks_for(program, manager, newcomers(range(number * people, (number + 1) * people), "UTC"))
    for place, task in enumerate(program.tasks.order_by("pk")):
        User.objects.filter(pk=task.assignee_id).update(time_zone=ZONES[place % len(ZONES)], reminder_hour=place % 24)
    program.tasks.update(due_date=due, baseline_date=due)
    copy_default_rules(program)
    without_updates(program)


if __name__ == "__main__":
    main(int(sys.argv[1]))
