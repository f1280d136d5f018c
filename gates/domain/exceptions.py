"""G17: a breach that is forecast is told at once, and telling early counts in one's favour. Pure."""

import datetime as dt
from dataclasses import dataclass

from gates.domain.waivers import Fault
from gates.enums import ExceptionOption


@dataclass(frozen=True)
class NoteInput:
    """What an exception note says."""

    tolerance: str
    cause: str
    effect: str
    options: str
    recommendation: str
    forecast_on: dt.date | None


def faults(note: NoteInput) -> list[Fault]:
    """Return what is missing from a note."""
    asks = (
        ("tolerance", note.tolerance, "Say which tolerance is forecast to break."),
        ("cause", note.cause, "Say what causes it."),
        ("effect", note.effect, "Say what follows from it."),
        ("options", note.options, "Give the options."),
    )
    found = [Fault(name, ask) for name, text, ask in asks if not text.strip()]
    if note.recommendation not in set(ExceptionOption):
        found.append(Fault("recommendation", "Recommend one of the options."))
    if note.forecast_on is None:
        found.append(Fault("forecast_on", "Say when it is expected to break."))
    return found


def is_early(raised_on: dt.date, forecast_on: dt.date) -> bool:
    """Whether the note came before the break: logged as good practice, never as failure."""
    return raised_on < forecast_on
