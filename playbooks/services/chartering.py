"""How a diligent team keeps its charter, for programs whose people are played: examples and rehearsals.

Everything goes through the services people use and is refused where they would be. Must not bend a rule.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from accounts.models import User
from charter.domain.brief import SECTIONS
from charter.domain.data import FOUR
from charter.domain.problem import FIELDS
from charter.enums import CheckKind, Confidence, Finding, Seat
from charter.models import DataSource, ProblemStatement
from charter.policies import speaker_of
from charter.selectors.brief import brief_versions, published_of, waiting_acknowledgements
from charter.selectors.gaps import CHECKS
from charter.selectors.outcome import Version, outcome_versions
from charter.services.brief import acknowledge, publish_brief, save_brief
from charter.services.data import add_source, check_source
from charter.services.outcome import OutcomeWords, write_outcome
from charter.services.problem import sign_problem, write_problem
from core import clock
from core.errors import ServiceError
from core.text import shorten
from programs.models import Program
from programs.selectors import Cast, active, cast_of

SAID: Mapping[str, str] = {
    "problem": "Cases wait in one queue and are sorted by hand.",
    "affected": "The people who wait, and the team that sorts.",
    "frequency": "Every working day",
    "cost_today": "Half of the team's time",
    "if_nothing": "The queue grows with every month.",
    "measure": "Time per case",
    "target": "Half of today's",
    "scope": "What the outcome statement names, and nothing beside it.",
    "limits": "It proposes; people decide.",
    "risks": "The three worst of the risk register.",
    "timelines": "Three gates, day 30, 60 and 90.",
    "owner": "The department that fills it",
    "access_route": "Read-only account on the platform",
    "quality_keeper": "The department's data steward",
    "quality_limits": "At most 2 % empty fields",
    "rights": "Cleared for this purpose",
    "retention": "Two years, then deleted",
}


def prepare(program: Program, slug: str) -> None:
    """Fill what the charter still holds against handing in criterion `slug`. Errors: those of the services."""
    if slug in CHECKS and CHECKS[slug](program):
        _PREPARE[slug](program, cast_of(program))


def _problem(program: Program, cast: Cast) -> None:
    if not ProblemStatement.objects.filter(program=program).exists():
        own = outcome_versions(program)
        said = {**SAID, **_of_outcome(own[0])} if own else SAID
        write_problem(actor=_owner(cast), program=program, words={name: said[name] for name in FIELDS})
    number = ProblemStatement.objects.filter(program=program).latest("number").number
    for seat in Seat:
        signer = cast.holder(seat.value) or cast.deputy(seat.value)
        if signer is not None:
            sign_problem(actor=signer, program=program, seat=seat, number=number)


def _of_outcome(version: Version) -> dict[str, str]:
    row = version.statement
    given = {
        "problem": row.problem,
        "affected": row.affected,
        "measure": row.measure,
        "target": f"{version.words['target']} {row.unit}" if row.target is not None else "",
    }
    return {name: shorten(text, 400) for name, text in given.items() if text}


def _outcome(program: Program, cast: Cast) -> None:
    versions = outcome_versions(program)
    row = versions[0].statement if versions else None
    words = OutcomeWords(
        problem=row.problem if row else "",
        affected=row.affected if row else "",
        measure=(row.measure if row else "") or SAID["measure"],
        unit=row.unit if row else "",
        baseline=row.baseline if row and row.baseline is not None else Decimal(100),
        baseline_source="The team's own records, the last four weeks",
        confidence=Confidence.MEASURED,
        target=row.target if row and row.target is not None else Decimal(50),
        target_date=(row.target_date if row else None) or program.end_date,
        guardrail=(row.guardrail if row else "") or "Complaints do not rise.",
    )
    write_outcome(actor=_owner(cast), program=program, words=words, reason="The baseline is measured now.")


def _brief(program: Program, cast: Cast) -> None:
    manager = _there(cast.manager, "nobody manages the program")
    if published_of(brief_versions(program)) is None:
        draft = save_brief(actor=manager, program=program, words={name: SAID[name] for name in SECTIONS})
        publish_brief(actor=manager, program=program, number=draft.number, version=draft.version)
    for row in waiting_acknowledgements(program):
        role = cast.by_slug[speaker_of(row.group, cast)]
        speaker = active(role.holder) or active(role.deputy)
        if speaker is not None:
            acknowledge(actor=speaker, program=program, group=row.group, number=row.brief.number)


def _data(program: Program, cast: Cast) -> None:
    actor, words = _owner(cast), {name: SAID[name] for fields in FOUR.values() for name in fields}
    if not DataSource.objects.filter(program=program).exists():
        add_source(actor=actor, program=program, words={"name": "Case system", **words})
    for source in DataSource.objects.filter(program=program):
        for kind in CheckKind:
            check_source(
                actor=actor,
                source=source,
                kind=kind,
                finding=Finding.YES,
                proof="Compared with four weeks of live cases.",
                checked_on=clock.today(program.time_zone),
            )


def _owner(cast: Cast) -> User:
    return _there(cast.holder("business-owner") or cast.manager, "nobody manages the program")


def _there(person: User | None, why: str) -> User:
    if person is None:
        raise ServiceError(why)
    return person


_PREPARE: dict[str, Callable[[Program, Cast], None]] = {
    "g30-problem-owned": _problem,
    "g30-outcome-baselined": _outcome,
    "g30-brief-acknowledged": _brief,
    "g30-data-supply": _data,
}
