"""Accepts and declines a seat, and hands over on the agreed day. Until then whoever sits there stays (S59, S60)."""

import datetime as dt
import logging

from django.db import InterfaceError, OperationalError, transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from ownership import policies
from ownership.enums import Answer, Seat
from ownership.models import Nomination, OwnershipAcceptance
from ownership.selectors import ENDED, open_nominations
from ownership.services.base import fresh, hold, needed, record, sitting
from ownership.services.nominating import FURTHEST, ask, close
from ownership.services.seating import end, take
from programs.models import Role
from programs.selectors import cast_of

_log = logging.getLogger(__name__)


@transaction.atomic
def accept(
    *,
    actor: User,
    role: Role,
    seat: Seat,
    words: str,
    effective_from: dt.date | None = None,
    deputy: User | None = None,
) -> OwnershipAcceptance:
    """Take a seat in one's own words: as its nominee, or as who sits there and has not said yes yet.

    From a later day on, the former owner stays until then. `deputy` is asked to be the deputy. Accepted twice it is
    one acceptance; of two people who accept at once the first stays. Errors: NotAllowed; Invalid (no words, a day that
    has passed, a deputy who cannot be one); Conflict when the nomination was overtaken or withdrawn.
    """
    program = hold(role.program)
    role, today = fresh(role), clock.today(program.time_zone)
    nomination = open_nominations().filter(role=role, seat=seat, person=actor).first()
    there = sitting(role, seat)
    sits = there is not None and there.pk == actor.pk
    mine = OwnershipAcceptance.objects.filter(role=role, seat=seat, person=actor, area=None, ended_at=None).first()
    if mine is not None and nomination is None and not _lacks_area(role, seat, actor):
        return mine
    if nomination is None and not sits:
        _overtaken(actor, role, seat)
    policies.may_answer(actor, role, seat, nomination, cast_of(program)).require()
    said = needed(words, "words", "Say in your own words what you take over.")
    day = effective_from or max(nomination.effective_from if nomination else today, today)
    _fits(day, today)
    if deputy is not None and seat is Seat.OWNER:
        _usable(deputy, actor)
    if seat is Seat.DEPUTY and role.holder_id == actor.pk:
        raise Invalid("You hold this role; its deputy is somebody else.")
    if mine is not None:
        end([mine], actor, "Accepted anew with what was added")
    made = OwnershipAcceptance.objects.create(
        program=program,
        role=role,
        seat=seat,
        person=actor,
        words=said,
        accepted_at=clock.now(),
        effective_from=day,
        deputy=deputy or (role.deputy if seat is Seat.OWNER and role.deputy_id != actor.pk else None),
    )
    if nomination is not None:
        close([nomination], Answer.ACCEPTED)
    record(
        actor,
        Verb.OWNERSHIP_ACCEPTED,
        role,
        seat=seat.value,
        after=actor.pk,
        words=said,
        effective_from=day.isoformat(),
    )
    if deputy is not None and seat is Seat.OWNER:
        _ask_deputy(actor, role, deputy, day)
    # An empty seat, or one's own, is taken at once; the area counts from its day on. A held one waits for that day.
    if sits or there is None or not there.is_active or day <= today:
        take(made, actor)
    return made


@transaction.atomic
def decline(*, actor: User, role: Role, seat: Seat, reason: str) -> Nomination | None:
    """Say no with a reason; who was put on the seat without having accepted leaves it, and a gap opens.

    Declined twice it is one. Errors: NotAllowed (also who accepted: ask the manager for a transfer), Invalid.
    """
    program = hold(role.program)
    role = fresh(role)
    nomination = open_nominations().filter(role=role, seat=seat, person=actor).first()
    last = Nomination.objects.filter(role=role, seat=seat, person=actor).first()
    if nomination is None and last is not None and last.answer == Answer.DECLINED:
        return last
    policies.may_answer(actor, role, seat, nomination, cast_of(program)).require()
    why = needed(reason, "reason", "Say why, so that the program manager can ask somebody else.")
    there = sitting(role, seat)
    accepted = OwnershipAcceptance.objects.filter(role=role, seat=seat, person=actor, area=None, ended_at=None)
    if nomination is None and accepted.exists():
        raise Invalid("You accepted this. Ask the program manager to nominate somebody; you stay until they accept.")
    if nomination is not None:
        close([nomination], Answer.DECLINED, why)
    record(actor, Verb.OWNERSHIP_DECLINED, role, seat=seat.value, before=actor.pk, reason=why)
    if there is not None and there.pk == actor.pk and not accepted.exists():
        leave(role, seat, actor)
    return nomination


