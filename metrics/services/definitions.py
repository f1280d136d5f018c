"""Writes definitions: add, change, confirm; limits with a reason, the old ones kept (S51, S54, G14, G20)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.text import one_line
from metrics import policies
from metrics.domain.limits import NAMES, Limits, faults, plain, weakened
from metrics.enums import Frequency
from metrics.models import LimitChange, Metric
from metrics.services.alerts import settle
from metrics.services.base import QUICKER, differing, hold, line, lock, not_newer, reason, record, save, short, written
from programs.models import Program, Role
from programs.selectors import cast_of


@dataclass(frozen=True)
class Definition:
    """What is measured, how, and who answers for it; limits are apart."""

    name: str
    category: str
    unit: str
    frequency: Frequency
    source: str
    owner_role: Role
    why: str
    baseline: Decimal | None = None


@transaction.atomic
def add_metric(*, actor: User, program: Program, what: Definition, limits: Limits, key: str = "") -> Metric:
    """Add a metric of one's own; it still has to be confirmed by its owner. `key` makes a form sent twice one row.

    Errors: NotAllowed, Invalid (an empty word, a role of another program, limits in the wrong order).
    """
    policies.may_define(actor, cast_of(program)).require()
    held = hold(program)
    if key and (twin := Metric.objects.filter(form_key=key, program=program).first()):
        return twin
    values = {**_words(what, held), "direction": limits.direction.value, **_ends(limits)}
    last = Metric.objects.filter(program=program).aggregate(last=Max("position"))["last"]
    metric = Metric.objects.create(
        program=held, slug=_slug(held, values["name"]), position=(last or 0) + 1, form_key=key or None, **values
    )
    record(actor.pk, Verb.METRIC_DEFINED, metric)
    return metric


@transaction.atomic
def change_metric(*, actor: User, metric: Metric, what: Definition, version: int | None = None) -> Metric:
    """Change everything but direction and limits; both wordings are on record. Errors: NotAllowed, Conflict, Invalid.

    Another unit takes the confirmation away: the numbers mean something else now.
    """
    row = lock(metric)
    policies.may_change(actor, row, cast_of(row.program)).require()
    values = _words(what, row.program)
    changed = differing(row, values)
    if not changed:
        return row
    not_newer(row, version, current=f"{row.name}, {row.unit}, {row.get_frequency_display()}")
    if "unit" in changed and row.confirmed:
        values |= {"confirmed": False, "confirmed_by": None, "confirmed_at": None}
    save(row, values)
    record(actor.pk, Verb.METRIC_CHANGED, row, changed=changed)
    return row


@transaction.atomic
def change_limits(*, actor: User, metric: Metric, limits: Limits, why: str, version: int | None = None) -> Metric:
    """Set other limits with a reason; the old ones are kept, and the newest reading is judged by the new ones.

    Weakening a confirmed limit needs somebody besides the owner (G14).
    Errors: NotAllowed, Conflict, Invalid.
    """
    row = lock(metric)
    cast = cast_of(row.program)
    old = row.limits
    weaker = weakened(old, limits)
    may = policies.may_weaken if weaker and row.confirmed else policies.may_change
    may(actor, row, cast).require()
    said = reason(why, "reason", "Say why the limits change.")
    values = {"direction": limits.direction.value, **_ends(limits)}
    changed = differing(row, values)
    if not changed:
        return row
    not_newer(row, version, current=in_words(old))
    LimitChange.objects.create(
        program=row.program,
        metric=row,
        before={name: written(getattr(row, name)) or None for name in values},
        after={name: written(value) or None for name, value in values.items()},
        reason=said,
        weakened=weaker,
        changed_by=actor,
        changed_at=clock.now(),
    )
    save(row, {**values, "limit_note": ""})
    record(actor.pk, Verb.METRIC_LIMITS_CHANGED, row, changed=changed, reason=said, weakened=weaker)
    settle([row], actor=actor, because=f"The limits changed: {said}")
    return row


@transaction.atomic
def confirm_metric(*, actor: User, metric: Metric, version: int | None = None) -> Metric:
    """Let the owner say that these numbers are ours (S51); the example badge goes.

    Errors: NotAllowed, Conflict, Invalid while a limit has no number: such a metric warns of nothing (S54).
    """
    row = lock(metric)
    policies.may_confirm(actor, row, cast_of(row.program)).require()
    if row.confirmed:
        return row
    if version is not None and row.version != version:
        raise Conflict(QUICKER, current=f"Target {row.limits.target.words}")
    if row.limits.missing:
        raise Invalid(f"Set the {' and the '.join(row.limits.missing)} first; without them nothing warns.")
    save(row, {"confirmed": True, "confirmed_by": actor, "confirmed_at": clock.now()})
    record(actor.pk, Verb.METRIC_CONFIRMED, row)
    return row


def _words(what: Definition, program: Program) -> dict[str, Any]:
    if what.owner_role.program_id != program.pk:
        raise Invalid("Choose a role of this program.", field="owner_role")
    return {
        "name": line(what.name, "name", "Give the metric a name.", 160),
        "category": slugify(line(what.category, "category", "Choose what it is about.", 40)),
        "unit": line(what.unit, "unit", "Say in which unit it is measured.", 60),
        "frequency": Frequency(what.frequency).value,
        "source": line(what.source, "source", "Say where the readings come from.", 120),
        "owner_role": what.owner_role,
        "why": short(one_line(what.why), "why", 300),
        "baseline": what.baseline,
    }


def _ends(limits: Limits) -> dict[str, Decimal | None]:
    """The six ends by field name. Errors: Invalid at the field at fault."""
    if wrong := faults(limits):
        field, message = wrong[0]
        raise Invalid(message, field=field)
    return {f"{name}_{end}": getattr(getattr(limits, name), end) for name in NAMES for end in ("low", "high")}


def _slug(program: Program, name: str) -> str:
    start = f"m-{slugify(name)}"[:54].rstrip("-") or "m"
    taken = set(Metric.objects.filter(program=program, slug__startswith=start).values_list("slug", flat=True))
    return next(slug for slug in (start, *(f"{start}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def in_words(limits: Limits) -> str:
    """Limits in one line, for the card that shows both sides of a conflict."""
    return ", ".join(
        f"{word} {plain(getattr(bounds, end))}"
        for word, bounds in (("target", limits.target), ("warning", limits.warn), ("critical", limits.critical))
        for end in ("low", "high")
        if getattr(bounds, end) is not None
    )
