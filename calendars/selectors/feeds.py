"""Reads feeds, always from the database, and names the version of what a feed holds. Must not judge or write."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db.models import Max, Q

from accounts.models import User
from activity.models import Entry
from calendars.enums import FeedKind
from calendars.models import Feed, InvitationChoice, ProgramInvitations
from core import clock
from programs.domain.localtime import local_date, local_instant
from programs.models import Portfolio, Program, Role

FORMAT = 1
"""Grows when the same facts are written differently, so that calendars fetch anew."""


@dataclass(frozen=True)
class Version:
    """The state of everything a feed holds: an ETag, and when the newest of it happened."""

    etag: str
    changed: dt.datetime


def feeds_of(actor: User, program: Program | None, portfolio: Portfolio | None, *, everybody: bool) -> list[Feed]:
    """Feeds of a program or a portfolio, or (for neither) one's own; live ones first, newest first (one query)."""
    rows = Feed.objects.filter(program=program, portfolio=portfolio).select_related("made_by")
    if not everybody:
        rows = rows.filter(made_by=actor)
    return sorted(rows, key=lambda feed: feed.revoked_at is not None)


def programs_of(feed: Feed) -> list[Program]:
    """The programs a feed is about: its own, those of its portfolio, or those its maker has a role in (one query)."""
    if feed.program is not None:
        return [feed.program]
    if feed.portfolio is not None:
        return list(Program.objects.filter(portfolio=feed.portfolio).order_by("pk"))
    mine = Role.objects.filter(Q(holder=feed.made_by) | Q(deputy=feed.made_by)).order_by().values("program_id")
    return list(Program.objects.filter(pk__in=mine).order_by("pk"))


def version_of(feed: Feed, programs: list[Program]) -> Version:
    """Name the state of a feed without making it (one query): newest entry, the days, the programs, the address.

    A feed changes with the calendar as well (what counts from today on), where UTC and each program have their own day.

    A closed account tells no program; what follows from it reaches a feed with the next entry, or the next day.
    """
    now = clock.now()
    found = Entry.objects.filter(program_id__in=[p.pk for p in programs]).aggregate(newest=Max("pk"), at=Max("at"))
    days = [(now.date(), "UTC"), *((local_date(now, program.time_zone), program.time_zone) for program in programs)]
    midnight = max(local_instant(day, 0, zone) for day, zone in days)
    changed = max(found["at"] or midnight, midnight, feed.made_at)
    parts = [FORMAT, feed.pk, feed.generation, found["newest"], *days, *(program.pk for program in programs)]
    name = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]
    return Version(f'"{name}"', changed)


def is_mine(feed: Feed) -> bool:
    """Whether it holds one person's dates."""
    return feed.kind == FeedKind.MINE


def switch_of(program: Program) -> ProgramInvitations | None:
    """Whether a program sends invitations; None while nobody ever switched them on (one query)."""
    return ProgramInvitations.objects.filter(pk=program.pk).first()


def declines(user: User) -> bool:
    """Whether somebody wants no invitations (one query)."""
    return InvitationChoice.objects.filter(pk=user.pk, declines=True).exists()
