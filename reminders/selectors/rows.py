"""What a program leaves open, as rows of many tables with one statement, for the planner's facts. Must not decide.

The helpers of `facts` turn these rows into facts, so what a round trip costs is paid once. Criteria and tasks are not
here: they are many, and quicker with their own queries.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from accounts.models import Absence, User
from charter.models import (
    BriefAcknowledgement,
    BriefVersion,
    DataGap,
    DataSource,
    Dependency,
    ProblemSignature,
    ProblemStatement,
    StakeholderContact,
    StakeholderPlan,
)
from charter.selectors.dependencies import OPEN
from core.gathering import Prepared, PreparedRows, gather, link
from escalation.models import Escalation, EscalationRung, PathTerms, RungCall
from gates.enums import ConditionState, RequestState
from gates.models import Condition, Decision, DeclaredStatus, GateAlternate, GateReview, MiniGate, Opinion, Waiver
from governance.models import GovernanceEvent, GovernanceOccurrence
from metrics.models import Alert, Metric
from ownership.models import Nomination
from ownership.selectors import open_nominations
from phases.enums import EventState
from phases.models import Criterion, Event, Phase
from programs.models import OwnershipArea, Program, Role, StakeholderGroup
from programs.selectors import Cast
from reminders.models import Answer, Preference
from risks.models import EscalationPath, MitigationAction, Risk, RiskAcceptance
from updates.models import StatusUpdate, Subscription

M = TypeVar("M", bound=Model)

SEATS, LISTED = Event.gatekeepers.through, MiniGate.criteria.through
"""Which roles keep which gate, and which criteria are on the list of which mini-gate."""

OPEN_ACTION = Q(done_at=None, due_date__isnull=False, risk__closed_at=None)
"""Actions that are owed: planned with a date, not finished, against a risk that is open."""


class OfPrograms(Generic[M]):
    """Rows of one table of programs, with one query; `build` gives the queryset without them.

    A page asks for one program: that statement is made once, which took as long as reading its rows.
    """

    def __init__(self, build: Callable[[], QuerySet[M, Any]]) -> None:
        self._build = build
        self._one: PreparedRows[M] = PreparedRows(lambda program: build().filter(program=program))

    def rows(self, programs: Sequence[int]) -> list[M]:
        """The objects of programs, by the programs' id."""
        return self._one.rows(programs[0]) if len(programs) == 1 else list(self._many(programs))

    def values(self, programs: Sequence[int]) -> Iterable[tuple[Any, ...]]:
        """The same of a `values_list`."""
        return self._one.values(programs[0]) if len(programs) == 1 else self._many(programs)

    def _many(self, programs: Sequence[int]) -> QuerySet[M, Any]:
        return self._build().filter(program__in=programs)


@dataclass(frozen=True)
class Rows:
    """The rows of a program by model, each list in the order in which the rows were made."""

    program: Program
    found: Mapping[type[Model], list[Any]]

    def of(self, model: type[M]) -> list[M]:
        """The rows of one model."""
        return self.found[model]

    def by_id(self, model: type[M]) -> dict[Any, M]:
        """The same by id."""
        return {row.pk: row for row in self.of(model)}


_OF_RISK = ("slug", "event", "review_on", "owner_role", "raise_from_phase", "raised_at")
_OF_ACTION = ("risk", "text", "due_date", "owner_role")
_OF_METRIC = ("slug", "name", "unit", "position", "frequency", "owner_role", "last_measured_at")
_OF_EVENT = ("slug", "name", "position", "first_date", "moved_from", "rrule", "rrule_later", "owner_role")
"""The columns that facts are made of, of tables with many rows or long texts."""

MOST_PARTS = 450
"""Queries that SQLite lets one statement unite, with some room (it takes 500)."""


def load_rows(program: Program) -> Rows:
    """Load the rows of a program (one query, whatever its size)."""
    gathered = _STATEMENT.gather(program.pk)
    found = {model: sorted(rows, key=lambda row: row.pk) for model, rows in zip(_tables(), gathered, strict=True)}
    return Rows(program, found)


