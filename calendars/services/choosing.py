"""The choices around invitations: a program's switch, a person's wish, hour and place of a review."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from calendars import policies
from calendars.models import InvitationChoice, ProgramInvitations, ReviewTime
from calendars.selectors.meetings import time_of
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import one_line
from phases.enums import EventState
from phases.models import Event
from programs.models import Program
from programs.selectors import cast_of

SHORTEST, LONGEST = 15, 600
"""Minutes of a review."""
QUICKER = "Somebody set another time or place meanwhile. Save again to set yours."


@dataclass(frozen=True)
class TimeInput:
    """Hour (None: the whole day), length in minutes and place of a review, in the program's zone."""

    starts: dt.time | None
    minutes: int
    place: str


@transaction.atomic
def switch_invitations(*, actor: User, program: Program, on: bool) -> None:
    """Let a program send invitations, or no more; those ahead are called off then. Errors: NotAllowed."""
    policies.may_invite(actor, cast_of(program)).require()
    ProgramInvitations.objects.get_or_create(pk=program.pk)
    row = locked(ProgramInvitations.objects.filter(pk=program.pk)).get()
    if row.is_on == on:
        return
    row.is_on = on
    row.save(update_fields=["is_on"])
    _record(actor, Verb.INVITATIONS_SET, "program", program.pk, program.name, program.pk, {"on": on})


@transaction.atomic
def choose_invitations(*, actor: User, declines: bool) -> None:
    """Say whether one wants invitations at all; what is ahead follows. Side effect: mails are planned or withdrawn."""
    row, made = InvitationChoice.objects.get_or_create(pk=actor.pk, defaults={"declines": declines})
    if not made and row.declines == declines:
        return
    InvitationChoice.objects.filter(pk=actor.pk).update(declines=declines)
    _record(actor, Verb.INVITATIONS_CHOSEN, "user", actor.pk, str(actor), None, {"declines": declines})


@transaction.atomic
def set_time(*, actor: User, event: Event, wanted: TimeInput, version: int) -> ReviewTime:
    """Set when and where a gate or checkpoint is held; twice is once. `version` is 0 while nobody had set it.

    Errors: NotAllowed, Invalid (minutes; decided already), Conflict (somebody else was quicker).
    """
    event = locked(Event.objects.select_related("program").filter(pk=event.pk)).get()
    policies.may_time(actor, cast_of(event.program)).require()
    if event.state != EventState.PENDING:
        raise Invalid("It is decided; its time does not change any more.")
    if not SHORTEST <= wanted.minutes <= LONGEST:
        raise Invalid(f"A review takes {SHORTEST} to {LONGEST} minutes.", field="minutes")
    row, place = time_of(event), one_line(wanted.place)[:200]
    if row is not None and (row.starts, row.minutes, row.place) == (wanted.starts, wanted.minutes, place):
        return row
    if (row.version if row else 0) != version:
        raise Conflict(QUICKER, current=in_words(row))
    row = row or ReviewTime(event=event, version=0)
    row.starts, row.minutes, row.place = wanted.starts, wanted.minutes, place
    row.version += 1
    row.save()
    data = {"starts": row.starts.isoformat("minutes") if row.starts else None, "place": row.place}
    _record(actor, Verb.REVIEW_TIME_SET, "event", event.pk, event.name, event.program_id, data)
    return row


def in_words(time: TimeInput | ReviewTime | None) -> str:
    """Hour, length and place of a review in one line, for both sides of a lost race; None was never set."""
    hour = f"{time.starts:%H:%M}, {time.minutes} minutes" if time and time.starts else "the whole day"
    return f"{hour}{f', {time.place}' if time and time.place else ''}"


def _record(
    actor: User, verb: Verb, kind: str, subject: int, label: str, program_id: int | None, data: dict[str, Any]
) -> None:
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind=kind,
        subject_id=subject,
        subject_label=label,
        program_id=program_id,
        data=data,
    )
