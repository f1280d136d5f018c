"""What the services of this app share: cleaning of input and the entry about a person. Must not check rights."""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.domain.zones import known_zone
from accounts.managers import clean_email
from accounts.models import User
from activity.enums import Verb
from activity.services import record
from core.errors import Invalid
from core.text import one_line

LONGEST_NAME = 120


def checked_email(email: str) -> str:
    """Return the address as it is kept; Invalid at `email` when it is none."""
    cleaned = clean_email(email)
    try:
        validate_email(cleaned)
    except ValidationError:
        raise Invalid("Enter an e-mail address such as ana@example.org.", field="email") from None
    if len(cleaned) > 254:
        raise Invalid("An e-mail address has at most 254 characters.", field="email")
    return cleaned


def checked_name(name: str, *, required: bool = True) -> str:
    """Return the name without control and bidirectional characters; Invalid at `name` when empty or too long."""
    cleaned = one_line(name)
    if required and not cleaned:
        raise Invalid("Enter the name others will see.", field="name")
    if len(cleaned) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} characters; this has {len(cleaned)}.", field="name")
    return cleaned


def checked_zone(time_zone: str) -> str:
    """Return the IANA zone; Invalid at `time_zone` when the zone data does not have it (P9)."""
    cleaned = time_zone.strip()
    if not known_zone(cleaned):
        raise Invalid("Choose a time zone such as Europe/Berlin.", field="time_zone")
    return cleaned


def record_person(actor: User | None, verb: Verb, user: User, **data: Any) -> None:
    """Write the entry about `user`; names and addresses stay out of it, so that a person can be erased."""
    record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind="user",
        subject_id=user.pk,
        subject_label=f"person {user.pk}",
        data=data,
    )


def prove_email(user: User) -> None:
    """Mark the person's address as proven: they opened a link that was mailed or handed to them."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
