"""Reads of the registers: what gates, checkpoints and reports ask. Must not write."""

from registers.selectors.assumptions import untested_top_assumptions
from registers.selectors.challenge import ChallengeRecord, challenge_record
from registers.selectors.decisions import missing_decision_kinds
from registers.selectors.engagement import Engagement, first_engaged
from registers.selectors.issues import late_discovery_cost, late_discovery_share, late_discovery_trend

__all__ = [
    "ChallengeRecord",
    "Engagement",
    "challenge_record",
    "first_engaged",
    "late_discovery_cost",
    "late_discovery_share",
    "late_discovery_trend",
    "missing_decision_kinds",
    "untested_top_assumptions",
]
