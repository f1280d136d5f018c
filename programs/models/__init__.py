"""Tables of the programs app, one subject a file."""

from programs.models.ownership import OwnershipArea, RaciAssignment, StakeholderGroup
from programs.models.program import OutcomeStatement, Portfolio, Program
from programs.models.role import Role

__all__ = [
    "OutcomeStatement",
    "OwnershipArea",
    "Portfolio",
    "Program",
    "RaciAssignment",
    "Role",
    "StakeholderGroup",
]
