"""Who wants to hear of what happened. Must not import models: apps subscribe while the models are still loading."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from activity.models import Entry

Listener = Callable[["Entry"], None]
_listeners: list[Listener] = []


def subscribe(listener: Listener) -> None:
    """Call `listener(entry)` after each entry, inside the writer's transaction; its error undoes the write too."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(entry: "Entry") -> None:
    """Call every listener in the order of subscription."""
    for listener in _listeners:
        listener(entry)
