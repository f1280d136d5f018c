"""Turn launch plans into rows, table by table, for one program or for hundreds at once.

All texts are copied from the playbook, so that a later edition never rewrites a program. Must not check rights, find
people or record activity: `launching` and `bulk` do.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db.models import Model

from governance.models import GovernanceEvent, Trigger
from metrics.models import Metric
from phases.models import ChallengeQuestion, Criterion, Event, Phase, Task, Workstream
from playbooks.services.rows import plan, run
from playbooks.services.rows.base import ProgramRows
from programs.models import OutcomeStatement, OwnershipArea, RaciAssignment, Role, StakeholderGroup
from risks.models import EscalationLevel, EscalationPath, MitigationAction, Risk, RiskIndicator

__all__ = ["ProgramRows", "create_rows"]


def create_rows(batch: Sequence[ProgramRows]) -> None:
    """Insert everything below the programs of `batch`, which must be saved already; table by table."""
    for table, build in _TABLES:
        rows = []
        for each in batch:
            for row in build(each):
                each.alter(row)
                rows.append(row)
        if rows:
            table._default_manager.bulk_create(rows)


# Order matters: a table may only point at tables above it, whose rows have their keys by then.
_TABLES: tuple[tuple[type[Model], Callable[[ProgramRows], Iterable[Model]]], ...] = (
    (Role, plan.roles),
    (OutcomeStatement, plan.outcome),
    (Phase, plan.phases),
    (Workstream, plan.streams),
    (Event, plan.events),
    (Event.gatekeepers.through, plan.gatekeepers),
    (Criterion, plan.criteria),
    (Task, plan.tasks),
    (Task.feeds.through, plan.feeds),
    (ChallengeQuestion, plan.questions),
    (EscalationPath, run.paths),
    (EscalationLevel, run.levels),
    (EscalationLevel.roles.through, run.level_roles),
    (Risk, run.risks),
    (RiskIndicator, run.indicators),
    (MitigationAction, run.actions),
    (Metric, run.metrics),
    (OwnershipArea, run.areas),
    (RaciAssignment, run.raci),
    (StakeholderGroup, run.stakeholders),
    (GovernanceEvent, run.governance),
    (Trigger, run.triggers),
)
