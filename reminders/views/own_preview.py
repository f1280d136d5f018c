"""The page that says what a change of one's own would do to one's mails, before it is saved (rule 8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse

from accounts.models import User
from core import clock
from core.htmx import render_page
from reminders.domain.changed import Change
from reminders.selectors.changed import own_changes

DAYS = 30


@dataclass(frozen=True)
class Asked:
    """What somebody wants to change about themselves, in words, and where the page's buttons lead.

    `kept` are the form's fields as they were typed; `save` takes them and saves, `edit` shows the fields again, `leave`
    is the page where nothing was changed.
    """

    title: str
    before: str
    after: str
    change: Change
    kept: tuple[tuple[str, object], ...]
    save: str
    edit: str
    leave: str


def draw_preview(request: HttpRequest, asked: Asked, *, days: int = DAYS, others: bool = False) -> HttpResponse:
    """Show what would change in the next `days` days for the person who asks, and for nobody else; nothing is saved.

    `others` as in `own_changes`.
    """
    unchanged = asked.before == asked.after
    diff = own_changes(cast(User, request.user), asked.change, clock.now(), days=days, others=others)
    context = {"asked": asked, "unchanged": unchanged, "diff": diff, "span": days, "others": others}
    return render_page(request, "reminders/own_preview.html", context)


def flat(values: Iterable[tuple[str, object]]) -> tuple[tuple[str, object], ...]:
    """Values as a browser sends them: a list is its field several times, an unticked box and nothing are not there."""
    found: list[tuple[str, object]] = []
    for name, value in values:
        several = value if isinstance(value, list) else [value]
        found += [(name, one) for one in several if one is not None and one is not False]
    return tuple(found)
