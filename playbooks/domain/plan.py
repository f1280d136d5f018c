"""The dated plan of a launch: one pure function from playbook and specification to every date, level and gap.

The command's dry run, the preview page and the launch itself all read this one plan, so they cannot differ. Must not
know the database or what day it is.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from playbooks.domain.faults import Fault, FileFaultsError
from playbooks.domain.plan_parts import CriterionDef, EventDef, PhaseDef, TaskDef
from playbooks.domain.playbook import Playbook
from playbooks.domain.profile import Level, Profile, level_at, not_applicable_reason, tags_of, tier_of, why_tier
from playbooks.domain.recurrence import rrules
from playbooks.domain.run_parts import GovernanceEventDef, RiskDef
from playbooks.domain.spec import LaunchSpec
from programs.domain.calendar import NoWorkingDayError, WorkCalendar, date_of_day


@dataclass(frozen=True)
class Placed:
    """A program day on the calendar. `why_moved` names what kept it off its nominal date; empty if it stayed (S1)."""

    day: int
    nominal: date
    on: date
    why_moved: str = ""

    @property
    def moved_from(self) -> date | None:
        """The nominal date when that was no working day, else None."""
        return self.nominal if self.on != self.nominal else None


@dataclass(frozen=True)
class PlannedPhase:
    """A phase with its first and last calendar date."""

    definition: PhaseDef
    start: date
    end: date


@dataclass(frozen=True)
class PlannedEvent:
    """A gate or checkpoint with its date."""

    definition: EventDef
    due: Placed


@dataclass(frozen=True)
class PlannedCriterion:
    """A criterion with its date, its level at the tier and, if it does not apply, why."""

    definition: CriterionDef
    due: Placed
    level: Level
    not_applicable_reason: str

    @property
    def applicable(self) -> bool:
        """Whether it counts for this profile (G13)."""
        return not self.not_applicable_reason


@dataclass(frozen=True)
class PlannedTask:
    """A task with the working days it starts and is due on."""

    definition: TaskDef
    start: Placed
    due: Placed


@dataclass(frozen=True)
class PlannedGovernance:
    """An appointment after day 90 with its first date and its recurrence rules."""

    definition: GovernanceEventDef
    first: Placed
    rules: tuple[str, ...]


@dataclass(frozen=True)
class DaysOff:
    """The days off that something fell on: weekend days counted, others by date and name."""

    weekend: int
    named: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Gap:
    """Something nobody stands behind: `vacant-role`, `vacant-area` or `no-deputy` (S59, S93)."""

    kind: str
    role: str
    role_name: str
    area: str = ""
    area_name: str = ""


@dataclass(frozen=True)
class Scope:
    """What the profile alone decides: tier and why, and how much it loads (S96)."""

    tier: int
    why: tuple[str, ...]
    must: int
    should: int
    not_applicable: int
    risks: int


@dataclass(frozen=True)
class LaunchPlan:
    """Everything a launch will create, dated."""

    playbook: Playbook
    spec: LaunchSpec
    calendar: WorkCalendar
    tier: int
    end_date: date
    phases: tuple[PlannedPhase, ...]
    events: tuple[PlannedEvent, ...]
    criteria: tuple[PlannedCriterion, ...]
    tasks: tuple[PlannedTask, ...]
    risks: tuple[RiskDef, ...]
    governance: tuple[PlannedGovernance, ...]
    gaps: tuple[Gap, ...]

    @property
    def moved_dates(self) -> dict[date, str]:
        """Nominal dates that were no working day, and why, for every event, task and criterion."""
        items: list[PlannedEvent | PlannedCriterion | PlannedTask] = [*self.events, *self.criteria, *self.tasks]
        placed = [item.due for item in items]
        return {at.nominal: at.why_moved for at in sorted(placed, key=lambda at: at.day) if at.moved_from}

    @property
    def days_off(self) -> DaysOff:
        """The moved dates told apart: how many weekend days, and which holidays and extra days off."""
        moved = self.moved_dates
        named = tuple((on, why) for on, why in moved.items() if on.weekday() not in self.calendar.weekend)
        return DaysOff(weekend=len(moved) - len(named), named=named)

    def counts(self) -> dict[str, int]:
        """How many of each kind the launch creates; criteria that do not apply are among `criteria`."""
        book, scope = self.playbook, scope_of(self.playbook, self.spec.program.profile)
        return {
            "phases": len(self.phases),
            "workstreams": len(book.workstreams),
            "events": len(self.events),
            "criteria": len(self.criteria),
            "criteria_must": scope.must,
            "criteria_should": scope.should,
            "criteria_not_applicable": scope.not_applicable,
            "tasks": len(self.tasks),
            "risks": len(self.risks),
            "escalation_paths": len(book.escalation_paths),
            "metrics": len(book.metrics),
            "roles": len(book.roles),
            "people": len(self.spec.people),
            "ownership_areas": len(book.ownership_areas),
            "raci": len(book.raci),
            "stakeholder_groups": len(book.stakeholder_groups),
            "governance_events": len(self.governance),
            "triggers": len(book.triggers),
            "challenge_questions": len(book.challenge_questions),
        }

    def as_json(self, program: str) -> dict[str, Any]:
        """The document of ``launch_program --json``; `program` is the slug it has or would get."""
        return {
            "program": program,
            "tier": self.tier,
            "phases": [
                {"slug": item.definition.slug, "start": item.start.isoformat(), "end": item.end.isoformat()}
                for item in self.phases
            ],
            "events": [
                {
                    "slug": item.definition.slug,
                    "kind": item.definition.kind,
                    "day": item.definition.day,
                    "date": item.due.on.isoformat(),
                    "moved_from": item.due.moved_from.isoformat() if item.due.moved_from else None,
                }
                for item in self.events
            ],
            "counts": self.counts(),
            "gaps": [
                {"kind": gap.kind, "role": gap.role, **({"area": gap.area} if gap.area else {})} for gap in self.gaps
            ],
        }


def scope_of(playbook: Playbook, profile: Profile) -> Scope:
    """The tier a profile leads to and how many criteria and risks apply (G13, G14)."""
    tier, tags = tier_of(profile), tags_of(profile)
    applying = [item for item in playbook.criteria if item.applies in tags]
    must = sum(level_at(item.level_code, tier) is Level.MUST for item in applying)
    return Scope(
        tier=tier,
        why=why_tier(profile),
        must=must,
        should=len(applying) - must,
        not_applicable=len(playbook.criteria) - len(applying),
        risks=sum(item.applies in tags for item in playbook.risks),
    )


def plan_launch(playbook: Playbook, spec: LaunchSpec) -> LaunchPlan:
    """Date everything `playbook` holds for the program `spec` describes (S1, S5, S96, G14, P10).

    Day N is the start date plus N-1 calendar days; what falls on a day off moves to the next working day. Raises
    `FileFaultsError` when the program's calendar leaves no working day to move to.
    """
    try:
        return _plan(playbook, spec)
    except NoWorkingDayError as error:
        raise FileFaultsError([Fault(0, "program.calendar", f"leaves nothing to plan on: {error}")]) from None


def _plan(playbook: Playbook, spec: LaunchSpec) -> LaunchPlan:
    profile, start = spec.program.profile, spec.program.start_date
    calendar, tier = spec.program.calendar.work_calendar(), tier_of(profile)
    tags = tags_of(profile)
    placed: dict[int, Placed] = {}

    def on(day: int) -> Placed:
        if day not in placed:
            placed[day] = place(calendar, start, day)
        return placed[day]

    return LaunchPlan(
        playbook=playbook,
        spec=spec,
        calendar=calendar,
        tier=tier,
        end_date=date_of_day(start, playbook.last_day),
        phases=tuple(
            PlannedPhase(item, date_of_day(start, item.start_day), date_of_day(start, item.end_day))
            for item in playbook.phases
        ),
        events=tuple(PlannedEvent(item, on(item.day)) for item in playbook.events),
        criteria=tuple(
            PlannedCriterion(
                item, on(item.due_day), level_at(item.level_code, tier), not_applicable_reason(item.applies, profile)
            )
            for item in playbook.criteria
        ),
        tasks=tuple(PlannedTask(item, on(item.start_day), on(item.due_day)) for item in playbook.tasks),
        risks=tuple(item for item in playbook.risks if item.applies in tags),
        governance=tuple(_governance(item, on(item.first_day), tier) for item in playbook.governance_calendar),
        gaps=find_gaps(playbook, spec),
    )


def place(calendar: WorkCalendar, start: date, day: int) -> Placed:
    """Program day `day` on the calendar: its date, or the next working day and why (P10)."""
    nominal = date_of_day(start, day)
    actual = calendar.next_working_day(nominal)
    why = (calendar.why_off(nominal) or "") if actual != nominal else ""
    return Placed(day=day, nominal=nominal, on=actual, why_moved=why)


def _governance(item: GovernanceEventDef, first: Placed, tier: int) -> PlannedGovernance:
    return PlannedGovernance(item, first, rrules(item.repeats.at(tier), first.on, item.first_day))


def find_gaps(playbook: Playbook, spec: LaunchSpec) -> tuple[Gap, ...]:
    """Roles and ownership areas without a person, and areas whose role has no deputy (promise 5, S59)."""
    names = {role.slug: role.name for role in playbook.roles}
    held = {slug for slug, role in spec.roles.items() if role.person}
    deputised = {slug for slug, role in spec.roles.items() if role.deputy}
    roles = [Gap("vacant-role", slug, name) for slug, name in names.items() if slug not in held]
    areas = [
        Gap(kind, area.role, names[area.role], area.slug, area.name)
        for kind, filled in (("vacant-area", held), ("no-deputy", deputised))
        for area in playbook.ownership_areas
        if area.role not in filled
    ]
    return (*roles, *areas)
