"""Reads the risk register of one program. Must not write or decide rights."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.http import Http404

from core import clock
from core.gathering import PreparedRows, prefetched
from programs.models import Program
from risks.domain import register as rules
from risks.domain.register import Move, PhaseStart, Step
from risks.domain.scale import Scale
from risks.models import MitigationAction, Risk, RiskAcceptance, RiskIndicator, RiskScore


@dataclass(frozen=True)
class Moment:
    """What every line of a register is judged by: the program's scale, its phases, the instant and the day."""

    scale: Scale
    phases: tuple[PhaseStart, ...]
    now: dt.datetime
    today: dt.date

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The place of each phase by slug."""
        return {phase.slug: phase.position for phase in self.phases}

    @cached_property
    def reached(self) -> int:
        """The place of the latest phase that has begun."""
        return rules.positions_reached(self.phases, self.today)

    def includes(self, risk: Risk) -> bool:
        """Whether a risk counts at this moment: its phase has begun, or it was raised early (S89)."""
        raised = risk.raised_at is not None
        return rules.counts(risk.raise_from_phase, raised=raised, reached=self.reached, positions=self.positions)


@dataclass(frozen=True)
class SignSeen:
    """A metric that shows an early sign and is beyond a limit now; `level` is warning or critical."""

    metric: str
    slug: str
    level: str


@dataclass(frozen=True)
class RiskLine:
    """A risk with what the register says of it as of a day."""

    risk: Risk
    band: str
    shade: int
    above: bool
    counts: bool
    """Its phase has begun, or it was raised early; what does not count yet is shown apart (S89)."""
    actions: list[MitigationAction]
    acceptance: RiskAcceptance | None
    """Nobody ended it, it has not run out, and the score has not grown beyond what was accepted."""
    was: int | None
    move: Move | None
    review_days_late: int
    today: dt.date
    signs: tuple[SignSeen, ...] = ()
    """Open alerts of metrics that show its early signs (S57)."""

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.risk.closed_at is None

    @property
    def active(self) -> bool:
        """Whether it is open and counts now."""
        return self.is_open and self.counts

    @property
    def open_actions(self) -> list[MitigationAction]:
        """Actions that are not finished."""
        return [action for action in self.actions if action.done_at is None]

    @property
    def next_action(self) -> MitigationAction | None:
        """The unfinished action with the first agreed date; without dates the first one."""
        dated = [action for action in self.open_actions if action.due_date]
        first = min(dated, key=lambda a: (a.due_date or dt.date.max, a.pk), default=None)
        return first or next(iter(self.open_actions), None)

    @property
    def next_date(self) -> dt.date | None:
        """The first agreed date of an unfinished action."""
        return min((action.due_date for action in self.open_actions if action.due_date), default=None)


SHOWN: Mapping[str, tuple[str, Callable[[RiskLine], bool]]] = {
    "open": ("Open", lambda line: line.active),
    "above": ("Above tolerance", lambda line: line.active and line.above),
    "flagged": ("Sign seen", lambda line: line.active and bool(line.signs)),
    "late": ("Review late", lambda line: line.active and line.review_days_late > 0),
    "later": ("Later phases", lambda line: line.is_open and not line.counts),
    "closed": ("Closed", lambda line: not line.is_open),
    "up": ("Score rose", lambda line: line.move is Move.UP and line.active),
    "down": ("Score fell", lambda line: line.move is Move.DOWN and line.active),
    "new": ("New", lambda line: line.move is Move.NEW and line.active),
    "gone": ("Closed lately", lambda line: line.move is Move.CLOSED),
}
"""What a list can show: its words and which lines."""


@dataclass(frozen=True)
class Register:
    """Every risk of a program, worst current score first, closed ones and those of later phases included."""

    lines: list[RiskLine]
    at: Moment

    def shown(self, which: str) -> list[RiskLine]:
        """The lines of one of `SHOWN`."""
        return [line for line in self.lines if SHOWN[which][1](line)]

    @cached_property
    def totals(self) -> dict[str, int]:
        """How many lines each of `SHOWN` has."""
        return {which: len(self.shown(which)) for which in SHOWN}


def tolerance_of(program: Program) -> int:
    """The highest current score the program lives with unsigned."""
    return scale_of(program).tolerance


def scale_of(program: Program) -> Scale:
    """The scale a program's risks are scored by."""
    return Scale.from_data(program.risk_scale)


