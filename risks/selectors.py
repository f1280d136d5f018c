"""Reads the risk register of one program. Must not write or decide rights."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404

from programs.models import Program
from risks.models import MitigationAction, Risk, RiskAcceptance


@dataclass(frozen=True)
class RiskLine:
    """A risk with what the register says of it as of a day."""

    risk: Risk
    band: str
    above: bool
    actions: list[MitigationAction]
    acceptance: RiskAcceptance | None
    """Nobody ended it, it has not run out, and the score has not grown beyond what was accepted."""

    @property
    def open_actions(self) -> list[MitigationAction]:
        """Actions that are not finished."""
        return [action for action in self.actions if action.done_at is None]

    @property
    def next_date(self) -> dt.date | None:
        """The first agreed date of an unfinished action."""
        return min((action.due_date for action in self.open_actions if action.due_date), default=None)


def tolerance_of(program: Program) -> int:
    """The highest current score the program lives with unsigned."""
    return int(program.risk_scale.get("default_tolerance", 0))


def register_of(program: Program, today: dt.date) -> list[RiskLine]:
    """Return the open risks, worst current score first (three queries, whatever their number)."""
    rows = Risk.objects.filter(program=program, closed_at=None).select_related("owner_role", "owner_role__holder")
    lines = [_line(risk, program, today) for risk in rows.prefetch_related("actions", "acceptances")]
    return sorted(lines, key=lambda line: (-line.risk.current_score, line.risk.position, line.risk.pk))


def find_risk(program: Program, slug: str, today: dt.date) -> RiskLine:
    """Return one risk with its actions, signs and acceptances. Errors: Http404."""
    rows = Risk.objects.filter(program=program, slug=slug).select_related("owner_role", "path")
    risk = rows.prefetch_related("actions__owner_role", "acceptances__accepted_by", "indicators").first()
    if risk is None:
        raise Http404("No such risk")
    return _line(risk, program, today)


def _line(risk: Risk, program: Program, today: dt.date) -> RiskLine:
    risk.program = program
    score = risk.current_score
    held = [a for a in risk.acceptances.all() if a.ended_at is None and a.expires_on >= today and a.score >= score]
    return RiskLine(
        risk=risk,
        band=_band(program, score),
        above=score > tolerance_of(program),
        actions=list(risk.actions.all()),
        acceptance=held[0] if held else None,
    )


def _band(program: Program, score: int) -> str:
    bands: dict[str, list[int]] = program.risk_scale.get("bands", {})
    return next((name for name, (low, high) in bands.items() if low <= score <= high), "")
