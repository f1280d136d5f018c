"""Reads the outcome statement: versions, which one is frozen, and progress against it (S32). Must not write."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404

from charter.domain.outcome import Changed, PlanLine, Progress, difference, grade, progress
from charter.enums import Confidence
from charter.models import OutcomeDetail, OutcomeMeasurement
from charter.selectors.measured import Measured, measurements, measures, readings, values
from core.text import plain_number
from metrics.models import Metric
from phases.enums import UNLOCKING, EventKind
from phases.models import Event
from programs.models import OutcomeStatement, Program
from registers.models import ScopeChange


@dataclass(frozen=True)
class Version:
    """One version of the statement with what belongs to it; `scope` is the approved change that made it, if any."""

    statement: OutcomeStatement
    detail: OutcomeDetail | None
    scope: ScopeChange | None

    @property
    def number(self) -> int:
        """The version's number."""
        return self.statement.number

    @property
    def confidence(self) -> Confidence:
        """What its writer said of the baseline; a version made at launch with a figure counts as estimated."""
        if self.detail is not None:
            return Confidence(self.detail.confidence)
        return Confidence.NONE if self.statement.baseline is None else Confidence.ESTIMATED

    @property
    def grade(self) -> str:
        """The confidence grade, A to D."""
        verified = self.detail is not None and self.detail.verified_by_id is not None
        return grade(self.statement.baseline, self.confidence, verified=verified)

    @property
    def priority(self) -> str:
        """The strategic priority it serves, the program's own where the version names none (S83)."""
        own = self.detail.priority if self.detail else ""
        return own or self.statement.program.strategic_priority

    @property
    def metric(self) -> Metric | None:
        """The metric that measures it, if one is linked."""
        return self.detail.metric if self.detail else None

    @property
    def words(self) -> dict[str, str]:
        """The version as texts, for reading and for the difference."""
        row = self.statement
        return {
            "priority": self.priority,
            "problem": row.problem,
            "affected": row.affected,
            "measure": row.measure,
            "unit": row.unit,
            "baseline": "" if row.baseline is None else plain_number(row.baseline),
            "baseline_source": self.detail.baseline_source if self.detail else "",
            "confidence": self.confidence.value,
            "target": "" if row.target is None else plain_number(row.target),
            "target_date": row.target_date.isoformat() if row.target_date else "",
            "guardrail": row.guardrail,
            "metric": str(self.metric or ""),
        }


@dataclass(frozen=True)
class Yardstick:
    """A version with its plan line, what was measured of it, oldest first, and how far the outcome is against it.

    `progress` is None before a measurement. `odd_unit` says that the linked metric counts in another unit than the
    version, so that its readings cannot stand for the outcome.
    """

    version: Version
    line: PlanLine
    progress: Progress | None
    values: tuple[Measured, ...] = ()
    odd_unit: bool = False

    @property
    def newest(self) -> Measured | None:
        """The value that counts now, with where it is from."""
        return self.values[-1] if self.values else None


@dataclass(frozen=True)
class OutcomeReading:
    """Everything about the outcome of a program on a day. `versions` are newest first."""

    program: Program
    gate: Event | None
    versions: tuple[Version, ...]
    frozen: Version | None
    rows: tuple[OutcomeMeasurement, ...]
    yardsticks: tuple[Yardstick, ...]

    @property
    def current(self) -> Version | None:
        """The newest version."""
        return self.versions[0] if self.versions else None

    @property
    def is_frozen(self) -> bool:
        """Whether only an approved scope change makes a new version."""
        return is_frozen(self.gate)


def freezing_gate(program: Program) -> Event | None:
    """Return the first gate of the plan, at which the outcome is frozen (one query)."""
    return Event.objects.filter(program=program, kind=EventKind.GATE).order_by("day", "pk").first()


def is_frozen(gate: Event | None) -> bool:
    """Say whether the gate let the program go on, Go or Conditional Go, and that still stands."""
    return gate is not None and gate.decided_at is not None and gate.outcome in UNLOCKING


def outcome_versions(program: Program) -> tuple[Version, ...]:
    """Return the versions of the statement, newest first (one query)."""
    rows = OutcomeStatement.objects.filter(program=program).select_related(
        "detail__written_by", "detail__verified_by", "detail__metric", "scope_change__decided_by"
    )
    found = []
    for row in rows.order_by("-number"):
        row.program = program
        detail, scope = getattr(row, "detail", None), getattr(row, "scope_change", None)
        if detail is not None:
            detail.statement = row
        if scope is not None:
            scope.program = program
        found.append(Version(row, detail, scope))
    return tuple(found)


def outcome_reading(program: Program) -> OutcomeReading:
    """Return the outcome as it stands (three queries, and one for each linked metric that has readings)."""
    gate, versions, rows = freezing_gate(program), outcome_versions(program), measurements(program)
    frozen = _frozen(gate, versions)
    wanted = {version.number: version for version in (frozen, versions[0] if versions else None) if version is not None}
    read: dict[int, list[Measured]] = {}
    for version in wanted.values():
        metric = version.metric
        if metric is not None and metric.last_measured_at is not None and metric.pk not in read:
            metric.program = program
            read[metric.pk] = readings(metric, program)
    sticks = [stick for version in wanted.values() if (stick := _yardstick(program, version, rows, read)) is not None]
    return OutcomeReading(program, gate, versions, frozen, tuple(rows), tuple(sticks))


def find_version(reading: OutcomeReading, number: int) -> tuple[Version, tuple[Changed, ...]]:
    """Return a version and what it changed against the one before it. Errors: Http404."""
    by_number = {version.number: version for version in reading.versions}
    if number not in by_number:
        raise Http404("No such version")
    before = by_number.get(number - 1)
    return by_number[number], difference(before.words, by_number[number].words) if before else ()


def _frozen(gate: Event | None, versions: tuple[Version, ...]) -> Version | None:
    """The version that stood when the gate let the program go on: later ones come from scope changes alone."""
    if gate is None or not is_frozen(gate):
        return None
    decided = gate.decided_at
    standing = [
        v for v in versions if not (v.scope and v.scope.decided_at and decided and v.scope.decided_at > decided)
    ]
    return standing[0] if standing else None


def _yardstick(
    program: Program, version: Version, rows: list[OutcomeMeasurement], read: dict[int, list[Measured]]
) -> Yardstick | None:
    row, metric = version.statement, version.metric
    if row.baseline is None or row.target is None:
        return None
    end: dt.date = row.target_date or program.end_date
    line = PlanLine(program.start_date, end, row.baseline, row.target)
    fits = measures(metric, row.unit)
    found = values(rows, read.get(metric.pk, []) if metric is not None and fits else [])
    now = progress(line, found[-1].on, found[-1].value) if found else None
    return Yardstick(version, line, now, tuple(found), odd_unit=metric is not None and not fits)
