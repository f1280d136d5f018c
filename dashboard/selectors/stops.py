"""What stops if somebody is away: everything of theirs in a stretch of days for which nobody stands in. No writes."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core.templatetags.ui import day
from core.text import shorten
from dashboard.selectors.owners import absences_of
from ownership.domain.gaps import Span, uncovered
from phases.enums import CriterionState, EventState, TaskState
from phases.models import Criterion, Event, Task
from programs.models import OwnershipArea, Program, Role
from programs.selectors import Cast, active
from risks.models import EscalationLevel, MitigationAction


@dataclass(frozen=True)
class Stop:
    """One thing that stops, or that somebody else carries (`stand_in`)."""

    title: str
    why: str
    href: str = ""
    stand_in: str = ""


@dataclass
class Stops:
    """The answer by kind, in the order of the page; `covered` is what a deputy carries meanwhile."""

    gates: list[Stop] = field(default_factory=list)
    criteria: list[Stop] = field(default_factory=list)
    tasks: list[Stop] = field(default_factory=list)
    actions: list[Stop] = field(default_factory=list)
    areas: list[Stop] = field(default_factory=list)
    rungs: list[Stop] = field(default_factory=list)
    covered: list[Stop] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, list[Stop]]]:
        """The kinds with their headings."""
        return [
            ("Gates and checkpoints", self.gates),
            ("Criteria", self.criteria),
            ("Tasks", self.tasks),
            ("Risk actions", self.actions),
            ("Ownership areas", self.areas),
            ("Escalation rungs", self.rungs),
        ]

    @property
    def count(self) -> int:
        """How many things stop."""
        return sum(len(found) for _, found in self.groups)


@dataclass(frozen=True)
class _Cover:
    """Who stands in for a person in each role, over the whole stretch; empty text: nobody."""

    person: User
    roles: dict[int, str]

    def mine(self, role_id: int) -> bool:
        return role_id in self.roles


def what_stops(cast: Cast, person: User, window: Span, today: dt.date) -> Stops:
    """Answer for one person and the days of `window`, both included (seven queries)."""
    program, found = cast.program, Stops()
    cover = _cover(cast, person, window, today)
    _events(program, cast, cover, window, found)
    _items(program, cast, cover, window, found)
    actions = MitigationAction.objects.filter(
        risk__program=program, risk__closed_at=None, done_at=None, due_date__range=window
    )
    for action in actions.select_related("risk").order_by("due_date"):
        if cover.mine(action.owner_role_id):
            href = reverse("risk", args=[program.slug, action.risk.slug])
            _put(
                found.actions,
                found,
                action.text,
                f"due {day(action.due_date)}",
                href,
                cover.roles[action.owner_role_id],
            )
    for area in OwnershipArea.objects.filter(program=program):
        if cover.mine(area.role_id):
            href = reverse("owners", args=[program.slug])
            _put(found.areas, found, area.name, "decides and answers alone", href, cover.roles[area.role_id])
    levels: dict[EscalationLevel, list[Role]] = {}
    rungs = EscalationLevel.roles.through.objects.filter(escalationlevel__path__program=program)
    for row in rungs.select_related("escalationlevel__path").order_by("escalationlevel__path__position", "pk"):
        levels.setdefault(row.escalationlevel, []).append(cast.by_id[row.role_id])
    for level, roles in levels.items():
        _rung(level, roles, cast, cover, found)
    return found


def _cover(cast: Cast, person: User, window: Span, today: dt.date) -> _Cover:
    """The roles a person answers for: their own, and those they stand in for while the holder is away."""
    absences = absences_of(cast, min(today, window[0]))
    roles: dict[int, str] = {}
    for role in cast.roles:
        holder, deputy = active(role.holder), active(role.deputy)
        if holder is not None and holder.pk == person.pk:
            gone = None if deputy is None else absences.get(deputy.pk, ())
            alone = uncovered((window,), gone, window)
            roles[role.pk] = "" if alone or deputy is None else str(deputy)
        elif deputy is not None and deputy.pk == person.pk:
            missing = holder is None or uncovered(absences.get(holder.pk, ()), None, window)
            if missing:
                roles[role.pk] = ""
    return _Cover(person, roles)


def _put(into: list[Stop], found: Stops, title: str, why: str, href: str, stand_in: str) -> None:
    """Sort one thing: it stops, or the stand-in carries it."""
    (found.covered if stand_in else into).append(Stop(shorten(title, 110), why, href, stand_in))


def _events(program: Program, cast: Cast, cover: _Cover, window: Span, found: Stops) -> None:
    """Pending gates and checkpoints in the stretch at which the person speaks for a role (one query)."""
    pending = Q(event__program=program, event__state=EventState.PENDING, event__due_date__range=window)
    seats: dict[Event, list[Role]] = {}
    rows = Event.gatekeepers.through.objects.filter(pending).select_related("event")
    for row in rows.order_by("event__due_date", "role__position"):
        if cover.mine(row.role_id):
            seats.setdefault(row.event, []).append(cast.by_id[row.role_id])
    for event, roles in seats.items():
        held = _held(cover, roles)
        why = f"{day(event.due_date)}; speaks as {', '.join(role.name for role in roles)}"
        href = reverse("gate", args=[program.slug, event.slug])
        _put(found.gates, found, event.name, why, href, ", ".join(held) if all(held) else "")


def _held(cover: _Cover, seats: list[Role]) -> list[str]:
    return [cover.roles[role.pk] for role in seats]


def _items(program: Program, cast: Cast, cover: _Cover, window: Span, found: Stops) -> None:
    """Open criteria and tasks that are due in the stretch: theirs by name or by role, and what they verify."""
    criteria = Criterion.objects.filter(program=program, applicable=True, due_date__range=window)
    for criterion in criteria.exclude(state=CriterionState.VERIFIED).order_by("due_date", "position"):
        href = reverse("criterion", args=[program.slug, criterion.slug])
        if _theirs(criterion, cover):
            stand_in = _stand_in(criterion.owner_role_id, cast, cover)
            _put(found.criteria, found, criterion.text, f"due {day(criterion.due_date)}", href, stand_in)
        elif cover.mine(criterion.verifier_role_id):
            why = f"due {day(criterion.due_date)}; verifies it"
            _put(found.criteria, found, criterion.text, why, href, cover.roles[criterion.verifier_role_id])
    tasks = Task.objects.filter(program=program, state=TaskState.OPEN, due_date__range=window)
    for task in tasks.order_by("due_date", "position"):
        if _theirs(task, cover):
            href = reverse("task", args=[program.slug, task.slug])
            stand_in = _stand_in(task.owner_role_id, cast, cover)
            _put(found.tasks, found, task.title, f"due {day(task.due_date)}", href, stand_in)


def _theirs(item: Criterion | Task, cover: _Cover) -> bool:
    if item.assignee_id is not None:
        return item.assignee_id == cover.person.pk
    return cover.mine(item.owner_role_id)


def _stand_in(role_id: int, cast: Cast, cover: _Cover) -> str:
    """Who carries an item: the stand-in of the role; for one given by name, the role's own people."""
    if cover.mine(role_id):
        return cover.roles[role_id]
    other = active(cast.by_id[role_id].deputy) or active(cast.by_id[role_id].holder)
    return str(other) if other is not None and other.pk != cover.person.pk else ""


def _rung(level: EscalationLevel, roles: list[Role], cast: Cast, cover: _Cover, found: Stops) -> None:
    """A rung stops when none of its roles has anybody present."""
    seats = [role for role in roles if cover.mine(role.pk)]
    others = [role for role in roles if not cover.mine(role.pk) and active(cast.by_id[role.pk].holder)]
    if not seats or others:
        return
    held = [cover.roles[role.pk] for role in seats if cover.roles[role.pk]]
    why = f"rung {level.position}, {', '.join(role.name for role in seats)}"
    _put(found.rungs, found, level.path.name, why, "", ", ".join(held))
