"""Writes versions of the outcome statement until gate 30 freezes it, and measurements of the outcome (S32)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from charter import policies
from charter.enums import CharterKind, Confidence
from charter.models import OutcomeDetail, OutcomeMeasurement
from charter.selectors.outcome import Version, freezing_gate, is_frozen, outcome_versions
from charter.services.base import LINE_LIMIT, amount, line, near, newest_is, record
from core import clock
from core.errors import Invalid
from core.locks import locked
from metrics.models import Metric
from programs.models import OutcomeStatement, Program
from programs.selectors import cast_of
from registers.policies import may_log
from registers.services.base import head, hold, needed, note, of_program, past, sent_before

MEASURE_LIMIT, UNIT_LIMIT = 300, 60


@dataclass(frozen=True)
class OutcomeWords:
    """A version of the outcome statement as somebody writes it. Figures are in `unit`."""

    problem: str = ""
    affected: str = ""
    measure: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    baseline_source: str = ""
    confidence: Confidence = Confidence.NONE
    target: Decimal | None = None
    target_date: dt.date | None = None
    guardrail: str = ""
    priority: str = ""
    metric: Metric | None = None


@transaction.atomic
def write_outcome(
    *, actor: User, program: Program, words: OutcomeWords, reason: str, base: int | None = None, key: str = ""
) -> OutcomeStatement:
    """Write the next version with the reason for it. `base` is the version it was drawn from, 0 for none.

    Errors: NotAllowed, Conflict (somebody wrote a newer version), Invalid (frozen by gate 30: ask for a scope change;
    no measure, no reason, nothing changed). Side effect: the baseline of the new version is unverified unless it and
    its source are the same.
    """
    policies.may_write_outcome(actor, cast_of(program)).require()
    program = hold(program)
    twin = _sent_before(actor, program, key)
    if twin is not None:
        return twin
    gate = freezing_gate(program)
    if gate is not None and is_frozen(gate):
        raise Invalid(f"{gate.name} froze the outcome statement; ask for a scope change instead.")
    versions = outcome_versions(program)
    before = versions[0] if versions else None
    number = before.number if before else 0
    newest_is(base, number, f"Version {number}: {before.statement.measure if before else ''}")
    why = needed(reason, "reason", "Say why there is a new version; the reason stays beside it.")
    figures, detail = _content(program, words)
    statement = OutcomeStatement(program=program, number=number + 1, **figures)
    made = OutcomeDetail(
        statement=statement,
        reason=why,
        written_by=actor,
        written_at=clock.now(),
        form_key=key or None,
        **detail,
        **_kept_verification(before, words, actor),
    )
    if before is not None and Version(statement, made, None).words == before.words:
        raise Invalid("Nothing differs from the version before.")
    statement.save()
    made.statement = statement
    made.save()
    record(
        actor, Verb.OUTCOME_WRITTEN, CharterKind.OUTCOME, statement.pk, statement.measure, program,
        number=statement.number, reason=why, grade=made.grade,
    )  # fmt: skip
    return statement


@transaction.atomic
def verify_baseline(*, actor: User, program: Program, number: int) -> OutcomeDetail:
    """Say that a second person looked at the baseline's source: grade B becomes A. Twice is once.

    Errors: NotAllowed (never who wrote it, G2), Invalid (not the newest version, not measured, no source).
    """
    program = hold(program)
    detail = (
        OutcomeDetail.objects.select_related("statement", "written_by")
        .filter(statement__program=program)
        .order_by("-statement__number")
        .first()
    )
    if detail is None or detail.statement.number != number:
        raise Invalid("Only the newest version of the outcome statement can be verified.")
    policies.may_verify_baseline(actor, detail, cast_of(program)).require()
    if detail.verified_by_id is not None:
        return detail
    if detail.grade != "B" or not detail.baseline_source:
        raise Invalid("There is no measured baseline with a source and a period that could be verified.")
    detail.verified_by, detail.verified_at = actor, clock.now()
    detail.save(update_fields=["verified_by", "verified_at"])
    label = detail.statement.measure
    record(actor, Verb.OUTCOME_VERIFIED, CharterKind.OUTCOME, detail.statement_id, label, program, number=number)
    return detail


@transaction.atomic
def add_measurement(
    *, actor: User, program: Program, measured_on: dt.date, value: Decimal, note: str, key: str = ""
) -> OutcomeMeasurement:
    """Write down what the outcome measure read on a day, with where the proof is; it is unverified.

    Errors: NotAllowed, Invalid (no outcome statement, a day that lies ahead, no note).
    """
    may_log(actor, cast_of(program)).require()
    program = hold(program)
    twin = sent_before(OutcomeMeasurement, actor, program, key)
    if twin is not None:
        return twin
    if not OutcomeStatement.objects.filter(program=program).exclude(measure="").exists():
        raise Invalid("Write the outcome statement first: nothing says what is measured.")
    today = clock.today(program.time_zone)
    day = near(past(measured_on, program, "measured_on", "That day has not come yet."), today, "measured_on")
    row = OutcomeMeasurement.objects.create(
        **head(OutcomeMeasurement, actor, program, key),
        measured_on=day,
        value=amount(value, "value"),
        note=needed(note, "note", "Say how it was measured and where the proof is."),
    )
    record(
        actor, Verb.OUTCOME_MEASURED, CharterKind.MEASUREMENT, row.pk, str(row), program,
        value=str(row.value), on=measured_on.isoformat(),
    )  # fmt: skip
    return row


@transaction.atomic
def verify_measurement(*, actor: User, measurement: OutcomeMeasurement) -> OutcomeMeasurement:
    """Say that somebody else looked at the proof. Twice is once. Errors: NotAllowed (never who took it, G2)."""
    rows = OutcomeMeasurement.objects.select_related("program", "logged_by").filter(pk=measurement.pk)
    row = locked(rows).get()
    policies.may_verify_measurement(actor, row, cast_of(row.program)).require()
    if row.verified_by_id is not None:
        return row
    row.verified_by, row.verified_at = actor, clock.now()
    row.save(update_fields=["verified_by", "verified_at"])
    record(actor, Verb.MEASUREMENT_VERIFIED, CharterKind.MEASUREMENT, row.pk, str(row), row.program)
    return row


def _sent_before(actor: User, program: Program, key: str) -> OutcomeStatement | None:
    if not key:
        return None
    return OutcomeStatement.objects.filter(program=program, detail__form_key=key, detail__written_by=actor).first()


def _content(program: Program, words: OutcomeWords) -> tuple[dict[str, object], dict[str, object]]:
    """The cleaned figures of the statement and what belongs to them. Errors: Invalid at the field."""
    today = clock.today(program.time_zone)
    measure = line(words.measure, "measure", MEASURE_LIMIT)
    if not measure:
        raise Invalid("Name the one measure that has to move.", field="measure")
    source = line(words.baseline_source, "baseline_source", LINE_LIMIT)
    if words.confidence is not Confidence.NONE and words.baseline is None:
        raise Invalid("Give the figure that is measured or estimated.", field="baseline")
    if words.confidence is Confidence.MEASURED and not source:
        raise Invalid("A measured baseline has a source and a period.", field="baseline_source")
    if words.metric is not None:
        of_program(words.metric, program, "metric")
    figures: dict[str, object] = {
        "problem": note(words.problem, "problem"),
        "affected": note(words.affected, "affected"),
        "measure": measure,
        "unit": line(words.unit, "unit", UNIT_LIMIT),
        "baseline": amount(words.baseline, "baseline"),
        "target": amount(words.target, "target"),
        "target_date": near(words.target_date, today, "target_date"),
        "guardrail": note(words.guardrail, "guardrail"),
    }
    return figures, {
        "priority": line(words.priority, "priority", LINE_LIMIT),
        "confidence": Confidence(words.confidence).value,
        "baseline_source": source,
        "metric": words.metric,
    }


def _kept_verification(before: Version | None, words: OutcomeWords, actor: User) -> dict[str, object]:
    """A verification stays while the baseline and its source stay, unless its verifier now writes the version."""
    detail = before.detail if before else None
    if before is None or detail is None or detail.verified_by_id in (None, actor.pk):
        return {}
    same = (before.statement.baseline, detail.baseline_source, detail.confidence, before.statement.measure) == (
        amount(words.baseline, "baseline"), line(words.baseline_source, "baseline_source"), words.confidence,
        line(words.measure, "measure", MEASURE_LIMIT),
    )  # fmt: skip
    return {"verified_by": detail.verified_by, "verified_at": detail.verified_at} if same else {}
