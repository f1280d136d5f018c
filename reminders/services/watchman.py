"""One thread per web process that watches the engine every half minute, and what it last saw (P23, P5).

It begins with the first request that a process has answered, so that it lives where pages are served (also behind
gunicorn, whose workers are forked), and no page ever waits for it: pages read what it last saw from memory.
"""

import logging
import threading

from django.db import close_old_connections, connections

from core import clock
from reminders.enums import Process
from reminders.selectors.watch import Notice, findings, notices
from reminders.services.heartbeats import forget, here, seen
from reminders.services.watching import watch

_log = logging.getLogger(__name__)

EVERY_SECONDS = 30
FIRST_SECONDS = 90
"""An installation that is only just started gives its engine three ticks before it is called silent."""

_starting = threading.Lock()
_thread: threading.Thread | None = None
_seen: tuple[Notice, ...] = ()


def last_seen() -> tuple[Notice, ...]:
    """The lines for pages as this process last found them; empty when all is well, or not looked at yet."""
    return _seen


def look() -> None:
    """Look once: leave this process's own sign of life, watch, keep what pages are to say. Raises nothing."""
    global _seen
    try:
        now = clock.now()
        seen(here(Process.WEB), Process.WEB, now=now)
        forget(now)
        _seen = watch()
    except Exception:
        # Whatever it was (a database that is away, a full disk), the next look must happen.
        _log.exception("the engine could not be watched")


def refresh() -> None:
    """Say on pages what holds now, after an act that changes it (five queries at most); tells nobody by mail.

    Only in this process: others follow with their next look.
    """
    global _seen
    now = clock.now()
    _seen = notices(findings(now), now)


def forget_what_was_seen() -> None:
    """Say nothing on pages until the next look."""
    global _seen
    _seen = ()


def start(**_: object) -> None:
    """Start the thread of this process unless it runs (a receiver of `request_finished`: one comparison)."""
    global _thread
    if _thread is not None:
        return
    with _starting:
        if _thread is None:
            _thread = threading.Thread(target=_run, name="roadmap-watch", daemon=True)
            _thread.start()


def _run() -> None:
    pause = threading.Event()  # never set: the process ends with the thread, which is a daemon
    pause.wait(FIRST_SECONDS)
    while True:
        close_old_connections()
        look()
        connections.close_all()
        pause.wait(EVERY_SECONDS)
