"""Who ought to have got what on which day of a random program, lived through instant by instant, slowly and obviously.

Knows the file, the playbook and the rules as loose data and `tests.naive`; nothing of the application.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tests.naive import DAY, Cast, Person, Seat, instant, once
from tests.rehearsal.random_program import PLAYBOOK, RULES, Act, RandomProgram

LATE, RUNG_STANDS = 20, 10
Told = tuple[str, dt.date, str, str]
"""Address, local date, kind and slug of the item, rule."""


@dataclass(frozen=True)
class Step:
    """One occurrence: about what, which date of it, for whom, from when to when."""

    item: str
    rule: str
    name: str
    due: dt.date
    who: str
    on: dt.date
    begins: dt.datetime
    ends: dt.datetime
    lead: int = -1

    @property
    def key(self) -> tuple:
        """What makes it one of a kind."""
        return (self.item, self.rule, self.name, self.due, self.who)


class Life:
    """The program as it goes: what is open and due, who is there, what was told."""

    def __init__(self, program: RandomProgram) -> None:
        self.program, self.days = program, program.days
        self.people = {address: Person(zone, hour) for address, (zone, hour) in program.people.items()}
        for address, away in program.away.items():
            self.people[address].away.append(away)
        since = program.launched.astimezone(Person(program.zone).local(program.launched).tzinfo).date()
        self.seats = {
            role: Seat(holder, deputy, None if holder else since) for role, (holder, deputy) in program.roles.items()
        }
        self.cast = Cast(self.people, self.seats)
        self.due = {f"{kind}:{row['slug']}": program.due(row) for kind, row in program.items}
        self.rows = {f"{kind}:{row['slug']}": row for kind, row in program.items}
        self.events = {event["slug"]: program.due(event) for event in program.events}
        self.told: dict[tuple, dt.date] = {}
        self.mailed: set[tuple[str, dt.date]] = set()
        self.letters: list[Told] = []

    def happen(self, act: Act) -> None:
        """Let something happen."""
        if act.kind == "finish":
            self.due.pop(act.what)
        elif act.kind == "move" and act.to is not None:
            self.events[act.what] = act.to
        else:
            self.people[act.what].active = False
            today = Person(self.program.zone).local(act.at).date()
            for seat in self.seats.values():
                if seat.holder == act.what:
                    seat.holder, seat.vacant_since = None, today
                if seat.deputy == act.what:
                    seat.deputy = None

    def pass_over(self, now: dt.datetime) -> None:
        """Tell everything whose time has come: with the mail of the day, or alone where the rules allow that."""
        ready: dict[str, list[Step]] = {}
        for step in self._most_urgent(now):
            if step.key not in self.told and self._may_leave(step, now):
                ready.setdefault(step.who, []).append(step)
        for who, steps in ready.items():
            today = self.people[who].local(now).date()
            first = (who, today) not in self.mailed
            for step in steps:
                alone = step.rule in ("escalation", "gate-ahead")
                if first or alone:
                    self.told[step.key] = today
                    self.letters.append((who, today, step.item, step.rule))
            if first:
                self.mailed.add((who, today))

    def _may_leave(self, step: Step, now: dt.datetime) -> bool:
        person = self.people[step.who]
        local = person.local(now)
        if not person.hour <= local.hour < max(LATE, person.hour + 1):
            return False
        if (step.rule, step.name) == ("gate-ahead", "T0") and local.date() == step.on:
            return True
        return self.days.works(local.date()) and not person.is_away(local.date())

    def _most_urgent(self, now: dt.datetime) -> list[Step]:
        """What stands now; of several about one thing for one person and day only the escalation."""
        best: dict[tuple, Step] = {}
        for step in self._steps(now):
            place = (step.item, step.who, step.on)
            if place not in best or step.rule == "escalation":
                best[place] = step
        return list(best.values())

    def _steps(self, now: dt.datetime) -> Iterator[Step]:
        for raw in self._all(now.date()):
            item, rule, name, due, on, until, asked, lead = raw
            for who in once(asked):
                person = self.people[who]
                begins = instant(on, person.hour, person.zone)
                ends = instant(on + DAY, 0, person.zone)
                if until is not None:
                    ends = instant(until, 0 if rule == "escalation" else person.hour, person.zone)
                step = Step(item, rule, name, due, who, on, begins, ends, lead)
                if begins <= now < ends and begins >= self.program.launched and not self._told_before_the_move(step):
                    yield step

    def _told_before_the_move(self, step: Step) -> bool:
        """A lead that left for another date is not told again unless the move is longer than the lead (rule 3)."""
        earlier = [
            (on, due)
            for (item, rule, name, due, who), on in self.told.items()
            if (item, rule, name, who) == (step.item, step.rule, step.name, step.who) and due != step.due
        ]
        return bool(earlier) and step.lead >= 0 and self.days.between(max(earlier)[1], step.due) <= step.lead

    # The table "What goes out".

    def _all(self, today: dt.date) -> Iterator[tuple]:
        for item, due in self.due.items():
            role = self.rows[item]["owner"]
            for name, on, until, lead in self._ahead("item-due", due):
                yield item, "item-due", name, due, on, until, [self.cast.for_item(role, None, on)], lead
            for name, on, until in self._after("item-overdue", due, today):
                yield item, "item-overdue", name, due, on, until, [self.cast.for_item(role, None, on)], -1
            yield from self._ladder(item, due, "item-overdue", "item_rungs", role)
        for event in self.program.events:
            slug, due = event["slug"], self.events[event["slug"]]
            rule = f"{event['kind']}-ahead"
            for name, on, until, lead in self._ahead(rule, due, any_day=event["kind"] == "gate"):
                yield f"event:{slug}", rule, name, due, on, until, self._audience(event, due, on), lead
            if event["kind"] == "gate":
                for name, on, until in self._after("gate-overdue", due, today):
                    asked = [self.cast.in_role(role, on) for role in RULES["gate-overdue"]["audience"]]
                    yield f"event:{slug}", "gate-overdue", name, due, on, until, asked, -1
                yield from self._ladder(f"event:{slug}", due, "gate-overdue", "gate_rungs", "")
        for area in PLAYBOOK["ownership_areas"]:
            seat = self.seats[area["role"]]
            if self.cast.holder(area["role"]) is None and seat.vacant_since is not None:
                for name, on, until in self._after("area-vacant", seat.vacant_since, today):
                    asked = [self.cast.in_role(role, on) for role in RULES["area-vacant"]["audience"]]
                    yield f"area:{area['slug']}", "area-vacant", name, seat.vacant_since, on, until, asked, -1

    def _audience(self, event: dict, due: dt.date, on: dt.date) -> list:
        gate = event["kind"] == "gate"
        asked = [self.cast.in_role("sponsor", on)] if gate else []
        asked += [self.cast.in_role(role, on) for role in event["gatekeepers"]] if gate else []
        asked += [self.cast.in_role("program-manager", on)]
        for item, when in self.due.items():
            row = self.rows[item]
            if item.startswith("criterion:") and (row["event"] == event["slug"] or (not gate and when <= due)):
                asked.append(self.cast.for_item(row["owner"], None, on))
        return asked

    def _ahead(self, rule: str, due: dt.date, *, any_day: bool = False) -> Iterator[tuple]:
        for lead in RULES[rule]["leads"]:
            if lead:
                yield f"T-{lead}", self.days.shifted(due, -lead), None, lead
            elif any_day or self.days.works(due):
                yield "T0", due, self.days.shifted(due, 1), 0

    def _after(self, rule: str, since: dt.date, today: dt.date) -> Iterator[tuple]:
        first, every, most = RULES[rule]["first"], RULES[rule]["every"], RULES[rule].get("at_most", 1000)
        on, offset, count = self.days.shifted(since, first), first, 0
        while on <= today + 2 * DAY and count < most:
            following = self.days.shifted(on, every)
            yield f"+{offset}", on, following
            on, offset, count = following, offset + every, count + 1

    def _ladder(self, item: str, due: dt.date, first_rule: str, rungs: str, role: str) -> Iterator[tuple]:
        """The one rung that is next: each waits from the day on which the one before was really told."""
        began = {who: on for (i, rule, _, d, who), on in self.told.items() if (i, rule, d) == (item, first_rule, due)}
        first = [on for (i, rule, _, d, _), on in self.told.items() if (i, rule, d) == (item, first_rule, due)]
        if not began:
            return
        at, at_once = min(first), False
        asked = {
            who for (i, rule, _, d, who), on in self.told.items() if (i, rule, d, on) == (item, first_rule, due, at)
        }
        for rung in RULES["escalation"][rungs]:
            to = rung["to"]
            on = at if at_once else self.days.shifted(at, rung["wait"])
            named = self._on_rung(to, role, on)
            if not named:
                at, at_once = on, True
                continue
            fresh = [who for who in named if to == "red" or who not in asked]
            asked |= set(named)
            at, at_once = on, False
            if not fresh:
                continue
            stands = self.days.shifted(on, RUNG_STANDS)
            done = {
                who: when
                for (i, rule, name, d, who), when in self.told.items()
                if (i, rule, name, d) == (item, "escalation", to, due)
            }
            if done:
                # Two deputies have two hours: the first does not take the other's place.
                later = [who for who in fresh if who not in done] if to == "deputies" else []
                yield item, "escalation", to, due, on, stands, later, -1
                at = min(done.values())
                continue
            yield item, "escalation", to, due, on, stands, fresh, -1
            return

    def _on_rung(self, to: str, role: str, on: dt.date) -> list:
        if to in ("deputy", "deputies"):
            roles = [role] if to == "deputy" else ["program-manager", "sponsor"]
            found = [self.cast.deputy(slug) for slug in roles]
            return once(who for who in found if who and not self.people[who].is_away(on))
        return once([self.cast.in_role("sponsor" if to == "red" else to, on)])


def recompute(program: RandomProgram, until: dt.datetime) -> set[Told]:
    """Everything that ought to leave up to `until`: at each reader's hour of each day, and when something happens."""
    life = Life(program)
    last = until.date() + DAY
    span = (last - program.launched.date()).days + 2
    days = [program.launched.date() - DAY + DAY * n for n in range(span)]
    hours = {instant(day, person.hour, person.zone) for person in life.people.values() for day in days}
    acts = list(program.acts)
    for now in sorted(hours | {act.at for act in acts}):
        if program.launched <= now <= until:
            while acts and acts[0].at <= now:
                life.happen(acts.pop(0))
            life.pass_over(now)
    return set(life.letters)
