"""A small program as the planner sees it, for tests that need no database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from programs.domain.calendar import WorkCalendar
from reminders.domain.facts import AreaFacts, EventFacts, ItemFacts, Past, Person, ProgramFacts, RoleFacts
from reminders.domain.rules import parse_rules
from reminders.enums import Kind

CALENDAR = WorkCalendar.build(country="DE", subdivision="BE", extra_days_off=[date(2026, 12, 24), date(2026, 12, 31)])
DEFAULTS = yaml.safe_load((Path(__file__).parents[2] / "reminders" / "defaults.yaml").read_text(encoding="utf-8"))
RULES = parse_rules(DEFAULTS["rules"])
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

SPONSOR, MANAGER, OWNER, DEPUTY, KEEPER = 1, 2, 3, 4, 5
PEOPLE = {
    SPONSOR: Person(SPONSOR, "Ines", "Europe/Berlin"),
    MANAGER: Person(MANAGER, "Mara", "Europe/Stockholm"),
    OWNER: Person(OWNER, "Priya", "Asia/Kolkata"),
    DEPUTY: Person(DEPUTY, "Sven", "Europe/Berlin"),
    KEEPER: Person(KEEPER, "Dana", "America/New_York"),
}
ROLES = {
    "sponsor": RoleFacts("sponsor", "Executive sponsor", SPONSOR, None),
    "program-manager": RoleFacts("program-manager", "Program manager", MANAGER, None),
    "model-owner": RoleFacts("model-owner", "Model owner", OWNER, DEPUTY),
    "finance-partner": RoleFacts("finance-partner", "Finance partner", KEEPER, None),
    "monitoring-owner": RoleFacts("monitoring-owner", "Monitoring owner", None, None, date(2026, 10, 12)),
}


def item(due: date, *, id: int = 7, role: str = "model-owner", kind: Kind = Kind.CRITERION, **more) -> ItemFacts:
    """A criterion due on `due`, owned by Priya (deputy Sven) unless said otherwise."""
    return ItemFacts(kind, id, f"c-{id}", f"Criterion {id}", due, role, verifier_role="finance-partner", **more)


def gate(due: date, *, id: int = 30, **more) -> EventFacts:
    """A gate on `due` with the finance partner (Dana) as gatekeeper."""
    return EventFacts(id, f"gate-{id}", f"Gate {id}", due, gatekeepers=("finance-partner",), **more)


def area(role: str = "monitoring-owner") -> AreaFacts:
    """An ownership area of a vacant role."""
    return AreaFacts(3, "area-monitoring", "Monitoring", role)


def program(*items: ItemFacts, events=(), areas=(), past=(), people=None, roles=None, **more) -> ProgramFacts:
    """The program with these items; `people` and `roles` override the standard ones."""
    return ProgramFacts(
        id=1,
        name="Claims triage assistant",
        zone="Europe/Berlin",
        calendar=CALENDAR,
        since=more.pop("since", LONG_AGO),
        people={**PEOPLE, **(people or {})},
        roles={**ROLES, **(roles or {})},
        items=items,
        events=tuple(events),
        areas=tuple(areas),
        past=tuple(past),
        **more,
    )


def absent(person: Person, first: date, last: date) -> Person:
    """The person with one absence."""
    return replace(person, absences=((first, last),))


def sent(due: date, on: date, *, rule="item-overdue", occurrence="+1", user=OWNER, id=7, kind=Kind.CRITERION) -> Past:
    """A reminder that was sent on a local date."""
    return Past(kind, id, rule, occurrence, due, user, on)