def leave(role: Role, seat: Seat, actor: User | None, *, reason: str = "") -> None:
    """Empty a seat and record it; the listener ends what stood on it. Call inside a transaction."""
    there = sitting(role, seat)
    verb = Verb.ROLE_VACATED if seat is Seat.OWNER else Verb.ROLE_DEPUTY_SET
    if seat is Seat.OWNER:
        role.holder, role.vacant_since = None, clock.today(role.program.time_zone)
    else:
        role.deputy = None
    role.version += 1
    role.save(update_fields=["holder", "deputy", "vacant_since", "version"])
    data = {"before": there.pk if there else None, "after": None}
    record(actor, verb, role, **data, **({"reason": reason} if reason else {}))


def hand_over_due() -> int:
    """Seat everybody whose day has come; return how many. Safe to run at once: each seat is taken under the lock.

    A person whose account closed meanwhile takes nothing. Called by every tick (one query when nobody waits); a seat
    that cannot be taken is logged, tried again with the next one and holds up nobody else (P8).
    """
    waiting = OwnershipAcceptance.objects.filter(
        taken_at=None, ended_at=None, effective_from__lte=clock.now().date() + dt.timedelta(days=1)
    )
    rows = list(waiting.exclude(program__state__in=ENDED).select_related("program").order_by("pk"))
    taken = 0
    for row in rows:
        if row.effective_from > clock.today(row.program.time_zone):
            continue
        try:
            taken += _hand_over(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _log.exception("acceptance %s cannot take its seat", row.pk)
    return taken


@transaction.atomic
def _hand_over(row: OwnershipAcceptance) -> bool:
    hold(row.program)
    rows = OwnershipAcceptance.objects.select_related("role", "person", "program")
    now = rows.filter(pk=row.pk, taken_at=None, ended_at=None).first()
    if now is None:
        return False
    if not now.person.is_active:
        end([now], None, "The account was deactivated")
        return False
    take(now, now.person)
    return True


def _overtaken(actor: User, role: Role, seat: Seat) -> None:
    """Tell a nominee who comes too late what happened, instead of refusing them as a stranger to the seat."""
    last = Nomination.objects.filter(role=role, seat=seat, person=actor).first()
    if last is not None and last.answer in (Answer.SUPERSEDED, Answer.WITHDRAWN):
        now = sitting(role, seat)
        raise Conflict(f"The nomination is closed: {last.reason or 'it was withdrawn'}.", current=str(now or "nobody"))


def _fits(day: dt.date, today: dt.date) -> None:
    if day < today:
        raise Invalid("Ownership starts today or later.", field="effective_from")
    if (day - today).days > FURTHEST:
        raise Invalid(f"That is more than {FURTHEST} days ahead; check the year.", field="effective_from")


def _usable(deputy: User, owner: User) -> None:
    if deputy.pk == owner.pk:
        raise Invalid("Your deputy is somebody else.", field="deputy")
    if not deputy.is_active:
        raise Invalid(f"{deputy} is deactivated and cannot be a deputy.", field="deputy")


def _ask_deputy(actor: User, role: Role, deputy: User, day: dt.date) -> None:
    """Nominate the deputy the new owner chose, unless they are asked or have accepted already."""
    asked = open_nominations().filter(role=role, seat=Seat.DEPUTY, person=deputy)
    accepted = OwnershipAcceptance.objects.filter(role=role, seat=Seat.DEPUTY, person=deputy, area=None, ended_at=None)
    if not asked.exists() and not accepted.exists():
        ask(role.program, role, Seat.DEPUTY, deputy, actor=actor, effective_from=day)


def _lacks_area(role: Role, seat: Seat, person: User) -> bool:
    """Whether an area of the role is not accepted by the person who sits there."""
    there = role.holder_id if seat is Seat.OWNER else role.deputy_id
    field = "accepted_by" if seat is Seat.OWNER else "deputy_accepted_by"
    owned = role.ownership_areas.filter(**{field: person.pk})
    return there == person.pk and owned.count() != role.ownership_areas.count()
