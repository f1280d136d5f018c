"""What a batch of mails needs to know, in a fixed number of queries; and the last look before a mail leaves (P11).

The planner has the full picture but ran up to some hours ago; here each reminder is held against its own row. Must
not render or send.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import Error
from django.db.models import Model, Q, QuerySet

from escalation.models import RungCall
from gates.enums import ConditionState, RequestState
from gates.models import Condition, Decision, DeclaredStatus, GateReview, Opinion, Waiver
from governance.selectors.calendar import Book, load_book
from ownership.selectors import open_nominations
from phases.enums import CriterionState, EventKind, EventState, Outcome, TaskState
from phases.models import Criterion, Event, Task
from programs.domain.localtime import local_date
from programs.enums import PROGRAM_MANAGER
from programs.models import OwnershipArea, Role
from reminders import carried
from reminders.domain.bounces import unreached
from reminders.domain.gone import DONE, EXAMPLE, OWNED, PAUSED
from reminders.enums import Kind, Part
from reminders.models import Delivery
from reminders.selectors import charter, risks
from reminders.selectors.facts import ALIVE, sends
from reminders.selectors.governance import is_open
from reminders.selectors.resends import resent_by
from reminders.selectors.signals import days_of
from reminders.selectors.updates import last_posted
from reminders.selectors.wishes import Wishes
from risks.models import RiskAcceptance
from updates.domain.rules import is_answered

M = TypeVar("M", bound=Model)
_log = logging.getLogger(__name__)

OVERDUE = "Its next step had come before it could leave"
UNREADABLE = "It could not be looked at before it left"


class Lookups:
    """Everything a batch of reminders is about, and the roles of its programs, loaded once."""

    def __init__(self, rows: Iterable[Delivery]) -> None:
        rows = list(rows)
        ids: dict[str, set[int]] = {kind: set() for kind in Kind}
        zones: dict[int, str] = {}
        for row in rows:
            ids[row.item_kind].add(row.item_id)
            zones[row.program_id] = row.program.time_zone
        programs = set(zones)
        self.posted = last_posted(programs, zones) if ids[Kind.UPDATE] else {}
        roles = Role.objects.filter(program__in=programs).select_related("holder", "deputy")
        self.roles = {(role.program_id, role.slug): role for role in roles}
        # Nothing is asked, or even put together, for kinds nobody is mailed about: most batches are about three.
        self.criteria = _by_id(Criterion, ids[Kind.CRITERION], "event")
        self.tasks = _by_id(Task, ids[Kind.TASK])
        self.events = _by_id(Event, ids[Kind.EVENT])
        self.handed_in = _by_id(Criterion, ids[Kind.REVIEW])
        self.areas = _by_id(OwnershipArea, ids[Kind.AREA], "role__holder")
        self.dates = {**_dates_of_gates(ids), **charter.dates(ids), **risks.dates(ids)}
        if ids[Kind.METRIC] or ids[Kind.ALERT]:
            self.dates |= days_of(ids[Kind.METRIC], ids[Kind.ALERT])
        self.rounds = {pk: row for pk, row in _by_id(GateReview, ids[Kind.VIEW]).items() if row.closed_at is None}
        views = Opinion.objects.filter(review__in=self.rounds) if self.rounds else Opinion.objects.none()
        self.spoken = set(views.values_list("review_id", "role__slug"))
        self._books: dict[int, Book] = {}
        self.calls = {
            (call.rung.escalation_id, f"rung-{call.rung.position}", call.user_id): call.rung.escalation
            for call in _open_calls(ids[Kind.ESCALATION])
        }
        self.again = resent_by(rows)
        self.outdated = carried.reasons(row for row in rows if row.item_kind == Kind.INVITATION)
        self.wishes = Wishes(rows)
        self._unmet: dict[int, list[Criterion]] = {}

    def role_name(self, row: Delivery) -> str:
        """The name of the role through which somebody is asked."""
        role = self.roles.get((row.program_id, row.role_slug))
        return role.name if role else row.role_slug

    def manager_address(self, program_id: int) -> str:
        """Where answers go: the program manager's address, empty when there is none."""
        role = self.roles.get((program_id, PROGRAM_MANAGER))
        return role.holder.email if role and role.holder and role.holder.is_active else ""

    def unmet(self, event: Event) -> list[Criterion]:
        """The open criteria a gate or checkpoint looks at, asked once per batch."""
        if event.pk not in self._unmet:
            wanted = Q(event=event) if event.is_gate else Q(event=event) | Q(due_date__lte=event.due_date)
            if event.kind == EventKind.MINI_GATE:
                wanted = Q(mini_gates__event=event)
            open_ = Criterion.objects.filter(wanted, program_id=event.program_id, applicable=True)
            rows = open_.exclude(state=CriterionState.VERIFIED).select_related("owner_role")
            self._unmet[event.pk] = list(rows.order_by("due_date", "position", "pk"))
        return self._unmet[event.pk]

    def why_not(self, row: Delivery, now: datetime) -> str:
        """Why a reminder must not leave any more; empty when it may.

        One that cannot be looked at (its program cannot be read) must not leave and holds up nobody else (P8).
        """
        try:
            return self._why_not(row, now)
        except Error:  # of the database: not the fault of one reminder
            raise
        except Exception as error:
            _log.exception("reminder %s cannot be looked at", row.key)
            return f"{UNREADABLE}: {type(error).__name__}"

    def _why_not(self, row: Delivery, now: datetime) -> str:
        if row.expires_at <= now:
            return OVERDUE
        invites = row.item_kind == Kind.INVITATION
        # Invitations are sent for a stopped program too: that is when a date is called off.
        if not invites and not sends(row.program):
            return EXAMPLE if row.program.state in ALIVE else PAUSED
        if not row.user.is_active:
            return f"{row.user} is deactivated"
        if row.user.no_mail_since is not None:
            return unreached(str(row.user), local_date(row.user.no_mail_since, row.user.time_zone))
        if invites:
            return self.outdated.get(row.pk, "")
        return self.wishes.why_not(row) or self.over(row)

    def over(self, row: Delivery) -> str:
        """Why what a reminder is about is not open any more; empty while it is."""
        if row.item_kind == Kind.AREA:
            return OWNED if self._has_owner(row) else ""
        if row.item_kind == Kind.GOVERNANCE:
            return "" if is_open(self._book(row), row.item_id, row.due_date) else DONE
        finished, due = self._state_of(row)
        if finished:
            return DONE
        return "" if due == row.due_date else f"The date moved to {due}"

    def _book(self, row: Delivery) -> Book:
        """The calendar of a row's program; two queries for each program about whose dates somebody is mailed."""
        if row.program_id not in self._books:
            self._books[row.program_id] = load_book(row.program)
        return self._books[row.program_id]

    def _has_owner(self, row: Delivery) -> bool:
        area = self.areas.get(row.item_id)
        holder = area.role.holder if area is not None else None
        return area is None or (holder is not None and holder.is_active)

    def _state_of(self, row: Delivery) -> tuple[bool, object]:
        if row.item_kind == Kind.WEEK:
            return not self.wishes.week(row), row.due_date
        if row.item_kind == Kind.ESCALATION:
            running = self.calls.get((row.item_id, row.step, row.user_id))
            return running is None, local_date(running.started_at, row.program.time_zone) if running else None
        if row.item_kind in (Kind.UPDATE, Kind.PUBLISHED):
            answered = row.item_kind == Kind.UPDATE and is_answered(row.due_date, self.posted.get(row.program_id))
            return answered, row.due_date
        if row.item_kind in _GATES | charter.KINDS:
            return self._state_at_gate(row)
        if row.item_kind == Kind.CRITERION and row.item_id in self.criteria:
            criterion = self.criteria[row.item_id]
            handed_in = criterion.state == CriterionState.HANDED_IN
            # After the hand-in only the verifier is asked, and nobody before it.
            settled = handed_in != (row.part == Part.VERIFIER) and row.part in (Part.VERIFIER, Part.RESPONSIBLE)
            done = criterion.state == CriterionState.VERIFIED or not criterion.applicable or settled
            return done, criterion.due_date
        if row.item_kind == Kind.TASK and row.item_id in self.tasks:
            task = self.tasks[row.item_id]
            return task.state == TaskState.DONE, task.due_date
        if row.item_kind == Kind.EVENT and row.item_id in self.events:
            event = self.events[row.item_id]
            return event.state == EventState.DECIDED, event.due_date
        return True, None

    def _state_at_gate(self, row: Delivery) -> tuple[bool, object]:
        """Whether what a gate left open is settled, and the day it is about now."""
        zone = row.program.time_zone
        if row.item_kind == Kind.REVIEW:
            criterion = self.handed_in.get(row.item_id)
            if criterion is None or criterion.state != CriterionState.HANDED_IN or criterion.handed_in_at is None:
                return True, None
            return False, local_date(criterion.handed_in_at, zone)
        if row.item_kind == Kind.VIEW:
            review = self.rounds.get(row.item_id)
            if review is None or (review.pk, row.role_slug) in self.spoken:
                return True, None
            return False, local_date(review.opened_at, zone)
        due = self.dates.get((row.item_kind, row.item_id))
        return due is None, due


