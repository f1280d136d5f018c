"""Tables of the registers, one subject a file."""

from registers.models.assumption import Assumption, AssumptionExplanation
from registers.models.challenge import ChallengeAnswer, ChallengeSession
from registers.models.decision import DecisionRecord
from registers.models.issue import Issue
from registers.models.scope import ScopeChange

__all__ = [
    "Assumption",
    "AssumptionExplanation",
    "ChallengeAnswer",
    "ChallengeSession",
    "DecisionRecord",
    "Issue",
    "ScopeChange",
]
