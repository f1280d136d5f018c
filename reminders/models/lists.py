"""The growing lists of the engine as choices. Functions, so that a new kind of reminder needs no migration."""

from core.enums import choices
from reminders.enums import AlarmKind, Kind, Part, Process, RuleSlug


def kinds() -> list[tuple[str, str]]:
    """What a reminder can be about."""
    return choices(Kind)


def rules() -> list[tuple[str, str]]:
    """The rules an installation knows."""
    return choices(RuleSlug)


def parts() -> list[tuple[str, str]]:
    """The parts in which somebody can get a reminder."""
    return choices(Part)


def processes() -> list[tuple[str, str]]:
    """The kinds of processes that leave a sign of life."""
    return choices(Process)


def alarms() -> list[tuple[str, str]]:
    """What administrators are told about."""
    return choices(AlarmKind)
