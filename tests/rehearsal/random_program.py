"""A random program as loose data: where, when, who, what of the playbook, and what happens on the way. No database."""

import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path

import holidays
import yaml

from tests.naive import DAY, Days

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOK = yaml.safe_load((ROOT / "playbooks" / "data" / "poc-to-production-90.yaml").read_text(encoding="utf-8"))
RULES = {
    rule["slug"]: rule
    for rule in yaml.safe_load((ROOT / "reminders" / "defaults.yaml").read_text(encoding="utf-8"))["rules"]
}
COVERED = (
    "gate-ahead", "checkpoint-ahead", "gate-overdue", "item-due", "item-overdue", "escalation", "area-vacant",
)  # fmt: skip
"""The rules these rehearsals recompute; the others are switched off in them, so that a day's mail is known in full."""
ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/St_Johns", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati",
    "Pacific/Pago_Pago", "Africa/Casablanca", "Africa/Cairo", "America/Santiago", "America/Sao_Paulo", "Asia/Beirut",
    "Asia/Dubai", "Atlantic/Azores", "Etc/UTC",
)  # fmt: skip
WEEKENDS = ((5, 6), (5, 6), (5, 6), (4, 5), (6,), (4,))
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class Act:
    """Something that happens: `finish` an item, `move` a gate to a day, `close` an account."""

    at: dt.datetime
    kind: str
    what: str
    to: dt.date | None = None


@dataclass
class RandomProgram:
    """Everything the launch, the acts and the recomputation need to know."""

    seed: int
    start: dt.date
    zone: str
    days: Days
    people: dict[str, tuple[str, int]]
    """Zone and hour by address."""
    away: dict[str, tuple[dt.date, dt.date]]
    roles: dict[str, tuple[str | None, str | None]]
    """Holder and deputy by role."""
    items: list[tuple[str, dict]]
    """Kind and row of the playbook."""
    acts: list[Act] = field(default_factory=list)

    @property
    def launched(self) -> dt.datetime:
        """Ten o'clock UTC on the day before day 1: before eight in the morning everywhere on earth."""
        return dt.datetime.combine(self.start - DAY, dt.time(10), dt.UTC)

    @property
    def events(self) -> list[dict]:
        """The gates and checkpoints of the playbook."""
        return PLAYBOOK["events"]

    def due(self, row: dict) -> dt.date:
        """When something of the playbook is due: its day of the program, or the first worked one after it."""
        return self.days.on_or_after(self.start + DAY * (row.get("due_day", row.get("day")) - 1))

    def spec(self) -> dict:
        """The specification file as a program manager would write it."""
        calendar = {"country": self.days.country, "weekend": [NAMES[n] for n in sorted(self.days.weekend)]}
        calendar |= {"subdivision": self.days.subdivision} if self.days.subdivision else {}
        calendar["extra_days_off"] = [day.isoformat() for day in sorted(self.days.closed)]
        named = {
            role: {key: who for key, who in (("person", holder), ("deputy", deputy)) if who}
            for role, (holder, deputy) in self.roles.items()
        }
        profile = dict.fromkeys(
            ("affects_people", "personal_data", "third_party", "regulated", "acts_without_person", "public_users",
             "trained_by_us", "critical_service"), False,
        )  # fmt: skip
        return {
            "program": {
                "name": f"Random {self.seed}", "portfolio": "Random", "playbook": PLAYBOOK["template"]["slug"],
                "start_date": self.start.isoformat(), "time_zone": self.zone, "calendar": calendar,
                "profile": {"system_kind": "predictive", **profile},
            },
            "people": [
                {"name": address.split("@")[0], "email": address, "time_zone": zone, "reminder_hour": hour}
                for address, (zone, hour) in self.people.items()
            ],
            "roles": named,
        }  # fmt: skip


def draw(seed: int) -> RandomProgram:
    """The program of a seed, always the same."""
    dice = random.Random(seed)
    start = dt.date(2024, 1, 1) + DAY * dice.randrange(365 * 8)
    made = RandomProgram(seed, start, dice.choice(ZONES), _days(dice, start), _people(dice), {}, {}, _items(dice))
    made.roles = _roles(dice, list(made.people))
    for address in dice.sample(list(made.people), 3):
        first = start + DAY * dice.randrange(80)
        made.away[address] = (first, first + DAY * dice.randrange(1, 15))
    made.acts = sorted(_acts(dice, made), key=lambda act: act.at)
    return made


def _days(dice: random.Random, start: dt.date) -> Days:
    places = holidays.list_supported_countries(include_aliases=False)
    country = dice.choice(sorted(places))
    subdivision = dice.choice([None, *places[country]])
    closed = frozenset(start + DAY * dice.randrange(100) for _ in range(dice.randrange(5)))
    return Days(country, subdivision, frozenset(dice.choice(WEEKENDS)), closed)


def _people(dice: random.Random) -> dict[str, tuple[str, int]]:
    hours = [8, 8, 8, 8, 0, 6, 17, 22, 23]
    return {f"person{n}@example.org": (dice.choice(ZONES), dice.choice(hours)) for n in range(8)}


def _roles(dice: random.Random, people: list[str]) -> dict[str, tuple[str | None, str | None]]:
    found: dict[str, tuple[str | None, str | None]] = {}
    for role in PLAYBOOK["roles"]:
        holder = dice.choice(people)
        if role["slug"] not in ("sponsor", "program-manager") and dice.random() < 0.25:
            holder = None
        others = [person for person in people if person != holder]
        found[role["slug"]] = (holder, dice.choice(others) if dice.random() < 0.6 else None)
    return found


def _items(dice: random.Random) -> list[tuple[str, dict]]:
    everywhere = [row for row in PLAYBOOK["criteria"] if row["applies"] == "all"]
    criteria = [("criterion", row) for row in dice.sample(everywhere, 5)]
    return criteria + [("task", row) for row in dice.sample(PLAYBOOK["tasks"], 6)]


def _acts(dice: random.Random, made: RandomProgram) -> list[Act]:
    """Three items are finished, a gate moves, an account is closed: at odd instants, in anybody's night or noon."""

    def odd(day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(dice.randrange(24), dice.randrange(1, 29)), dt.UTC)

    acts = []
    for kind, row in dice.sample(made.items, 3):
        acts.append(Act(odd(made.due(row) + DAY * dice.randrange(-6, 15)), "finish", f"{kind}:{row['slug']}"))
    gate = dice.choice([event for event in made.events if event["kind"] == "gate"])
    to = made.days.on_or_after(made.due(gate) + DAY * dice.choice([-3, -1, 1, 2, 6, 12]))
    if to == made.due(gate):
        to = made.days.on_or_after(to + DAY)
    acts.append(Act(odd(made.due(gate) - DAY * dice.randrange(5, 16)), "move", gate["slug"], to))
    sponsor = made.roles["sponsor"][0]
    closed = dice.choice([address for address in made.people if address != sponsor])
    acts.append(Act(odd(made.start + DAY * dice.randrange(10, 70)), "close", closed))
    return [act for act in acts if act.at > made.launched]
