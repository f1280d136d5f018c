"""Many reminders due at once: planned and sent by two workers, beside as many plain smtplib senders.

Needs `django.setup` before it is imported. The workers are processes as in production; only Celery's alarm clock is
left out, since it carries nothing but the word "look".
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from core import clock
from playbooks.selectors import default_playbook
from programs.models import Portfolio, Program
from reminders.enums import Kind, Part, RuleSlug, State
from reminders.models import Delivery, Mail
from reminders.services import copy_default_rules
from tests.reminders.faults.seed import AT_ONCE, forenoon, newcomers, quiet_program, tasks_for
from tests.reminders.quiet import without_updates

WORKERS = 2
PER_MAIL = 4
"""Reminders that each person has, and so each mail."""
PLAIN_MAILS = 4000
PAST, PAST_MAILS = "past", 5000
PATIENCE_SECONDS = 3600
ROOT = Path(__file__).resolve().parents[1]


def run(wanted: int) -> dict[str, Any]:
    """Fill, let two workers do it, then send the same bytes plainly; rates in mails a second, memory in MB."""
    call_command("migrate", verbosity=0, interactive=False)
    _fill(wanted)
    started = time.monotonic()
    found = _watch([_worker() for _ in range(WORKERS)], wanted, started)
    plain = _plain()
    whole = found["mails"] / found["seconds in all"]
    return {
        **found,
        "smtplib a second": round(plain),
        "share of smtplib": round(found["mails a second"] / plain, 2),
        "share with planning": round(whole / plain, 2),
    }


def _fill(wanted: int) -> None:
    zone, book = forenoon(), default_playbook()
    constants = {"scoring": book.scoring.model_dump(mode="json"), "limits": book.limits.model_dump(mode="json")}
    portfolio = Portfolio.objects.create(name="P", slug="p")
    manager = User.objects.create(email="manager@example.org", name="Manager", time_zone=zone, reminder_hour=6)
    people = newcomers(range(max(AT_ONCE, wanted // PER_MAIL)), zone)
    for number in range(max(1, wanted // AT_ONCE)):
        first = number * AT_ONCE % len(people)
        program = quiet_program(number, zone, portfolio)
        tasks_for(program, manager, people[first : first + AT_ONCE])
        Program.objects.filter(pk=program.pk).update(**constants)
        copy_default_rules(program)
        without_updates(program)
    _past(people[:PAST_MAILS])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _past(people: list[User]) -> None:
    """Mails of last week, as every installation has them: nobody has so much due on the day of an empty database."""
    then = clock.now() - timedelta(days=7)
    mails = Mail.objects.bulk_create(
        Mail(
            key=f"{PAST}|{person.pk}", message_id=f"<{PAST}-{person.pk}@localhost>", user=person, address=person.email,
            local_date=then.date(), state=State.SENT, not_before=then, created_at=then, sent_at=then,
        )
        for person in people
    )  # fmt: skip
    program = Program.objects.earliest("pk")
    Delivery.objects.bulk_create(
        (
            Delivery(
                key=f"{PAST}|{mail.pk}|{number}", program=program, user_id=mail.user_id, item_kind=Kind.TASK, item_id=0,
                item_slug=PAST, item_label="A task of last week", rule=RuleSlug.ITEM_DUE, occurrence=PAST,
                due_date=then.date(), part=Part.RESPONSIBLE, role_slug="x", urgency=9, planned_on=then.date(),
                planned_for=then, not_before=then, expires_at=then, state=State.SENT, mail=mail, created_at=then,
            )
            for mail in mails
            for number in range(PER_MAIL)
        ),
        batch_size=2000,
    )  # fmt: skip


def _worker() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "manage.py", "engine", "--loop", "--every", "0.1"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def _watch(workers: "list[subprocess.Popen[bytes]]", wanted: int, started: float) -> dict[str, Any]:
    """Wait until everything has left; return when what was done, and how much memory the workers took."""
    due = Delivery.objects.filter(not_before__lte=clock.now()).exclude(occurrence=PAST)
    done = Mail.objects.filter(state=State.SENT, mime__isnull=False)  # those of the past keep no bytes
    planned, first, sent, already = 0.0, 0.0, 0, 0
    memory: list[float] = []
    try:
        while time.monotonic() - started < PATIENCE_SECONDS:
            time.sleep(0.5)
            if not planned:
                planned = time.monotonic() if due.count() >= wanted else 0.0
                continue
            sent = done.count()
            if sent and not first:
                first, already = time.monotonic(), sent
            if not due.filter(state__in=[State.QUEUED, State.LEASED]).exists():
                break
            memory.append(sum(resident_mb(worker.pid) for worker in workers) / len(workers))
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()
    ended = time.monotonic()
    return {
        "reminders": due.filter(state=State.SENT).count(),
        "mails": sent,
        "seconds until planned": round(planned - started, 1),
        "seconds in all": round(ended - started, 1),
        "mails a second": round((sent - already) / (ended - first), 1),
        "reminders a second in all": round(wanted / (ended - started), 1),
        "worker MB after a third": round(memory[len(memory) // 3], 1),
        "worker MB at the end": round(memory[-1], 1),
    }


def resident_mb(process: int) -> float:
    """Memory that a process holds, in megabytes (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _plain() -> float:
    """As many plain senders as there were workers, with the very same bytes; mails a second together."""
    sent = Mail.objects.filter(state=State.SENT).exclude(mime=None).values_list("mime", flat=True)
    letters = [bytes(raw or b"").decode("latin-1") for raw in sent[:PLAIN_MAILS]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "letters.json"
        file.write_text(json.dumps(letters), encoding="ascii")  # one character a byte, escaped
        command = [sys.executable, "-m", "bench.plain", str(settings.EMAIL_PORT), str(file)]
        senders = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(WORKERS)]
        times: list[tuple[float, float]] = [json.loads(sender.communicate()[0]) for sender in senders]
    return WORKERS * len(letters) / (max(end for _, end in times) - min(start for start, _ in times))
