"""Tables of the gates app, one subject a file. `gates_decision` is append-only in the database itself."""

from gates.models.conditions import Condition
from gates.models.decisions import Decision
from gates.models.endings import Closure
from gates.models.exceptions import ExceptionNote, Replan
from gates.models.history import ReadingDay, Recheck, RecheckRound
from gates.models.launch import LaunchStep
from gates.models.minigates import MiniGate
from gates.models.reviews import GateAlternate, GateReview, Opinion
from gates.models.snapshot import Snapshot
from gates.models.standing import DeclaredStatus
from gates.models.sustain import SustainDecision
from gates.models.tailoring import ApplicabilityRequest, TailoringChange
from gates.models.waivers import Waiver

__all__ = [
    "ApplicabilityRequest",
    "Closure",
    "Condition",
    "Decision",
    "DeclaredStatus",
    "ExceptionNote",
    "GateAlternate",
    "GateReview",
    "LaunchStep",
    "MiniGate",
    "Opinion",
    "ReadingDay",
    "Recheck",
    "RecheckRound",
    "Replan",
    "Snapshot",
    "SustainDecision",
    "TailoringChange",
    "Waiver",
]
