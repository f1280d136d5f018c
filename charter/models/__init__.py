"""Tables of the charter, one subject a file."""

from charter.models.brief import BriefAcknowledgement, BriefVersion
from charter.models.data import DataCheck, DataGap, DataSource
from charter.models.dependency import Dependency
from charter.models.outcome import OutcomeDetail, OutcomeMeasurement
from charter.models.problem import ProblemSignature, ProblemStatement
from charter.models.stakeholder import StakeholderContact, StakeholderPlan

__all__ = [
    "BriefAcknowledgement",
    "BriefVersion",
    "DataCheck",
    "DataGap",
    "DataSource",
    "Dependency",
    "OutcomeDetail",
    "OutcomeMeasurement",
    "ProblemSignature",
    "ProblemStatement",
    "StakeholderContact",
    "StakeholderPlan",
]
