"""What every page says about the engine. Reads memory only; a question to the database only when something is wrong."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from reminders.selectors.watch import FOR_MANAGERS, concerns_managers
from reminders.services.watchman import last_seen


def engine(request: HttpRequest) -> dict[str, Any]:
    """Return the lines over the page: all of them for administrators, the silence of mail for program managers.

    For everybody else `engine_stands` is that silence, which only pages about reminders show.
    """
    notices = last_seen()
    user = getattr(request, "user", None)
    if not notices or not isinstance(user, User):
        return {}
    if user.is_administrator:
        return {"engine_notices": notices}
    lines = [notice for notice in notices if notice.kind in FOR_MANAGERS]
    if not lines:
        return {}
    return {"engine_notices": lines} if concerns_managers(user) else {"engine_stands": lines[0]}
