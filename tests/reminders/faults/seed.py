"""Fills an installation with N people who each have one task due now; run as a program of its own.

`python -m tests.reminders.faults.seed N`. Everybody lives where it is forenoon at this moment, and programs work every
day, so that the test does not depend on when it runs. A program has 200 of them at most: more at once for one program
is a storm, which the engine holds back.
"""

import datetime as dt
import sys
from zoneinfo import ZoneInfo

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - as above

from accounts.models import User  # noqa: E402 - models need the set-up above
from core import clock  # noqa: E402 - as above
from phases.models import Phase, Task, Workstream  # noqa: E402 - as above
from programs.models import Portfolio, Program, Role  # noqa: E402 - as above
from reminders.services import copy_default_rules  # noqa: E402 - as above
from tests.reminders.quiet import without_updates  # noqa: E402 - as above

AT_ONCE = 200
"""Tasks of one program; the storm breaker of the engine lets as many go at once."""


def forenoon() -> str:
    """A zone in which it is about ten in the morning."""
    offset = (10 - clock.now().hour) % 24
    offset = offset - 24 if offset > 12 else offset
    return f"Etc/GMT{-offset:+d}" if offset else "UTC"


def main(people: int) -> None:
    """Migrate and fill the database that the environment names."""
    call_command("migrate", verbosity=0, interactive=False)
    zone = forenoon()
    portfolio = Portfolio.objects.create(name="P", slug="p")
    manager = User.objects.create(email="manager@example.org", name="Manager", time_zone=zone, reminder_hour=6)
    for number, first in enumerate(range(0, people, AT_ONCE), start=1):
        program = quiet_program(number, zone, portfolio)
        tasks_for(program, manager, newcomers(range(first, min(first + AT_ONCE, people)), zone))
        copy_default_rules(program)
        without_updates(program)


def quiet_program(number: int, zone: str, portfolio: Portfolio) -> Program:
    """A program on its day 21 that nobody but the task owners is mailed about."""
    now = clock.now()
    start = now.astimezone(ZoneInfo(zone)).date() - dt.timedelta(days=20)
    return Program.objects.create(
        slug=f"storm-{number}", name=f"Storm {number}", portfolio=portfolio, start_date=start,
        end_date=start + dt.timedelta(days=89), time_zone=zone, country="", weekend=[], tier=2, playbook_slug="x",
        playbook_version=1, launched_at=now - dt.timedelta(days=20),
    )  # fmt: skip


def newcomers(numbers: range, zone: str) -> list[User]:
    """People with these numbers, who are not there yet; without a role, so a wide right opens the programs to them."""
    return User.objects.bulk_create(
        User(
            email=f"person{n}@example.org", name=f"Person {n}", time_zone=zone, reminder_hour=6,
            is_executive_viewer=True,
        )
        for n in numbers
    )  # fmt: skip


def tasks_for(program: Program, manager: User, users: list[User]) -> None:
    """One task due today for each of these people."""
    start = program.start_date
    today = start + dt.timedelta(days=20)
    roles = [
        Role.objects.create(program=program, slug=slug, name=slug.title(), holder=manager)
        for slug in ("program-manager", "sponsor")
    ]
    phase = Phase.objects.create(
        program=program, slug="one", name="One", position=1, question="?", start_day=1, end_day=30,
        start_date=start, end_date=start + dt.timedelta(days=29),
    )  # fmt: skip
    stream = Workstream.objects.create(program=program, phase=phase, slug="s", name="S", position=1, lead_role=roles[0])
    Task.objects.bulk_create(
        Task(
            program=program, workstream=stream, slug=f"t{n}", title=f"Task {n}", deliverable="x", start_day=1,
            start_date=start, owner_role=roles[0], assignee=user, due_day=21, due_date=today, baseline_date=today,
        )
        for n, user in enumerate(users)
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
