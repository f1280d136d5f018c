"""Everything in a program's facts that a reminder can still be about. Pure."""

from collections.abc import Iterator
from datetime import date

from reminders.domain.facts import ProgramFacts
from reminders.enums import Kind

Place = tuple[Kind, int, date]
"""Kind, id and due date."""


def open_subjects(program: ProgramFacts) -> dict[Place, tuple[str, str]]:
    """Slug and label of what is open, by kind, id and due date: a date that moved is another place."""
    return {place: names for place, names in [*_items(program), *_around(program)]}


def _items(program: ProgramFacts) -> Iterator[tuple[Place, tuple[str, str]]]:
    for item in program.items:
        if item.finished:
            continue
        yield (item.kind, item.id, item.due), (item.slug, item.label)
        if item.handed_in and item.asked_on is not None:
            yield (Kind.REVIEW, item.id, item.asked_on), (item.slug, item.label)
    for event in program.events:
        if not event.decided:
            yield (Kind.EVENT, event.id, event.due), (event.slug, event.label)


def _around(program: ProgramFacts) -> Iterator[tuple[Place, tuple[str, str]]]:
    for ending in program.endings:
        yield (ending.kind, ending.id, ending.due), (ending.slug, ending.label)
    for hold in program.holds:
        yield (Kind.HOLD, hold.id, hold.due), (hold.slug, hold.label)
    for round_ in program.rounds:
        yield (Kind.VIEW, round_.id, round_.opened), (round_.slug, round_.label)
    for wanted in program.wanted:
        yield (wanted.kind, wanted.id, wanted.since), (wanted.slug, wanted.label)
    for event in program.governance:
        yield (Kind.GOVERNANCE, event.id, event.due), (event.slug, event.label)
    for risk in program.risks:
        yield (Kind.RISK, risk.id, risk.due), (risk.slug, risk.label)
    for signal in program.signals:
        yield (signal.kind, signal.id, signal.due), (signal.slug, signal.label)
    for asked in program.nominations:
        yield (Kind.NOMINATION, asked.id, asked.since), (asked.role, asked.label)
    for area in program.areas:
        role = program.roles.get(area.role)
        if role is not None and role.vacant_since is not None:
            yield (Kind.AREA, area.id, role.vacant_since), (area.slug, area.label)
    if program.updates is not None:
        for due in program.updates.due:
            yield (Kind.UPDATE, program.updates.program_id, due), (program.updates.slug, program.updates.label)
