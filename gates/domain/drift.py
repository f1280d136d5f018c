"""G8 and G12: a gate without a decision is never quiet. Pure."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from gates.domain.limits import Limits
from programs.domain.calendar import WorkCalendar


class Stage(StrEnum):
    """How far an undecided gate has drifted."""

    ON_TIME = "on-time"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


@dataclass(frozen=True)
class Drift:
    """Working days since the gate's date (0 while it lies ahead) and the stage they make."""

    working_days: int
    stage: Stage
    held: bool = False

    @property
    def sentence(self) -> str:
        """One sentence for pages; empty while the gate is on time."""
        if self.stage is Stage.ON_TIME:
            return ""
        days = "1 working day" if self.working_days == 1 else f"{self.working_days} working days"
        what = "The hold's review date passed" if self.held else "This gate was due"
        return f"{what} {days} ago and there is no decision."


def drift(due: dt.date, today: dt.date, calendar: WorkCalendar, limits: Limits, *, held: bool = False) -> Drift:
    """Measure an undecided gate: overdue the next working day, escalated and red after the playbook's working days.

    While a gate is held its date is the review date, and the sponsor has the days of G8 from there.
    """
    if today <= due:
        return Drift(0, Stage.ON_TIME, held)
    late = calendar.working_days_between(due, today)
    if late == 0:
        return Drift(0, Stage.ON_TIME, held)
    most = limits.hold_decide_working_days if held else limits.gate_overdue_red_working_days
    return Drift(late, Stage.ESCALATED if late > most else Stage.OVERDUE, held)
