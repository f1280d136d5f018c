"""One program on its way into the database. Must not build rows; `plan` and `run` do."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Model

from accounts.models import User
from phases.models import Criterion, Event, Phase, Task, Workstream
from playbooks.domain.plan import LaunchPlan
from programs.models import Program, Role
from risks.models import EscalationLevel, EscalationPath, Risk


def _as_planned(row: Model) -> None:
    """Leave a new row as the plan makes it."""


@dataclass
class ProgramRows:
    """One program on its way into the database; the dicts find by slug what earlier tables already hold.

    `alter` may change each row before it is written; generated portfolios get their progress that way.
    """

    program: Program
    plan: LaunchPlan
    people: dict[str, User]
    vacant_since: dt.date
    alter: Callable[[Model], None] = _as_planned
    roles: dict[str, Role] = field(default_factory=dict)
    phases: dict[str, Phase] = field(default_factory=dict)
    streams: dict[str, Workstream] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    criteria: dict[str, Criterion] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    paths: dict[str, EscalationPath] = field(default_factory=dict)
    levels: list[tuple[EscalationLevel, tuple[str, ...]]] = field(default_factory=list)
    risks: dict[str, Risk] = field(default_factory=dict)
