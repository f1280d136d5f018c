"""Sections of a playbook with the constants of the rules: decisions, limits, scoring, risk scale.

Says what a single field may hold; `crosschecks` says what must fit together. Must not read files.
"""

from typing import Annotated

from pydantic import Field

from playbooks.domain.shapes import Count, Frozen, Line, Share, Slug


class DecisionDef(Frozen):
    """A gate decision and whether it opens the next phase."""

    slug: Slug
    unlocks_next_phase: bool = Field(strict=True)


class Limits(Frozen):
    """The numbers of the gate rules G1-G23."""

    max_waived_must_conditional_go: Count
    max_waived_must_launch: Count
    condition_default_days: Count
    condition_max_days: Count
    waiver_max_days: Count
    waiver_extensions: Count
    hold_review_max_days: Count
    max_holds: Count
    max_recycles_per_gate: Count
    gate_overdue_red_working_days: Count
    condition_lapse_days: Count
    na_share_flag: Share
    late_flip_hours: Count
    late_flip_share: Share
    recheck_share: Share
    recheck_min: Count
    stale_program_days: Count
    declared_better_max_days: Count
    # Numbers that older editions left to the rules' text; the defaults are those of the text.
    condition_red_days: Count = 1
    hold_decide_working_days: Count = 5
    recycle_default_days: Count = 15
    risk_red_after_day: Count = 45
    disposal_working_days: Count = 10
    area_vacant_red_after_day: Count = 60
    non_waivable_days_before: Count = 5
    must_due_window_days: Count = 10
    problem_signed_by_day: Count = 10
    data_remediation_by_day: Count = 45
    most_roles_per_person: Count = 3
    gate_window_days: Count = 5
    alert_warning_ack_hours: Count = 24
    alert_critical_ack_hours: Count = 4


class Weights(Frozen):
    """Weight of a criterion in the readiness formula."""

    must: Count
    should: Count


class Credits(Frozen):
    """Credit of a criterion in the readiness formula, by what there is to show."""

    verified_fresh: Share
    evidence_unverified: Share
    stale: Share
    none: Share
    waived: Share


class Scoring(Frozen):
    """The readiness formula's numbers and the colour thresholds."""

    version: Annotated[int, Field(strict=True, ge=1)]
    weight: Weights
    credit: Credits
    headline: Line
    should_meet_explain_below: Share
    dimension_explain_below: Count
    pace_amber_below: Share
    pace_red_below: Share
    amber_lowest_dimension_below: Count
    amber_window_days: Count


class RiskScale(Frozen):
    """Score bands (lowest and highest score of each), default tolerance and the words for a response."""

    minimum: Count
    maximum: Count
    bands: dict[Slug, tuple[Count, Count]]
    default_tolerance: Count
    responses: tuple[Slug, ...]
    # Calendar days until a risk of a band is looked at again (S57); older editions leave it to the default.
    review_days: dict[Slug, Count] = {"low": 60, "moderate": 30, "high": 14, "critical": 7}
