"""What every write of the plan shares: lock the row, notice a lost race, bump the version, record. No rules here."""

from typing import Any, TypeVar, cast

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import many_lines
from phases.domain.words import in_words
from phases.enums import ItemKind
from phases.models import Criterion, Event, Task

Item = TypeVar("Item", bound=Criterion | Task | Event)
KIND = {Criterion: ItemKind.CRITERION, Task: ItemKind.TASK, Event: ItemKind.EVENT}


def lock(item: Item) -> Item:
    """Return the row as it is now, locked for the rest of the transaction."""
    model = type(item)
    related = ["program"] if isinstance(item, Event) else ["program", "assignee"]
    rows = model._default_manager.select_related(*related).filter(pk=item.pk)
    return cast(Item, locked(rows).get())


def repeated(item: Criterion | Task | Event, version: int | None, *, done: bool) -> bool:
    """Say whether a form was sent twice: the row moved on since `version` was drawn, to just what is asked (`done`).

    Then there is nothing left to do and nothing to complain about (P16). Errors: Conflict when it moved elsewhere.
    """
    if version is None or item.version == version:
        return False
    if done:
        return True
    raise Conflict("Somebody changed this a moment ago. Look at it as it is now, then try again.", current=_now(item))


def save(item: Criterion | Task | Event, *fields: str) -> None:
    """Save the named fields with the next version."""
    item.version += 1
    item.save(update_fields=[*fields, "version"])


def record(actor: User | None, verb: Verb, item: Criterion | Task | Event, **data: Any) -> None:
    """Write the activity entry of a change to an item; `data` is plain JSON. Without an actor the app did it."""
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind=KIND[type(item)].value,
        subject_id=item.pk,
        subject_label=str(item),
        program_id=item.program_id,
        data={"slug": item.slug, **data},
    )


def needed(text: str, field: str, message: str, *, limit: int = 500) -> str:
    """Return a cleaned reason. Errors: Invalid at `field` when it is empty or longer than `limit` characters."""
    cleaned = many_lines(text)
    if not cleaned:
        raise Invalid(message, field=field)
    if len(cleaned) > limit:
        raise Invalid(f"Keep it to {limit} characters; this has {len(cleaned)}.", field=field)
    return cleaned


def _now(item: Criterion | Task | Event) -> str:
    return f"{item.get_state_display()}, due {in_words(item.due_date)}"
