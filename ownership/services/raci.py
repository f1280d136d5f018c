"""Rewrites one row of the table of responsibilities. The rule stands in `ownership.domain.raci`."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core.errors import Conflict, Invalid
from core.locks import locked
from ownership import policies
from ownership.domain import raci
from programs.models import Program, RaciAssignment, Role
from programs.selectors import cast_of


@transaction.atomic
def change_row(
    *, actor: User, program: Program, position: int, cells: Mapping[int, str], version: str
) -> list[RaciAssignment]:
    """Give an activity new letters: `cells` maps role ids to letters, an empty text to none.

    Exactly one role is accountable, at least one responsible. The same row sent twice is one change. Errors:
    NotAllowed; Invalid (not RACI, the rule, a role of another program, no such activity); Conflict with the row as it
    is now when it is no longer the one `version` was drawn from.
    """
    program = locked(Program.objects.filter(pk=program.pk)).get()
    cast = cast_of(program)
    policies.may_nominate(actor, cast).require()
    rows = list(RaciAssignment.objects.filter(program=program, position=position).order_by("role_id"))
    if not rows:
        raise Invalid("There is no such activity.")
    wanted = _checked(cells, cast.by_id)
    before = {row.role_id: row.letters for row in rows}
    if before == wanted:
        return rows
    if raci.stamp(before) != version:
        now = "; ".join(f"{cast.by_id[role].name} {letters}" for role, letters in before.items())
        raise Conflict("Somebody changed this row a moment ago.", current=now)
    title = rows[0].activity
    RaciAssignment.objects.filter(program=program, position=position).exclude(role_id__in=wanted).delete()
    for role, letters in wanted.items():
        RaciAssignment.objects.update_or_create(
            program=program, activity=title, role_id=role, defaults={"letters": letters, "position": position}
        )
    activity.record(
        actor_id=actor.pk,
        verb=Verb.RACI_CHANGED,
        subject_kind="raci",
        subject_id=position,
        subject_label=title,
        program_id=program.pk,
        data={"row_before": _by_slug(before, cast.by_id), "row_after": _by_slug(wanted, cast.by_id)},
    )
    return list(RaciAssignment.objects.filter(program=program, position=position).order_by("role_id"))


def _checked(cells: Mapping[int, str], roles: Mapping[int, Role]) -> dict[int, str]:
    found: dict[int, str] = {}
    for role, text in cells.items():
        if role not in roles:
            raise Invalid("Choose roles of this program.")
        try:
            letters = raci.cell(text)
        except ValueError as fault:
            raise Invalid(f"{roles[role].name}: {fault}.", field=f"role_{role}") from fault
        if letters:
            found[role] = letters
    faults = raci.faults({roles[role].name: letters for role, letters in found.items()})
    if faults:
        raise Invalid(" ".join(faults))
    return found


def _by_slug(cells: Mapping[int, str], roles: Mapping[int, Role]) -> dict[str, str]:
    return {roles[role].slug: letters for role, letters in sorted(cells.items())}
