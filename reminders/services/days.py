"""Once per program and local day: write down what ended, raise what is late, keep the reading (G7, G8, G15, S23, S29).

Pages do not wait for it, they compute endings from dates. Safe to run many times and by many at once. Must not plan.
"""

import logging

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from charter.services.daily import keep_day as keep_charter
from core import clock
from core.locks import locked
from escalation.services.daily import keep_day as keep_escalations
from gates.services.expiry import expire_due
from gates.services.history import KEPT, record_day
from programs.models import Program
from reminders.defaults import limits
from reminders.models import ProgramPlan

_log = logging.getLogger(__name__)


def keep_days() -> int:
    """Take every program whose day has begun since it was last taken, a bounded number at a time; return how many.

    A program that cannot be read is logged, left until tomorrow, and holds up nobody else (P8).
    """
    kept = 0
    for program_id in _waiting(limits().days_kept_per_tick):
        try:
            kept += keep_day(program_id)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _log.exception("the day of program %s cannot be kept", program_id)
            zone = Program.objects.values_list("time_zone", flat=True).get(pk=program_id)
            ProgramPlan.objects.filter(pk=program_id).update(day_kept=clock.today(zone))
    return kept


@transaction.atomic
def keep_day(program_id: int) -> int:
    """Take one program's today; 1 when it was not taken before, 0 when it was or somebody is at it."""
    row = locked(ProgramPlan.objects.filter(pk=program_id), skip=True).first()
    program = Program.objects.get(pk=program_id)
    today = clock.today(program.time_zone)
    if row is None or (row.day_kept is not None and row.day_kept >= today):
        return 0
    expire_due(program, today)
    keep_charter(program, today)
    keep_escalations(program, today)
    program.refresh_from_db()
    record_day(program, today)
    ProgramPlan.objects.filter(pk=program_id).update(day_kept=today)
    return 1


def _waiting(most: int) -> list[int]:
    """Programs whose last kept day lies before today where they are, longest waiting first (two queries)."""
    alive = ProgramPlan.objects.filter(program__state__in=KEPT)
    zones = alive.order_by().values_list("program__time_zone", flat=True).distinct()
    due = Q(pk__in=[])
    for zone in zones:
        today = clock.today(zone)
        due |= Q(program__time_zone=zone) & (Q(day_kept=None) | Q(day_kept__lt=today))
    return list(alive.filter(due).order_by("day_kept", "pk").values_list("pk", flat=True)[:most])
