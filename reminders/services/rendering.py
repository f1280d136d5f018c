"""Makes the mail: subject, plain text, its HTML twin, headers, and from all that the bytes to be frozen (rule 9).

Every text that people typed is cleaned here once more: a control character in a title would make a mail that can
never be sent. Must not send, and must not decide who gets what.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from email.header import Header
from email.utils import format_datetime
from itertools import count, groupby
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import Error
from django.template.loader import get_template
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.text import one_line, shorten
from phases.models import Criterion
from programs.domain.calendar import day_of
from programs.domain.localtime import local_date
from programs.models import Program
from reminders import carried
from reminders.domain.intents import message_id
from reminders.domain.weeks import WeekLine
from reminders.domain.wording import action, again, day_line, due_line, headline, short_date, why
from reminders.enums import Kind, RuleSlug
from reminders.models import Delivery, Mail
from reminders.services.addresses import address_of, answer_link, program_address, reverse, why_address
from reminders.services.inlining import mail_template
from reminders.services.lookups import Lookups
from reminders.services.unsubscribing import unsubscribe_headers

SUBJECT_LIMIT = 77
LARGEST = 98_000
"""Bytes of a mail; some mail programs cut off what is longer (engine.md, E-mail and calendar conventions)."""
BRIEF = 100
"""Characters of a title in a line that is kept brief."""
LISTED = 8
"""Open criteria named in a gate's mail; the rest is counted."""


