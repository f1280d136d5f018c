"""What the charter holds against handing in criteria of gate 30: one function a criterion. Must not write.

Registered with `phases.checks` when the app starts; each returns sentences, empty when nothing is missing.
"""

from charter.domain.data import supply_gaps
from charter.domain.outcome import gaps
from charter.models import BriefVersion
from charter.selectors.brief import waiting_acknowledgements
from charter.selectors.data import sources
from charter.selectors.outcome import outcome_versions
from charter.selectors.problem import unsigned
from core import clock
from core.text import one_line
from programs.models import Program
from programs.selectors import cast_of


def problem_gaps(program: Program) -> list[str]:
    """No statement, or one that the business owner and the sponsor have not both signed (S26, S28)."""
    seats = unsigned(program)
    if seats is None:
        return ["There is no problem statement yet (Charter, Problem)."]
    return [f"The problem statement is not signed by the {seat.label.lower()}." for seat in seats]


def outcome_gaps(program: Program) -> list[str]:
    """No measure, measured baseline with its source, target, date or guardrail (S32)."""
    versions = outcome_versions(program)
    if not versions:
        return ["There is no outcome statement yet (Charter, Outcome)."]
    return gaps(versions[0].words, versions[0].confidence)


def brief_gaps(program: Program) -> list[str]:
    """No published brief, or a group that has not acknowledged the newest version (S42)."""
    if not BriefVersion.objects.filter(program=program, published_at__isnull=False).exists():
        return ["The program brief is not published yet (Charter, Brief)."]
    waiting = waiting_acknowledgements(program)
    return [
        f"{one_line(row.group.name)} has not acknowledged {str(row.brief).lower()} of the brief." for row in waiting
    ]


def data_gaps(program: Program) -> list[str]:
    """No source, one that is not described, or one not shown to be continuously available (S36)."""
    views = sources(program, cast_of(program), clock.today(program.time_zone))
    return supply_gaps([(view.row.name, view.row.missing, view.findings) for view in views])


CHECKS = {
    "g30-problem-owned": problem_gaps,
    "g30-outcome-baselined": outcome_gaps,
    "g30-brief-acknowledged": brief_gaps,
    "g30-data-supply": data_gaps,
}
