"""Answers to reminders: as the planner's facts, for the page that asks, and for the program's page."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import User
from programs.domain.localtime import local_date
from programs.models import Program
from programs.querysets import visible_to
from reminders.defaults import limits
from reminders.domain.answer_facts import AnswerFacts
from reminders.domain.answers import may_acknowledge, may_snooze, snooze_days
from reminders.enums import AnswerWord, Kind, Part, RuleSlug, State
from reminders.models import Answer, Delivery
from reminders.selectors.rows import Rows


def facts(rows: Rows) -> tuple[AnswerFacts, ...]:
    """Every answer of a program, in the order in which they were given."""
    return tuple(
        AnswerFacts(
            AnswerWord(row.word),
            Kind(row.item_kind),
            row.item_id,
            row.due_date,
            row.user_id,
            row.on,
            row.until,
            RuleSlug(row.rule),
            Part(row.part),
            row.role_slug,
            row.note,
            row.named,
        )
        for row in rows.of(Answer)
    )


@dataclass(frozen=True)
class Standing:
    """What was answered to the subject of one reminder, and what its recipient can answer today."""

    today: date
    acknowledged: tuple[Answer, ...]
    mine: Answer | None
    snoozed_until: date | None
    snoozes_left: int
    can_acknowledge: bool
    days: tuple[date, ...]


def about(row: Delivery) -> QuerySet[Answer]:
    """The answers about the same due date of the same subject, oldest first."""
    wanted = Answer.objects.filter(item_kind=row.item_kind, item_id=row.item_id, due_date=row.due_date)
    return wanted.select_related("user").order_by("pk")


def standing(row: Delivery, now: datetime) -> Standing:
    """Read what was answered and what may be (one query)."""
    bounds = limits()
    today = local_date(now, row.program.time_zone)
    given = list(about(row))
    acknowledged = tuple(answer for answer in given if answer.word == AnswerWord.ACKNOWLEDGED)
    snoozed = [answer for answer in given if answer.word == AnswerWord.SNOOZED and answer.user_id == row.user_id]
    mine = next((answer for answer in acknowledged if answer.user_id == row.user_id), None)
    until = max((answer.until for answer in snoozed if answer.until > today), default=None)
    quiet = max((answer.until for answer in (*snoozed, mine) if answer and answer.until > today), default=None)
    left = max(0, bounds.snoozes - len(snoozed))
    days = snooze_days(
        row.item_kind, row.rule, row.due_date, today, row.program.calendar, most=bounds.snooze_days, until=quiet
    )
    may = may_acknowledge(row.item_kind, row.rule, row.part, row.due_date, today)
    return Standing(today, acknowledged, mine, until, left, may and mine is None, days if left else ())


def offered(row: Delivery, today: date) -> tuple[bool, bool]:
    """Whether a mail of `today` offers to acknowledge, and to snooze; no query, the page knows better."""
    acknowledge = may_acknowledge(row.item_kind, row.rule, row.part, row.due_date, today)
    return acknowledge, may_snooze(row.item_kind, row.rule, row.due_date, today, row.program.calendar)


def by_link(delivery_id: int, user_id: int) -> Delivery | None:
    """The reminder that a link of a mail is about: its recipient's, while they may look into the program.

    Whoever is asked to take a role over may have no part in the program yet; the page tells no more than the mail.
    """
    rows = Delivery.objects.filter(pk=delivery_id, user_id=user_id, user__is_active=True)
    row = rows.select_related("program", "user").first()
    if row is None or row.item_kind == Kind.NOMINATION:
        return row
    return row if _sees(row.user, row.program) else None


def latest_of(user: User, program: Program, kind: str, item_id: int) -> Delivery | None:
    """The last reminder about a subject that left for somebody."""
    rows = Delivery.objects.filter(user=user, program=program, item_kind=kind, item_id=item_id, state=State.SENT)
    return rows.select_related("program", "user").order_by("-due_date", "-sent_on", "-pk").first()


def _sees(user: User, program: Program) -> bool:
    return visible_to(user).filter(pk=program.pk).exists()
