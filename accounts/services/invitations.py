"""Invitations: the only way for a new person to come in. Must not know what a role or a program is, only its name."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string

from accounts import policies
from accounts.links import absolute
from accounts.mail import Action, Delivery, letter, send_after_commit
from accounts.models import Invitation, User
from accounts.selectors import has_joined, open_invitation, open_invitations, usable_invitation
from accounts.services._shared import checked_name, checked_zone, prove_email, record_person
from accounts.services.people import close_account, ensure_person
from accounts.tokens import digest, new_token
from activity.enums import Verb
from core import clock
from core.decisions import Decision
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import one_line

LIFE = dt.timedelta(days=14)

# One sentence for used, expired, revoked and forged alike: a guess learns nothing.
GONE = "This invitation cannot be used any more, or never could. Ask the person who invited you for a new one."


@dataclass(frozen=True)
class Invited:
    """An invitation and what became of its mail (known after the commit)."""

    invitation: Invitation
    delivery: Delivery


@transaction.atomic
def invite(
    *,
    actor: User,
    email: str,
    name: str = "",
    time_zone: str = "UTC",
    program_name: str = "",
    role_name: str = "",
    decision: Decision | None = None,
) -> Invited:
    """Mail a way in that works once within 14 days; an open invitation of the same person is replaced.

    `decision` is the answer of an app above that lets more people invite (a manager for a program's roles); without
    it only administrators may. Errors: NotAllowed; Invalid at `email`, `name`, `time_zone`. Records user.invited.
    Side effect: one mail after the commit; when it fails the invitation stays and `delivery.error` says why.
    """
    (policies.may_invite(actor) if decision is None else decision).require()
    user = ensure_person(actor=actor, email=email, name=name, time_zone=time_zone)
    user = locked(User.objects.filter(pk=user.pk)).get()  # a double click waits here and replaces the first
    if has_joined(user):
        state = "has an account" if user.is_active else "has a deactivated account; reactivate it instead"
        raise Invalid(f"{user.email} already {state}.", field="email")
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    open_invitations().filter(user=user).update(revoked_at=clock.now())
    invitation = Invitation(user=user, program_name=one_line(program_name)[:200], role_name=one_line(role_name)[:200])
    return _issue(actor, invitation)


@transaction.atomic
def resend_invitation(*, actor: User, user: User) -> Invited:
    """Mail a new token for another 14 days; the old one stops working. Errors: NotAllowed, Conflict if none is open."""
    policies.may_invite(actor).require()
    invitation = open_invitation(user)
    if invitation is None:
        raise Conflict("There is no open invitation for this person any more.")
    return _issue(actor, invitation)


@transaction.atomic
def revoke_invitation(*, actor: User, user: User) -> User:
    """Take an open invitation back; a person who never came in is deactivated with it, so no other way in remains.

    Errors: NotAllowed; Conflict when nothing is open. Records user.deactivated.
    """
    policies.may_invite(actor).require()
    if not open_invitations().filter(user=user).update(revoked_at=clock.now()):
        raise Conflict("There is no open invitation for this person any more.")
    user = User.objects.get(pk=user.pk)
    close_account(user)
    record_person(actor, Verb.USER_DEACTIVATED, user, invitation="revoked")
    return user


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, time_zone: str) -> User:
    """Turn an invitation into an account with a password; the token is spent by a conditional update.

    Errors: Invalid without a field (`GONE`) for used, expired, revoked or unknown tokens; Invalid at `name`,
    `password` or `time_zone`, the token then stays good. Records user.joined.
    """
    now = clock.now()
    invitation = usable_invitation(token, now)
    if invitation is None:
        raise Invalid(GONE)
    user = invitation.user
    user.name, user.time_zone = checked_name(name), checked_zone(time_zone)
    user.set_password(checked_password(password, user))
    if not open_invitations().filter(pk=invitation.pk, token_hash=invitation.token_hash).update(accepted_at=now):
        raise Invalid(GONE)
    user.save(update_fields=["name", "time_zone", "password"])
    prove_email(user)
    record_person(user, Verb.USER_JOINED, user, by="invitation")
    return user


def checked_password(password: str, user: User) -> str:
    """Return the password when the validators take it; Invalid at `password` with every reason otherwise."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from None
    return password


def _issue(actor: User, invitation: Invitation) -> Invited:
    """Give the invitation a fresh token, save it, record it and queue its mail."""
    token, now = new_token(), clock.now()
    invitation.invited_by, invitation.token_hash = actor, digest(token)
    invitation.sent_at, invitation.expires_at = now, now + LIFE
    invitation.save()
    record_person(
        actor,
        Verb.USER_INVITED,
        invitation.user,
        role=invitation.role_name,
        program=invitation.program_name,
    )
    action = Action("Accept the invitation", absolute("invitation", token=token))
    context = {"invitation": invitation, "inviter": one_line(str(actor)), "url": action.url}
    subject = render_to_string("mail/accounts/invitation_subject.txt", context)
    text = render_to_string("mail/accounts/invitation_message.txt", context)
    delivery = send_after_commit(letter(invitation.user.email, subject, text, action))
    return Invited(invitation, delivery)
