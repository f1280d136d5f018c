"""Every reminder of a program with what became of it: to whom, why, when, and what the server said (rule 8)."""

from django.db.models import Count, QuerySet

from programs.models import Program
from reminders.enums import State
from reminders.models import Delivery


def ledger(program: Program, *, state: str = "") -> QuerySet[Delivery]:
    """The program's reminders, latest planned first, with their people and mails; `state` narrows it down."""
    rows = Delivery.objects.filter(program=program).select_related("user", "mail")
    if state in set(State):
        rows = rows.filter(state=state)
    return rows.order_by("-planned_for", "-pk")


def state_counts(program: Program) -> dict[str, int]:
    """How many reminders of the program are in each state; states without any are left out."""
    rows = Delivery.objects.filter(program=program).order_by().values("state").annotate(number=Count("pk"))
    return {row["state"]: row["number"] for row in rows}
