"""Tells the rungs that are due, one escalation at a time. Safe to run many times and by many at once (P3, P8).

A rung is a row under a unique key, written in the transaction that sets the clock for the next one: a crash before
it leaves everything to the next pass, a crash after it leaves nothing to do twice. Must not send mail.
"""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, transaction

from activity.enums import Verb
from core import clock
from core.locks import locked
from escalation.domain.calling import Call, Calls
from escalation.models import Escalation, EscalationRung, RungCall
from escalation.policies import ALIVE
from escalation.selectors.calling import Callers, callers_of
from escalation.selectors.paths import levels_of, with_levels
from escalation.services import base
from risks.models import EscalationLevel, EscalationPath

_log = logging.getLogger(__name__)
AT_MOST = 200
"""Escalations taken in one pass; the rest waits for the next one."""
AGAIN = dt.timedelta(hours=1)
"""When an escalation that failed is tried again."""


def advance(now: dt.datetime | None = None) -> int:
    """Tell every rung that is due at `now` (aware; the clock's when not given). Returns how many rungs were reached.

    One transaction per escalation. One that cannot be advanced is logged, tried again an hour later and holds up
    nobody else (P8). Programs that are not alive wait: their clocks go on from where they stood.
    """
    now = now or clock.now()
    due = Escalation.objects.filter(next_at__lte=now, program__state__in=ALIVE)
    told = 0
    for pk in due.order_by("next_at", "pk").values_list("pk", flat=True)[:AT_MOST]:
        try:
            told += advance_one(pk, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _log.exception("escalation %s cannot be advanced", pk)
            Escalation.objects.filter(pk=pk, next_at__isnull=False).update(next_at=now + AGAIN)
    return told


@transaction.atomic
def advance_one(escalation_id: int, now: dt.datetime) -> int:
    """Tell one escalation's next rung if it is due, and those after it while rungs are empty; return how many.

    Nothing when another process is at it, or was a moment ago.
    """
    row = locked(Escalation.objects.filter(pk=escalation_id), skip=True).select_related("program").first()
    if row is None or row.next_at is None or row.next_at > now:
        return 0
    row.path = with_levels(EscalationPath.objects.filter(pk=row.path_id)).get()
    levels = levels_of(row.path)
    callers = callers_of(row.program)
    due = base.next_instant(row)
    if due is None or due > now:
        # Woken before its time: somebody's role changed hands.
        _readdress(row, levels, callers, now)
    last = row.rungs.order_by("position").last()
    # A rung nobody answers for any more (its people left) hands over at once, like one that was empty from the start.
    handed = last is not None and (last.empty or not last.calls.filter(ended_at=None).exists())
    carried = list(last.gaps) if last is not None and handed else []
    place = last.position if last is not None else 0
    told = 0
    while place < len(levels) and due is not None and (due <= now or handed):
        level = levels[place]
        found = _found(level, callers, last=place + 1 == len(levels))
        rung = _reach(row, level, min(due, now), now, found, carried)
        handed, carried, place, told = rung.empty, list(rung.gaps), place + 1, told + 1
        due = base.next_instant(row)
        if not handed:
            break
    row.next_at = due if place < len(levels) else None
    row.save(update_fields=["next_at"])
    return told


def _readdress(row: Escalation, levels: list[EscalationLevel], callers: Callers, now: dt.datetime) -> None:
    """Ask whoever holds the roles of the newest rung now; what the others were not told yet is taken back.

    Nobody is told twice of one rung: a call that comes back is the old one.
    """
    rung = row.rungs.order_by("position").last()
    if rung is None or rung.position > len(levels):
        return
    found = _found(levels[rung.position - 1], callers, last=rung.position == len(levels))
    wanted = {call.user_id: call for call in found.told}
    known = {call.user_id: call for call in rung.calls.all()}
    rung.calls.filter(ended_at=None).exclude(user__in=wanted).update(ended_at=now)
    rung.calls.filter(user__in=wanted).update(ended_at=None)
    fresh = [call for user_id, call in wanted.items() if user_id not in known]
    RungCall.objects.bulk_create(_call(rung, call, now) for call in fresh)
    before = (rung.empty, rung.gaps)
    rung.empty, rung.gaps = found.empty, list(found.gaps)
    if before != (rung.empty, rung.gaps) or fresh:
        rung.save(update_fields=["empty", "gaps"])
        _record(row, rung, fresh)


def _found(level: EscalationLevel, callers: Callers, *, last: bool) -> Calls:
    """Who is told on a level; on the last one somebody stands in before nobody is."""
    found = callers.calls(level.roles.all())
    other = callers.stand_in() if found.empty and last else None
    return Calls((other,), found.gaps) if other is not None else found


def _reach(
    row: Escalation,
    level: EscalationLevel,
    due: dt.datetime,
    now: dt.datetime,
    found: Calls,
    carried: list[str],
) -> EscalationRung:
    gaps = [*carried, *(gap for gap in found.gaps if gap not in carried)]
    rung = EscalationRung.objects.create(
        escalation=row,
        position=level.position,
        due_at=due,
        reached_at=now,
        roles=", ".join(role.name for role in level.roles.all())[:600],
        gaps=gaps,
        empty=found.empty,
    )
    RungCall.objects.bulk_create(_call(rung, call, now) for call in found.told)
    _record(row, rung, found.told)
    return rung


def _record(row: Escalation, rung: EscalationRung, told: Sequence[Call]) -> None:
    base.record(
        Verb.ESCALATION_RUNG_REACHED,
        row,
        rung=rung.position,
        people=[call.user_id for call in told],
        roles=rung.roles,
        gaps=rung.gaps,
    )


def _call(rung: EscalationRung, call: Call, now: dt.datetime) -> RungCall:
    return RungCall(
        rung=rung,
        user_id=call.user_id,
        role_slug=call.role,
        role_name=call.role_name,
        part=call.part,
        gap=call.gap[:300],
        called_at=now,
    )
