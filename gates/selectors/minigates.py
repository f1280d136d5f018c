"""What a mini-gate looks at (G21). Must not write."""

from gates.models import MiniGate
from phases.enums import EventKind
from phases.models import Event


def scope_of(event: Event) -> frozenset[int] | None:
    """Ids of a mini-gate's shortened list of criteria; None for gates and checkpoints."""
    if event.kind != EventKind.MINI_GATE:
        return None
    listed = MiniGate.criteria.through.objects.filter(minigate__event=event)
    return frozenset(listed.values_list("criterion_id", flat=True))
