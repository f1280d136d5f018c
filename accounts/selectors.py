"""Reads people with what a page needs of them. Must not decide who may see them and must not write."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet

from accounts.domain.absences import fault
from accounts.models import Absence, Invitation, SignInLink, User
from accounts.tokens import digest
from core import clock


class Standing(StrEnum):
    """Where a person stands with the installation."""

    ACTIVE = "active"
    INVITED = "invited"
    EXPIRED = "expired"
    WAITING = "waiting"
    DEACTIVATED = "deactivated"

    @property
    def label(self) -> str:
        """The word shown in the list of people."""
        return {
            Standing.ACTIVE: "Active",
            Standing.INVITED: "Invited",
            Standing.EXPIRED: "Invitation expired",
            Standing.WAITING: "Not invited yet",
            Standing.DEACTIVATED: "Deactivated",
        }[self]


@dataclass(frozen=True)
class Person:
    """One row of the list of people: the user, where they stand, and the open invitation if there is one."""

    user: User
    standing: Standing
    invitation: Invitation | None


def has_joined(user: User) -> bool:
    """Say whether the person has ever had a way in of their own: a password, or a sign-in."""
    return user.last_login is not None or user.has_usable_password()


def open_invitations() -> QuerySet[Invitation]:
    """Return invitations neither accepted nor revoked; they may have expired."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None)


def open_invitation(user: User) -> Invitation | None:
    """Return the person's one open invitation, expired or not."""
    return open_invitations().filter(user=user).select_related("invited_by").first()


def usable_invitation(token: str, now: dt.datetime) -> Invitation | None:
    """Return the invitation that `token` opens at `now`; None for used, expired, revoked and unknown alike."""
    return (
        open_invitations()
        .filter(token_hash=digest(token), expires_at__gt=now, user__is_active=True)
        .select_related("user", "invited_by")
        .first()
    )


def usable_link(token: str, now: dt.datetime) -> SignInLink | None:
    """Return the sign-in link that `token` opens at `now`; None for used, expired and unknown alike."""
    return (
        SignInLink.objects.filter(token_hash=digest(token), used_at=None, expires_at__gt=now, user__is_active=True)
        .select_related("user")
        .first()
    )


def people(search: str = "") -> QuerySet[User]:
    """Return everybody, active ones first, by name; `search` matches name and address."""
    found = User.objects.order_by("-is_active", "name", "email")
    return found.filter(Q(name__icontains=search) | Q(email__icontains=search)) if search else found


def rows(users: Iterable[User], now: dt.datetime) -> list[Person]:
    """Return one row per user with one query for all open invitations."""
    listed = list(users)
    invitations = {invitation.user_id: invitation for invitation in open_invitations().filter(user__in=listed)}
    return [person(user, now, invitations.get(user.pk)) for user in listed]


def person(user: User, now: dt.datetime, invitation: Invitation | None) -> Person:
    """Return the row for one user; `invitation` is the open one, if any."""
    if not user.is_active:
        standing = Standing.DEACTIVATED
    elif has_joined(user):
        standing = Standing.ACTIVE
    elif invitation is None:
        standing = Standing.WAITING
    else:
        standing = Standing.INVITED if invitation.expires_at > now else Standing.EXPIRED
    return Person(user, standing, invitation)


def other_administrator_exists(user: User) -> bool:
    """Say whether somebody else could still administer the installation."""
    return User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user.pk).exists()


def fault_of_absence(user: User, start: dt.date, end: dt.date) -> tuple[str, str] | None:
    """Return `(field, message)` for what is wrong with more days away, or None (one query)."""
    return fault(start, end, user.absences.values_list("start", "end"), clock.today(user.time_zone))


def coming_absences(user: User, today: dt.date) -> list[Absence]:
    """Return the person's absences that are not over, soonest first."""
    return list(user.absences.filter(end__gte=today).order_by("start"))
