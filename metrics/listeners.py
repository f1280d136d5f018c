"""Who wants to hear that the newest reading of a metric moved. Must not import models: apps subscribe while loading.

Readings come in by the thousand and are no entries of the record, so `activity` does not carry them. An app above
hears here, inside the transaction that stores them, and its error undoes the readings too.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics.models import Metric

Listener = Callable[[Sequence["Metric"]], None]
_listeners: list[Listener] = []


def subscribe(listener: Listener) -> None:
    """Call `listener(metrics)` with the metrics (with their program) whose newest reading is another one now."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(metrics: Sequence["Metric"]) -> None:
    """Call every listener in the order of subscription."""
    for listener in _listeners:
        listener(metrics)
