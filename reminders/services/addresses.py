"""Where a reminder leads: the page of what it is about, and its links that work signed out. Must not render."""

import re
from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.urls import reverse as _reverse

from core.phrases import gettext as _
from programs.models import Program, Role
from reminders import tokens
from reminders.enums import Kind
from reminders.models import Delivery
from reminders.selectors.answers import offered

_PLAIN = re.compile(r"[-a-zA-Z0-9_.]+")
"""Slugs and the tokens of links: what stands in a path as it is."""


def reverse(name: str, *args: str | int) -> str:
    """Return the path of a page. Mails lead to thousands of pages of a few kinds, so each kind is asked for once."""
    if not all(isinstance(arg, int) or _PLAIN.fullmatch(arg) for arg in args):
        return _reverse(name, args=args)
    return _pattern(name, tuple(isinstance(arg, int) for arg in args)).format(*args)


@cache
def _pattern(name: str, numbers: tuple[bool, ...]) -> str:
    """The path of pages called `name`, with {0}, {1}... where their slugs and numbers stand."""
    stand_ins = [7_320_507_000 + at if number else f"stand-in-{at}" for at, number in enumerate(numbers)]
    path = _reverse(name, args=stand_ins)
    for at, stand_in in enumerate(stand_ins):
        path = path.replace(str(stand_in), f"{{{at}}}")
    return path


def address_of(row: Delivery) -> str:
    """The full address of what a reminder is about, to be opened by somebody who signs in."""
    return f"{settings.SITE_URL}{_path(row)}"


def why_address(row: Delivery) -> str:
    """Where "why did I get this?" is answered in full."""
    return f"{settings.SITE_URL}{reverse('reminder_delivery', row.program.slug, row.pk)}"


def program_address(program: Program) -> str:
    """The full address of a program's first page."""
    return f"{settings.SITE_URL}{reverse('mission_control', program.slug)}"


def answer_link(row: Delivery, today: date, now: datetime) -> tuple[str, str]:
    """Words and address of the link to acknowledge or snooze from the mail; both empty when neither can be done."""
    acknowledge, snooze = offered(row, today)
    if not acknowledge and not snooze:
        return "", ""
    token = tokens.make(tokens.Purpose.ANSWER, subject=row.pk, person=row.user_id, at=now)
    later = _("Acknowledge or be reminded later") if acknowledge else _("Remind me later")
    words = later if snooze else _("Acknowledge")
    return words, f"{settings.SITE_URL}{reverse('reminder_answer', token)}"


def role_name(row: Delivery) -> str:
    """The name of the role through which somebody is asked (one query)."""
    found = Role.objects.filter(program_id=row.program_id, slug=row.role_slug).values_list("name", flat=True).first()
    return found or row.role_slug


def _path(row: Delivery) -> str:
    slug = row.program.slug
    match row.item_kind:
        case Kind.CRITERION | Kind.REVIEW | Kind.WAIVER:
            return reverse("criterion", slug, row.item_slug)
        case Kind.TASK:
            return reverse("task", slug, row.item_slug)
        case Kind.EVENT | Kind.CONDITION | Kind.HOLD | Kind.VIEW | Kind.INVITATION:
            return reverse("gate", slug, row.item_slug)
        case Kind.SIGNATURE:
            return reverse("charter_problem", slug)
        case Kind.BRIEF:
            return reverse("charter_brief", slug)
        case Kind.CONTACT:
            return reverse("charter_stakeholder", slug, row.item_slug)
        case Kind.DATA_GAP:
            return reverse("charter_source", slug, int(row.item_slug))
        case Kind.DEPENDENCY:
            return reverse("charter_dependency", slug, int(row.item_slug))
        case Kind.NOMINATION:
            return reverse("ownership_answer", slug, row.item_slug)
        case Kind.ACTION | Kind.RISK | Kind.ACCEPTANCE:
            return reverse("risk", slug, row.item_slug)
        case Kind.ESCALATION:
            return reverse("escalation", slug, row.item_id)
        case Kind.AREA:
            return reverse("owners", slug)
        case Kind.GOVERNANCE:
            return reverse("governance_event", slug, row.item_slug)
        case Kind.METRIC | Kind.ALERT:
            return reverse("metric", slug, row.item_slug)
        case Kind.UPDATE:
            return reverse("updates", slug)
        case Kind.PUBLISHED:
            return reverse("update", slug, int(row.item_slug))
        case Kind.WEEK:
            return reverse("my_work")
        case _:
            return reverse("mission_control", slug)
