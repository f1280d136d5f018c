"""Closed lists of the registers. Must not import Django."""

from enum import StrEnum


class RegisterKind(StrEnum):
    """What an activity entry of this app is about."""

    ASSUMPTION = "assumption"
    ISSUE = "issue"
    SCOPE = "scope"
    DECISION = "decision"
    CHALLENGE = "challenge"


class Theme(StrEnum):
    """Which hard question an assumption belongs to (S31)."""

    VALUE = "value"
    FEASIBILITY = "feasibility"
    RELEVANCE = "relevance"


class Result(StrEnum):
    """What a test said; no result means not tested (S15, S30)."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNCLEAR = "unclear"


class Severity(StrEnum):
    """How much an issue hurts."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"


class ScopeState(StrEnum):
    """Where a scope change stands (S16)."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DecisionKind(StrEnum):
    """What a decision settles; the first four have to be there before the architecture counts as decided (S47-S49)."""

    HOSTING = "hosting"
    ACCESS = "access"
    INTEGRATION = "integration"
    SCALING = "scaling"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {
            DecisionKind.HOSTING: "Hosting: where it runs",
            DecisionKind.ACCESS: "Access: who and what reaches it",
            DecisionKind.INTEGRATION: "Integration: how it plugs in",
            DecisionKind.SCALING: "Scaling: how it grows and stays available",
            DecisionKind.OTHER: "Something else",
        }[self]
