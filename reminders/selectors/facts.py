"""Turns the rows of one program into the planner's facts, in a fixed number of queries. Must not decide anything."""

from datetime import date

from django.conf import settings

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
from reminders.domain.facts import AreaFacts, EventFacts, ItemFacts, Past, Person, ProgramFacts, RoleFacts
from reminders.domain.rules import Rule as RuleFacts
from reminders.domain.rules import parse_rule
from reminders.enums import Kind, RuleSlug, State
from reminders.models import Delivery, Preference, Rule
from reminders.selectors import charter, escalations, gates, governance, ownership, risks
from reminders.selectors.preferences import as_value
from reminders.selectors.rows import SEATS, Rows, cast_in, load_people, load_rows, seat
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
    own = dict(Rule.objects.filter(program_id=program_id).order_by("id").values_list("slug", "definition"))
    table = {entry["slug"]: entry for entry in default_rules()} | own if own else {}
    return tuple(parse_rule({**definition, "slug": slug}) for slug, definition in table.items())


def load_facts(program: Program) -> ProgramFacts:
    """The snapshot the planner works on, with the same queries whatever the size of the program."""
    criteria, tasks = _open_criteria(program), _open_tasks(program)
    rows = load_rows(program)
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
    asked += [person for person, _ in news.subscribers]
    users, absences, wishes = load_people(person for person in asked if person is not None)
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
        past=_past(program.pk),
        nominations=ownership.facts(nominations, cast),
    )
    return after.in_run(facts, frozenset(minis)) if program.state == ProgramState.RUNNING else facts


def _open_criteria(program: Program) -> list[Criterion]:
    wanted = Criterion.objects.filter(program=program, applicable=True).exclude(state=CriterionState.VERIFIED)
    return list(wanted.defer("relates_to", "evidence_meaning"))


def _open_tasks(program: Program) -> list[Task]:
    return list(Task.objects.filter(program=program, done_at__isnull=True))


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
    wants = as_value(wish)
    return Person(user.pk, str(user), user.time_zone, user.reminder_hour, user.is_active, absences, wants)


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


def _past(program_id: int) -> tuple[Past, ...]:
    """What left, or was refused for good: a refused rung does not stop the ladder."""
    rows = Delivery.objects.filter(program_id=program_id, state__in=[State.SENT, State.DEAD]).exclude(
        rule=RuleSlug.AREA_VACANT
    )
    wanted = rows.values_list("item_kind", "item_id", "rule", "occurrence", "due_date", "user_id", "sent_on")
    return tuple(
        Past(Kind(kind), item_id, rule, occurrence, due, user_id, on or due)
        for kind, item_id, rule, occurrence, due, user_id, on in wanted
    )