_GATES = frozenset(
    {
        Kind.CONDITION,
        Kind.WAIVER,
        Kind.ACCEPTANCE,
        Kind.STATUS,
        Kind.HOLD,
        Kind.VIEW,
        Kind.REVIEW,
        Kind.NOMINATION,
        Kind.ACTION,
        Kind.RISK,
        Kind.METRIC,
        Kind.ALERT,
    }
)


def _by_id(model: type[M], ids: set[int], *joined: str) -> dict[int, M]:
    """Rows of a model by id, with related rows where they are needed; no query for no ids."""
    if not ids:
        return {}
    rows = model._default_manager.filter(pk__in=ids)
    return {row.pk: row for row in (rows.select_related(*joined) if joined else rows)}


def _open_calls(ids: set[int]) -> Iterable[RungCall]:
    """Whom escalations still want; nothing is asked when nobody is mailed about one."""
    if not ids:
        return ()
    rows = RungCall.objects.filter(ended_at=None, rung__escalation__in=ids, rung__escalation__ended_at=None)
    return rows.filter(rung__escalation__acknowledged_at=None).select_related("rung__escalation")


def _dates_of_gates(ids: dict[str, set[int]]) -> dict[tuple[str, int], date | None]:
    """The days of conditions, endings and holds that still stand; nothing is asked for kinds nobody is mailed about."""
    wanted = {kind: rows() for kind, rows in _STANDING.items() if ids[kind]}
    return {(str(kind), pk): due for kind, rows in wanted.items() for pk, due in rows.filter(pk__in=ids[kind])}


_STANDING: dict[Kind, Callable[[], QuerySet[Any, Any]]] = {
    Kind.CONDITION: lambda: (
        Condition.objects.filter(decision__superseded_by__isnull=True)
        .exclude(state=ConditionState.CLOSED)
        .values_list("pk", "due_date")
    ),
    Kind.WAIVER: lambda: Waiver.objects.filter(state=RequestState.APPROVED).values_list("pk", "expires_on"),
    Kind.ACCEPTANCE: lambda: RiskAcceptance.objects.filter(ended_at=None).values_list("pk", "expires_on"),
    Kind.STATUS: lambda: DeclaredStatus.objects.filter(ended_at=None).values_list("pk", "expires_on"),
    Kind.HOLD: lambda: Decision.objects.filter(
        superseded_by__isnull=True, word=Outcome.HOLD, event__state=EventState.PENDING
    ).values_list("pk", "review_date"),
    Kind.NOMINATION: lambda: open_nominations().values_list("pk", "nominated_on"),
}
