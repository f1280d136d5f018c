"""Gathers due reminders into mails, at a decent hour (rules 2, 4, 5): one per person and local day, or one each for
whoever asked for that; the weekly overview is a mail of its own. Must not send.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Absence, User
from core.bulk import point_to
from core.locks import concerns_everybody, locked
from programs.domain.localtime import local_date, local_instant
from reminders.defaults import limits
from reminders.domain.facts import Person
from reminders.domain.hours import mail_key, may_leave
from reminders.domain.intents import message_id
from reminders.enums import RuleSlug, State
from reminders.models import Delivery, Mail, ProgramPlan
from reminders.selectors.facts import person_of
from reminders.selectors.preferences import wishes_of

_log = logging.getLogger(__name__)

LOOK = 1000
"""Due rows looked at per round; each one leaves the queue's head by being mailed, moved to a later hour or closed."""

AT_ONCE = 100
"""People composed for in one transaction."""

ROUNDS = 100
"""Rounds in one pass; a bound, not a limit that is ever reached."""

OVERTAKEN = "Overtaken: its day or its next step had come before it could leave"
TOO_LATE = "That day's mail had left already, and it makes no sense later"


def expire(now: datetime) -> int:
    """Close waiting reminders that have no sense any more, with the reason. Returns how many."""
    stale = Delivery.objects.filter(state=State.QUEUED, mail__isnull=True, expires_at__lte=now)
    return stale.update(state=State.EXPIRED, reason=OVERTAKEN)


def compose(now: datetime) -> int:
    """Put what is due into mails, person by person. Returns how many mails have something to say now.

    Whoever has something due of a program that waits for planning waits with it: something about it has just changed.
    So does somebody another process is composing for.
    """
    made = 0
    waits = _waiting(now)
    for _ in range(ROUNDS):
        head = _due(now).exclude(user__in=waits).order_by("not_before").values_list("user_id", flat=True)[:LOOK]
        people = list(dict.fromkeys(head))
        found = [_try_for(people[start : start + AT_ONCE], now) for start in range(0, len(people), AT_ONCE)]
        made += sum(mails or 0 for mails in found)
        if all(mails is None for mails in found):
            break
    return made


def _due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=State.QUEUED, mail__isnull=True, not_before__lte=now, program__reminder_plan__dirty=False
    )


def _waiting(now: datetime) -> list[int]:
    """People with something due of a program that waits for planning; one query when there is no such program."""
    dirty = list(ProgramPlan.objects.filter(dirty=True).values_list("program_id", flat=True))
    due = Delivery.objects.filter(state=State.QUEUED, mail__isnull=True, not_before__lte=now, program__in=dirty)
    return list(due.values_list("user_id", flat=True).distinct()) if dirty else []


def _try_for(user_ids: list[int], now: datetime) -> int | None:
    """Compose for some people; when that fails, for each alone, so that a fault with one holds up nobody else (P8).

    Two writers may have wanted each other's rows: then the second try is all it takes. Returns what `_compose_for`
    does, None for people that cannot be composed for; they are tried again at the next pass. A lost database is raised.
    """
    try:
        return _compose_for(user_ids, now)
    except Exception as error:
        if concerns_everybody(error):
            raise
        if len(user_ids) == 1:
            _log.exception("no mail can be composed for person %s", user_ids[0])
            return None
    found = [made for made in (_try_for([user_id], now) for user_id in user_ids) if made is not None]
    return sum(found) if found else None


@transaction.atomic
def _compose_for(user_ids: list[int], now: datetime) -> int | None:
    """Make the mails of some people, or move their reminders to the next decent hour.

    Returns how many mails; None when nothing could be done for any of them: they are in somebody else's hands, or wait.
    """
    # Whole people, never single reminders: what would be left out missed its mail of the day.
    free = locked(User.objects.filter(pk__in=user_ids), skip=True, keys=False).order_by("pk")
    user_ids = list(free.values_list("pk", flat=True))
    due = _due_of(user_ids, now)
    if not due:
        return None
    users, people = _people(user_ids)
    ready: dict[str, list[Delivery]] = {}
    apart: dict[int, list[Delivery]] = {}
    for row in due:
        allowed = _allowed(row, people[row.user_id], now)
        if allowed <= now and row.rule in (RuleSlug.PATH_RUNG, RuleSlug.INVITATION):
            apart.setdefault(row.user_id, []).append(row)
        elif allowed <= now:
            ready.setdefault(_mail_key(row, people[row.user_id], now), []).append(row)
        else:
            _postpone(row, allowed, OVERTAKEN)
    days = {user_id: local_date(now, person.zone) for user_id, person in people.items()}
    owners = {key: rows[0].user_id for key, rows in ready.items()}
    kept = _kept(_mail(key, users[pk], days[pk], now) for key, pk in owners.items())
    filled: list[tuple[Mail, list[Delivery]]] = []
    # An escalation never becomes the mail of the day: one at night would leave the morning's reminders unsent.
    made = sum(_after_the_daily_mail(rows, users[pk], people[pk], days[pk], now) for pk, rows in apart.items())
    for key, rows in ready.items():
        mail, pk = kept[key], owners[key]
        if _takes_more(mail):
            filled.append((mail, rows))
        else:
            made += _after_the_daily_mail(rows, users[pk], people[pk], days[pk], now)
    return made + _attach(filled, now)


