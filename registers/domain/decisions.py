"""What a complete decision record holds (S21, S48, S50). Pure: no Django, no clock, no I/O."""

from collections.abc import Collection, Mapping

from registers.enums import DecisionKind

TRADES = ("performance", "cost", "security", "time")
"""What is weighed against each other in every decision (S21, S50)."""

KINDS_OF_CRITERION: Mapping[str, tuple[DecisionKind, ...]] = {
    "g60-architecture-decided": (
        DecisionKind.HOSTING,
        DecisionKind.ACCESS,
        DecisionKind.INTEGRATION,
        DecisionKind.SCALING,
    ),
}
"""Criteria (slugs of the playbook) that need a decision of each of these kinds on record: at least four (S47-S49)."""

ARCHITECTURE = tuple(KINDS_OF_CRITERION["g60-architecture-decided"])
"""The kinds that need a trade-off note and a view of twelve months before they go on record (S49, S50)."""


def unweighed(trade_off: Mapping[str, str]) -> tuple[str, ...]:
    """Return which of performance, cost, security and time a record says nothing about."""
    return tuple(name for name in TRADES if not trade_off.get(name, "").strip())


def lacks_trade_off(trade_off: Mapping[str, str]) -> bool:
    """Say whether a record has no trade-off note at all: it is flagged (S21)."""
    return len(unweighed(trade_off)) == len(TRADES)


def missing_kinds(criterion_slug: str, on_record: Collection[str]) -> tuple[DecisionKind, ...]:
    """Return the kinds of decision a criterion still waits for; empty for criteria that wait for none."""
    return tuple(kind for kind in KINDS_OF_CRITERION.get(criterion_slug, ()) if kind.value not in on_record)
