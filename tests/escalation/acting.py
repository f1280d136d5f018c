"""What people and time do to an installation of real processes; run as a program of its own.

`python -m tests.escalation.acting seed|wait|acknowledge|tick|report ...`, in the order given. The clock of real
processes cannot be held: an hour "passes" by moving the instants of the escalation and of the alert back by one.
"""

import datetime as dt
import json
import sys
from decimal import Decimal

import django

django.setup()

from django.db.models import F  # noqa: E402 - models need the set-up above

from accounts.models import User  # noqa: E402 - as above
from core import clock  # noqa: E402 - as above
from escalation import services  # noqa: E402 - as above
from escalation.models import Escalation, EscalationRung  # noqa: E402 - as above
from escalation.selectors.standing import of_risks  # noqa: E402 - as above
from gates.selectors.reading import read_program  # noqa: E402 - as above
from metrics.models import Alert, Metric, Reading  # noqa: E402 - as above
from metrics.services import create_token  # noqa: E402 - as above
from phases.selectors import load_plan  # noqa: E402 - as above
from programs.models import Program, Role  # noqa: E402 - as above
from reminders.models import Delivery, Mail  # noqa: E402 - as above
from reminders.services import tick  # noqa: E402 - as above
from risks.models import EscalationLevel, EscalationPath, Risk, RiskIndicator  # noqa: E402 - as above
from risks.selectors import open_alerts  # noqa: E402 - as above
from tests.gates.world import LIMITS, SCORING  # noqa: E402 - as above
from tests.reminders.faults.seed import main as seed_program  # noqa: E402 - as above

HOUR = dt.timedelta(hours=1)


def seed() -> None:
    """A program, an emergency path of two levels, a risk that watches a metric; print a key for readings."""
    seed_program(1)
    program = Program.objects.get()
    program.limits, program.scoring = {**LIMITS, "alert_critical_ack_hours": 1}, SCORING
    program.save(update_fields=["limits", "scoring"])
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
    manager = User.objects.get(email="manager@example.org")
    print(create_token(actor=manager, program=program, name="Probe").secret)


def wait() -> None:
    """Let an hour pass for the escalation and for the alert behind it."""
    Alert.objects.update(acknowledge_by=F("acknowledge_by") - HOUR)
    EscalationRung.objects.update(due_at=F("due_at") - HOUR, reached_at=F("reached_at") - HOUR)
    Escalation.objects.update(started_at=F("started_at") - HOUR)
    Escalation.objects.filter(next_at__isnull=False).update(next_at=F("next_at") - HOUR)


def acknowledge() -> None:
    """The director answers."""
    director = User.objects.get(email="director@example.org")
    services.acknowledge(actor=director, escalation=Escalation.objects.get(), note="Rolling back")


def pass_once() -> None:
    """One tick, here and now, so that whoever reads afterwards knows that it is over."""
    tick()


def report() -> None:
    """Print what stands where."""
    row, program = Escalation.objects.first(), Program.objects.get()
    reading = read_program(load_plan(program), today=clock.today(program.time_zone), last_update=None)
    sent = Delivery.objects.filter(item_kind="escalation", state="sent").order_by("occurrence")
    print(
        json.dumps(
            {
                "sent": [list(pair) for pair in sent.values_list("occurrence", "user__email")],
                "mails": Mail.objects.filter(key__startswith="alone|escalation", state="sent").count(),
                "waiting": Delivery.objects.filter(item_kind="escalation", state="queued").count(),
                "readings": Reading.objects.count(),
                "alerts": list(Alert.objects.values_list("level", flat=True)),
                "signs": [sign.metric for signs in open_alerts(program).values() for sign in signs],
                "flagged": len(of_risks(program)),
                "rules": [rule.slug for rule in reading.status.rules],
                "clock": bool(row and row.next_at),
                "acknowledged": list(
                    Alert.objects.filter(acknowledged_at__isnull=False).values_list("acknowledged_by__email", flat=True)
                ),
            }
        )
    )


if __name__ == "__main__":
    steps = {"seed": seed, "wait": wait, "acknowledge": acknowledge, "tick": pass_once, "report": report}
    for name in sys.argv[1:]:
        steps[name]()
