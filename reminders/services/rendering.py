"""Makes the mail: subject, plain text, its HTML twin, headers, and from all that the bytes to be frozen (rule 9).

Every text that people typed is cleaned here once more: a control character in a title would make a mail that can
never be sent. Must not send, and must not decide who gets what.
"""

from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from core.text import one_line, shorten
from phases.models import Criterion
from programs.domain.calendar import day_of
from programs.domain.localtime import local_date
from programs.models import Program
from reminders.domain.intents import message_id
from reminders.domain.weeks import WeekLine
from reminders.domain.wording import headline, short_date, why
from reminders.enums import Kind, Part, RuleSlug
from reminders.models import Delivery, Mail
from reminders.services.lookups import Lookups
from reminders.services.unsubscribing import unsubscribe_headers

SUBJECT_LIMIT = 77
LISTED = 8
"""Open criteria named in a gate's mail; the rest is counted."""


@dataclass(frozen=True)
class Line:
    """One reminder as the mail shows it."""

    headline: str
    tone: str
    title: str
    url: str
    action: str
    due: str
    why: str
    gaps: tuple[str, ...]
    listed: tuple[tuple[str, str, str], ...] = ()
    unlisted: int = 0


@dataclass(frozen=True)
class Group:
    """The reminders of one program."""

    program: str
    url: str
    day: str
    lines: tuple[Line, ...]


def render(mail: Mail, rows: list[Delivery], now: datetime, known: Lookups) -> tuple[str, bytes]:
    """The subject and the final bytes of a mail about `rows` (most urgent first). Raises what templates raise."""
    today = local_date(now, mail.user.time_zone)
    rows = _by_program(rows)
    groups = tuple(
        _group(program, list(of_program), today, known)
        for program, of_program in groupby(rows, key=lambda row: row.program)
    )
    lines = [line for group in groups for line in group.lines]
    subject = _subject(lines)
    context = {
        "subject": subject,
        "groups": groups,
        "count": len(lines),
        "first": lines[0],
        "name": one_line(str(mail.user)),
        "hour": f"{mail.user.reminder_hour:02d}:00",
        "settings_url": f"{settings.SITE_URL}{reverse('profile')}",
        "rehearsal": settings.ROADMAP_REHEARSAL,
    }
    message = EmailMultiAlternatives(
        subject,
        render_to_string("mail/reminders/reminder.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [mail.address],
        reply_to=_reply_to(rows, mail, known),
        headers=_headers(mail, rows, now),
    )
    html = render_to_string("mail/reminders/reminder.html", context)
    message.attach_alternative(_inliner().inline(html), "text/html")
    made: Any = message.message()  # Django's own class, which takes the line ending
    return subject, bytes(made.as_bytes(linesep="\r\n"))


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


def _by_program(rows: list[Delivery]) -> list[Delivery]:
    """Grouped by program, the program with the most urgent reminder first, most urgent first within each."""
    best: dict[int, int] = {}
    for row in rows:
        best[row.program_id] = min(row.urgency, best.get(row.program_id, row.urgency))
    return sorted(rows, key=lambda r: (best[r.program_id], r.program_id, r.urgency, r.due_date, r.pk))


def _group(program: Program, rows: list[Delivery], today: date, known: Lookups) -> Group:
    number = day_of(program.start_date, today)
    length = day_of(program.start_date, program.end_date)
    return Group(
        program=one_line(program.name),
        url=f"{settings.SITE_URL}{program.get_absolute_url()}",
        day=f"day {number} of {length}" if 1 <= number <= length else "",
        lines=tuple(_line(row, today, known) for row in rows),
    )


def _line(row: Delivery, today: date, known: Lookups) -> Line:
    words = headline(row.rule, row.due_date, today, row.program.calendar, occurrence=row.occurrence)
    listed, unlisted = _open_criteria(row, today, known)
    late = row.due_date < today or row.rule in (RuleSlug.ESCALATION, RuleSlug.PATH_RUNG)
    due = f"{_DATE_WORDS.get(Kind(row.item_kind), 'due')} {short_date(row.due_date, today)}"
    return Line(
        headline=words,
        tone="r" if late else "a" if row.due_date == today else "n",
        title=one_line(row.item_label),
        url=f"{settings.SITE_URL}{_address(row)}",
        action=_action(row),
        due=f"{due}, program time {row.program.time_zone}",
        why=why(row.part, known.role_name(row), row.rule),
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
            f"{settings.SITE_URL}{reverse('criterion', args=[row.program.slug, criterion.slug])}",
            f"{'yours, ' if mine(criterion) else ''}due {short_date(criterion.due_date, today)}",
        )
        for criterion in unmet[:LISTED]
    )
    return listed, max(0, len(unmet) - LISTED)


def _week_line(row: Delivery, line: WeekLine, today: date) -> tuple[str, str, str]:
    about = Delivery(program=row.program, item_kind=line.kind, item_id=line.id, item_slug=line.slug)
    due = f"{_DATE_WORDS.get(line.kind, 'due')} {short_date(line.due, today)}"
    return one_line(line.title), f"{settings.SITE_URL}{_address(about)}", due


