"""Loads `defaults.yaml`: the rules a program starts with and the limits of the engine, checked when first used."""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from reminders.domain.rules import RuleError, parse_rules

DEFAULTS_FILE = Path(__file__).with_name("defaults.yaml")


@dataclass(frozen=True)
class Limits:
    """The engine's own numbers; hours, seconds and counts as their names say."""

    horizon_hours: int
    replan_hours: int
    programs_per_tick: int
    days_kept_per_tick: int
    planning_seconds: int
    sending_seconds: int
    mails_per_claim: int
    lease_seconds: int
    late_until_hour: int
    storm_rows: int
    attempts: int
    retry_first_seconds: int
    retry_longest_seconds: int
    circuit_first_seconds: int
    circuit_longest_seconds: int
    acknowledged_days: int
    snooze_days: int
    snoozes: int


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    loaded = yaml.safe_load(DEFAULTS_FILE.read_text(encoding="utf-8"))
    parse_rules(loaded["rules"])
    return dict(loaded)


def default_rules() -> list[dict[str, Any]]:
    """The rule definitions a program starts with, checked. Raises RuleError for a malformed file."""
    return [dict(entry) for entry in _data()["rules"]]


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The engine's limits. Raises RuleError naming a number that is missing, unknown or not positive."""
    given: dict[str, Any] = dict(_data()["engine"])
    names = {field.name for field in fields(Limits)}
    for name in names ^ set(given):
        raise RuleError(f"engine: {name}: missing or not known")
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise RuleError(f"engine: {name}: {value!r} is not a positive whole number")
    return Limits(**given)
