"""Keeps the status page as it was: weekly, at each decision, with each published update (issue 5, G11).

A decision or an update asks for its snapshot when its transaction is committed; if the process dies in between, the
tick makes good for it. The unique key keeps one snapshot for each occasion, however often it is asked for.
"""

import datetime as dt
from functools import partial
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from activity.enums import Verb
from activity.models import Entry
from core import clock
from gates.domain.canonical import canonical, digest
from gates.models import Decision
from programs.models import Program
from status_pages.domain.document import SCHEMA, document
from status_pages.enums import Trigger
from status_pages.models import StatusSnapshot
from status_pages.selectors.facts import status_facts
from status_pages.selectors.portfolio import SHOWN
from updates.domain.rules import DUE_HOUR
from updates.models import StatusUpdate

AT_ONCE = 200
"""Snapshots a run; after Monday 09:00 thousands of programs take a few runs."""
MADE_GOOD_DAYS = 2
"""How long after a decision or update its missing snapshot is still made: later it would show another world."""


def keep(program: Program, trigger: Trigger, reference: str, label: str) -> StatusSnapshot | None:
    """Freeze the page as it is now; None when this occasion has its snapshot already."""
    rows = StatusSnapshot.objects.filter(program=program, trigger=trigger, reference=reference)
    if rows.exists():
        return None
    facts = status_facts(program)
    text = canonical(document(facts))
    try:
        with transaction.atomic():
            return StatusSnapshot.objects.create(
                program=program,
                trigger=trigger,
                reference=reference,
                label=label[:200],
                colour=facts.colour,
                schema_version=SCHEMA,
                document=text,
                sha256=digest(text),
                taken_at=facts.at,
            )
    except IntegrityError:  # somebody else kept the same occasion in this second
        return None


def on_activity(entry: Entry) -> None:
    """Hear of one activity entry; a decision or an update is frozen once it is committed."""
    if entry.program_id is None:
        return
    if entry.verb == Verb.EVENT_DECIDED:
        transaction.on_commit(partial(keep_decisions, entry.program_id), robust=True)
    elif entry.verb == Verb.UPDATE_POSTED:
        transaction.on_commit(partial(keep_updates, entry.program_id), robust=True)


def keep_decisions(program_id: int | None = None) -> int:
    """Keep the page for decisions of the last days that have no snapshot; return how many."""
    rows = Decision.objects.filter(decided_at__gte=_recently(), superseded_by__isnull=True)
    rows = rows if program_id is None else rows.filter(program_id=program_id)
    missing = rows.filter(~_has(Trigger.GATE)).select_related("program__portfolio", "event")[:AT_ONCE]
    return sum(
        keep(d.program, Trigger.GATE, str(d.pk), f"{d.event.name}: {d.get_word_display()}") is not None for d in missing
    )


def keep_updates(program_id: int | None = None) -> int:
    """Keep the page for updates of the last days that have no snapshot; return how many."""
    rows = StatusUpdate.objects.filter(posted_at__gte=_recently())
    rows = rows if program_id is None else rows.filter(program_id=program_id)
    missing = rows.filter(~_has(Trigger.UPDATE)).select_related("program__portfolio").order_by("pk")[:AT_ONCE]
    return sum(keep(u.program, Trigger.UPDATE, str(u.pk), f"Update {u.number}") is not None for u in missing)


def keep_weekly() -> int:
    """Keep this week's page of every program whose Monday 09:00 has come; return how many.

    A program whose installation slept through Monday gets its snapshot when it wakes, in the same week.
    """
    made = 0
    wanted = Program.objects.filter(state__in=SHOWN).select_related("portfolio").order_by("pk")
    week = clock.now() - dt.timedelta(days=8)
    kept = set(
        StatusSnapshot.objects.filter(trigger=Trigger.WEEKLY, taken_at__gte=week).values_list("program_id", "reference")
    )
    for program in wanted:
        monday = _monday(program)
        if monday is None or (program.pk, monday.isoformat()) in kept or made >= AT_ONCE:
            continue
        made += keep(program, Trigger.WEEKLY, monday.isoformat(), "") is not None
    return made


def _monday(program: Program) -> dt.date | None:
    """The Monday whose snapshot is due by now; none before the program has started."""
    local = clock.now().astimezone(ZoneInfo(program.time_zone))
    day = local.date() if local.hour >= DUE_HOUR else local.date() - dt.timedelta(days=1)
    monday = day - dt.timedelta(days=day.weekday())
    return monday if monday >= program.start_date - dt.timedelta(days=6) and day >= program.start_date else None


def _recently() -> dt.datetime:
    return clock.now() - dt.timedelta(days=MADE_GOOD_DAYS)


def _has(trigger: Trigger) -> Exists:
    """Whether the row at hand has its snapshot; references are text."""
    own = Cast(OuterRef("pk"), CharField(max_length=40))
    return Exists(StatusSnapshot.objects.filter(program=OuterRef("program_id"), trigger=trigger, reference=own))
