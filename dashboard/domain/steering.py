"""Arithmetic of the portfolio's status: conversion, latency, ages. Pure (S2, S24, issue 5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STALLED_DAYS = 10
"""Days without any change after which a program counts as stalled, as in G12."""


@dataclass(frozen=True)
class Ends:
    """How programs ended so far: handed over to running (or closed after it), and stopped early on purpose."""

    handed_over: int
    stopped: int

    @property
    def conversion(self) -> int | None:
        """Percent of ended programs that were handed over, half up; None before one ended."""
        ended = self.handed_over + self.stopped
        return (200 * self.handed_over + ended) // (2 * ended) if ended else None


def median(values: Iterable[int]) -> int | None:
    """Return the middle value, the lower one of two; None for none."""
    ordered: Sequence[int] = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def age_bucket(days_left: int) -> str:
    """Sort an open condition by its due day: overdue, due within a week, later."""
    if days_left < 0:
        return "overdue"
    return "week" if days_left <= 7 else "later"
