"""The rules table as values, and the check that turns loose data into them.

Pure. Numbers live in `defaults.yaml` and in each program's rule rows, never here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reminders.enums import RuleSlug

AUDIENCES = (
    "responsible", "sponsor", "program-manager", "gatekeepers", "unmet-owners", "requester", "approver", "verifier",
    "nominee",
)  # fmt: skip
RUNGS = ("deputy", "program-manager", "sponsor", "deputies", "red")
MAX_OFFSET = 60
"""Longest lead or wait that is believed, in working days."""


class RuleError(ValueError):
    """A rule is malformed; the text names the place and what is wrong."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: who is asked, `wait` working days after the step before was really sent."""

    to: str
    wait: int


@dataclass(frozen=True)
class Rule:
    """One row of the rules table. All numbers are working days of the program's calendar.

    `leads` count back from the due date (0 is the day itself). Overdue rules start `first` days after it and
    repeat `every` days, at most `at_most` times (None: without end). `item_rungs` and `gate_rungs` form the ladder.
    """

    slug: RuleSlug
    enabled: bool = True
    leads: tuple[int, ...] = ()
    first: int = 0
    every: int = 0
    at_most: int | None = None
    audience: tuple[str, ...] = ()
    item_rungs: tuple[Rung, ...] = ()
    gate_rungs: tuple[Rung, ...] = ()


_KNOWN = frozenset(RuleSlug)


def parse_rules(data: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Turn loose data into rules. Raises RuleError naming the first fault; a rule that is listed twice is one."""
    rules = tuple(parse_rule(entry) for entry in data)
    slugs = [rule.slug for rule in rules]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise RuleError(f"{slug}: listed twice")
    return rules


def parse_rule(data: Mapping[str, Any]) -> Rule:
    """Turn one mapping into a rule. Raises RuleError."""
    name = str(data.get("slug", ""))
    if name not in _KNOWN:
        raise RuleError(f"{name or '(no slug)'}: not a rule; known are {', '.join(RuleSlug)}")
    known = {"slug", "enabled", "leads", "first", "every", "at_most", "audience", "item_rungs", "gate_rungs"}
    for key in data:
        if key not in known:
            raise RuleError(f"{name}: {key}: not a setting of a rule")
    first, every = _number(name, "first", data.get("first", 0)), _number(name, "every", data.get("every", 0))
    if first and not every:
        raise RuleError(f"{name}: every: must be 1 or more when first is set")
    at_most = data.get("at_most")
    return Rule(
        slug=RuleSlug(name),
        enabled=bool(data.get("enabled", True)),
        leads=tuple(_number(name, "leads", lead) for lead in data.get("leads", ())),
        first=first,
        every=every,
        at_most=None if at_most is None else _number(name, "at_most", at_most),
        audience=tuple(_word(name, "audience", word, AUDIENCES) for word in data.get("audience", ())),
        item_rungs=_rungs(name, "item_rungs", data.get("item_rungs", ())),
        gate_rungs=_rungs(name, "gate_rungs", data.get("gate_rungs", ())),
    )


def _number(rule: str, field: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_OFFSET:
        raise RuleError(f"{rule}: {field}: {value!r} is not a whole number from 0 to {MAX_OFFSET}")
    return value


def _word(rule: str, field: str, value: Any, known: Sequence[str]) -> str:
    if value not in known:
        raise RuleError(f"{rule}: {field}: {value!r} is not one of {', '.join(known)}")
    return str(value)


def _rungs(rule: str, field: str, value: Any) -> tuple[Rung, ...]:
    found = []
    for entry in value:
        wait = _number(rule, f"{field}.wait", entry.get("wait"))
        if wait < 1:
            raise RuleError(f"{rule}: {field}: a rung waits at least one working day")
        found.append(Rung(_word(rule, f"{field}.to", entry.get("to"), RUNGS), wait))
    return tuple(found)
