"""Closed lists of the gates app; the words of decisions are `phases.enums.Outcome`. Must not import Django."""

from enum import StrEnum


class View(StrEnum):
    """A gatekeeper's view on a round (G3, G22)."""

    SUPPORT = "support"
    WITH_CONDITIONS = "with-conditions"
    OPPOSE = "oppose"
    ABSTAIN = "abstain"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {
            "support": "Support",
            "with-conditions": "Support with conditions",
            "oppose": "Oppose",
            "abstain": "Abstain",
        }[self.value]


class GivenAs(StrEnum):
    """In which capacity a view was given."""

    HOLDER = "holder"
    DEPUTY = "deputy"
    ALTERNATE = "alternate"


class ConditionState(StrEnum):
    """A condition is open, waits for its verifier, or is closed (G15)."""

    OPEN = "open"
    EVIDENCE = "evidence"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {"open": "Open", "evidence": "Waiting for its verifier", "closed": "Closed"}[self.value]


class RequestState(StrEnum):
    """Where something stands that one person asks for and another approves."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class TailoringKind(StrEnum):
    """How a program's list of criteria is changed (G14)."""

    ADD = "add-criterion"
    LOWER = "must-to-should"
    REMOVE = "remove"
    RAISE_LIMIT = "raise-limit"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {
            "add-criterion": "Add a criterion",
            "must-to-should": "Must-meet becomes should-meet",
            "remove": "Remove a criterion",
            "raise-limit": "Raise a limit",
        }[self.value]


class StopReason(StrEnum):
    """Why a program ends (the closed list of Stop)."""

    VALUE = "value"
    FEASIBILITY = "feasibility"
    DATA = "data"
    RISK = "risk"
    COMPLIANCE = "compliance"
    COST = "cost"
    SPONSORSHIP = "sponsorship"
    SUPERSEDED = "superseded"


class Cause(StrEnum):
    """Why a date moves; days lost are counted by it."""

    DATA = "data"
    PEOPLE = "people"
    VENDOR = "vendor"
    SECURITY = "security"
    SCOPE = "scope"
    TECHNICAL = "technical"
    DECISION = "decision"
    OTHER = "other"


class HoldCause(StrEnum):
    """What outside the team's control makes a decision impossible now (Hold)."""

    VENDOR = "vendor"
    REGULATOR = "regulator"
    BUDGET = "budget"
    ORGANISATION = "organisation"
    DEPENDENCY = "dependency"
    OTHER = "other"


class ClosureKind(StrEnum):
    """Stopped on purpose before the end, or closed after running."""

    STOPPED = "stopped"
    CLOSED = "closed"


class ExceptionOption(StrEnum):
    """What an exception note recommends (G17)."""

    CARRY_ON = "carry-on"
    REPLAN = "replan"
    EARLY_GATE = "early-gate"
    STOP = "stop"


class StepState(StrEnum):
    """Where a step of the rollout stands (G18)."""

    PLANNED = "planned"
    ENTERED = "entered"
    LEFT = "left"
    HALTED = "halted"


class Open(StrEnum):
    """Whether a decision can be taken now."""

    OPEN = "open"
    EXPLAIN = "explain"
    CLOSED = "closed"


class SnapshotKind(StrEnum):
    """When a snapshot was taken (G11)."""

    REVIEW = "review"
    DECISION = "decision"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {"review": "Handed in to review", "decision": "Decision"}[self.value]


class RecheckResult(StrEnum):
    """What looking again showed (honesty rule 6)."""

    PASSED = "passed"
    FAILED = "failed"


class Sustain(StrEnum):
    """What becomes of a running system (S79)."""

    CONTINUE = "continue"
    CHANGE = "change"
    RETIRE = "retire"
