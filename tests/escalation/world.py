"""A program with what escalations need: paths, a metric, a risk wired to it; and the news a metric gives.

Built on the gates' world (Berlin; day 1 is Monday 2026-01-05): rita is risk lead, ben business owner, sam sponsor, pat
manages, mia owns the model; the monitoring owner is vacant. Must not use the services under test.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.locks import locked
from escalation.models import Escalation
from metrics.enums import AlertLevel
from metrics.models import Alert, Metric
from programs.models import Program, Role
from reminders.enums import State
from reminders.models import Delivery
from reminders.services import copy_default_rules
from risks.models import EscalationLevel, EscalationPath, MitigationAction, Risk, RiskIndicator
from tests.gates import world as gates

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = dt.datetime(2026, 1, 12, 10, tzinfo=BERLIN)
"""A working Monday morning in the program's second week."""

PATHS = {
    "esc-ops": [(["model-owner"], 0, "at_once"), (["program-manager"], 1, "hours"), (["sponsor"], 4, "hours")],
    "esc-model": [
        (["model-owner"], 0, "same_day"),
        (["risk-governance-lead"], 2, "working_days"),
        (["sponsor"], 5, "working_days"),
    ],
    "esc-data": [(["model-owner"], 4, "hours"), (["business-owner"], 6, "hours"), (["sponsor"], 3, "working_days")],
}


@dataclass
class Escalating:
    """The program, its metric and its risk."""

    w: gates.World
    metric: Metric
    risk: Risk

    @property
    def program(self) -> Program:
        """The program, fresh."""
        return self.w.program

    def person(self, name: str) -> User:
        """Somebody by first name."""
        return self.w.person(name)

    def role(self, slug: str) -> Role:
        """A role by slug, fresh."""
        return self.w.role(slug)

    def path(self, slug: str) -> EscalationPath:
        """A path by slug."""
        return EscalationPath.objects.select_related("program").get(program=self.w.built.program, slug=slug)

    def only(self) -> Escalation:
        """The one escalation there is."""
        return Escalation.objects.select_related("program", "path").get()


def build(slug: str = "") -> Escalating:
    """Make the world: a critical risk on `esc-ops` watching the availability; everybody lives in Berlin."""
    w = gates.world(**({"slug": slug} if slug else {}))
    User.objects.update(time_zone="Europe/Berlin")
    for person in w.built.people.values():
        person.refresh_from_db()
    program = w.program
    for position, (name, levels) in enumerate(PATHS.items()):
        path = EscalationPath.objects.create(
            program=program, slug=name, name=name.replace("-", " ").capitalize(), position=position, trigger="It fails"
        )
        for number, (roles, amount, unit) in enumerate(levels, start=1):
            level = EscalationLevel.objects.create(path=path, position=number, amount=amount, unit=unit)
            level.roles.set(Role.objects.filter(program=program, slug__in=roles))
    metric = Metric.objects.create(
        program=program,
        slug="m-availability",
        name="Availability",
        category="reliability",
        unit="%",
        direction="higher",
        critical_low=Decimal("98.5"),
        frequency="daily",
        source="probe",
        owner_role=w.role("model-owner"),
        why="w",
    )
    risk = gates.risk(w, "outage")
    Risk.objects.filter(pk=risk.pk).update(path=EscalationPath.objects.get(program=program, slug="esc-ops"))
    risk.refresh_from_db()
    RiskIndicator.objects.create(risk=risk, position=1, text="It is down", metric=metric)
    MitigationAction.objects.filter(risk=risk).update(due_date=None)
    copy_default_rules(program)
    return Escalating(w, metric, risk)


@contextmanager
def at(when: dt.datetime, **later: float) -> Iterator[dt.datetime]:
    """Hold the clock at an instant, moved on by timedelta's words."""
    now = when + dt.timedelta(**later)
    with clock.frozen(now):
        yield now


@transaction.atomic
def breach(e: Escalating, level: AlertLevel = AlertLevel.CRITICAL, metric: Metric | None = None) -> Alert:
    """What a reading beyond a limit does in the metrics app: open or worsen the alert and tell."""
    metric = metric or e.metric
    alert = Alert.objects.filter(metric=metric, closed_at=None).first()
    if alert is None:
        alert = Alert(program=metric.program, metric=metric, opened_at=clock.now())
    alert.level, alert.value, alert.measured_at = level, Decimal("97.2"), clock.now()
    alert.acknowledge_by = clock.now() + dt.timedelta(hours=4)
    alert.save()
    tell(alert, Verb.METRIC_BREACHED)
    return alert


@transaction.atomic
def recover(alert: Alert) -> None:
    """A reading back inside the limits."""
    Alert.objects.filter(pk=alert.pk).update(closed_at=clock.now(), closed_because="Back inside its limits")
    tell(alert, Verb.METRIC_RECOVERED)


@transaction.atomic
def acknowledge_alert(alert: Alert, actor: User) -> None:
    """Somebody answers on the metric's own page."""
    locked(Alert.objects.filter(pk=alert.pk)).get()
    Alert.objects.filter(pk=alert.pk).update(
        acknowledged_at=clock.now(), acknowledged_by=actor, note="Restarting the pods"
    )
    tell(alert, Verb.ALERT_ACKNOWLEDGED, actor)


def tell(alert: Alert, verb: Verb, actor: User | None = None) -> None:
    """Write the metrics app's entry about an alert."""
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind="metric_alert",
        subject_id=alert.pk,
        subject_label=alert.metric.name,
        program_id=alert.program_id,
    )


def told(state: State | None = None) -> dict[str, set[str]]:
    """First names by rung, of whoever has a delivery about an escalation (in this state)."""
    rows = Delivery.objects.filter(item_kind="escalation").select_related("user")
    found: dict[str, set[str]] = {}
    for row in rows.filter(state=state) if state else rows:
        found.setdefault(row.occurrence, set()).add(row.user.email.split(".")[0])
    return found
