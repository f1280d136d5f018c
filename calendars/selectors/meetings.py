"""Gates and checkpoints of programs with who is asked to be there, in five queries whatever the number of programs."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from calendars.domain.attending import Meeting, Owed, Seat, attending
from calendars.domain.invites import Content
from calendars.models import ReviewTime
from core.text import one_line
from gates.models import GateAlternate
from phases.domain.responsibility import responsible
from phases.enums import EventKind
from phases.models import Criterion, Event
from programs.models import Program, Role
from programs.selectors import Cast, active


@dataclass(frozen=True)
class Plan:
    """One program's roles, events, criteria and hours, and for each event who is asked, by person."""

    program: Program
    cast: Cast
    events: tuple[Event, ...]
    criteria: tuple[Criterion, ...]
    times: dict[int, ReviewTime]
    alternates: tuple[User, ...]
    seats: dict[int, dict[int, Seat]]

    def content(self, event: Event) -> Content:
        """What an invitation to the event says now."""
        time = self.times.get(event.pk)
        label = one_line(f"{event.name}, {self.program.name}")
        if time is None:
            return Content(label, event.due_date, zone=self.program.time_zone)
        return Content(label, event.due_date, time.starts, time.minutes, one_line(time.place), self.program.time_zone)

    @property
    def people(self) -> list[User]:
        """Everybody who can be asked: those with a role, and who answers for a criterion by name."""
        assigned = [person for row in self.criteria if (person := active(row.assignee)) is not None]
        return [*self.cast.people, *assigned, *self.alternates]

    def answers(self, role_id: int, assignee: User | None = None) -> int | None:
        """The id of who answers for something: the assignee, the role's holder, else the program manager."""
        people = (active(assignee), active(self.cast.by_id[role_id].holder), self.cast.manager)
        assigned, holder, manager = (person.pk if person else None for person in people)
        return responsible(assignee=assigned, holder=holder, deputy=None, manager=manager).addressee


def load_plans(programs: Iterable[Program]) -> list[Plan]:
    """Load the plans of some programs (five queries)."""
    found = list(programs)
    roles: dict[int, list[Role]] = {}
    for role in Role.objects.filter(program__in=[program.pk for program in found]).select_related("holder", "deputy"):
        roles.setdefault(role.program_id, []).append(role)
    return plans_with([Cast(program, tuple(roles.get(program.pk, ()))) for program in found])


def plans_with(casts: Iterable[Cast]) -> list[Plan]:
    """Load the plans of programs whose roles are known (four queries)."""
    found = list(casts)
    ids = [cast.program.pk for cast in found]
    rows = Event.objects.filter(program__in=ids).select_related("phase", "review_time")
    events = list(rows.order_by("due_date", "day", "pk"))
    criteria = list(
        Criterion.objects.filter(program__in=ids, applicable=True)
        .select_related("assignee")
        .only(
            "program_id",
            "event_id",
            "owner_role_id",
            "slug",
            "text",
            "state",
            "applicable",
            "due_date",
            "version",
            "assignee",
        )
        .order_by("due_date", "pk")
    )
    kept = Event.gatekeepers.through.objects.filter(event__program__in=ids)
    keepers = list(kept.order_by("pk").values_list("event_id", "role_id"))
    alternates = list(GateAlternate.objects.filter(program__in=ids, person__is_active=True).select_related("person"))
    times = {event.pk: event.review_time for event in events if hasattr(event, "review_time")}
    plans = []
    for cast in found:
        program = cast.program
        own = tuple(event for event in events if event.program_id == program.pk)
        for event in own:
            event.program = program  # known: its address would ask for it otherwise
        plan = Plan(
            program=program,
            cast=cast,
            events=own,
            criteria=tuple(row for row in criteria if row.program_id == program.pk),
            times=times,
            alternates=tuple(row.person for row in alternates if row.program_id == program.pk),
            seats={},
        )
        _seat(plan, keepers, alternates)
        plans.append(plan)
    return plans


def _seat(plan: Plan, keepers: list[tuple[int, int]], alternates: list[GateAlternate]) -> None:
    """Work out who is asked to each event of a plan."""
    cast = plan.cast
    people = {}
    for role in cast.roles:
        person = cast.holder(role.slug) or cast.deputy(role.slug)
        if person is not None:
            people[role.slug] = person.pk
    owed = [_owed(plan, row) for row in plan.criteria]
    for event in plan.events:
        stand_ins = {
            cast.by_id[row.role_id].slug: row.person_id
            for row in alternates
            if row.event_id == event.pk and row.role_id in cast.by_id
        }
        meeting = Meeting(
            id=event.pk,
            is_checkpoint=event.kind == EventKind.CHECKPOINT,
            phase_start=event.phase.start_date,
            due=event.due_date,
            gatekeepers=tuple(cast.by_id[role].slug for pk, role in keepers if pk == event.pk and role in cast.by_id),
            alternates=stand_ins,
        )
        plan.seats[event.pk] = attending(meeting, people, owed)


def _owed(plan: Plan, row: Criterion) -> Owed:
    owner = plan.answers(row.owner_role_id, row.assignee)
    return Owed(row.event_id, row.due_date, owner, plan.cast.by_id[row.owner_role_id].slug)


def time_of(event: Event) -> ReviewTime | None:
    """When and where an event is held; None while nobody has set it (one query)."""
    return ReviewTime.objects.filter(pk=event.pk).first()
