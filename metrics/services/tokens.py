"""Keys for monitoring systems: made once, kept as a hash, revoked at once. Must never log or store a key itself."""

import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from metrics import policies
from metrics.models import ApiToken
from metrics.services.base import TOKEN, hold, line
from programs.models import Program
from programs.selectors import cast_of

PREFIX = "r90m_"
"""Lets a secret scanner recognise a key that was checked in by accident."""
MOST = 20


@dataclass(frozen=True)
class Made:
    """A new key; `secret` is empty when the form was sent twice: it was shown once and is not known any more."""

    token: ApiToken
    secret: str


@transaction.atomic
def create_token(*, actor: User, program: Program, name: str, key: str = "") -> Made:
    """Make a key of 256 random bits for one program. Errors: NotAllowed, Invalid (no name, too many)."""
    policies.may_connect(actor, cast_of(program)).require()
    hold(program)
    if key and (twin := ApiToken.objects.filter(form_key=key, program=program).first()):
        return Made(twin, "")
    title = line(name, "name", "Name the system that uses it, such as “Grafana”.", 80)
    if ApiToken.objects.filter(program=program, revoked_at=None).count() >= MOST:
        raise Invalid(f"A program has at most {MOST} keys; revoke one first.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        program=program,
        name=title,
        start=secret[: len(PREFIX) + 4],
        digest=digest(secret),
        created_by=actor,
        created_at=clock.now(),
        form_key=key or None,
    )
    _record(actor, Verb.TOKEN_CREATED, token)
    return Made(token, secret)


@transaction.atomic
def revoke_token(*, actor: User, token: ApiToken) -> ApiToken:
    """Make a key worthless from the next request on. Pressing twice is harmless. Errors: NotAllowed."""
    policies.may_connect(actor, cast_of(token.program)).require()
    row = locked(ApiToken.objects.filter(pk=token.pk)).get()
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = clock.now(), actor
        row.save(update_fields=["revoked_at", "revoked_by"])
        _record(actor, Verb.TOKEN_REVOKED, row)
    return row


def authenticate(secret: str) -> ApiToken | None:
    """Return the living token of a key with its program, None for any other text (one query)."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    rows = ApiToken.objects.filter(digest=digest(secret), revoked_at=None).select_related("program")
    return rows.first()


def used(token: ApiToken) -> None:
    """Remember that a key was used now (one query)."""
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=clock.now())


def digest(secret: str) -> str:
    """The hash under which a key is kept; a key has 256 random bits, so a plain hash cannot be reversed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(actor: User, verb: Verb, token: ApiToken) -> None:
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind=TOKEN,
        subject_id=token.pk,
        subject_label=token.name,
        program_id=token.program_id,
        data={"start": token.start},
    )
