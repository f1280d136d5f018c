"""Who exists, who may come in and who holds the two installation-wide rights. Must not send mail."""

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import policies
from accounts.models import User
from accounts.selectors import open_invitations
from accounts.services._shared import checked_email, checked_name, checked_zone, record_person
from activity.enums import Verb
from core import clock
from core.locks import locked


@transaction.atomic
def ensure_person(*, actor: User | None, email: str, name: str = "", time_zone: str = "UTC") -> User:
    """Return the person with this address, made when unknown; somebody known is returned unchanged.

    A new person can hold roles and be mailed at once, but can only come in by an invitation. The caller answers for
    the right to name people (launching a program does). Errors: Invalid at `email`, `name` or `time_zone`.
    """
    address = checked_email(email)
    known = User.objects.filter(email=address).first()
    if known is not None:
        return known
    fields = {"name": checked_name(name, required=False), "time_zone": checked_zone(time_zone)}
    try:
        with transaction.atomic():  # a savepoint, so that losing the race below leaves the caller's work intact
            return User.objects.create_user(address, **fields)
    except IntegrityError:
        return User.objects.get(email=address)  # somebody else named the same person at the same moment


@transaction.atomic
def deactivate_user(*, actor: User, user: User) -> User:
    """Close an account: sessions, invitations and links end at once, installation-wide rights are given up.

    Program roles become vacant in the same transaction (S60; `ownership` hears of it). Errors: NotAllowed. Records
    user.deactivated.
    """
    user = _with_administrators_locked(user)
    policies.may_deactivate(actor, user).require()
    close_account(user)
    record_person(actor, Verb.USER_DEACTIVATED, user)
    return user


def close_account(user: User) -> None:
    """Shut every way in; call inside a transaction, after the policy."""
    user.is_active = user.is_administrator = user.is_executive_viewer = False
    user.save(update_fields=["is_active", "is_administrator", "is_executive_viewer"])
    # Without this, reactivating the account would bring its old sessions back to life.
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    open_invitations().filter(user=user).update(revoked_at=clock.now())
    user.sign_in_links.filter(used_at=None).delete()


@transaction.atomic
def reactivate_user(*, actor: User, user: User) -> User:
    """Open a closed account again, without its former rights. Errors: NotAllowed. Records user.reactivated."""
    user = _with_administrators_locked(user)
    policies.may_reactivate(actor, user).require()
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_person(actor, Verb.USER_REACTIVATED, user)
    return user


@transaction.atomic
def set_administrator(*, actor: User, user: User, on: bool) -> User:
    """Give or take the administrator right; the last one keeps it. Errors: NotAllowed. Records user.changed."""
    user = _with_administrators_locked(user)
    policies.may_set_administrator(actor, user, on=on).require()
    return _set_right(actor, user, "is_administrator", on)


@transaction.atomic
def set_executive_viewer(*, actor: User, user: User, on: bool) -> User:
    """Give or take the right to read every program. Errors: NotAllowed. Records user.changed."""
    user = _with_administrators_locked(user)
    policies.may_set_executive_viewer(actor, user).require()
    return _set_right(actor, user, "is_executive_viewer", on)


def _set_right(actor: User, user: User, field: str, on: bool) -> User:
    before = getattr(user, field)
    if before == on:
        return user
    setattr(user, field, on)
    user.save(update_fields=[field])
    record_person(actor, Verb.USER_CHANGED, user, changes={field: [before, on]})
    return user


def _with_administrators_locked(user: User) -> User:
    """Read `user` afresh while holding all administrators, so that two of them cannot remove each other at once."""
    list(locked(User.objects.filter(is_administrator=True).order_by("pk")))
    return locked(User.objects.filter(pk=user.pk)).get()
