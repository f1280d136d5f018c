"""Loads `defaults.yaml`: working hours, emergencies, which breach starts which path. Checked when first used."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from escalation.domain.clock import Hours

DEFAULTS_FILE = Path(__file__).with_name("defaults.yaml")


@dataclass(frozen=True)
class Defaults:
    """The shipped data. Slugs are those of the playbook; a program without such a path falls back to its first."""

    hours: Hours
    patience: timedelta
    round_the_clock: frozenset[str]
    start_at: frozenset[str]
    by_category: dict[str, str]
    otherwise: str
    stand_in: tuple[str, ...]


@lru_cache(maxsize=1)
def defaults() -> Defaults:
    """The data as values. Errors: ValueError or KeyError for a malformed file."""
    data: dict[str, Any] = yaml.safe_load(DEFAULTS_FILE.read_text(encoding="utf-8"))
    breaches = data["breaches"]
    return Defaults(
        hours=Hours(**data["hours"]),
        patience=timedelta(minutes=data["late_minutes"]),
        round_the_clock=frozenset(data["round_the_clock"]),
        start_at=frozenset(breaches["start_at"]),
        by_category=dict(breaches["by_category"]),
        otherwise=breaches["otherwise"],
        stand_in=tuple(data["stand_in"]),
    )
