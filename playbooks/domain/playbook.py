"""The typed playbook as a whole, and the one function that turns the text of a playbook file into it.

Must not open files; `playbooks.catalogue` does.
"""

from pydantic import Field, ValidationError

from playbooks.domain import plan_parts as plan
from playbooks.domain import rule_parts as rules
from playbooks.domain import run_parts as run
from playbooks.domain.crosschecks import cross_check
from playbooks.domain.faults import FileFaultsError
from playbooks.domain.shapes import Frozen, Slug, faults_of
from playbooks.domain.yamltree import read_tree

TIERS = (1, 2, 3)


class Playbook(Frozen):
    """A whole playbook, checked: every slug it names exists and every day lies where it may."""

    template: plan.Template
    frameworks: tuple[plan.Framework, ...] = ()
    roles: tuple[plan.RoleDef, ...] = Field(min_length=1)
    dimensions: tuple[plan.Named, ...] = Field(min_length=1)
    evidence_types: tuple[plan.EvidenceType, ...] = Field(min_length=1)
    phases: tuple[plan.PhaseDef, ...] = Field(min_length=1)
    workstreams: tuple[plan.WorkstreamDef, ...]
    events: tuple[plan.EventDef, ...] = Field(min_length=1)
    criteria: tuple[plan.CriterionDef, ...]
    tasks: tuple[plan.TaskDef, ...]
    challenge_questions: tuple[plan.ChallengeQuestion, ...] = ()
    risks: tuple[run.RiskDef, ...] = ()
    escalation_paths: tuple[run.EscalationPathDef, ...] = ()
    metrics: tuple[run.MetricDef, ...] = ()
    program_measures: tuple[run.ProgramMeasure, ...] = ()
    ownership_areas: tuple[run.OwnershipAreaDef, ...] = ()
    raci: tuple[run.RaciRow, ...] = ()
    stakeholder_groups: tuple[run.StakeholderGroupDef, ...] = ()
    governance_calendar: tuple[run.GovernanceEventDef, ...] = ()
    triggers: tuple[run.TriggerDef, ...] = ()
    decisions: tuple[rules.DecisionDef, ...]
    checkpoint_outcomes: tuple[Slug, ...]
    launch_outcomes: tuple[Slug, ...]
    limits: rules.Limits
    scoring: rules.Scoring
    risk_scale: rules.RiskScale

    @property
    def role_slugs(self) -> tuple[str, ...]:
        """The slugs of the roles, in order."""
        return tuple(role.slug for role in self.roles)

    @property
    def last_day(self) -> int:
        """The last day of the last phase."""
        return max(phase.end_day for phase in self.phases)


def parse_playbook(source: str | bytes) -> Playbook:
    """The playbook in `source`, checked field by field and across sections.

    Raises `FileFaultsError` with every fault found, each with its place and line.
    """
    tree = read_tree(source)
    faults = list(cross_check(tree))
    playbook = None
    try:
        playbook = Playbook.model_validate(tree.data)
    except ValidationError as error:
        faults += faults_of(error, tree, Playbook)
    if playbook is None or faults:
        raise FileFaultsError(faults)
    return playbook
