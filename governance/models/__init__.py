"""Tables of the governance app, one subject a file."""

from governance.models.benefit import BenefitReading
from governance.models.calendar import BENEFIT, DECIDING, Deferral, GovernanceEvent, GovernanceOccurrence, Trigger
from governance.models.change import ChangeRecord

__all__ = [
    "BENEFIT",
    "DECIDING",
    "BenefitReading",
    "ChangeRecord",
    "Deferral",
    "GovernanceEvent",
    "GovernanceOccurrence",
    "Trigger",
]