def _due_of(user_ids: list[int], now: datetime) -> list[Delivery]:
    """What may go into mails of some people; nothing of those one of whose programs was just edited.

    Found by people alone, and the rest is judged here: by its date the database would look at all that is due, each
    time anew, for as long as its statistics know of few (three queries).
    """
    rows = Delivery.objects.filter(user__in=user_ids, state=State.QUEUED).prefetch_related("program").order_by("pk")
    due = [row for row in rows if row.mail_id is None and row.not_before <= now]
    plans = ProgramPlan.objects.filter(program__in={row.program_id for row in due})
    dirty = dict(plans.values_list("program_id", "dirty"))
    waits = {row.user_id for row in due if dirty.get(row.program_id)}
    return [row for row in due if row.user_id not in waits and row.program_id in dirty]


def _people(user_ids: list[int]) -> tuple[dict[int, User], dict[int, Person]]:
    users = User.objects.in_bulk(user_ids)
    away: dict[int, list[tuple[date, date]]] = {}
    for user_id, start, end in Absence.objects.filter(user__in=user_ids).values_list("user_id", "start", "end"):
        away.setdefault(user_id, []).append((start, end))
    wishes = wishes_of(user_ids)
    return users, {pk: person_of(user, tuple(away.get(pk, ())), wishes.get(pk)) for pk, user in users.items()}


def _mail_key(row: Delivery, person: Person, now: datetime) -> str:
    return mail_key(row.rule, row.step, row.key, person, now)


def _after_the_daily_mail(ready: Iterable[Delivery], user: User, person: Person, today: date, now: datetime) -> int:
    """The mail of the day has left: a gate or an escalation goes alone, the rest waits for tomorrow (rule 4)."""
    made = 0
    tomorrow = local_instant(today + timedelta(days=1), 0, person.zone)
    # Read again: another tick may have put these into the very mail whose lock we waited for.
    for row in Delivery.objects.filter(pk__in=_open(ready)).select_related("program"):
        alone = _kept([_mail(f"alone|{row.key}", user, today, now)]) if row.alone else {}
        mail = next(iter(alone.values()), None)
        if mail is not None and _takes_more(mail):
            made += _attach([(mail, [row])], now)
        else:
            _postpone(row, _allowed(row, person, tomorrow), TOO_LATE)
    return made


def _allowed(row: Delivery, person: Person, now: datetime) -> datetime:
    any_day = row.planned_on if row.any_day else None
    calendar = row.program.calendar
    return may_leave(row.rule, now, person, calendar, late_until=limits().late_until_hour, any_day=any_day)


def _postpone(row: Delivery, until: datetime, reason: str) -> None:
    """Wait until `until`, or close the row when it makes no sense then (it would only block the queue's head)."""
    rows = Delivery.objects.filter(pk=row.pk, state=State.QUEUED, mail__isnull=True)
    if until >= row.expires_at:
        rows.update(state=State.EXPIRED, reason=reason)
    else:
        rows.update(not_before=until)


def _takes_more(mail: Mail) -> bool:
    """Whether no server can have seen this mail yet, so that it may still be filled (again)."""
    return mail.mime is None and mail.state in (State.QUEUED, State.CANCELLED, State.EXPIRED)


def _mail(key: str, user: User, today: date, now: datetime) -> Mail:
    """An unsaved mail with this key; its Message-ID follows from the key."""
    return Mail(
        key=key,
        message_id=message_id(key, settings.MAIL_DOMAIN),
        user=user,
        address=user.email,
        local_date=today,
        not_before=now,
        created_at=now,
    )


def _kept(wanted: Iterable[Mail]) -> dict[str, Mail]:
    """The rows with the keys of `wanted`, locked, made where there were none."""
    mails = sorted(wanted, key=lambda mail: mail.key)  # in one order everywhere, so that no two writers deadlock
    if not mails:
        return {}
    Mail.objects.bulk_create(mails, update_conflicts=True, unique_fields=["key"], update_fields=["key"])
    rows = locked(Mail.objects.filter(key__in=[mail.key for mail in mails])).order_by("pk")
    return {mail.key: mail for mail in rows}


def _attach(filled: list[tuple[Mail, list[Delivery]]], now: datetime) -> int:
    """Put reminders into mails and queue those. Returns how many mails have something to say now."""
    open_ = set(_open(row for _, rows in filled for row in rows))
    going: list[Delivery] = []
    told: set[int] = set()
    for mail, rows in filled:
        for row in rows:
            if row.pk in open_:
                row.mail = mail
                going.append(row)
                told.add(mail.pk)
    point_to(Delivery._meta.get_field("mail"), {row.pk: row.mail_id for row in going if row.mail_id})
    again = Mail.objects.filter(pk__in=told).exclude(state=State.QUEUED)
    again.update(state=State.QUEUED, not_before=now, attempts=0, reason="")
    return len(told)


def _open(rows: Iterable[Delivery]) -> list[int]:
    """The rows that still wait for a mail, locked in one order everywhere, so that no two writers deadlock."""
    asked = locked(Delivery.objects.filter(pk__in=[row.pk for row in rows])).order_by("pk")
    found = asked.values_list("pk", "state", "mail_id")
    return [pk for pk, state, mail_id in found if state == State.QUEUED and mail_id is None]


def hours_of(rows: Iterable[Delivery], now: datetime) -> dict[int, datetime]:
    """When each reminder may leave, by id: `now`, or its reader's next decent hour (rule 5; two queries)."""
    asked = list(rows)
    _, people = _people(list({row.user_id for row in asked}))
    return {row.pk: _allowed(row, people[row.user_id], now) for row in asked}


def take_out(row: Delivery, until: datetime) -> None:
    """Take a reminder out of a mail that waited past its reader's hour: a later mail brings it, or it is closed."""
    Delivery.objects.filter(pk=row.pk).update(mail=None, state=State.QUEUED)
    _postpone(row, until, OVERTAKEN)