def load_rows_of(programs: Sequence[Program]) -> list[Rows]:
    """Load the rows of programs in their order (one query for about a dozen of them)."""
    if len(programs) == 1:
        return [load_rows(programs[0])]
    each = len(_tables())
    parts = [query for program in programs for query in wanted(program.pk).values()]
    at_once = MOST_PARTS // each * each
    gathered = iter([rows for at in range(0, len(parts), at_once) for rows in gather(parts[at : at + at_once])])
    return [
        Rows(program, {model: sorted(next(gathered), key=lambda row: row.pk) for model in _tables()})
        for program in programs
    ]


def wanted(program_id: int) -> dict[type[Model], QuerySet[Any]]:
    """What is read of each table. May depend on the program's id alone: the statement is made once (`Prepared`)."""
    program = Program(pk=program_id)
    return {**_cast_and_plan(program), **_of_gates(program), **_of_charter(program), **_of_running(program)}


@lru_cache(maxsize=1)
def _tables() -> tuple[type[Model], ...]:
    return tuple(wanted(0))


_STATEMENT = Prepared(lambda program_id: list(wanted(program_id).values()))


def cast_in(rows: Rows) -> Cast:
    """The roles of a program in their order; `seat` gives them their people. No query."""
    roles = sorted(rows.of(Role), key=lambda role: (role.position, role.pk))
    return Cast(rows.program, tuple(roles))


def _of_people(*ids: int) -> list[QuerySet[Any]]:
    return [
        User.objects.filter(pk__in=ids),
        Absence.objects.filter(user__in=ids),
        Preference.objects.filter(user__in=ids),
    ]


_PEOPLE, _FEW = Prepared(_of_people), 128
"""People of one program, and how many of them are asked for with a statement that is kept."""


def load_people(ids: Iterable[int]) -> tuple[dict[int, User], list[Absence], dict[int, Preference]]:
    """People by id with the days they are away, first day first, and what they asked for (one query)."""
    named = sorted(set(ids))
    if 0 < len(named) <= _FEW:
        # Filled up to the next power of two, so that a handful of statements serves every number of people.
        users, absences, wishes = _PEOPLE.gather(
            *named, *named[-1:] * (2 ** (len(named) - 1).bit_length() - len(named))
        )
    else:
        users, absences, wishes = gather(_of_people(*named))
    away = sorted(absences, key=lambda absence: (absence.start, absence.pk))
    return {user.pk: user for user in users}, away, {wish.user_id: wish for wish in wishes}


def seat(cast: Cast, users: Mapping[int, User]) -> None:
    """Give each role its holder and its deputy. No query when `users` has them."""
    people = dict(users)
    link(cast.roles, "holder", people)
    link(cast.roles, "deputy", people)


def _cast_and_plan(program: Program) -> dict[type[Model], QuerySet[Any]]:
    pending = {"event__program": program, "event__state": EventState.PENDING}
    listed = {f"minigate__{name}": value for name, value in pending.items()}
    return {
        Role: Role.objects.filter(program=program),
        OwnershipArea: OwnershipArea.objects.filter(program=program).only("slug", "name", "position", "role"),
        Phase: Phase.objects.filter(program=program).only("slug", "position", "start_date"),
        Event: Event.objects.filter(program=program).only("slug", "name", "kind", "day", "state", "due_date"),
        SEATS: SEATS.objects.filter(**pending),
        MiniGate: MiniGate.objects.filter(**pending).only("event"),
        LISTED: LISTED.objects.filter(**listed),
    }


