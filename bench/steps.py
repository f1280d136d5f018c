"""The measured steps, each run in a process of its own against a database of its own: `python -m bench.steps NAME N`.

Prints one JSON document. Django is set up here, so the orchestrating process stays free of it.
"""

import json
import smtplib
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.measure import timed

REPEATS = 30


def bare(_: int) -> dict[str, Any]:
    """The bare page through Django's test client."""
    client = Client(SERVER_NAME="127.0.0.1")
    return {"bare page": {"queries": 0, **timed(lambda: client.get("/"), times=300, warm=20).as_json()}}


def pages(programs: int) -> dict[str, Any]:
    """Fill a portfolio, measure its pages in this process, and hand on what a loopback client needs."""
    from accounts.models import User  # noqa: PLC0415  (needs django.setup)
    from dashboard.services import refresh  # noqa: PLC0415  (needs django.setup)
    from programs.models import Program  # noqa: PLC0415  (needs django.setup)

    _fill(programs)
    refresh(Program.objects.all())  # what the periodic task has done long before anybody looks
    client = Client(SERVER_NAME="127.0.0.1")
    reader = User.objects.create_user("bench@example.org", name="Bench", is_administrator=True)
    client.force_login(reader)
    program = Program.objects.filter(state="active").order_by("start_date", "pk")[programs // 2]
    gate = program.events.order_by("pk").first()
    paths = {
        "portfolio": "/",
        "program page": program.get_absolute_url(),
        "my work": "/work/",
        "plan": f"{program.get_absolute_url()}plan/",
        "criterion": program.criteria.order_by("pk")[5].get_absolute_url(),
        "gate": gate.get_absolute_url() if gate else program.get_absolute_url(),
        "all statuses": "/status/",
        "status": f"{program.get_absolute_url()}status/",
    }
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    found = {name: _page(client, path) for name, path in paths.items()}
    return {"pages": found, "paths": paths, "cookie": cookie}


def _page(client: Client, path: str) -> dict[str, Any]:
    client.get(path)  # the first visit of a page may write (when it was seen last); the figures are of the others
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    size = len(answer.content)
    return {"queries": len(queries), "kilobytes": round(size / 1024), **_spread(lambda: client.get(path))}


def _spread(act: Callable[[], object]) -> dict[str, float]:
    return timed(act, times=REPEATS, warm=3).as_json()


def engine(rows: int) -> dict[str, Any]:
    """A tick over `rows` planned reminders, beside the bare index scan for what is due."""
    from core import clock  # noqa: PLC0415  (needs django.setup)
    from reminders.models import Delivery  # noqa: PLC0415  (needs django.setup)
    from reminders.selectors.health import due_rows  # noqa: PLC0415  (needs django.setup)
    from reminders.services import tick  # noqa: PLC0415  (needs django.setup)

    _fill(20)
    now = clock.now().replace(hour=3, minute=0)  # nobody's hour: what is measured is looking, not sending
    clock.move(now, speed=0)
    _settle(tick)
    planting = _multiply(Delivery, rows, now)
    count = Delivery.objects.filter(state="queued").count()
    scan = timed(lambda: list(due_rows(now).values_list("pk", flat=True)[:100]), times=20)
    idle = timed(lambda: tick(now), times=20)
    return {
        "planned rows": count,
        "rows a second inserted": round(planting),
        "index scan ms": scan.as_json(),
        "idle tick ms": idle.as_json(),
        "tick to scan": round(idle.p50 / scan.p50, 1),
    }


def _settle(tick: Callable[[], Any]) -> None:
    """Tick until nothing is left to plan or to send."""
    for _ in range(200):
        result = tick()
        if not (result.planned or result.composed or result.sent):
            return
    raise RuntimeError("the engine does not come to rest")


def _multiply(model: Any, rows: int, now: datetime) -> float:
    """Copy what is planned until `rows` reminders wait for the next months; return rows a second."""
    sample = list(model.objects.all()[:500])
    started, made = time.perf_counter(), 0
    while made < rows:
        copies = []
        for at, row in enumerate(sample):
            ahead = timedelta(days=3 + (made + at) % 87, hours=(made + at) % 9)
            row.pk, row.key, row.state, row.mail_id = None, f"bench|{made + at}", "queued", None
            row.not_before = row.planned_for = now + ahead
            row.expires_at = row.not_before + timedelta(days=2)
            copies.append(row)
        made += len(model.objects.bulk_create(copies[: rows - made], batch_size=1000))
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made / seconds


def mails(wanted: int) -> dict[str, Any]:
    """Mails a second through the engine to the sink, beside plain smtplib with the very same bytes."""
    from accounts.models import User  # noqa: PLC0415  (needs django.setup)
    from core import clock  # noqa: PLC0415  (needs django.setup)
    from reminders.models import Mail  # noqa: PLC0415  (needs django.setup)
    from reminders.services.composing import compose  # noqa: PLC0415  (needs django.setup)
    from reminders.services.planning import plan_due  # noqa: PLC0415  (needs django.setup)
    from reminders.services.sending import send_claimed  # noqa: PLC0415  (needs django.setup)

    _fill(max(40, wanted // 10))
    User.objects.update(time_zone="Europe/Berlin", reminder_hour=8)  # one morning: everything is due at once
    now = clock.now().replace(minute=30, second=0)
    seconds, sent = 0.0, 0
    for _ in range(24 * 21):  # hour by hour through three weeks at most
        now += timedelta(hours=1)
        clock.move(now, speed=0)
        plan_due(now)
        compose(now)
        before, started = Mail.objects.filter(state="sent").count(), time.perf_counter()
        send_claimed(now)
        spent, left = time.perf_counter() - started, Mail.objects.filter(state="sent").count() - before
        if left:
            seconds, sent = seconds + spent, sent + left
        if sent >= wanted:
            break
    plain, size = _plain(list(Mail.objects.filter(state="sent").exclude(mime=None)[:wanted]))
    rate = sent / seconds
    return {
        "mails": sent,
        "mails a second": round(rate),
        "smtplib a second": round(plain),
        "share of smtplib": round(rate / plain, 2),
        "kilobytes a mail": round(size / 1024, 1),
    }


def _plain(mails: list[Any]) -> tuple[float, float]:
    """Send the same bytes with nothing but smtplib over one connection: mails a second, bytes a mail."""
    started = time.perf_counter()
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=20) as server:
        for mail in mails:
            server.sendmail("bench@example.org", [mail.address], bytes(mail.mime))
    seconds = time.perf_counter() - started
    return len(mails) / seconds, sum(len(mail.mime) for mail in mails) / len(mails)


def readings(rows: int) -> dict[str, Any]:
    """Readings a second into a metric beside a plain COPY; then its pages with few and with `rows` readings."""
    from accounts.models import User  # noqa: PLC0415  (needs django.setup)
    from bench.readings import fill, take_in  # noqa: PLC0415  (needs django.setup)
    from bench.readings import pages as looked_at  # noqa: PLC0415  (needs django.setup)
    from core import clock  # noqa: PLC0415  (needs django.setup)
    from metrics.models import Metric  # noqa: PLC0415  (needs django.setup)
    from metrics.services import settle  # noqa: PLC0415  (needs django.setup)

    _fill(20)
    metric = (
        Metric.objects.select_related("program").filter(program__state="active", slug="m-availability").earliest("pk")
    )
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_user("readings@example.org", name="Bench", is_administrator=True))
    found = {"ingestion": take_in(metric, clock.now()), "pages": {"50,000": looked_at(client, metric, _page)}}
    fill(metric, clock.now(), rows)
    with transaction.atomic():
        settle([metric], actor=None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found["pages"][f"{rows + 50_000:,}"] = looked_at(client, metric, _page)
    return found


def deliveries(wanted: int) -> dict[str, Any]:
    """As many reminders due at once, through two workers."""
    from bench.deliveries import run  # noqa: PLC0415  (needs django.setup)

    return run(wanted)


def exports(programs: int) -> dict[str, Any]:
    """The status of one program as every file and as a poll that finds nothing new, the first call and later ones."""
    from accounts.models import User  # noqa: PLC0415  (needs django.setup)
    from bench.exports import measured  # noqa: PLC0415  (needs django.setup)
    from programs.models import Program  # noqa: PLC0415  (needs django.setup)

    _fill(programs)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_user("exports@example.org", name="Bench", is_administrator=True))
    program = Program.objects.filter(state="active").order_by("start_date", "pk")[programs // 2]
    return measured(client, f"{program.get_absolute_url()}status/")


def _fill(programs: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("generate_portfolio", programs=programs, seed=90, stdout=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


STEPS: dict[str, Callable[[int], dict[str, Any]]] = {"bare": bare, "pages": pages, "engine": engine, "mails": mails}
STEPS |= {"readings": readings, "deliveries": deliveries, "exports": exports}

if __name__ == "__main__":
    django.setup()
    print(json.dumps(STEPS[sys.argv[1]](int(sys.argv[2]))))
