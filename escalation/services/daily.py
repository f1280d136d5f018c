"""Once per program and local day: start the paths of overdue actions, end what lost its cause quietly."""

import datetime as dt

from django.db import transaction

from core.locks import locked
from escalation.enums import Subject
from escalation.models import Escalation
from escalation.services import base
from escalation.services.starting import start_overdue
from programs.models import Program
from risks.models import MitigationAction, Risk


@transaction.atomic
def keep_day(program: Program, today: dt.date) -> int:
    """Bring a program's escalations into line with its actions and risks as of `today`; return how many started."""
    settle(program, today)
    return len(start_overdue(program, today))


def settle(program: Program, today: dt.date) -> None:
    """End escalations whose action is finished or has another date, or whose risk is closed."""
    rows = Escalation.objects.filter(program=program, ended_at=None, subject_kind__in=[Subject.ACTION, Subject.RISK])
    held = list(locked(rows).select_related("path").order_by("pk"))
    of_kind = {kind: [row.subject_id for row in held if row.subject_kind == kind] for kind in Subject}
    actions = MitigationAction.objects.select_related("risk").in_bulk(of_kind[Subject.ACTION])
    risks = Risk.objects.in_bulk(of_kind[Subject.RISK])
    for row in held:
        action = actions.get(row.subject_id) if row.subject_kind == Subject.ACTION else None
        risk = action.risk if action else risks.get(row.subject_id)
        if risk is None or risk.closed_at is not None:
            base.end(row, "The risk is closed.")
        elif action is not None and action.done_at is not None:
            base.end(row, "The action is finished.")
        elif action is not None and (action.due_date is None or action.due_date >= today):
            base.end(row, "The action has another date now.")