def _address(row: Delivery) -> str:
    slug = row.program.slug
    match row.item_kind:
        case Kind.CRITERION | Kind.REVIEW | Kind.WAIVER:
            return reverse("criterion", args=[slug, row.item_slug])
        case Kind.TASK:
            return reverse("task", args=[slug, row.item_slug])
        case Kind.EVENT | Kind.CONDITION | Kind.HOLD | Kind.VIEW:
            return reverse("gate", args=[slug, row.item_slug])
        case Kind.SIGNATURE:
            return reverse("charter_problem", args=[slug])
        case Kind.BRIEF:
            return reverse("charter_brief", args=[slug])
        case Kind.CONTACT:
            return reverse("charter_stakeholder", args=[slug, row.item_slug])
        case Kind.DATA_GAP:
            return reverse("charter_source", args=[slug, int(row.item_slug)])
        case Kind.DEPENDENCY:
            return reverse("charter_dependency", args=[slug, int(row.item_slug)])
        case Kind.NOMINATION:
            return reverse("ownership_answer", args=[slug, row.item_slug])
        case Kind.ACTION | Kind.RISK | Kind.ACCEPTANCE:
            return reverse("risk", args=[slug, row.item_slug])
        case Kind.ESCALATION:
            return reverse("escalation", args=[slug, row.item_id])
        case Kind.AREA:
            return reverse("owners", args=[slug])
        case Kind.GOVERNANCE:
            return reverse("governance_event", args=[slug, row.item_slug])
        case Kind.METRIC | Kind.ALERT:
            return reverse("metric", args=[slug, row.item_slug])
        case Kind.UPDATE:
            return reverse("updates", args=[slug])
        case Kind.PUBLISHED:
            return reverse("update", args=[slug, row.item_slug])
        case Kind.WEEK:
            return reverse("my_work")
        case _:
            return row.program.get_absolute_url()


_DATE_WORDS = {
    Kind.AREA: "since",
    Kind.VIEW: "asked",
    Kind.NOMINATION: "asked",
    Kind.REVIEW: "handed in",
    Kind.WAIVER: "ends",
    Kind.ACCEPTANCE: "ends",
    Kind.STATUS: "ends",
    Kind.BRIEF: "published",
    Kind.SIGNATURE: "written",
    Kind.ALERT: "since",
    Kind.ESCALATION: "running since",
    Kind.PUBLISHED: "posted",
    Kind.WEEK: "week of",
}
_ACTIONS = {
    Kind.AREA: "Name an owner",
    Kind.GOVERNANCE: "Open the event",
    Kind.HOLD: "Open the gate",
    Kind.VIEW: "Give your view",
    Kind.NOMINATION: "Read and answer",
    Kind.REVIEW: "Check the evidence",
    Kind.WAIVER: "Open the criterion",
    Kind.ACCEPTANCE: "Open the risk",
    Kind.STATUS: "Open the program",
    Kind.BRIEF: "Read and acknowledge",
    Kind.SIGNATURE: "Read and sign",
    Kind.CONTACT: "Open the group",
    Kind.DATA_GAP: "Open the source",
    Kind.DEPENDENCY: "Open the dependency",
    Kind.ACTION: "Show what is done",
    Kind.RISK: "Look at the risk",
    Kind.METRIC: "Add the reading",
    Kind.ALERT: "Acknowledge it",
    Kind.ESCALATION: "Acknowledge it",
    Kind.UPDATE: "Write the update",
    Kind.PUBLISHED: "Read the update",
    Kind.WEEK: "Open your work",
}


def _action(row: Delivery) -> str:
    if row.item_kind in _ACTIONS:
        return _ACTIONS[Kind(row.item_kind)]
    if row.item_kind == Kind.EVENT:
        return "Open the gate" if row.rule != RuleSlug.CHECKPOINT_AHEAD else "Open the checkpoint"
    if row.part == Part.VERIFIER:
        return "Check the evidence"
    return "Add evidence" if row.item_kind == Kind.CRITERION and row.part == Part.RESPONSIBLE else "Open it"


def _subject(lines: list[Line]) -> str:
    """The urgent words first; a single item has its own subject, several say how many follow."""
    first = f"{lines[0].headline}: {lines[0].title}"
    if len(lines) == 1:
        return shorten(one_line(first), SUBJECT_LIMIT)
    more = f" and {len(lines) - 1} more"
    return shorten(one_line(first), SUBJECT_LIMIT - len(more)) + more


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
    if len({row.program_id for row in rows}) == 1:
        headers["List-Id"] = f"<{rows[0].program.slug}.{settings.MAIL_DOMAIN}>"
    if len(rows) == 1:
        # A root that no mail carries keeps all mails about one item in one thread.
        root = message_id(f"thread|{rows[0].item_kind}:{rows[0].item_id}|u{mail.user_id}", settings.MAIL_DOMAIN)
        headers |= {"In-Reply-To": root, "References": root}
    return headers | unsubscribe_headers(mail.user_id, rows)