class LineFault(Exception):
    """One reminder of a mail cannot be put into words; `row` is its id, the cause is chained."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


@dataclass(frozen=True)
class Line:
    """One reminder as the mail shows it."""

    headline: str
    tone: str
    title: str
    url: str
    action: str
    answer: str
    answer_url: str
    due: str
    why: str
    why_url: str
    gaps: tuple[str, ...]
    listed: tuple[tuple[str, str, str], ...] = ()
    unlisted: int = 0
    brief: bool = False


@dataclass(frozen=True)
class Group:
    """The reminders of one program."""

    program: str
    url: str
    day: str
    lines: tuple[Line, ...]


def render(mail: Mail, rows: list[Delivery], now: datetime, known: Lookups) -> tuple[str, bytes]:
    """The subject and the final bytes of a mail about `rows` (most urgent first).

    Errors: LineFault for a reminder that cannot be told; what templates raise; what the database raises.

    A mail that would be cut off by its reader's program names the least urgent in one line each; the most urgent one is
    always told in full, with its reason (rule 8).
    """
    today = local_date(now, mail.user.time_zone)
    rows = _by_program(rows)
    groups = tuple(
        _group(program, list(of_program), today, now, known)
        for program, of_program in groupby(rows, key=lambda row: row.program)
    )
    full = len(rows)
    while True:
        subject, made = _made(mail, rows, _in_full(groups, full), now, known)
        if len(made) <= LARGEST or full == 1:
            return subject, made
        full //= 2


def _in_full(groups: tuple[Group, ...], full: int) -> tuple[Group, ...]:
    """The groups with their first `full` lines as they are and the others brief."""
    numbers = count()
    return tuple(
        replace(
            group,
            lines=tuple(
                line if next(numbers) < full else replace(line, brief=True, title=shorten(line.title, BRIEF))
                for line in group.lines
            ),
        )
        for group in groups
    )


def _made(
    mail: Mail, rows: list[Delivery], groups: tuple[Group, ...], now: datetime, known: Lookups
) -> tuple[str, bytes]:
    lines = [line for group in groups for line in group.lines]
    subject = _subject(lines)
    stop = unsubscribe_headers(mail.user_id, rows)
    context = {
        "subject": subject,
        "groups": groups,
        "count": len(lines),
        "first": lines[0],
        "name": one_line(str(mail.user)),
        "lang": get_language() or settings.LANGUAGE_CODE,
        "hour": f"{mail.user.reminder_hour:02d}:00",
        "settings_url": f"{settings.SITE_URL}{reverse('reminder_preferences')}",
        "stop_url": stop.get("List-Unsubscribe", "").strip("<>"),
        "rehearsal": settings.ROADMAP_REHEARSAL,
    }
    message = EmailMultiAlternatives(
        _on_the_first_line(subject),
        get_template("mail/reminders/reminder.txt").render(context),
        settings.DEFAULT_FROM_EMAIL,
        [mail.address],
        reply_to=_reply_to(rows, mail, known),
        headers=_headers(mail, rows, now) | stop,
    )
    message.attach_alternative(mail_template("mail/reminders/reminder.html").render(context), "text/html")
    if len(rows) == 1:
        carried.complete(message, rows[0], now)
    made: Any = message.message()  # Django's own class, which takes the line ending
    # Given and not looked for: looking compiles a pattern per mail. It follows from the key, as all of the bytes do.
    made.set_boundary(f"=_{mail.message_id[1:33]}")
    return subject, bytes(made.as_bytes(linesep="\r\n"))


def _on_the_first_line(subject: str) -> str:
    """A subject that needs encoding in words short enough (RFC 2047) for the first to stand beside the field's name.

    Otherwise the field begins with an empty line, which some readers show as a space or as no subject at all.
    """
    return subject if subject.isascii() else Header(subject, "utf-8", header_name="Subject").encode(linesep="")


def _by_program(rows: list[Delivery]) -> list[Delivery]:
    """Grouped by program, the program with the most urgent reminder first, most urgent first within each."""
    best: dict[int, int] = {}
    for row in rows:
        best[row.program_id] = min(row.urgency, best.get(row.program_id, row.urgency))
    return sorted(rows, key=lambda r: (best[r.program_id], r.program_id, r.urgency, r.due_date, r.pk))


def _group(program: Program, rows: list[Delivery], today: date, now: datetime, known: Lookups) -> Group:
    number = day_of(program.start_date, today)
    length = day_of(program.start_date, program.end_date)
    lines = tuple(_told(row, today, now, known) for row in rows)
    # Who is only asked to take something over may not see the program yet.
    asked_only = all(row.item_kind == Kind.NOMINATION for row in rows)
    return Group(
        program=one_line(program.name),
        url=lines[0].url if asked_only else program_address(program),
        day=_("day %(number)d of %(length)d") % {"number": number, "length": length} if 1 <= number <= length else "",
        lines=lines,
    )


def _told(row: Delivery, today: date, now: datetime, known: Lookups) -> Line:
    try:
        return _line(row, today, now, known)
    except Error:  # of the database: not the fault of one reminder
        raise
    except Exception as error:
        raise LineFault(row.pk) from error


def _line(row: Delivery, today: date, now: datetime, known: Lookups) -> Line:
    listed, unlisted = _open_criteria(row, today, known)
    late = row.due_date < today or row.rule in (RuleSlug.ESCALATION, RuleSlug.PATH_RUNG)
    answer, answer_url = answer_link(row, local_date(now, row.program.time_zone), now)
    return Line(
        headline=headline(row.rule, row.due_date, today, row.program.calendar, occurrence=row.step),
        tone="r" if late else "a" if row.due_date == today else "n",
        title=one_line(row.item_label),
        url=address_of(row),
        action=action(row.item_kind, row.rule, row.part),
        answer=answer,
        answer_url=answer_url,
        due=due_line(row.item_kind, row.due_date, today, row.program.time_zone),
        why=again(known.again.get(row.pk), why(row.part, known.role_name(row), row.rule)),
        why_url=why_address(row),
        gaps=tuple(one_line(gap) for gap in row.gaps),
        listed=listed,
        unlisted=unlisted,
    )


def _open_criteria(row: Delivery, today: date, known: Lookups) -> tuple[tuple[tuple[str, str, str], ...], int]:
    """What is still open for a gate or checkpoint: the recipient's own first, then the others; or a person's week."""
    if row.item_kind == Kind.WEEK:
        week = known.wishes.week(row)
        return tuple(_week_line(row, line, today) for line in week[:LISTED]), max(0, len(week) - LISTED)
    event = known.events.get(row.item_id) if row.item_kind == Kind.EVENT else None
    if event is None:
        return (), 0

    def mine(criterion: Criterion) -> bool:
        return row.user_id == (criterion.assignee_id or criterion.owner_role.holder_id)

    unmet = sorted(known.unmet(event), key=lambda criterion: not mine(criterion))
    listed = tuple(
        (
            one_line(criterion.text),
            f"{settings.SITE_URL}{reverse('criterion', row.program.slug, criterion.slug)}",
            (_("yours, due %(date)s") if mine(criterion) else _("due %(date)s"))
            % {"date": short_date(criterion.due_date, today)},
        )
        for criterion in unmet[:LISTED]
    )
    return listed, max(0, len(unmet) - LISTED)


def _week_line(row: Delivery, line: WeekLine, today: date) -> tuple[str, str, str]:
    about = Delivery(program=row.program, item_kind=line.kind, item_id=line.id, item_slug=line.slug)
    return one_line(line.title), address_of(about), day_line(line.kind, line.due, today)


def _subject(lines: list[Line]) -> str:
    """The urgent words first; a single item has its own subject, several say how many follow."""
    first = one_line(_("%(urgent)s: %(title)s") % {"urgent": lines[0].headline, "title": lines[0].title})
    if len(lines) == 1:
        return shorten(first, SUBJECT_LIMIT)
    more = ngettext(" and %(count)d more", " and %(count)d more", len(lines) - 1) % {"count": len(lines) - 1}
    return shorten(first, SUBJECT_LIMIT - len(more)) + more


def _reply_to(rows: list[Delivery], mail: Mail, known: Lookups) -> list[str]:
    """Answers reach the program manager, when all of the mail is about one program and somebody else wrote."""
    programs = {row.program_id for row in rows}
    address = known.manager_address(programs.pop()) if len(programs) == 1 else ""
    return [address] if address and address != mail.address else []


def _headers(mail: Mail, rows: list[Delivery], now: datetime) -> dict[str, str]:
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(now),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Roadmap-Mail": str(mail.pk),
    }
    programs = {row.program_id for row in rows}
    if len(programs) == 1:
        headers["List-Id"] = f"<{rows[0].program.slug}.{settings.MAIL_DOMAIN}>"
        headers |= _thread(mail, rows)
    if len(rows) > 1:
        headers["Precedence"] = "bulk"  # a digest; what is about one thing alone is a message, not a list
    return headers


def _thread(mail: Mail, rows: list[Delivery]) -> dict[str, str]:
    """Mails about one item form one thread, and so do those that gather several of one program.

    Both hang on a root that no mail carries, which is how a thread is made before its first mail is known.
    """
    one = f"{rows[0].item_kind}:{rows[0].item_id}" if len(rows) == 1 else f"program:{rows[0].program_id}"
    root = message_id(f"thread|{one}|u{mail.user_id}", settings.MAIL_DOMAIN)
    return {"In-Reply-To": root, "References": root}
