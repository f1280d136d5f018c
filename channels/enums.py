"""The words of chats and webhooks that are stored in rows. Plain; a value never changes its meaning."""

from enum import StrEnum


class Kind(StrEnum):
    """What a channel speaks."""

    SLACK = "slack"
    TEAMS = "teams"
    SIGNED = "signed"

    @property
    def label(self) -> str:
        """The word shown to people."""
        return {Kind.SLACK: "Slack", Kind.TEAMS: "Microsoft Teams", Kind.SIGNED: "Signed webhook"}[self]


class Topic(StrEnum):
    """What is posted; each can be switched per channel, except the test somebody asks for."""

    GATE_AHEAD = "gate.tomorrow"
    GATE_TODAY = "gate.today"
    GATE_OVERDUE = "gate.overdue"
    GATE_DECIDED = "gate.decided"
    ESCALATION_STARTED = "escalation.started"
    ESCALATION_STOPPED = "escalation.stopped"
    UPDATE_PUBLISHED = "update.published"
    RISK_CRITICAL = "risk.critical"
    TEST = "test"

    @property
    def label(self) -> str:
        """The word shown to people."""
        return _TOPICS[self]


_TOPICS = {
    Topic.GATE_AHEAD: "A gate is due on the next working day",
    Topic.GATE_TODAY: "A gate is due today",
    Topic.GATE_OVERDUE: "A gate is overdue",
    Topic.GATE_DECIDED: "A gate is decided, a checkpoint recorded",
    Topic.ESCALATION_STARTED: "An escalation starts",
    Topic.ESCALATION_STOPPED: "An escalation is acknowledged or ends",
    Topic.UPDATE_PUBLISHED: "A status update is published",
    Topic.RISK_CRITICAL: "A risk becomes critical",
    Topic.TEST: "Test message",
}
CHOOSABLE = tuple(topic for topic in Topic if topic is not Topic.TEST)
"""The topics a channel can have."""
