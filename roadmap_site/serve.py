"""`make run`: the whole application in one process, ready to use on the first start.

Order matters: what can be wrong with the call (port, folder, settings) is found before anything is changed, each
with one line. Must not hold business rules; it only puts the parts in motion. `python -m roadmap_site.serve`.
"""

import logging
import os
import signal
import socket
import sys
import threading
from io import StringIO
from types import FrameType

import django
import waitress
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from roadmap_site import env
from roadmap_site.statics import Collecting

FIRST_ADMINISTRATOR = "admin@example.org"
WEB_THREADS = 8
LAST_RESORT_SECONDS = 1.8  # SIGTERM promises an end in under two


def main() -> int:
    """Run until SIGINT or SIGTERM; return 0, or 1 when the start was impossible or a thread died."""
    host, port = os.environ.get("HOST") or "127.0.0.1", _port()
    os.environ["PORT"] = str(port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roadmap_site.settings")
    listener = _listen(host, port)
    static = Collecting()
    try:
        django.setup()
        for name in ("celery", "waitress"):
            logging.getLogger(name).setLevel(logging.WARNING)
        logging.getLogger("kombu").setLevel(logging.ERROR)  # its broker, this process, has no host name, and it says so
        return _run(listener, static)
    finally:
        static.finish()  # also when the start ends here: what it has to say is not lost, and nothing runs on


def _run(listener: socket.socket, static: Collecting) -> int:
    """Hold the data folder, bring the data up to date, serve until told to stop."""
    # Both need a finished django.setup().
    from roadmap_site.celery import app  # noqa: PLC0415  (needs django.setup)
    from roadmap_site.embedded import Background, DataInUse, hold  # noqa: PLC0415  (needs django.setup)

    try:
        held = hold(settings.ROADMAP_DATA)
    except DataInUse as in_use:
        return _fail(str(in_use))
    with held:
        link = _prepare()
        static.finish()
        background = Background(app)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        background.start()
        server = waitress.create_server(
            _application(),
            sockets=[listener],
            threads=WEB_THREADS,
            ident="",
            max_request_body_size=4 * settings.EVIDENCE_MAX_BYTES,
        )
        _say(f"\nRoadmap 90 runs at {settings.SITE_URL}/")
        _say(f"Sign in as administrator (works once, within 24 hours): {link}")
        _say(f"Data: {settings.ROADMAP_DATA}   Stop: Ctrl+C")
        server.run()  # ends by the SystemExit that _stop raises
        background.stop()
        if background.failed:
            return _fail(f"the {background.failed} thread ended by itself; everything was stopped")
        _say("Stopped; the data is kept.")
        return 0


def _port() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        env.fail("PORT", "takes a number from 1 to 65535")
    return int(value)


def _listen(host: str, port: int) -> socket.socket:
    """Take the address first, so that a second start ends before it touches any data."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except socket.gaierror:
        env.fail("HOST", f"takes a name or address of this machine, such as 127.0.0.1 (not {host})")
    except PermissionError:
        env.fail("PORT", f"{port} may not be used by this account; choose one above 1023, such as PORT=8001")
    except OSError as error:
        env.fail(
            "PORT",
            f"{port} on {host} is taken ({os.strerror(error.errno or 0)}); try: make run PORT={port % 65535 + 1}",
        )


def _prepare() -> str:
    """Migrate, fill an empty installation, and return a one-time sign-in link for an administrator."""
    from accounts.services import create_administrator, sign_in_link  # noqa: PLC0415  (needs django.setup)

    _say("Preparing the database")
    call_command("migrate", verbosity=0, interactive=False)
    users = apps.get_model("accounts.User").objects
    if not users.filter(is_administrator=True).exists() and not apps.get_model("programs.Program").objects.exists():
        _say("First start: loading the example portfolio (removable with one click)")
        call_command("load_example", verbosity=0, stdout=StringIO())
    administrator = users.filter(is_administrator=True, is_active=True).order_by("pk").first()
    link = sign_in_link(administrator or create_administrator(FIRST_ADMINISTRATOR))
    connection.close()
    return link


def _application() -> object:
    from roadmap_site.wsgi import application  # noqa: PLC0415  (needs the settings)

    return application


def _stop(number: int, frame: FrameType | None) -> None:
    """Leave waitress's loop; should a request or a mail hold things up, end hard: the database is the queue."""
    timer = threading.Timer(LAST_RESORT_SECONDS, os._exit, args=(0,))
    timer.daemon = True
    timer.start()
    raise SystemExit


def _say(line: str) -> None:
    print(line, flush=True)


def _fail(line: str) -> int:
    print(line, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Without waiting for threads that a slow mail server may hold.
    os._exit(code)