def _of_gates(program: Program) -> dict[type[Model], QuerySet[Any]]:
    """Conditions and decisions that no other one corrects, and what holds until a day."""
    waivers = Waiver.objects.filter(program=program, state=RequestState.APPROVED)
    decisions = Decision.objects.filter(program=program, superseded_by__isnull=True)
    conditions = Condition.objects.filter(program=program, decision__superseded_by__isnull=True)
    return {
        Condition: conditions.exclude(state=ConditionState.CLOSED),
        Decision: decisions.only("event", "number", "word", "review_date"),
        Waiver: waivers.exclude(extended_by__state=RequestState.APPROVED),
        Criterion: Criterion.objects.filter(pk__in=waivers.values("criterion")).only("slug", "text", "owner_role"),
        DeclaredStatus: DeclaredStatus.objects.filter(program=program, ended_at=None, expires_on__isnull=False),
        GateReview: GateReview.objects.filter(program=program, closed_at=None),
        Opinion: Opinion.objects.filter(review__program=program, review__closed_at=None).only("review", "role"),
        GateAlternate: GateAlternate.objects.filter(program=program).only("event", "role", "person"),
        Nomination: open_nominations().filter(program=program),
    }


def _of_charter(program: Program) -> dict[type[Model], QuerySet[Any]]:
    """The newest problem statement, what is asked for briefs, groups with their last contact, gaps, dependencies."""
    newer = ProblemStatement.objects.filter(program=program, number__gt=OuterRef("number"))
    later = StakeholderContact.objects.filter(group=OuterRef("group"), on__gt=OuterRef("on"))
    contacts = StakeholderContact.objects.filter(group__program=program)
    gaps = DataGap.objects.filter(program=program, closed_on=None)
    return {
        ProblemStatement: ProblemStatement.objects.filter(~Exists(newer), program=program),
        ProblemSignature: ProblemSignature.objects.filter(statement__program=program, signed_by=None),
        BriefVersion: BriefVersion.objects.filter(program=program, published_at__isnull=False).only(
            "number", "published_at"
        ),
        BriefAcknowledgement: BriefAcknowledgement.objects.filter(brief__program=program, by=None),
        StakeholderGroup: StakeholderGroup.objects.filter(program=program),
        StakeholderPlan: StakeholderPlan.objects.filter(group__program=program),
        StakeholderContact: contacts.filter(~Exists(later)).only("group", "on"),
        DataGap: gaps,
        DataSource: DataSource.objects.filter(pk__in=gaps.values("source")).only("number"),
        Dependency: Dependency.objects.filter(program=program, state__in=OPEN),
    }


def _of_running(program: Program) -> dict[type[Model], QuerySet[Any]]:
    """Risks, metrics, escalations nobody acknowledged, the calendar after day 90, status updates and who wants them."""
    running: dict[str, Any] = {"program": program, "acknowledged_at": None, "ended_at": None}
    rungs = {f"escalation__{name}": value for name, value in running.items()}
    calls = {f"rung__{name}": value for name, value in rungs.items()}
    accepted = RiskAcceptance.objects.filter(risk__program=program, risk__closed_at=None, ended_at=None)
    return {
        Risk: Risk.objects.filter(program=program, closed_at=None).only(*_OF_RISK),
        MitigationAction: MitigationAction.objects.filter(OPEN_ACTION, risk__program=program).only(*_OF_ACTION),
        RiskAcceptance: accepted.filter(ended_because=""),
        Metric: Metric.objects.filter(program=program, last_measured_at__isnull=False).only(*_OF_METRIC),
        Alert: Alert.objects.filter(metric__program=program, closed_at=None, acknowledged_at=None),
        RungCall: RungCall.objects.filter(ended_at=None, **calls),
        EscalationRung: EscalationRung.objects.filter(**rungs),
        Escalation: Escalation.objects.filter(**running),
        EscalationPath: EscalationPath.objects.filter(program=program),
        PathTerms: PathTerms.objects.filter(path__program=program),
        GovernanceEvent: GovernanceEvent.objects.filter(program=program).only(*_OF_EVENT),
        GovernanceOccurrence: GovernanceOccurrence.objects.filter(program=program),
        StatusUpdate: StatusUpdate.objects.filter(program=program).only("number", "verdict", "posted_at"),
        Subscription: Subscription.objects.filter(program=program).only("user", "at_once"),
        Answer: Answer.objects.filter(program=program).defer("item_label"),
    }
