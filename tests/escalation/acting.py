"""What people and time do to an installation of real processes; run as a program of its own.

`python -m tests.escalation.acting seed|breach|wait|acknowledge|report`. The clock of real processes cannot be
held: an hour "passes" by moving the escalation's own instants back by one.
"""

import datetime as dt
import json
import sys
from decimal import Decimal

import django

django.setup()

from django.conf import settings  # noqa: E402 - models need the set-up above
from django.db import transaction  # noqa: E402 - models need the set-up above
from django.db.models import F  # noqa: E402 - as above

from accounts.models import User  # noqa: E402 - as above
from activity import services as activity  # noqa: E402 - as above
from activity.enums import Verb  # noqa: E402 - as above
from core import clock  # noqa: E402 - as above
from escalation import services  # noqa: E402 - as above
from escalation.models import Escalation, EscalationRung  # noqa: E402 - as above
from escalation.selectors.standing import of_risks  # noqa: E402 - as above
from metrics.models import Alert, Metric  # noqa: E402 - as above
from programs.models import Program, Role  # noqa: E402 - as above
from reminders.models import Delivery, Mail  # noqa: E402 - as above
from risks.models import EscalationLevel, EscalationPath, Risk, RiskIndicator  # noqa: E402 - as above
from roadmap_site.celery import app  # noqa: E402 - as above
from tests.reminders.faults.seed import main as seed_program  # noqa: E402 - as above

HOUR = dt.timedelta(hours=1)


def seed() -> None:
    """A program, an emergency path of two levels, a risk that watches a metric."""
    seed_program(1)
    program = Program.objects.get()
    path = EscalationPath.objects.create(program=program, slug="esc-ops", name="Service failure", trigger="t")
    for position, (slug, amount, unit) in enumerate([("operator", 0, "at_once"), ("director", 1, "hours")], start=1):
        person = User.objects.create(email=f"{slug}@example.org", name=slug.title(), time_zone=program.time_zone)
        role = Role.objects.create(program=program, slug=slug, name=slug.title(), holder=person)
        level = EscalationLevel.objects.create(path=path, position=position, amount=amount, unit=unit)
        level.roles.add(role)
    owner = Role.objects.get(slug="operator")
    metric = Metric.objects.create(
        program=program, slug="m", name="Availability", category="reliability", unit="%", direction="higher",
        frequency="daily", source="s", owner_role=owner, why="w", critical_low=Decimal("98.5"),
    )  # fmt: skip
    score = dict.fromkeys(("inherent_likelihood", "inherent_impact", "current_likelihood", "current_impact"), 3)
    risk = Risk.objects.create(
        program=program, slug="r", category="c", cause="c", event="e", impact="i", response="mitigate",
        owner_role=owner, path=path, raise_from_phase="one", **score,
    )  # fmt: skip
    RiskIndicator.objects.create(risk=risk, position=1, text="t", metric=metric)


@transaction.atomic
def breach() -> None:
    """The metric falls below its critical limit: what its app writes then."""
    metric, now = Metric.objects.get(), clock.now()
    alert = Alert.objects.create(
        program=metric.program, metric=metric, level="critical", value=Decimal(97), measured_at=now, opened_at=now,
        acknowledge_by=now + HOUR,
    )  # fmt: skip
    activity.record(
        actor_id=None, verb=Verb.METRIC_BREACHED, subject_kind="metric_alert", subject_id=alert.pk,
        subject_label=metric.name, program_id=metric.program_id,
    )  # fmt: skip


def wait() -> None:
    """Let an hour pass for the escalation."""
    EscalationRung.objects.update(due_at=F("due_at") - HOUR, reached_at=F("reached_at") - HOUR)
    Escalation.objects.update(started_at=F("started_at") - HOUR)
    Escalation.objects.filter(next_at__isnull=False).update(next_at=F("next_at") - HOUR)


def acknowledge() -> None:
    """The director answers."""
    director = User.objects.get(email="director@example.org")
    services.acknowledge(actor=director, escalation=Escalation.objects.get(), note="Rolling back")


def report() -> None:
    """Print what stands where; with a broker ask the workers for a tick first, as beat does every minute."""
    if settings.REDIS_URL:
        app.send_task("reminders.tick")
    row = Escalation.objects.first()
    sent = Delivery.objects.filter(item_kind="escalation", state="sent").order_by("occurrence")
    print(
        json.dumps(
            {
                "sent": [list(pair) for pair in sent.values_list("occurrence", "user__email")],
                "mails": Mail.objects.filter(key__startswith="alone|escalation", state="sent").count(),
                "waiting": Delivery.objects.filter(item_kind="escalation", state="queued").count(),
                "flagged": len(of_risks(Program.objects.get())),
                "clock": bool(row and row.next_at),
                "acknowledged": Alert.objects.filter(acknowledged_at__isnull=False).count(),
            }
        )
    )


if __name__ == "__main__":
    steps = {"seed": seed, "breach": breach, "wait": wait, "acknowledge": acknowledge, "report": report}
    steps[sys.argv[1]]()
