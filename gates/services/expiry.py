"""What ends by itself. Pages compute it as of today; this writes it down, so that people are told (G7, G8, G15)."""

import datetime as dt

from django.db import transaction

from gates.services import conditions, declaring, waivers
from gates.services.base import lock_program
from programs.models import Program
from risks.services import end_expired_acceptances


@transaction.atomic
def expire_due(program: Program, today: dt.date) -> int:
    """Write down every waiver, acceptance and declaration that is over and every decision that lapsed by `today`.

    For the engine's daily pass; running it twice changes nothing the second time. Returns how many things ended.
    """
    program = lock_program(program)
    return (
        waivers.expire(program.pk, today)
        + conditions.lapse(program, today)
        + declaring.expire(program, today)
        + end_expired_acceptances(program.pk, today)
    )
