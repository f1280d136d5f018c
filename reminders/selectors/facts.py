"""Turns the rows of one program into the planner's facts, in a fixed number of queries. Must not decide anything."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Absence, User
from core import clock
from core.gathering import link, prefetched
from ownership.models import Nomination
from phases.enums import CriterionState, EventState
from phases.models import Criterion, Event, Task
from phases.selectors import verifiers_for
from programs.domain.localtime import local_date
from programs.enums import ProgramState
from programs.models import OwnershipArea, Program
from programs.selectors import Cast
from reminders.defaults import default_rules
from reminders.domain import governance as after
from reminders.domain.again import is_again
from reminders.domain.facts import AreaFacts, EventFacts, ItemFacts, Past, Person, ProgramFacts, RoleFacts
from reminders.domain.rules import Rule as RuleFacts
from reminders.domain.rules import parse_rule
from reminders.enums import Kind, RuleSlug, State
from reminders.models import Answer, Delivery, Preference, Rule
from reminders.selectors import answers, charter, escalations, gates, governance, ownership, risks
from reminders.selectors.preferences import as_value
from reminders.selectors.rows import SEATS, OfPrograms, Rows, cast_in, load_people, load_rows_of, seat
from reminders.selectors.signals import signals
from reminders.selectors.updates import update_facts

ALIVE = (ProgramState.ACTIVE, ProgramState.RUNNING)


def sends(program: Program) -> bool:
    """Whether reminders of this program leave: it is active or in run; an example only while mail stays in the app."""
    return program.state in ALIVE and (settings.MAIL_EMBEDDED or not program.is_example)


def load_rules(program_id: int) -> tuple[RuleFacts, ...]:
    """The rules of a program as values. Raises RuleError for a definition that is malformed.

    A rule that came to the product after the program was launched counts with its default until the program has its
    own row for it; a rule that shall not count is switched off, never missing.
    """
    return load_rules_of([program_id])[program_id]


_RULES = OfPrograms(lambda: Rule.objects.order_by("id").values_list("program_id", "slug", "definition"))


def load_rules_of(programs: Iterable[int]) -> dict[int, tuple[RuleFacts, ...]]:
    """The same of programs, by their id (one query)."""
    own: dict[int, dict[str, dict[str, Any]]] = {program: {} for program in programs}
    for program, slug, definition in _RULES.values(list(own)):
        own[program][slug] = definition
    return {program: _table(rules) for program, rules in own.items()}


def _table(own: dict[str, dict[str, Any]]) -> tuple[RuleFacts, ...]:
    table = {entry["slug"]: entry for entry in default_rules()} | own if own else {}
    return tuple(parse_rule({**definition, "slug": slug}) for slug, definition in table.items())


def load_facts(program: Program) -> ProgramFacts:
    """The snapshot the planner works on, with the same queries whatever the size of the program."""
    return load_facts_of([program])[0]


def load_facts_of(programs: Sequence[Program]) -> list[ProgramFacts]:
    """The snapshots of programs in their order; as many queries for a dozen as for one."""
    ids = [program.pk for program in programs]
    criteria, tasks, past = _open_criteria(ids), _open_tasks(ids), _past(ids)
    made = [_facts(rows, criteria, tasks, past) for rows in load_rows_of(programs)]
    # Each one says first whom it speaks of, and is finished with the people of all of them.
    people = load_people(person for building in made for person in next(building))
    return [_finished(building, people) for building in made]


People = tuple[dict[int, User], list[Absence], dict[int, Preference]]
Building = Generator[list[int], People, ProgramFacts]


def _finished(building: Building, people: People) -> ProgramFacts:
    try:
        building.send(people)
    except StopIteration as done:
        found: ProgramFacts = done.value
        return found
    raise RuntimeError("facts ask for people once")


def _facts(
    rows: Rows,
    by_program: Mapping[int, list[Criterion]],
    todo: Mapping[int, list[Task]],
    left: Mapping[int, list[Past]],
) -> Building:
    program = rows.program
    criteria, tasks = by_program.get(program.pk, []), todo.get(program.pk, [])
    cast = cast_in(rows)
    events = _events(rows, cast)
    debts, nominations, calls = gates.conditions(rows), rows.of(Nomination), escalations.calls(rows)
    endings, (held, holds), rounds = gates.endings(rows, cast), gates.holds(rows), gates.rounds(rows, events)
    asked = [person for role in cast.roles for person in (role.holder_id, role.deputy_id)]
    asked += [item.assignee_id for item in [*criteria, *tasks]] + [debt.owner_id for debt in debts]
    asked += [person for e in endings for person in (e.requester, e.approver)]
    asked += [keeper.alternate for r in rounds for keeper in r.missing]
    asked += [row.person_id for row in nominations] + [call.user for call in calls]
    news = update_facts(rows)
    asked += [person for person, _ in news.subscribers] + [row.user_id for row in rows.of(Answer)]
    users, absences, wishes = yield [person for person in asked if person is not None]
    seat(cast, users)
    link(criteria, "assignee", users)
    minis = governance.mini_gates(rows)
    facts = ProgramFacts(
        id=program.pk,
        name=program.name,
        zone=program.time_zone,
        calendar=program.calendar,
        since=program.launched_at,
        active=sends(program),
        example=program.state in ALIVE and program.is_example,
        people=_people(users, absences, wishes),
        roles={role.slug: _role(role_id, cast) for role_id, role in cast.by_id.items()},
        items=(
            *(_criterion(c, cast, program.time_zone) for c in criteria),
            *(_task(t, cast) for t in tasks),
            *risks.actions(rows, cast),
            *(gates.condition_facts(debt, cast, rows) for debt in debts),
            *charter.items(rows, cast),
        ),
        # A held gate is not overdue: the review of the hold is what is due (G8).
        events=tuple(_event(event, minis.get(event.pk)) for event in events if event.pk not in held),
        areas=tuple(AreaFacts(a.pk, a.slug, a.name, cast.by_id[a.role_id].slug) for a in _areas(rows)),
        endings=endings,
        holds=holds,
        rounds=rounds,
        wanted=charter.wanted(rows, cast),
        governance=governance.dates(rows, cast),
        risks=risks.reviews(rows, cast, clock.today(program.time_zone)),
        signals=signals(rows, cast),
        calls=calls,
        updates=news,
        answers=answers.facts(rows),
        past=tuple(left.get(program.pk, ())),
        nominations=ownership.facts(nominations, cast),
    )
    return after.in_run(facts, frozenset(minis)) if program.state == ProgramState.RUNNING else facts


def _criteria() -> QuerySet[Criterion]:
    wanted = Criterion.objects.filter(applicable=True).exclude(state=CriterionState.VERIFIED)
    return wanted.defer("relates_to", "evidence_meaning")


_CRITERIA = OfPrograms(_criteria)
_TASKS = OfPrograms(lambda: Task.objects.filter(done_at__isnull=True))


def _open_criteria(programs: list[int]) -> dict[int, list[Criterion]]:
    return _grouped(_CRITERIA.rows(programs))


def _open_tasks(programs: list[int]) -> dict[int, list[Task]]:
    return _grouped(_TASKS.rows(programs))


Item = TypeVar("Item", Criterion, Task)


def _grouped(rows: Iterable[Item]) -> dict[int, list[Item]]:
    """Rows by their program, in their order."""
    found: dict[int, list[Item]] = {}
    for row in rows:
        found.setdefault(row.program_id, []).append(row)
    return found


def _areas(rows: Rows) -> list[OwnershipArea]:
    return sorted(rows.of(OwnershipArea), key=lambda area: (area.position, area.pk))


def _events(rows: Rows, cast: Cast) -> list[Event]:
    """Pending events in order, with the roles that keep them."""
    keepers: dict[int, set[int]] = {}
    for row in rows.of(SEATS):
        keepers.setdefault(row.event_id, set()).add(row.role_id)
    pending = [event for event in rows.of(Event) if event.state == EventState.PENDING]
    for event in pending:
        prefetched(event, "gatekeepers", [role for role in cast.roles if role.pk in keepers.get(event.pk, ())])
    return sorted(pending, key=lambda event: (event.day, event.pk))


def _people(users: dict[int, User], absences: list[Absence], wishes: dict[int, Preference]) -> dict[int, Person]:
    away: dict[int, list[tuple[date, date]]] = {}
    for absence in absences:
        away.setdefault(absence.user_id, []).append((absence.start, absence.end))
    return {pk: person_of(user, tuple(away.get(pk, ())), wishes.get(pk)) for pk, user in users.items()}


def person_of(user: User, absences: tuple[tuple[date, date], ...], wish: Preference | None = None) -> Person:
    """A user as the planner sees them."""
    since = local_date(user.no_mail_since, user.time_zone) if user.no_mail_since else None
    return Person(
        id=user.pk,
        name=str(user),
        zone=user.time_zone,
        hour=user.reminder_hour,
        active=user.is_active,
        absences=absences,
        preferences=as_value(wish),
        no_mail_since=since,
        sees_all=user.sees_everything,
    )


def _role(role_id: int, cast: Cast) -> RoleFacts:
    role = cast.by_id[role_id]
    return RoleFacts(role.slug, role.name, role.holder_id, role.deputy_id, role.vacant_since)


def _criterion(row: Criterion, cast: Cast, zone: str) -> ItemFacts:
    handed_in = row.state == CriterionState.HANDED_IN
    return ItemFacts(
        kind=Kind.CRITERION,
        id=row.pk,
        slug=row.slug,
        label=row.text,
        due=row.due_date,
        role=cast.by_id[row.owner_role_id].slug,
        assignee=row.assignee_id,
        handed_in=handed_in,
        verifier_role=cast.by_id[row.verifier_role_id].slug,
        checker=next(iter(verifiers_for(row, cast)), None) if handed_in else None,
        event_id=row.event_id,
        asked_on=local_date(row.handed_in_at, zone) if handed_in and row.handed_in_at else None,
    )


def _task(row: Task, cast: Cast) -> ItemFacts:
    role = cast.by_id[row.owner_role_id].slug
    return ItemFacts(Kind.TASK, row.pk, row.slug, row.title, row.due_date, role, assignee=row.assignee_id)


def _event(row: Event, listed: frozenset[int] | None) -> EventFacts:
    keepers = tuple(role.slug for role in row.gatekeepers.all())
    # A mini-gate decides as a gate does, about its own list (G21).
    gate = row.is_gate or listed is not None
    return EventFacts(row.pk, row.slug, row.name, row.due_date, is_gate=gate, gatekeepers=keepers, listed=listed)


def _left() -> QuerySet[Delivery, Any]:
    rows = Delivery.objects.filter(state__in=[State.SENT, State.DEAD]).exclude(rule=RuleSlug.AREA_VACANT)
    return rows.values_list(
        "program_id", "item_kind", "item_id", "rule", "occurrence", "due_date", "user_id", "sent_on"
    )


_LEFT = OfPrograms(_left)


def _past(programs: list[int]) -> dict[int, list[Past]]:
    """What left, or was refused for good: a refused rung does not stop the ladder."""
    found: dict[int, list[Past]] = {}
    for program, kind, item_id, rule, occurrence, due, user_id, on in _LEFT.values(programs):
        if not is_again(occurrence):  # what is sent by hand is no step of any rule
            past = Past(Kind(kind), item_id, rule, occurrence, due, user_id, on or due)
            found.setdefault(program, []).append(past)
    return found
