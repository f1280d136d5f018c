"""What every write of the charter shares beside `registers.services.base`: recording, bounds, lost races. No rules."""

import datetime as dt
from decimal import Decimal
from typing import Any, overload

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from charter.enums import CharterKind
from core.errors import Conflict, Invalid
from core.text import one_line
from programs.models import Program

LINE_LIMIT = 400
MOST = Decimal(10) ** 13
YEARS_BACK, YEARS_AHEAD = 10, 10
NEWER = "Somebody wrote a newer version a moment ago. Look at it, then decide whether yours is still needed."


def record(actor: User, verb: Verb, kind: CharterKind, row_id: int, label: str, program: Program, **data: Any) -> None:
    """Write the activity entry of a change; `data` is plain JSON and never holds people under before or after."""
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind=kind.value,
        subject_id=row_id,
        subject_label=label,
        program_id=program.pk,
        data=data,
    )


def line(text: str, field: str, limit: int = LINE_LIMIT) -> str:
    """Return a cleaned line that may be empty. Errors: Invalid at `field` when it is too long."""
    cleaned = one_line(text)
    if len(cleaned) > limit:
        raise Invalid(f"Keep it to {limit} characters; this has {len(cleaned)}.", field=field)
    return cleaned


@overload
def amount(value: Decimal, field: str) -> Decimal: ...


@overload
def amount(value: None, field: str) -> None: ...


def amount(value: Decimal | None, field: str) -> Decimal | None:
    """Return a figure the database can hold: four decimals. Errors: Invalid at `field`."""
    if value is None:
        return None
    if not value.is_finite() or abs(value) > MOST:
        raise Invalid("That is more than the outcome can count.", field=field)
    return value.quantize(Decimal("0.0001"))


@overload
def near(day: dt.date, today: dt.date, field: str) -> dt.date: ...


@overload
def near(day: None, today: dt.date, field: str) -> None: ...


def near(day: dt.date | None, today: dt.date, field: str) -> dt.date | None:
    """Return a day within ten years of today. Errors: Invalid at `field`: check the year."""
    if day is not None and not today.year - YEARS_BACK <= day.year <= today.year + YEARS_AHEAD:
        raise Invalid("That is more than ten years off; check the year.", field=field)
    return day


def newest_is(base: int | None, number: int, current: str) -> None:
    """Refuse a new version that was drawn from an older one. Errors: Conflict with what is there now."""
    if base is not None and base != number:
        raise Conflict(NEWER, current=current)
