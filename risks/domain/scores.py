"""When a risk's current score may change (G23). Pure.

What keeps a score from being talked down: a lower one rests on one finished action with its proof; that action was
finished after the last lowering, so neither one action nor a store of them pays twice; and whoever finished it does
not draw the conclusion from it (G2).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

ONLY_DONE = "A score is lowered only by a completed action and what shows that it is done (G23)."


@dataclass(frozen=True)
class DoneAction:
    """An action a lower score may rest on, as far as the rule needs to know; people are ids."""

    id: int
    done_at: dt.datetime | None
    done_by: int | None = None
    proof: str = ""


def may_lower(
    before: int,
    proposed: int,
    action: DoneAction | None,
    *,
    lowered_at: dt.datetime | None,
    actor: int | None,
    small_team: bool = False,
) -> str:
    """Say why a current score may not become `proposed`; empty when it may. Raising and keeping need no action.

    `lowered_at` is when the score was last lowered. In a small team one person may finish and lower (G2).
    """
    if proposed >= before:
        return ""
    if action is None or action.done_at is None or not action.proof.strip():
        return ONLY_DONE
    if lowered_at is not None and action.done_at <= lowered_at:
        return "That action was finished before the score was last lowered; a further step needs a further one (G23)."
    if is_self_verified(action, actor) and not small_team:
        return "You finished that action; somebody else has to say what it is worth (G2)."
    return ""


def is_self_verified(action: DoneAction | None, actor: int | None) -> bool:
    """Whether the person who finished the action is the one who draws the conclusion from it (G2)."""
    return action is not None and actor is not None and action.done_by == actor


def last_lowering(changes: Iterable[tuple[int, int, dt.datetime]]) -> dt.datetime | None:
    """Return when a score last went down, from (before, after, at) in any order; None when it never did."""
    return max((at for before, after, at in changes if after < before), default=None)


def citable(actions: Iterable[DoneAction], lowered_at: dt.datetime | None) -> list[DoneAction]:
    """Return the actions a lower score could rest on now."""
    return [
        action
        for action in actions
        if action.done_at is not None and action.proof.strip() and (lowered_at is None or action.done_at > lowered_at)
    ]
