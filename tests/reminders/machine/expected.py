"""What ought to have been told by now, worked out from the bare rows: the half of the machine that knows no engine.

Covers items and events: ahead, on the day, overdue. Ladders and areas without an owner are left to the rehearsals.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import Absence, User
from phases.models import Criterion, Event, Task
from programs.models import Program, Role
from tests.naive import DAY, Cast, Days, Person, Seat, instant, once

LATE = 20
"""The hour at which the day's window closes, unless somebody's own hour is later."""


@dataclass(frozen=True)
class Due:
    """One occurrence for one person whose time has come and has not passed."""

    kind: str
    item: int
    rule: str
    occurrence: str
    due: dt.date
    user: int
    on: dt.date

    @property
    def key(self) -> str:
        """The key of its row, as the binding document spells it."""
        return f"{self.kind}:{self.item}|{self.rule}|{self.occurrence}|{self.due}|u{self.user}"


def days_of(program: Program) -> Days:
    """The program's working days."""
    return Days(program.country, program.subdivision or None, frozenset(program.weekend))


def people() -> dict[int, Person]:
    """Everybody, as they are now."""
    found = {
        u.pk: Person(u.time_zone, u.reminder_hour, u.is_active, sees_all=u.sees_everything) for u in User.objects.all()
    }
    for absence in Absence.objects.all():
        found[absence.user_id].away.append((absence.start, absence.end))
    return found


def may_get_mail(person: Person, days: Days, at: dt.datetime) -> bool:
    """Whether it is somebody's decent hour on a day that is worked and no absence (rule 5)."""
    local = person.local(at)
    return in_hours(person, at) and days.works(local.date()) and not person.is_away(local.date())


def in_hours(person: Person, at: dt.datetime) -> bool:
    """Whether it is between somebody's hour and the evening."""
    return person.hour <= person.local(at).hour < max(LATE, person.hour + 1)


def due_now(program: Program, now: dt.datetime) -> Iterator[Due]:
    """Every occurrence that could leave at this instant."""
    known, days = people(), days_of(program)
    seats = {r.slug: Seat(r.holder_id, r.deputy_id) for r in Role.objects.filter(program=program)}
    roles = {r.pk: r.slug for r in Role.objects.filter(program=program)}
    cast = Cast(known, seats)
    items = [("task", task) for task in Task.objects.filter(program=program, state="open")]
    unmet = Criterion.objects.filter(program=program, applicable=True).exclude(state="verified")
    items += [("criterion", c) for c in unmet if c.state != "handed_in"]
    today = now.date()
    for kind, item in items:
        for rule, name, on, until in [*_leads("item-due", (5, 1), item.due_date, days), *_late(item, days, today, 5)]:
            who = cast.for_item(roles[item.owner_role_id], item.assignee_id, on)
            yield from _now(known, days, now, (kind, item, rule, name, on, until), [who])
    for event in Event.objects.filter(program=program, state="pending"):
        gate = event.kind == "gate"
        told = _leads("gate-ahead", (10, 5, 2, 1), event.due_date, days, any_day=True) if gate else ()
        told = told or _leads("checkpoint-ahead", (5, 2, 1), event.due_date, days, on_the_day=False)
        own = [c for c in unmet if c.event_id == event.pk or (not gate and c.due_date <= event.due_date)]
        own = [c for c in own if c.state != "handed_in"]
        for rule, name, on, until in told:
            asked = [cast.in_role("sponsor", on)] if gate else []
            asked += [cast.in_role("program-manager", on)]
            asked += [cast.for_item(roles[c.owner_role_id], c.assignee_id, on) for c in own]
            yield from _now(known, days, now, ("event", event, rule, name, on, until), asked)
        for rule, name, on, until in _late(event, days, today, 99, "gate-overdue") if gate else ():
            asked = [cast.in_role(role, on) for role in ("program-manager", "sponsor")]
            yield from _now(known, days, now, ("event", event, rule, name, on, until), asked)


_Told = tuple[str, str, dt.date, dt.date | None]
"""Rule, occurrence, its date, and the date on which the next one takes over (None: its own day only)."""


def _leads(
    rule: str, leads: tuple[int, ...], due: dt.date, days: Days, *, any_day: bool = False, on_the_day: bool = True
) -> list[_Told]:
    found: list[_Told] = [(rule, f"T-{lead}", days.shifted(due, -lead), None) for lead in leads]
    if on_the_day and (any_day or days.works(due)):
        found.append((rule, "T0", due, days.shifted(due, 1)))
    return found


def _late(
    item: Task | Criterion | Event, days: Days, today: dt.date, most: int, rule: str = "item-overdue"
) -> list[_Told]:
    found: list[_Told] = []
    on, offset = days.shifted(item.due_date, 1), 1
    while on <= today + DAY and len(found) < most:
        following = days.shifted(on, 2)
        found.append((rule, f"+{offset}", on, following))
        on, offset = following, offset + 2
    return found


def _now(known: dict, days: Days, now: dt.datetime, told: tuple, asked: list) -> Iterator[Due]:
    kind, item, rule, name, on, until = told
    for who in once(asked):
        person = known[who]
        begins = instant(on, person.hour, person.zone)
        ends = instant(until, person.hour, person.zone) if until else instant(on + DAY, 0, person.zone)
        gate_today = (rule, name) == ("gate-ahead", "T0") and person.local(now).date() == on
        open_ = in_hours(person, now) if gate_today else may_get_mail(person, days, now)
        if begins <= now < ends and open_:
            yield Due(kind, item.pk, rule, name, item.due_date, who, on)
