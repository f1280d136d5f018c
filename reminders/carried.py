"""What the engine carries for an app above: its mails are planned there and sent here. Must not import models.

The app registers two functions while it loads (`AppConfig.ready`), as registers do with `phases.checks`: one says
which of its deliveries have no cause any more, the other adds to a finished mail what only the app can make.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.mail import EmailMultiAlternatives

    from reminders.models import Delivery

Outdated = Callable[[list["Delivery"]], dict[int, str]]
Complete = Callable[["EmailMultiAlternatives", "Delivery", datetime], None]
_known: list[tuple[Outdated, Complete]] = []


def register(*, outdated: Outdated, complete: Complete) -> None:
    """Ask `outdated(rows)` for reasons by id before mails leave, and `complete(message, row, now)` for their parts."""
    if (outdated, complete) not in _known:
        _known.append((outdated, complete))


def reasons(rows: Iterable["Delivery"]) -> dict[int, str]:
    """Why deliveries of apps above must not leave any more, by id; nothing is asked when there are none."""
    found = list(rows)
    return {pk: why for outdated, _ in _known for pk, why in outdated(found).items()} if found else {}


def complete(message: "EmailMultiAlternatives", row: "Delivery", now: datetime) -> None:
    """Add to a mail about one delivery what the app it belongs to wants in it."""
    for _, finish in _known:
        finish(message, row, now)
