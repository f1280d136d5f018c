"""Lets a criterion fill itself from a metric: the newest reading is the proof, verification stays human (G19, S54).

The row of evidence follows the readings in their own transaction, so that whoever looks at proof sees one kind of it:
its effective date is the day of the newest reading, its result and limit are the value and the target, its note says
where among the limits the value lies.
"""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.text import shorten
from metrics.domain.limits import Limits, plain
from metrics.enums import AlertLevel
from metrics.models import Metric
from phases import policies
from phases.enums import LAUNCHING, UNLOCKING, CriterionState, EvidenceKind
from phases.models import Criterion, Event, Evidence
from phases.services.base import lock, record
from phases.services.evidence import RESULT_LIMIT, not_frozen, reopen
from programs.domain.localtime import local_date
from programs.selectors import cast_of

METRIC_SERIES = "metric-series"
"""The evidence type of criteria that readings prove."""


@transaction.atomic
def add_series(*, actor: User, criterion: Criterion, metric: Metric) -> Evidence:
    """Let a metric of the same program prove a criterion from now on. The same metric twice is one proof.

    Errors: NotAllowed; Invalid for a metric of another program, one nobody confirmed, or one without a reading.
    """
    criterion = lock(criterion)
    policies.may_work_on(actor, criterion, cast_of(criterion.program)).require()
    not_frozen(criterion)
    if metric.program_id != criterion.program_id:
        raise Invalid("Choose a metric of this program.", field="metric")
    if not metric.confirmed:
        raise Invalid("Its owner has not confirmed its limits; until then it proves nothing.", field="metric")
    if metric.last_measured_at is None:
        raise Invalid("It has no reading yet.", field="metric")
    metric.program = criterion.program
    there = Evidence.objects.filter(criterion=criterion, metric=metric, withdrawn_at=None).first()
    if there is not None:
        return there
    evidence = Evidence(
        criterion=criterion,
        kind=EvidenceKind.METRIC,
        title=f"Readings of {metric.name}"[:200],
        metric=metric,
        added_by=actor,
        added_at=clock.now(),
    )
    _follow(evidence, metric)
    evidence.save()
    reopen(criterion)
    record(
        actor,
        Verb.EVIDENCE_ADDED,
        criterion,
        evidence=evidence.pk,
        kind=evidence.kind,
        title=evidence.title,
        effective_date=evidence.effective_date.isoformat(),
    )
    return evidence


def on_readings(metrics: Sequence[Metric]) -> None:
    """Let proof follow the newest reading; what a passed gate was decided on stays (three queries at most)."""
    by_id = {metric.pk: metric for metric in metrics}
    rows = Evidence.objects.filter(metric__in=by_id, withdrawn_at=None).select_related("criterion__event")
    moving = list(rows)
    if not moving:
        return
    passed = Event.objects.filter(
        program__in={metric.program_id for metric in metrics}, outcome__in=[*UNLOCKING, *LAUNCHING]
    )
    last: dict[int, int] = {}
    for program, day in passed.values_list("program_id", "day"):
        last[program] = max(day, last.get(program, 0))
    followed = []
    for row in moving:
        criterion, metric = row.criterion, by_id[row.metric_id or 0]
        frozen = criterion.event.day <= last.get(criterion.program_id, 0)
        if criterion.state == CriterionState.VERIFIED and frozen:
            continue
        _follow(row, metric)
        followed.append(row)
    Evidence.objects.bulk_update(followed, ["effective_date", "note", "result", "limit"])


def _follow(evidence: Evidence, metric: Metric) -> None:
    at, value = metric.last_measured_at, metric.last_value
    if at is None or value is None:
        return
    evidence.effective_date = local_date(at, metric.program.time_zone)
    evidence.note = f"{plain(value)} {metric.unit}, {_against(metric.limits, metric)}"
    # What a gate page shows first (the number against its target); longer units than the columns hold are cut.
    evidence.result = shorten(f"{plain(value)} {metric.unit}", RESULT_LIMIT)
    target = metric.limits.target
    evidence.limit = shorten(f"{target.words} {metric.unit}", RESULT_LIMIT) if target.is_set else ""


def _against(limits: Limits, metric: Metric) -> str:
    value = metric.last_value
    if value is None:
        return "not measured"
    level = limits.level(value)
    if level is AlertLevel.CRITICAL:
        return f"beyond the critical limit ({limits.critical.outside})"
    if level is AlertLevel.WARNING:
        return f"beyond the warning limit ({limits.warn.outside})"
    if not limits.target.is_set:
        return "inside its limits"
    return f"{'on' if limits.meets_target(value) else 'short of the'} target ({limits.target.words})"
