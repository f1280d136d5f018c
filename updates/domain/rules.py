"""What a status update must say before it can be posted, and when the next one is due. Pure (issue 5)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from gates.domain.declaring import is_better
from gates.domain.waivers import Fault
from phases.domain.status import Colour
from programs.domain.calendar import WorkCalendar

WEEKDAY = 0
"""Updates are due on Mondays, the day on which the weekly snapshot is kept; a holiday moves it to the next working
day. One fixed weekday for all programs is what makes a missed one visible."""
DUE_HOUR = 9
"""Local hour in the program's time zone."""
VERDICT_LIMIT = 220
"""Characters of the verdict sentence: it is set in large type and has to fit a phone."""


@dataclass(frozen=True)
class Option:
    """One option of the decision that is asked for."""

    name: str
    effect: str


@dataclass(frozen=True)
class Ask:
    """The decision asked of the sponsor: options, which is recommended, by when, and what silence costs."""

    question: str
    options: tuple[Option, ...]
    recommended: int
    by: dt.date | None
    silence: str


@dataclass(frozen=True)
class UpdateInput:
    """What the manager wrote; `ask` is None when nothing is asked."""

    colour: Colour
    verdict: str
    reason: str = ""
    expires_on: dt.date | None = None
    way_back: str = ""
    way_back_owner: int | None = None
    way_back_on: dt.date | None = None
    ask: Ask | None = None


def faults(wanted: UpdateInput, computed: Colour, *, people: Sequence[int], today: dt.date) -> list[Fault]:
    """Return what is missing. Amber and red need a way back with an owner and a day; the same for a computed one.

    A manager who declares green over a computed amber still has to say how the program comes back: `is_better` does
    not excuse it.
    """
    found = []
    if not wanted.verdict.strip():
        found.append(Fault("verdict", "Say in one sentence where the program stands."))
    needs_way = {wanted.colour, computed} & {Colour.AMBER, Colour.RED}
    if needs_way:
        if not wanted.way_back.strip():
            found.append(Fault("way_back", "Say how the program comes back on track."))
        if wanted.way_back_owner is None:
            found.append(Fault("way_back_owner", "Name who brings it back."))
        if wanted.way_back_on is None:
            found.append(Fault("way_back_on", "Say by which day."))
    if wanted.way_back_owner is not None and wanted.way_back_owner not in people:
        found.append(Fault("way_back_owner", "Choose somebody who has a role in this program."))
    if wanted.way_back_on is not None and wanted.way_back_on < today:
        found.append(Fault("way_back_on", "The way back ends today or later."))
    if wanted.colour is not computed and not wanted.reason.strip():
        found.append(Fault("reason", "Say why you see it differently from the rules."))
    if is_better(wanted.colour, computed) and wanted.expires_on is None:
        found.append(Fault("expires_on", "Better than computed needs a day on which it ends."))
    return [*found, *(_ask_faults(wanted.ask, today) if wanted.ask else [])]


def _ask_faults(ask: Ask, today: dt.date) -> list[Fault]:
    found = []
    if len(ask.options) < 2:
        found.append(Fault("option_1", "Name two options; doing nothing is one."))
    elif not 0 <= ask.recommended < len(ask.options):
        found.append(Fault("recommended", "Say which option you recommend."))
    if ask.by is None:
        found.append(Fault("ask_by", "Say by when the decision is needed."))
    elif ask.by < today:
        found.append(Fault("ask_by", "The day of the decision is today or later."))
    if not ask.silence.strip():
        found.append(Fault("ask_silence", "Say what happens if nobody decides."))
    return found


def due_day(week_of: dt.date, calendar: WorkCalendar) -> dt.date:
    """Return the day on which the update of the week of `week_of` is due: its Monday, or the next working day."""
    return calendar.next_working_day(week_of - dt.timedelta(days=(week_of.weekday() - WEEKDAY) % 7))


def current_due(today: dt.date, start: dt.date, calendar: WorkCalendar) -> dt.date | None:
    """Return the newest day on or before `today` on which an update was due; None in the first week of a program.

    The first update is due in the week after the start: there is nothing to say on day 1.
    """
    due = due_day(today, calendar)
    if due > today:
        due = due_day(today - dt.timedelta(days=7), calendar)
    return due if due - start >= dt.timedelta(days=5) else None


def is_missed(due: dt.date | None, last_posted: dt.date | None, today: dt.date) -> bool:
    """Whether the update due on `due` was not posted in the week before it or since; its own day is no miss yet."""
    if due is None or today <= due:
        return False
    return last_posted is None or last_posted < due - dt.timedelta(days=3)


def is_answered(due: dt.date, last_posted: dt.date | None) -> bool:
    """Whether an update counts for `due`: posted on the day, after it, or since the Friday before."""
    return last_posted is not None and last_posted >= due - dt.timedelta(days=3)
