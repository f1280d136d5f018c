"""What the operator's page shows: a fixed number of queries, each by a partial index, however many rows there are.

Everything that grows for ever (sent reminders, cancelled ones) is counted over the last days only; all of it is
counted by `manage.py delivery_report`. Must not write.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from activity.enums import Verb
from activity.selectors import of_subject
from reminders.carriers import outboxes
from reminders.domain.refusals import alike, group_key
from reminders.enums import Process, State
from reminders.models import Delivery, EngineState, Heartbeat, Mail, ProgramPlan
from reminders.selectors.health import SILENT_TICKS, TICK_SECONDS

ENGINE = "engine"
"""What pausing the engine is recorded about."""

DAYS = 7
"""How far back the page counts what was sent and what was not."""

FRESH = timedelta(seconds=TICK_SECONDS * SILENT_TICKS)
"""A process that was not seen for longer is shown as quiet."""

FORGOTTEN = timedelta(days=7)
"""A process that was not seen for longer is shown no more."""

REFUSED_SHOWN = 1000
"""Refused mails that are grouped; the latest ones."""

MAILS_SHOWN = 3
"""Mails shown of a group of refusals until it is opened."""


@dataclass(frozen=True)
class Queue:
    """What waits: due now, due within the hour, later; and the oldest that is due."""

    due: int
    hour: int
    later: int
    oldest: datetime | None


def queue(rows: "QuerySet[Any]", now: datetime) -> Queue:
    """Count waiting rows by when they are due, in one pass over the partial index of what waits."""
    hour = now + timedelta(hours=1)
    counted = rows.aggregate(
        due=Count("pk", filter=Q(not_before__lte=now)),
        hour=Count("pk", filter=Q(not_before__gt=now, not_before__lte=hour)),
        later=Count("pk", filter=Q(not_before__gt=hour)),
        first=Min("not_before"),
    )
    first = counted.pop("first")
    return Queue(**counted, oldest=first if first and first <= now else None)


@dataclass(frozen=True)
class Pause:
    """Who paused the engine, and when."""

    by: str
    at: datetime


def pause_of(state: EngineState) -> Pause | None:
    """Who paused the engine; None while nobody did (two queries while it is paused, else none).

    A restored copy is paused by a command: the newest entry in it is of the time before.
    """
    if not state.paused or state.restored_at is not None:
        return None
    entry = of_subject(ENGINE, 1).first()
    if entry is None or entry.actor_id is None or entry.verb != Verb.ENGINE_PAUSED:
        return None
    person = User.objects.filter(pk=entry.actor_id).first()
    return Pause(str(person), entry.at) if person else None


def waiting_rows() -> QuerySet[Delivery]:
    """Reminders that wait and are in no mail yet."""
    return Delivery.objects.filter(state=State.QUEUED, mail__isnull=True)


@dataclass(frozen=True)
class OtherQueue:
    """What waits in an outbox of an app above; `one` and `many` name it."""

    one: str
    many: str
    queue: Queue

    @property
    def words(self) -> str:
        """Both names, as pages count with them."""
        return f"{self.one},{self.many}"


def other_queues(now: datetime) -> list[OtherQueue]:
    """What waits in the outboxes besides the mails (a query each)."""
    return [OtherQueue(box.one, box.many, queue(box.waiting(), now)) for box in outboxes()]


def waiting_mails() -> QuerySet[Mail]:
    """Mails that wait to be sent, or to be tried again."""
    return Mail.objects.filter(state=State.QUEUED)


@dataclass(frozen=True)
class Trouble:
    """A mail that is tried again later, or whose worker died (`stuck`)."""

    id: int
    person: str
    subject: str
    attempts: int
    at: datetime
    reply: str
    stuck: bool


def troubled(now: datetime, limit: int = 50) -> list[Trouble]:
    """Mails whose lease ran out, then mails that wait for another try; the next to move first (one query)."""
    columns = ("pk", "user__name", "user__email", "subject", "attempts", "reply", "state")
    stuck = Mail.objects.filter(state=State.LEASED, lease_until__lte=now).order_by()
    again = Mail.objects.filter(state=State.QUEUED, attempts__gt=0).order_by()
    both = stuck.values_list(*columns, "lease_until").union(again.values_list(*columns, "not_before"), all=True)
    # By the place of the column, the only name that both sides of a union share.
    return [
        Trouble(pk, name or address, subject, attempts, at, reply, state == State.LEASED)
        for pk, name, address, subject, attempts, reply, state, at in both.order_by("state", "lease_until")[:limit]
    ]


@dataclass(frozen=True)
class RefusedMail:
    """One mail that was refused for good, as a row of the page."""

    id: int
    person: str
    subject: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Refusals:
    """Refused mails that failed alike: `key` names the group, `mails` are its latest."""

    key: str
    reason: str
    number: int
    last: datetime
    mails: list[RefusedMail]


def refused_mails() -> QuerySet[Mail]:
    """Mails that were refused for good or given up and that nobody has dealt with yet, latest first."""
    return Mail.objects.filter(state=State.DEAD).order_by("-pk")


def refusals(opened: str = "") -> list[Refusals]:
    """The latest refused mails by what went wrong, the most frequent first (one query)."""
    columns = ("pk", "user__name", "user__email", "subject", "reason")
    # Plain values: a thousand model instances would cost more than all the rest of the page.
    rows = refused_mails().values_list(*columns, Coalesce("buried_at", "created_at"))[:REFUSED_SHOWN]
    groups: dict[str, list[RefusedMail]] = {}
    for pk, name, address, subject, reason, at in rows:
        groups.setdefault(group_key(reason), []).append(RefusedMail(pk, name or address, subject, at, reason))
    found = [
        Refusals(
            key,
            alike(mails[0].reason),
            len(mails),
            max(mail.at for mail in mails),
            mails if key == opened else mails[:MAILS_SHOWN],
        )
        for key, mails in groups.items()
    ]
    return sorted(found, key=lambda group: (-group.number, group.key))


def held(limit: int = 50) -> list[dict[str, Any]]:
    """Programs whose reminders are held, why, and how many (one query)."""
    by = ("program__name", "program__slug", "program_id", "reason")
    rows = Delivery.objects.filter(state=State.HELD).order_by().values(*by)
    return [dict(row) for row in rows.annotate(number=Count("pk")).order_by("program__name")[:limit]]


def faulty_plans(limit: int = 50) -> list[ProgramPlan]:
    """Programs whose reminders could not be planned, with the error."""
    return list(ProgramPlan.objects.exclude(error="").select_related("program")[:limit])


@dataclass(frozen=True)
class Ended:
    """How many reminders (or mails, for `sent`) ended in one way during the last days, and when last."""

    state: State
    reason: str
    number: int
    last: datetime


def ended(now: datetime) -> list[Ended]:
    """What became of the last days' mails and reminders: sent, and not sent by reason (one query, two indexes)."""
    since = now - timedelta(days=DAYS)
    reason = Value("", output_field=CharField())
    sent = Mail.objects.filter(state=State.SENT, sent_at__gt=since).order_by().values_list("state")
    gone = Delivery.objects.filter(state__in=[State.CANCELLED, State.EXPIRED], planned_for__gt=since)
    both = sent.annotate(why=reason, number=Count("pk"), last=Max("sent_at")).union(
        gone.order_by().values_list("state", "reason").annotate(number=Count("pk"), last=Max("planned_for")), all=True
    )
    found = [Ended(State(state), why, number, last) for state, why, number, last in both]
    return sorted(found, key=lambda row: (row.state != State.SENT, -row.number, row.reason))


@dataclass(frozen=True)
class Seen:
    """A process of the installation; `quiet` when it has not been seen for three ticks."""

    name: str
    kind: Process
    version: str
    at: datetime
    quiet: bool


def processes(now: datetime) -> list[Seen]:
    """The processes seen during the last days, by kind and name (one query)."""
    rows = Heartbeat.objects.filter(seen_at__gt=now - FORGOTTEN).order_by("kind", "name")
    return [Seen(r.name, Process(r.kind), r.version, r.seen_at, now - r.seen_at > FRESH) for r in rows[:200]]
