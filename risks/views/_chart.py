"""The course of one score as a drawing; the table with the same numbers stands below it. Must not query."""

from django.utils.safestring import SafeString

from core.steps import Change, steps
from programs.domain.localtime import local_date
from programs.models import Program
from risks.selectors import RiskLine, scale_of


def history_chart(line: RiskLine, program: Program) -> SafeString:
    """Draw the current score from the start until today against tolerance; empty while it never changed."""
    risk, rows, scale = line.risk, list(line.risk.scores.all()), scale_of(program)
    if not rows:
        return SafeString("")
    began = local_date(risk.added_at or program.launched_at, program.time_zone)
    changes = [Change(began, rows[0].before)]
    changes += [Change(local_date(row.scored_at, program.time_zone), row.score) for row in rows]
    label = f"Current score since {began.day} {began:%b}: " + ", ".join(str(change.value) for change in changes)
    until = max(line.today, changes[-1].date)
    return steps(changes, until=until, highest=scale.maximum**2, limit=scale.tolerance, label=f"{label}.")
