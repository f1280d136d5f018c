"""Keeps each day's readiness and status (S23, "why it moved"). Must not change anything it reads."""

import datetime as dt

from activity.selectors import last_at
from core import clock
from gates.models import ReadingDay
from gates.selectors.reading import GateReading, read_program
from phases.models import Criterion
from phases.selectors import Plan, load_plan
from programs.enums import ProgramState
from programs.models import Program

KEPT = (ProgramState.ACTIVE, ProgramState.RUNNING, ProgramState.PAUSED)


def record_day(program: Program, today: dt.date) -> ReadingDay:
    """Keep the numbers of `today`, a date in the program's time zone; called again the same day it keeps the newest.

    Days that are over stay as they were: `today` is today. Errors: ValueError for any other day.
    """
    if today != clock.today(program.time_zone):
        raise ValueError("only today can be recorded: a day that is over stays as it was")
    plan = load_plan(program)
    reading = read_program(plan, today=today, last_update=last_at(program.pk))
    values = {**_numbers(reading), "proofs": _proofs(plan, reading), "recorded_at": clock.now()}
    row, _ = ReadingDay.objects.update_or_create(program=program, date=today, defaults=values)
    return row


def record_days() -> int:
    """Record today for every program that has no row for it yet; return how many. For the engine's daily pass."""
    made = 0
    for program in Program.objects.filter(state__in=KEPT).order_by("pk"):
        today = clock.today(program.time_zone)
        if not ReadingDay.objects.filter(program=program, date=today).exists():
            record_day(program, today)
            made += 1
    return made


def _numbers(reading: GateReading) -> dict[str, object]:
    result, names = reading.readiness, reading.dimension_names
    return {
        "day": reading.day,
        "gate_slug": reading.gate.slug if reading.gate else "",
        "gate_name": reading.gate.name if reading.gate else "",
        "formula_version": result.version,
        "points": result.points,
        "weakest": names[result.weakest.dimension] if result.weakest else "",
        "average": result.average,
        "verified_average": result.verified_average,
        "pace": "" if result.pace is None else str(result.pace),
        "colour": reading.status.colour.value,
        "sentence": reading.status.sentence[:400],
        "rules": [{"colour": r.colour.value, "slug": r.slug, "sentence": r.sentence} for r in reading.status.rules],
        "dimensions": [
            {"slug": row.dimension, "name": names[row.dimension], "points": row.points, "verified": row.verified_points}
            for row in result.dimensions
        ],
    }


def _proofs(plan: Plan, reading: GateReading) -> dict[str, dict[str, str]]:
    return {
        c.slug: {"proof": reading.proofs[c.pk].value, "dimension": c.dimension_slug, "level": c.level}
        for c in plan.criteria
        if _counts(c, reading)
    }


def _counts(criterion: Criterion, reading: GateReading) -> bool:
    return criterion.applicable and (reading.gate is None or criterion.event.day <= reading.gate.day)
