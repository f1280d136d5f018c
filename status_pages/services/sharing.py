"""Makes, renews and revokes share links (security.md section 4). The token leaves this module once and is not kept."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from accounts.services.addresses import renew, revoke
from accounts.tokens import digest, new_token
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from core.text import one_line
from programs.models import Portfolio, Program
from programs.selectors import cast_of
from status_pages import policies
from status_pages.models import ShareLink

DEFAULT_DAYS = 30
PASSCODE_SHORTEST = 6
PURPOSE = "status_pages.link"
"""What the tokens are for: goes into their hash."""


@dataclass(frozen=True)
class LinkInput:
    """What somebody chose for a new link; `passcode` is empty for none."""

    label: str
    days: int = DEFAULT_DAYS
    passcode: str = ""
    live: bool = True
    names: bool = False
    files: bool = False


@dataclass(frozen=True)
class Made:
    """A link with its token, which is shown once; None when the same form was sent again."""

    link: ShareLink
    token: str | None


@transaction.atomic
def make_link(
    *, actor: User, wanted: LinkInput, program: Program | None = None, portfolio: Portfolio | None = None, key: str = ""
) -> Made:
    """Make a link for a program or a portfolio. Errors: NotAllowed, Invalid (label, days, passcode)."""
    _require(actor, program)
    twin = ShareLink.objects.filter(form_key=key, made_by=actor).first() if key else None
    if twin is not None:
        return Made(twin, None)
    label = one_line(wanted.label)[:80]
    if not label:
        raise Invalid("Say whom the link is for.", field="label")
    if not 1 <= wanted.days <= settings.SHARE_LINK_MAX_DAYS:
        raise Invalid(f"A link lasts 1 to {settings.SHARE_LINK_MAX_DAYS} days here.", field="days")
    if wanted.passcode and len(wanted.passcode) < PASSCODE_SHORTEST:
        raise Invalid(f"Use {PASSCODE_SHORTEST} characters or more.", field="passcode")
    token = new_token()
    link = ShareLink.objects.create(
        program=program,
        portfolio=portfolio,
        label=label,
        public_id=secrets.token_hex(8),
        token_hash=digest(token, PURPOSE),
        passcode=make_password(wanted.passcode) if wanted.passcode else "",
        live=wanted.live,
        names=wanted.names,
        files=wanted.files,
        expires_at=clock.now() + dt.timedelta(days=wanted.days),
        made_by=actor,
        made_at=clock.now(),
        form_key=key or None,
    )
    chosen = {"days": wanted.days, "live": wanted.live, "names": wanted.names, "files": wanted.files}
    _record(actor, Verb.SHARE_LINK_MADE, link, **chosen)
    return Made(link, token)


@transaction.atomic
def rotate_link(*, actor: User, link: ShareLink) -> Made:
    """Give a link a new token; the old one and every visit it opened end with the next request.

    Errors: NotAllowed, Conflict (revoked meanwhile).
    """
    link = _lock(link)
    _require(actor, link.program)
    token = renew(link, PURPOSE, "link")
    _record(actor, Verb.SHARE_LINK_ROTATED, link)
    return Made(link, token)


@transaction.atomic
def revoke_link(*, actor: User, link: ShareLink) -> ShareLink:
    """End a link with the next request; twice is once. Errors: NotAllowed."""
    link = _lock(link)
    _require(actor, link.program)
    if revoke(link):
        _record(actor, Verb.SHARE_LINK_REVOKED, link)
    return link


def _lock(link: ShareLink) -> ShareLink:
    return locked(ShareLink.objects.select_related("program").filter(pk=link.pk)).get()


def _require(actor: User, program: Program | None) -> None:
    if program is not None:
        policies.may_share(actor, cast_of(program)).require()
    else:
        policies.may_share_portfolio(actor).require()


def _record(actor: User | None, verb: Verb, link: ShareLink, **data: object) -> None:
    """An entry about a link; it names the program in its data only, so that sharing is no update of it (G12)."""
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind="share_link",
        subject_id=link.pk,
        subject_label=link.label,
        data={"program": link.program_id, "portfolio": link.portfolio_id, **data},
    )
