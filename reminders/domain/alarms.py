"""When administrators are told that something is wrong, how often, and when they are told that it is over. Pure.

Once when it has lasted long enough, then again after a fixed time, and once more when it has ended (P23). Who sends
is decided by rows (`services.watching`); what is said stands in `domain.alarm_words`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from reminders.enums import AlarmKind

LEASE = timedelta(minutes=5)
"""How long the process that took a letter has for it; then another one (or the same) tries again."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong now; `since` is empty when only the watch can say when it began."""

    kind: AlarmKind
    since: datetime | None = None
    number: int = 0
    programs: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Manner:
    """How one kind is told: after how long, how often again (never by mail when empty), and whether its end is."""

    patience: timedelta
    again: timedelta | None
    all_clear: bool


MANNERS = {
    # Three ticks (P23): told as soon as it is found, and an engine that is only just being started is not.
    AlarmKind.SILENCE: Manner(timedelta(seconds=90), timedelta(hours=6), all_clear=True),
    # An administrator did it; a page says so, a mail would only repeat it.
    AlarmKind.PAUSE: Manner(timedelta(0), None, all_clear=False),
    AlarmKind.SERVER: Manner(timedelta(hours=1), timedelta(hours=6), all_clear=True),
    AlarmKind.HELD: Manner(timedelta(0), timedelta(hours=24), all_clear=False),
    AlarmKind.FAULTY: Manner(timedelta(hours=1), timedelta(hours=24), all_clear=False),
    AlarmKind.DISK: Manner(timedelta(0), timedelta(hours=6), all_clear=True),
}


@dataclass(frozen=True)
class Standing:
    """What the row of an alarm holds; idle while `since` is empty."""

    since: datetime | None = None
    next_at: datetime | None = None
    tries: int = 0
    told_at: datetime | None = None
    cleared_at: datetime | None = None


class Act(Enum):
    """What whoever holds the row does now."""

    NOTHING = auto()
    TELL = auto()
    ALL_CLEAR = auto()


def step(kind: AlarmKind, standing: Standing, finding: Finding | None, now: datetime) -> tuple[Standing, Act]:
    """What the row becomes now that `finding` holds (or does not), and whether a letter is to leave.

    A letter is taken under a lease: `next_at` moves on before it is sent, so that of many watchers one sends, and a
    watcher that dies is followed by another. The end of what nobody was told about is not told either.
    """
    manner = MANNERS[kind]
    if finding is None:
        return _over(manner, standing, now)
    if standing.since is None:
        began = min(finding.since or now, now)
        standing = Standing(since=began, next_at=max(now, began + manner.patience))
    elif standing.cleared_at is not None:
        standing = replace(standing, cleared_at=None, next_at=_after(manner, standing.told_at, now))
    if manner.again is None or standing.next_at is None or standing.next_at > now:
        return standing, Act.NOTHING
    return replace(standing, next_at=now + LEASE, tries=standing.tries + 1), Act.TELL


def _over(manner: Manner, standing: Standing, now: datetime) -> tuple[Standing, Act]:
    if standing.since is None:
        return standing, Act.NOTHING
    if not manner.all_clear or standing.tries == 0:
        return Standing(), Act.NOTHING
    if standing.cleared_at is None:
        standing = replace(standing, cleared_at=now, next_at=now)
    if standing.next_at is not None and standing.next_at > now:
        return standing, Act.NOTHING
    return replace(standing, next_at=now + LEASE), Act.ALL_CLEAR


def told(kind: AlarmKind, standing: Standing, now: datetime) -> Standing:
    """The row after its letter has left: waiting for the next one, or idle when that was the all-clear."""
    if standing.cleared_at is not None:
        return Standing()
    return replace(standing, told_at=now, next_at=_after(MANNERS[kind], now, now))


def _after(manner: Manner, told_at: datetime | None, now: datetime) -> datetime | None:
    if manner.again is None:
        return None
    return now if told_at is None else told_at + manner.again


def lasted(kind: AlarmKind, since: datetime, now: datetime) -> bool:
    """Whether it has gone on long enough to be worth a line on every page."""
    return now - since >= MANNERS[kind].patience
