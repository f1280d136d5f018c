"""Starts escalations: by a breach, by an overdue action, by hand. Each thing is on a path once at a time (S58, S74).

The first rung is told by the next pass of `advancing`: whoever writes a reading must not wait for it, nor fail by it.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.text import many_lines, one_line, shorten
from escalation import policies
from escalation.defaults import defaults
from escalation.enums import Cause, Subject
from escalation.models import Escalation
from escalation.services import base
from metrics.enums import AlertLevel
from metrics.models import Alert
from programs.models import Program
from programs.selectors import cast_of
from risks.models import EscalationPath, MitigationAction, Risk
from risks.selectors import moment_of

_log = logging.getLogger(__name__)
REASON_LIMIT = 1000


@dataclass(frozen=True)
class About:
    """What an escalation is about; `url` is a path of this site. A MATTER has no id of its own."""

    kind: Subject
    id: int
    label: str
    url: str = ""
    due: dt.date | None = None


@transaction.atomic
def start_by_hand(
    *, actor: User, path: EscalationPath, about: About, reason: str, risk: Risk | None = None, key: str = ""
) -> Escalation:
    """Start a path by hand, with a reason; any member may. The same form twice (`key`) is one escalation.

    Errors: NotAllowed, Invalid (no reason or title, or the path is running about this already).
    """
    program = path.program
    policies.may_start(actor, cast_of(program)).require()
    if key:
        before = Escalation.objects.filter(form_key=key, started_by=actor, program=program).first()
        if before is not None:
            return before
    why, label = many_lines(reason)[:REASON_LIMIT], one_line(about.label)
    if not label:
        raise Invalid("Say what it is about.", field="title")
    if not why:
        raise Invalid("Say why it has to go up.", field="reason")
    kind, subject = about.kind, about.id
    if kind is not Subject.MATTER and running(path, kind, subject) is not None:
        raise Invalid(f"“{path.name}” is running about this already; open it to see where it stands.", field="path")
    row = Escalation(cause=Cause.HAND, reason=why, started_by=actor, form_key=key or None, **_of(path, about, label))
    return _begin(row, [risk] if risk is not None else [], actor)


def start_for_breach(alert_id: int) -> list[Escalation]:
    """Start the paths of the risks that count and watch an alert's metric; with none, the path of its category.

    Nothing happens for a level that starts no path, for one that is running already, and for one that somebody
    acknowledged, unless the alert has become critical since: then the clock starts anew. Returns what was started.
    """
    alert = Alert.objects.select_related("metric", "program").filter(pk=alert_id, closed_at=None).first()
    if alert is None or alert.level not in defaults().start_at or not policies.is_alive(alert.program):
        return []
    critical = alert.level == AlertLevel.CRITICAL
    label = f"{alert.metric.name}: {alert.level} limit breached"
    alert.metric.program = alert.program
    about = About(Subject.ALERT, alert.pk, label, alert.metric.get_absolute_url())
    by_path: dict[int, list[Risk]] = {}
    for risk in _watching(alert):
        by_path.setdefault(risk.path_id, []).append(risk)
    paths = {risks[0].path_id: risks[0].path for risks in by_path.values()}
    if not paths and (found := _by_category(alert)) is not None:
        paths = {found.pk: found}
    started = []
    for path_id, path in paths.items():
        path.program = alert.program
        standing = running(path, Subject.ALERT, alert.pk)
        if standing is not None and (standing.critical or not critical):
            continue
        if standing is not None:
            base.end(base.lock(standing.pk), "It became critical; the path started anew.")
        row = Escalation(cause=Cause.BREACH, critical=critical, **_of(path, about, label))
        row.earlier = standing or _last(path, alert)
        started.append(_begin(row, by_path.get(path_id, [])))
    return started


def start_overdue(program: Program, today: dt.date) -> list[Escalation]:
    """Start the path of each open risk with an action whose date has passed; once per action and date.

    For the daily pass; safe to run many times.
    """
    rows = MitigationAction.objects.filter(
        risk__program=program, risk__closed_at=None, done_at=None, due_date__lt=today
    ).select_related("risk__path", "risk__program")
    known = set(
        Escalation.objects.filter(program=program, subject_kind=Subject.ACTION).values_list("subject_id", "subject_due")
    )
    started = []
    for action in rows.order_by("due_date", "pk"):
        if (action.pk, action.due_date) in known or not policies.is_alive(program):
            continue
        risk = action.risk
        label = f"Overdue action: {action.text}"
        about = About(Subject.ACTION, action.pk, label, risk.get_absolute_url(), action.due_date)
        with transaction.atomic():
            before = running(risk.path, Subject.ACTION, action.pk)
            if before is not None:
                base.end(base.lock(before.pk), "The action has another date now.")
            row = Escalation(cause=Cause.OVERDUE_ACTION, **_of(risk.path, about, label))
            started.append(_begin(row, [risk]))
    return started


def running(path: EscalationPath, kind: Subject, subject_id: int) -> Escalation | None:
    """The escalation about a thing on a path that has not ended, acknowledged or not."""
    return Escalation.objects.filter(path=path, subject_kind=kind, subject_id=subject_id, ended_at=None).first()


def _of(path: EscalationPath, about: About, label: str) -> dict[str, object]:
    return {
        "program": path.program,
        "path": path,
        "subject_kind": about.kind,
        "subject_id": about.id,
        "subject_label": shorten(label, 300),
        "subject_url": about.url[:300],
        "subject_due": about.due,
    }


def _begin(row: Escalation, risks: Iterable[Risk], actor: User | None = None) -> Escalation:
    row.started_at = row.next_at = clock.now()
    row.save()
    if row.subject_kind == Subject.MATTER:
        # It is about nothing but itself, so that two matters can be on one path.
        row.subject_id = row.pk
        row.save(update_fields=["subject_id"])
    risks = list(risks)
    row.risks.set(risks)
    base.record(
        Verb.ESCALATION_STARTED, row, actor, cause=row.cause, reason=row.reason, risks=[risk.slug for risk in risks]
    )
    return row


def _watching(alert: Alert) -> list[Risk]:
    """The open risks an alert's metric is an early sign of; those of later phases wait until they count (S89)."""
    rows = Risk.objects.filter(indicators__metric=alert.metric, closed_at=None).select_related("path").distinct()
    found = list(rows.order_by("position", "pk"))
    moment = moment_of(alert.program) if found else None
    return [risk for risk in found if moment is not None and moment.includes(risk)]


def _by_category(alert: Alert) -> EscalationPath | None:
    """The path for a breach that no risk that counts watches; the first one in a program without that path."""
    slug = defaults().by_category.get(alert.metric.category, defaults().otherwise)
    paths = list(EscalationPath.objects.filter(program=alert.program))
    named = [path for wanted in (slug, defaults().otherwise) for path in paths if path.slug == wanted]
    if not paths:
        _log.warning("program %s has no escalation path; alert %s starts none", alert.program_id, alert.pk)
    return next(iter([*named, *paths]), None)


def _last(path: EscalationPath, alert: Alert) -> Escalation | None:
    """The escalation of the metric's breach before this one: a new breach is the old matter again."""
    before = Alert.objects.filter(metric=alert.metric, pk__lt=alert.pk).order_by("-pk").values_list("pk", flat=True)[:1]
    rows = Escalation.objects.filter(path=path, subject_kind=Subject.ALERT, subject_id__in=[*before, alert.pk])
    return rows.order_by("-pk").first()
