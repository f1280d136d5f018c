"""Reads problem statements and their signatures (S27-S29). Must not write."""

import datetime as dt

from charter.domain.limits import problem_signed_by_day
from charter.domain.problem import FIELDS, is_risk, unsigned_seats
from charter.enums import Seat
from charter.models import ProblemStatement
from programs.domain.calendar import day_of
from programs.models import Program


def problem_versions(program: Program) -> list[ProblemStatement]:
    """Return the versions, newest first, with their signatures (two queries)."""
    rows = ProblemStatement.objects.filter(program=program).select_related("logged_by")
    return list(rows.prefetch_related("signatures__signed_by"))


def problem_words(row: ProblemStatement) -> dict[str, str]:
    """The fields of a version as texts."""
    return {name: str(getattr(row, name)) for name in FIELDS}


def unsigned(program: Program) -> list[Seat] | None:
    """Return which seats of the newest version have not signed; None when there is no version at all."""
    newest = ProblemStatement.objects.filter(program=program).order_by("-number").first()
    if newest is None:
        return None
    return unsigned_seats(newest.signatures.filter(signed_by__isnull=False).values_list("seat", flat=True))


def unsigned_after_day(program: Program, today: dt.date) -> bool:
    """Say whether the program goes on without a business anchor: its day has passed unsigned (S29).

    The day is data of the program (`problem_signed_by_day`). Whoever raises the risk asks this once a day.
    """
    by_day = problem_signed_by_day(program.limits)
    return is_risk(day_of(program.start_date, today), by_day, signed=unsigned(program) == [])
