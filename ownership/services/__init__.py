"""Writes of ownership: nominate, accept, decline, hand over, RACI, areas; and what a closed account leaves."""

from ownership.services.accepting import accept, decline, hand_over_due
from ownership.services.areas import add_area, change_area
from ownership.services.nominating import nominate, withdraw
from ownership.services.raci import change_row

__all__ = [
    "accept",
    "add_area",
    "change_area",
    "change_row",
    "decline",
    "hand_over_due",
    "nominate",
    "withdraw",
]
