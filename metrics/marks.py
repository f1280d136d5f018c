"""Moments that other apps know and a chart shows. Must not import models: apps register while loading.

Metrics stand below the plan and do not know its gates; the plan hands in their dates.
"""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programs.models import Program

Provider = Callable[["Program"], list[tuple[dt.date, str]]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Let `provider(program)` name days with a few letters each, such as a gate and its number."""
    if provider not in _providers:
        _providers.append(provider)


def marks_of(program: "Program") -> list[tuple[dt.date, str]]:
    """Return what every provider names, in the order of their dates."""
    return sorted(mark for provider in _providers for mark in provider(program))