def moment_of(program: Program) -> Moment:
    """What the register is judged by now (one query: the phases, read from above by their reverse name)."""
    rows = program.phases.values_list("slug", "position", "start_date", "name")
    phases = tuple(PhaseStart(*row) for row in rows)
    return Moment(scale_of(program), phases, clock.now(), clock.today(program.time_zone))


_RISKS = PreparedRows(
    lambda program: Risk.objects.filter(program=program).select_related("owner_role", "owner_role__holder")
)
_OF_RISKS: dict[str, PreparedRows[Any]] = {
    "actions": PreparedRows(lambda program: MitigationAction.objects.filter(risk__program=program)),
    "acceptances": PreparedRows(lambda program: RiskAcceptance.objects.filter(risk__program=program)),
    "scores": PreparedRows(lambda program: RiskScore.objects.filter(risk__program=program)),
}


def load_register(program: Program) -> Register:
    """Return the whole register (six queries, whatever the number of risks)."""
    at = moment_of(program)
    found, alerts = _RISKS.rows(program.pk), open_alerts(program)
    for name, statement in _OF_RISKS.items():
        own = defaultdict(list)
        for row in statement.rows(program.pk):
            own[row.risk_id].append(row)
        for risk in found:
            prefetched(risk, name, own[risk.pk])
    lines = [line_of(risk, program, at, alerts.get(risk.pk, ())) for risk in found]
    return Register(sorted(lines, key=lambda i: (-i.risk.current_score, i.risk.position, i.risk.pk)), at)


def register_of(program: Program) -> list[RiskLine]:
    """Return the open risks that count, worst current score first (six queries)."""
    return load_register(program).shown("open")


def open_alerts(program: Program) -> dict[int, tuple[SignSeen, ...]]:
    """Return the early signs that are seen now, by risk: open alerts of metrics that risks watch (one query; S57)."""
    # One filter call, so that both conditions hold of the same alert.
    signs = RiskIndicator.objects.filter(
        risk__program=program, metric__alerts__isnull=False, metric__alerts__closed_at=None
    )
    found: dict[int, list[SignSeen]] = {}
    for risk_id, *seen in signs.values_list("risk_id", "metric__name", "metric__slug", "metric__alerts__level"):
        sign = SignSeen(*seen)
        if sign not in found.setdefault(risk_id, []):
            found[risk_id].append(sign)
    return {risk_id: tuple(rows) for risk_id, rows in found.items()}


def find_risk(program: Program, slug: str) -> RiskLine:
    """Return one risk with its actions, signs, scores, issues and acceptances. Errors: Http404."""
    rows = Risk.objects.filter(program=program, slug=slug).select_related("owner_role", "path", "reviewed_by")
    risk = rows.prefetch_related(
        Prefetch("actions", MitigationAction.objects.select_related("owner_role")),
        Prefetch("acceptances", RiskAcceptance.objects.select_related("accepted_by")),
        Prefetch("indicators", RiskIndicator.objects.select_related("metric")),
        Prefetch("scores", RiskScore.objects.select_related("scored_by", "action")),
    ).first()
    if risk is None:
        raise Http404("No such risk")
    return line_of(risk, program, moment_of(program), open_alerts(program).get(risk.pk, ()))


def line_of(risk: Risk, program: Program, at: Moment, signs: tuple[SignSeen, ...] = ()) -> RiskLine:
    """Say what the register says of a risk whose actions, acceptances and scores are loaded (no query)."""
    risk.program = program
    score, scale = risk.current_score, at.scale
    held = [a for a in risk.acceptances.all() if a.ended_at is None and a.expires_on >= at.today and a.score >= score]
    steps = [Step(row.scored_at, row.before, row.score) for row in risk.scores.all()]
    appeared = max((moment for moment in (risk.added_at, risk.raised_at) if moment is not None), default=None)
    late = (at.today - risk.review_on).days if risk.review_on is not None else 0
    return RiskLine(
        risk=risk,
        band=scale.band(score),
        shade=scale.shade(score),
        above=scale.above(score),
        counts=at.includes(risk),
        actions=list(risk.actions.all()),
        acceptance=held[0] if held else None,
        was=rules.was(steps, score),
        move=rules.move(steps, score, now=at.now, appeared=appeared, closed=risk.closed_at),
        review_days_late=max(late, 0) if risk.closed_at is None else 0,
        today=at.today,
        signs=signs,
    )
