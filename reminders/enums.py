"""The words of the reminder engine that are stored in rows and keys. Plain; a value never changes its meaning."""

from enum import StrEnum


class Kind(StrEnum):
    """What a reminder is about."""

    CRITERION = "criterion"
    TASK = "task"
    EVENT = "event"
    AREA = "area"
    CONDITION = "condition"
    WAIVER = "waiver"
    ACCEPTANCE = "acceptance"
    STATUS = "status"
    HOLD = "hold"
    VIEW = "view"
    REVIEW = "review"
    BRIEF = "brief"
    SIGNATURE = "signature"
    CONTACT = "contact"
    DATA_GAP = "data-gap"
    DEPENDENCY = "dependency"
    GOVERNANCE = "governance"
    NOMINATION = "nomination"
    ACTION = "action"
    RISK = "risk"
    METRIC = "metric"
    ALERT = "metric_alert"
    ESCALATION = "escalation"
    UPDATE = "update"
    PUBLISHED = "published"
    INVITATION = "invitation"
    WEEK = "week"


class RuleSlug(StrEnum):
    """The rules an installation knows; their numbers are data (`defaults.yaml`, then rows per program)."""

    GATE_AHEAD = "gate-ahead"
    GATE_OVERDUE = "gate-overdue"
    CHECKPOINT_AHEAD = "checkpoint-ahead"
    ITEM_DUE = "item-due"
    ITEM_OVERDUE = "item-overdue"
    ESCALATION = "escalation"
    AREA_VACANT = "area-vacant"
    EXPIRY = "expiry"
    HOLD_REVIEW = "hold-review"
    VIEW_WANTED = "view-wanted"
    VERIFY_WANTED = "verify-wanted"
    BRIEF_WANTED = "brief-wanted"
    SIGNATURE_WANTED = "signature-wanted"
    CONTACT_OVERDUE = "contact-overdue"
    GOVERNANCE_AHEAD = "governance-ahead"
    OWNERSHIP_WAITING = "ownership-waiting"
    RISK_REVIEW = "risk-review"
    READING_OVERDUE = "reading-overdue"
    LIMIT_BREACHED = "limit-breached"
    PATH_RUNG = "path-rung"
    UPDATE_DUE = "update-due"
    UPDATE_MISSED = "update-missed"
    UPDATE_PUBLISHED = "update-published"
    AREA_UNACCEPTED = "area-unaccepted"
    INVITATION = "invitation"
    GOVERNANCE_OVERDUE = "governance-overdue"
    MY_WEEK = "my-week"


class Part(StrEnum):
    """The part in which somebody receives a reminder: the answer to "why did I get this?"."""

    RESPONSIBLE = "responsible"
    VERIFIER = "verifier"
    GATEKEEPER = "gatekeeper"
    SPONSOR = "sponsor"
    MANAGER = "program-manager"
    DEPUTY = "deputy"
    STAND_IN = "stand-in"
    REQUESTER = "requester"
    APPROVER = "approver"
    NOMINEE = "nominee"
    ESCALATED = "escalated"
    SUBSCRIBER = "subscriber"


class State(StrEnum):
    """What became of a delivery (one reminder for one person) or of a mail (what a server is handed)."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    HELD = "held"

    @property
    def label(self) -> str:
        """The word shown to people."""
        return _LABELS[self]


_LABELS = {
    State.QUEUED: "Waiting",
    State.LEASED: "Being sent",
    State.SENT: "Sent",
    State.DEAD: "Refused",
    State.CANCELLED: "Cancelled",
    State.EXPIRED: "Expired",
    State.HELD: "Held for review",
}


class Outcome(StrEnum):
    """How one attempt to send ended; `started` without an end means it may have been accepted."""

    STARTED = "started"
    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNREACHABLE = "unreachable"
    UNCERTAIN = "uncertain"


class AnswerWord(StrEnum):
    """What somebody can answer to a reminder."""

    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"


class Process(StrEnum):
    """The kinds of processes that leave a sign of life."""

    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"
    LOOP = "loop"


class AlarmKind(StrEnum):
    """What administrators are told about; all but a pause by mail, too."""

    SILENCE = "silence"
    PAUSE = "pause"
    SERVER = "server"
    HELD = "held"
    FAULTY = "faulty"
    DISK = "disk"


class Choice(StrEnum):
    """How much of one kind of reminder a person wants; never more than the program's rule gives."""

    ALL = "all"
    LAST = "last"
    NONE = "none"


class Style(StrEnum):
    """How a day's reminders reach a person."""

    DIGEST = "digest"
    SINGLE = "single"
