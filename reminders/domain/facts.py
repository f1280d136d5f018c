"""What the planner knows about one program: a snapshot of values, with no way back to the database.

Pure. Must not decide anything; `planner` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from programs.domain.calendar import WorkCalendar
from reminders.domain.answer_facts import AnswerFacts
from reminders.domain.preferences import PLAIN, Preferences
from reminders.domain.update_facts import UpdateFacts
from reminders.enums import Kind, RuleSlug

MANAGER_ROLE = "program-manager"
SPONSOR_ROLE = "sponsor"


@dataclass(frozen=True)
class Person:
    """Someone who may get mail. `hour` is their local reminder hour; absences are inclusive date pairs.

    `no_mail_since` is set while mails to their address come back; `preferences` can only take away (fewer, never more).
    `sees_all` is set for who may open every program without a role in it.
    """

    id: int
    name: str
    zone: str = "UTC"
    hour: int = 8
    active: bool = True
    absences: tuple[tuple[date, date], ...] = ()
    preferences: Preferences = PLAIN
    no_mail_since: date | None = None
    sees_all: bool = False

    def away_on(self, on: date) -> bool:
        """Whether `on` lies in one of the person's absences."""
        return bool(self.absences) and any(first <= on <= last for first, last in self.absences)


@dataclass(frozen=True)
class RoleFacts:
    """A role of the program and who holds it; `holder` and `deputy` are person ids."""

    slug: str
    name: str
    holder: int | None = None
    deputy: int | None = None
    vacant_since: date | None = None


@dataclass(frozen=True)
class ItemFacts:
    """A criterion, a task or a condition with its approved due date.

    `handed_in` means that the verifier is asked now: `checker`, who may verify it, else the verifying role; `asked_on`
    is the date since which.
    """

    kind: Kind
    id: int
    slug: str
    label: str
    due: date
    role: str
    assignee: int | None = None
    finished: bool = False
    handed_in: bool = False
    verifier_role: str = ""
    checker: int | None = None
    event_id: int | None = None
    asked_on: date | None = None


@dataclass(frozen=True)
class EventFacts:
    """A gate or a checkpoint; `gatekeepers` are role slugs, `listed` the criteria of a mini-gate by id (G21)."""

    id: int
    slug: str
    label: str
    due: date
    is_gate: bool = True
    decided: bool = False
    gatekeepers: tuple[str, ...] = ()
    listed: frozenset[int] | None = None


@dataclass(frozen=True)
class AreaFacts:
    """An ownership area and the role that should own it."""

    id: int
    slug: str
    label: str
    role: str


@dataclass(frozen=True)
class EndingFacts:
    """A waiver, acceptance or declared status whose last day is `due`: who asked for it and who said yes.

    Each person comes with the role through which somebody else is asked when they cannot be.
    """

    kind: Kind
    id: int
    slug: str
    label: str
    due: date
    requester: int | None
    requester_role: str
    approver: int | None = None
    approver_role: str = ""


@dataclass(frozen=True)
class HoldFacts:
    """A held event and the day on which the hold is reviewed (G8)."""

    id: int
    slug: str
    label: str
    due: date


@dataclass(frozen=True)
class SeatFacts:
    """A gatekeeping role that has not spoken; `alternate` is the person named for it at this gate (G22)."""

    role: str
    alternate: int | None = None


@dataclass(frozen=True)
class RoundFacts:
    """An open round of a gate since `opened`, and the seats whose view is missing."""

    id: int
    slug: str
    label: str
    opened: date
    missing: tuple[SeatFacts, ...] = ()


@dataclass(frozen=True)
class WantedFacts:
    """Something a role is asked for since `since`: a signature, an acknowledgement, a contact; `rule` says how."""

    kind: Kind
    id: int
    slug: str
    label: str
    since: date
    role: str
    rule: RuleSlug


@dataclass(frozen=True)
class SignalFacts:
    """What a metric asks for: a reading due on `due`, or an alert nobody acknowledged since that day."""

    kind: Kind
    id: int
    slug: str
    label: str
    due: date
    role: str


@dataclass(frozen=True)
class GovernanceFacts:
    """One date of the calendar after day 90 that is not done; `id` is its event's, the due date tells dates apart."""

    id: int
    slug: str
    label: str
    due: date
    role: str


@dataclass(frozen=True)
class RiskFacts:
    """A risk that counts and the day by which its owner looks at it again (S57)."""

    id: int
    slug: str
    label: str
    due: date
    role: str


@dataclass(frozen=True)
class NominationFacts:
    """Somebody who is asked since a day to take a seat of a role, and has not answered."""

    id: int
    role: str
    label: str
    person: int
    since: date


@dataclass(frozen=True)
class CallFacts:
    """A person told on a rung of a running escalation at the instant `at`; `urgent` leaves at any hour."""

    escalation: int
    label: str
    started: date
    rung: int
    at: datetime
    user: int
    role: str
    part: str
    gaps: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True)
class Past:
    """A reminder that left (or that a server refused for good) on the recipient's local date `on`."""

    kind: Kind
    item_id: int
    rule: str
    occurrence: str
    due: date
    user_id: int
    on: date


@dataclass(frozen=True)
class ProgramFacts:
    """Everything the planner may look at for one program. Occurrences before `since` (its launch) never go out."""

    id: int
    name: str
    zone: str
    calendar: WorkCalendar
    since: datetime
    active: bool = True
    people: Mapping[int, Person] = field(default_factory=dict)
    roles: Mapping[str, RoleFacts] = field(default_factory=dict)
    items: tuple[ItemFacts, ...] = ()
    events: tuple[EventFacts, ...] = ()
    areas: tuple[AreaFacts, ...] = ()
    endings: tuple[EndingFacts, ...] = ()
    holds: tuple[HoldFacts, ...] = ()
    rounds: tuple[RoundFacts, ...] = ()
    wanted: tuple[WantedFacts, ...] = ()
    governance: tuple[GovernanceFacts, ...] = ()
    risks: tuple[RiskFacts, ...] = ()
    signals: tuple[SignalFacts, ...] = ()
    calls: tuple[CallFacts, ...] = ()
    past: tuple[Past, ...] = ()
    nominations: tuple[NominationFacts, ...] = ()
    example: bool = False
    updates: UpdateFacts | None = None
    answers: tuple[AnswerFacts, ...] = ()

    @cached_property
    def seated(self) -> frozenset[int]:
        """Everybody who holds a role or deputises in one."""
        people = (person for role in self.roles.values() for person in (role.holder, role.deputy))
        return frozenset(person for person in people if person is not None)

    def open_to(self, person: Person) -> bool:
        """Whether a person may open the program, as `visible_to` has it."""
        return person.sees_all or person.id in self.seated
