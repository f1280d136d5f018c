"""Changes a program's own copy of a path: who is told, and after how long (S58). The playbook stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core.errors import Conflict, Invalid
from core.locks import locked
from escalation import policies
from escalation.domain.words import wait_words
from escalation.models import Escalation
from escalation.selectors.paths import levels_of, settled, with_levels
from escalation.services import base
from programs.enums import Duration
from programs.models import Role
from programs.selectors import cast_of
from risks.models import EscalationLevel, EscalationPath

MOST_LEVELS = 9
MOST = 500
"""Longest wait that is believed, in its own unit."""
COUNTED = (Duration.MINUTES, Duration.HOURS, Duration.WORKING_DAYS)


@dataclass(frozen=True)
class LevelInput:
    """One rung as somebody wants it."""

    roles: tuple[Role, ...]
    unit: Duration
    amount: int = 0


@transaction.atomic
def change_path(
    *, actor: User, path: EscalationPath, levels: Sequence[LevelInput], round_the_clock: bool, version: int
) -> EscalationPath:
    """Set the levels of a path; running clocks go by the new ones from their next rung on.

    `version` is the one the form showed. Errors: NotAllowed, Conflict (somebody was quicker), Invalid (no level, a
    level without a role, an amount that makes no sense, a role of another program).
    """
    locked(EscalationPath.objects.filter(pk=path.pk)).get()
    path = with_levels(EscalationPath.objects.filter(pk=path.pk).select_related("program")).get()
    policies.may_change_path(actor, cast_of(path.program)).require()
    terms = settled(path)
    wanted = [LevelInput(level.roles, level.unit, level.amount if level.unit in COUNTED else 0) for level in levels]
    same = _as_it_is(path) == wanted and terms.round_the_clock == round_the_clock
    if same:
        return path
    before = describe(path)
    if terms.version != version:
        raise Conflict("Somebody changed this path a moment ago.", current=before)
    _check(path, wanted)
    _write(path, wanted)
    terms.round_the_clock, terms.version = round_the_clock, terms.version + 1
    terms.save()
    changed = with_levels(EscalationPath.objects.filter(pk=path.pk).select_related("program")).get()
    for pk in Escalation.objects.filter(path=path, acknowledged_at=None, ended_at=None).values_list("pk", flat=True):
        row = base.lock(pk)
        row.next_at = base.next_instant(row)
        row.save(update_fields=["next_at"])
    activity.record(
        actor_id=actor.pk,
        verb=Verb.ESCALATION_PATH_CHANGED,
        subject_kind="escalation_path",
        subject_id=path.pk,
        subject_label=path.name,
        program_id=path.program_id,
        data={"slug": path.slug, "before": before, "after": describe(changed)},
    )
    return changed


def describe(path: EscalationPath) -> str:
    """A path's levels in one line."""
    always = settled(path).round_the_clock
    parts = (
        f"{', '.join(role.name for role in level.roles.all())} "
        f"{wait_words(level.unit, level.amount, first=place == 0, round_the_clock=always)}"
        for place, level in enumerate(levels_of(path))
    )
    return "; ".join(parts) + ("; day and night" if always else "")


def _as_it_is(path: EscalationPath) -> list[LevelInput]:
    return [LevelInput(tuple(lv.roles.all()), Duration(lv.unit), lv.amount) for lv in levels_of(path)]


def _check(path: EscalationPath, levels: Sequence[LevelInput]) -> None:
    if not 1 <= len(levels) <= MOST_LEVELS:
        raise Invalid(f"A path has from 1 to {MOST_LEVELS} levels.")
    for number, level in enumerate(levels, start=1):
        if not level.roles:
            raise Invalid("Choose at least one role.", field=f"roles_{number}")
        if any(role.program_id != path.program_id for role in level.roles):
            raise Invalid("Choose roles of this program.", field=f"roles_{number}")
        if level.unit in COUNTED and not 1 <= level.amount <= MOST:
            raise Invalid(f"Give a time from 1 to {MOST}.", field=f"amount_{number}")


def _write(path: EscalationPath, levels: Sequence[LevelInput]) -> None:
    rows = {row.position: row for row in levels_of(path)}
    for number, level in enumerate(levels, start=1):
        row = rows.pop(number, None) or EscalationLevel(path=path, position=number)
        now = LevelInput(tuple(row.roles.all()) if row.pk else (), Duration(row.unit or Duration.AT_ONCE), row.amount)
        if row.pk and now == level:
            continue
        # The playbook's wording says the old time; it would contradict the new one.
        row.unit, row.amount, row.note = level.unit, level.amount, ""
        row.save()
        row.roles.set(level.roles)
    EscalationLevel.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
