"""What a batch of mails needs to know, in a fixed number of queries; and the last look before a mail leaves (P11).

The planner has the full picture but ran up to some hours ago; here each reminder is held against its own row. Must
not render or send.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from phases.enums import CriterionState, EventState, TaskState
from phases.models import Criterion, Event, Task
from programs.enums import PROGRAM_MANAGER
from programs.models import Role
from reminders.domain.gone import DONE, EXAMPLE, PAUSED
from reminders.enums import Kind, Part
from reminders.models import Delivery
from reminders.selectors.facts import sends

OVERDUE = "Its next step had come before it could leave"


class Lookups:
    """Everything a batch of reminders is about, and the roles of its programs, loaded once."""

    def __init__(self, rows: Iterable[Delivery]) -> None:
        ids: dict[str, set[int]] = {kind: set() for kind in Kind}
        programs: set[int] = set()
        for row in rows:
            ids[row.item_kind].add(row.item_id)
            programs.add(row.program_id)
        roles = Role.objects.filter(program__in=programs).select_related("holder", "deputy")
        self.roles = {(role.program_id, role.slug): role for role in roles}
        self.criteria = {c.pk: c for c in Criterion.objects.filter(pk__in=ids[Kind.CRITERION]).select_related("event")}
        self.tasks = {t.pk: t for t in Task.objects.filter(pk__in=ids[Kind.TASK])}
        self.events = {e.pk: e for e in Event.objects.filter(pk__in=ids[Kind.EVENT])}
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
            open_ = Criterion.objects.filter(wanted, program_id=event.program_id, applicable=True)
            rows = open_.exclude(state=CriterionState.VERIFIED).select_related("owner_role")
            self._unmet[event.pk] = list(rows.order_by("due_date", "position", "pk"))
        return self._unmet[event.pk]

    def why_not(self, row: Delivery, now: datetime) -> str:
        """Why a reminder must not leave any more; empty when it may."""
        if row.expires_at <= now:
            return OVERDUE
        if not sends(row.program):
            return EXAMPLE if row.program.is_active else PAUSED
        if not row.user.is_active:
            return f"{row.user} is deactivated"
        return self._about_the_item(row)

    def _about_the_item(self, row: Delivery) -> str:
        if row.item_kind == Kind.AREA:
            return ""
        finished, due = self._state_of(row)
        if finished:
            return DONE
        return "" if due == row.due_date else f"The date moved to {due}"

    def _state_of(self, row: Delivery) -> tuple[bool, object]:
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
