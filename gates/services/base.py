"""What every write of this app shares: cleaned input, faults by field, the activity entry. No rules here."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from gates.domain.waivers import Fault
from programs.models import Program


class Incomplete(Invalid):
    """Several things are missing at once; `faults` names each field, `field` is the first one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.sentence for fault in faults), field=faults[0].field)
        self.faults = tuple(faults)


def complete(faults: Sequence[Fault]) -> None:
    """Raise `Incomplete` when there are faults."""
    if faults:
        raise Incomplete(faults)


def today_of(program: Program) -> dt.date:
    """The date in the program's time zone."""
    return clock.today(program.time_zone)


def lock_program(program: Program) -> Program:
    """Return the program as it is now, locked for the rest of the transaction."""
    return locked(Program.objects.filter(pk=program.pk)).get()


def same_version(row: Any, version: int | None) -> None:
    """Notice that somebody changed a row since its form was drawn. Errors: Conflict."""
    if version is not None and row.version != version:
        now = row.get_state_display() if hasattr(row, "get_state_display") else str(row)
        raise Conflict("Somebody changed this a moment ago. Look at it as it is now, then try again.", current=now)


def save(row: Any, *fields: str) -> None:
    """Save the named fields with the next version."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def note(actor: User | None, verb: Verb, subject: Model, program: Program, label: str = "", **data: Any) -> None:
    """Write the activity entry of a change; `data` is plain JSON. No actor: the application itself did it."""
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind=KINDS.get(subject._meta.model_name or "", subject._meta.model_name or "thing"),
        subject_id=int(str(subject.pk)),
        subject_label=label or str(subject),
        program_id=program.pk,
        data=data,
    )


KINDS = {"gatereview": "review", "launchstep": "launch_step", "declaredstatus": "status", "exceptionnote": "exception"}
"""Kinds of subjects whose model is called otherwise."""
