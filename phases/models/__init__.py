"""Tables of the phases app, one subject a file."""

from phases.models.evidence import Evidence
from phases.models.history import DateChange
from phases.models.items import Criterion, PlanItem, Task
from phases.models.structure import ChallengeQuestion, Event, Phase, Workstream

__all__ = [
    "ChallengeQuestion",
    "Criterion",
    "DateChange",
    "Event",
    "Evidence",
    "Phase",
    "PlanItem",
    "Task",
    "Workstream",
]
