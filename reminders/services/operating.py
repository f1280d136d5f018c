"""What an administrator does to the engine by hand: pause it, let it run, release or discard what is held."""

from django.db import transaction

from accounts.models import User
from core.text import shorten
from reminders.enums import State
from reminders.models import Delivery, EngineState, ProgramPlan
from reminders.policies import may_operate


@transaction.atomic
def set_paused(*, actor: User, paused: bool) -> None:
    """Pause the engine or let it run again; nothing is lost meanwhile. Errors: NotAllowed."""
    may_operate(actor).require()
    EngineState.objects.update_or_create(pk=1, defaults={"paused": paused})


@transaction.atomic
def release_held(*, actor: User, program_id: int) -> int:
    """Let the held reminders of a program go. Returns how many. Errors: NotAllowed."""
    may_operate(actor).require()
    ProgramPlan.objects.filter(pk=program_id).update(dirty=True)
    held = Delivery.objects.filter(program_id=program_id, state=State.HELD)
    return held.update(state=State.QUEUED, reason="")


@transaction.atomic
def discard_held(*, actor: User, program_id: int) -> int:
    """Close the held reminders of a program for good, with who did it. Returns how many. Errors: NotAllowed."""
    may_operate(actor).require()
    held = Delivery.objects.filter(program_id=program_id, state=State.HELD)
    # Expired, not cancelled: a cancelled reminder would come back with the next planning.
    return held.update(state=State.EXPIRED, reason=shorten(f"Discarded by {actor}", 300))
