"""One-time sign-in links for the operator of the installation. Must not mail them: they are printed, not sent."""

import datetime as dt

from django.db import transaction

from accounts.links import absolute
from accounts.models import SignInLink, User
from accounts.selectors import has_joined, usable_link
from accounts.services._shared import prove_email, record_person
from accounts.services.people import ensure_person
from accounts.tokens import digest, new_token
from activity.enums import Verb
from core import clock
from core.errors import Invalid

LIFE = dt.timedelta(hours=24)

GONE = "This sign-in link cannot be used any more, or never could. Make a new one with: manage.py create_admin"


@transaction.atomic
def create_administrator(email: str) -> User:
    """Return the person with this address as an active administrator, made when unknown; doing it twice is harmless.

    For the operator on the command line, so no actor. Errors: Invalid at `email`. Records user.changed when the
    rights changed.
    """
    user = ensure_person(actor=None, email=email)
    if user.is_active and user.is_administrator:
        return user
    changes = {"is_active": [user.is_active, True], "is_administrator": [user.is_administrator, True]}
    user.is_active = user.is_administrator = True
    user.save(update_fields=["is_active", "is_administrator"])
    record_person(None, Verb.USER_CHANGED, user, changes=changes, by="create_admin")
    return user


@transaction.atomic
def sign_in_link(user: User) -> str:
    """Return a full address that signs `user` in once within 24 hours; earlier unused links stop working."""
    token, now = new_token(), clock.now()
    user.sign_in_links.filter(used_at=None).delete()
    SignInLink.objects.create(user=user, token_hash=digest(token), created_at=now, expires_at=now + LIFE)
    return absolute("sign_in_link", token=token)


@transaction.atomic
def use_sign_in_link(*, token: str) -> User:
    """Spend the link by a conditional update and return whom it signs in; the caller starts the session.

    Errors: Invalid (`GONE`) for used, expired and unknown alike. Records user.joined the first time.
    """
    now = clock.now()
    link = usable_link(token, now)
    if link is None or not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise Invalid(GONE)
    prove_email(link.user)
    if not has_joined(link.user):
        record_person(link.user, Verb.USER_JOINED, link.user, by="sign-in link")
    return link.user
