"""Closed lists of the governance app. Must not import Django."""

from enum import StrEnum


class GovernanceKind(StrEnum):
    """The four kinds of event after day 90 (S76)."""

    REVIEW = "review"
    AUDIT = "audit"
    UPDATE = "update"
    REASSESSMENT = "reassessment"
