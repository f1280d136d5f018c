"""Sections of a playbook that make the plan: roles, dimensions, phases, events, criteria and tasks.

Says what a single field may hold; `crosschecks` says what must fit together. Must not read files.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from playbooks.domain.shapes import Day, Frozen, Line, Note, Slug, Text

RelatesTo = dict[str, tuple[Line, ...]]
"""Labels by framework slug."""


class Applies(StrEnum):
    """When a criterion or a risk is loaded: always, or when the profile carries the tag of that name."""

    ALL = "all"
    GENERATIVE = "generative"
    PERSONAL_DATA = "personal-data"
    REGULATED = "regulated"
    THIRD_PARTY = "third-party"


class Template(Frozen):
    """Which playbook this is; slug and version stay on every program launched from it."""

    slug: Slug
    version: Annotated[int, Field(strict=True, ge=1)]
    name: Line
    note: Note = ""


class Framework(Frozen):
    """An outside framework whose ids appear as "relates to" labels, never as a claim to comply."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9.-]+$", max_length=60)]
    name: Line
    version: Line


class Named(Frozen):
    """A slug with a name."""

    slug: Slug
    name: Line


class RoleDef(Named):
    """One of the roles a program has."""

    summary: Text


class EvidenceType(Frozen):
    """A kind of evidence and what it is."""

    slug: Slug
    meaning: Text


class PhaseDef(Named):
    """A phase, its first and last day and the question its gate answers."""

    start_day: Day
    end_day: Day
    question: Text


class WorkstreamDef(Named):
    """A strand of work inside a phase."""

    phase: Slug
    lead: Slug


class EventDef(Named):
    """A gate or checkpoint: its day, and for gates who is consulted before the sponsor decides."""

    kind: Literal["gate", "checkpoint"]
    phase: Slug
    day: Day
    look_at: Note = ""
    gatekeepers: tuple[Slug, ...] = ()


class CriterionDef(Frozen):
    """A question a gate asks. `level_code` (written `class`) is M, M12, M1 or S: must-meet in which tiers."""

    slug: Slug
    event: Slug
    dimension: Slug
    level_code: Literal["M", "M12", "M1", "S"] = Field(alias="class")
    non_waivable: bool = Field(strict=True)
    launch_blocking: bool = Field(strict=True)
    due_day: Day
    owner: Slug
    verifier: Slug
    applies: Applies
    text: Text
    evidence_type: Slug
    max_age_days: Day
    relates_to: RelatesTo = {}


class TaskDef(Frozen):
    """A piece of work in a workstream, and the criteria it feeds."""

    slug: Slug
    workstream: Slug
    title: Line
    start_day: Day
    due_day: Day
    owner: Slug
    deliverable: Line
    feeds: tuple[Slug, ...] = ()


class ChallengeQuestion(Frozen):
    """A hard question of the validation phase (S31)."""

    theme: Literal["value", "feasibility", "relevance"]
    text: Text
