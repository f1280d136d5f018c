"""A small program with what the charter points to, and rows made by the services. Must not hold assertions."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.models import User
from charter import services
from charter.domain.brief import SECTIONS
from charter.enums import CheckKind, Confidence, DependencyState, Finding, GapSize
from charter.models import (
    BriefVersion,
    DataCheck,
    DataGap,
    DataSource,
    Dependency,
    OutcomeMeasurement,
    ProblemStatement,
    StakeholderContact,
)
from charter.services.data import GapFacts
from charter.services.dependencies import DependencyFacts
from charter.services.outcome import OutcomeWords
from metrics.models import Metric
from phases.models import Criterion, Event
from programs.models import OutcomeStatement, Role, StakeholderGroup
from tests import factories

NOW = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)
"""A Tuesday, day 16 of the program."""
TODAY = NOW.date()
PROBLEM = {
    "problem": "Claims wait three days.",
    "affected": "Customers and adjusters",
    "frequency": "200 a day",
    "cost_today": "Four people",
    "if_nothing": "Customers leave.",
    "measure": "Days to first answer",
    "target": "One day",
}
BRIEF = {"scope": "Motor claims.", "limits": "It proposes.", "risks": "Drift.", "timelines": "Three gates."}
SOURCE = {
    "name": "Claims system",
    "owner": "Ute",
    "access_route": "Read-only account",
    "quality_keeper": "Ulf",
    "quality_limits": "At most 2 % empty",
    "rights": "Cleared",
    "retention": "Two years",
}


@dataclass
class World:
    """The program of `factories.program` with a business owner (Bea, deputy Bob), a data owner (Dan), four groups."""

    built: factories.Built
    viewer: User
    admin: User
    stranger: User
    groups: dict[str, StakeholderGroup] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """Hand on what the small program has: program, manager, sponsor, owner, verifier, people, roles, events."""
        return getattr(self.built, name)

    @property
    def bea(self) -> User:
        """The business owner."""
        return self.people["bea"]  # type: ignore[no-any-return]

    def words(self, **changes: Any) -> OutcomeWords:
        """A complete version of the outcome: from 12 to 5 minutes by 2026-06-30."""
        values = {
            "measure": "Handling time",
            "unit": "minutes",
            "baseline": Decimal(12),
            "baseline_source": "Ticket system, October",
            "confidence": Confidence.MEASURED,
            "target": Decimal(5),
            "target_date": dt.date(2026, 6, 30),
            "guardrail": "Complaints do not rise.",
            "priority": "Faster claims",
        }
        return OutcomeWords(**{**values, **changes})

    def outcome(self, actor: User | None = None, *, reason: str = "First.", **changes: Any) -> OutcomeStatement:
        """Write a version of the outcome statement."""
        more = {name: changes.pop(name) for name in ("base", "key") if name in changes}
        return services.write_outcome(
            actor=actor or self.bea, program=self.program, words=self.words(**changes), reason=reason, **more
        )

    def measured(self, value: int = 10, on: dt.date = TODAY, actor: User | None = None) -> OutcomeMeasurement:
        """Measure the outcome."""
        return services.add_measurement(
            actor=actor or self.owner, program=self.program, measured_on=on, value=Decimal(value), note="Report 7"
        )

    def problem(self, actor: User | None = None, *, reason: str = "", **changes: Any) -> ProblemStatement:
        """Write a version of the problem statement."""
        more = {name: changes.pop(name) for name in ("base", "key") if name in changes}
        return services.write_problem(
            actor=actor or self.bea, program=self.program, words={**PROBLEM, **changes}, reason=reason, **more
        )

    def draft(self, **changes: str) -> BriefVersion:
        """Save the draft of the brief as it is now."""
        row = BriefVersion.objects.filter(program=self.program, published_at=None).first()
        reason = changes.pop("reason", "")
        return services.save_brief(
            actor=self.manager, program=self.program, words={**BRIEF, **changes}, reason=reason,
            version=row.version if row else 0, number=row.number if row else 0,
        )  # fmt: skip

    def brief(self, **changes: str) -> BriefVersion:
        """Write and publish a version of the brief."""
        row = self.draft(**changes)
        return services.publish_brief(actor=self.manager, program=self.program, number=row.number, version=row.version)

    def source(self, actor: User | None = None, **changes: str) -> DataSource:
        """Write a complete data source down."""
        return services.add_source(actor=actor or self.owner, program=self.program, words={**SOURCE, **changes})

    def check(self, source: DataSource, **changes: Any) -> DataCheck:
        """Check whether a source is continuously available; it is."""
        values = {"kind": CheckKind.CONTINUOUS, "finding": Finding.YES, "proof": "Four weeks of feeds.",
                  "checked_on": TODAY, "actor": self.people["dan"]}  # fmt: skip
        return services.check_source(source=source, **{**values, **changes})

    def gap_facts(self, **changes: Any) -> GapFacts:
        """A gap of medium size that the model owner closes."""
        values = {
            "title": "No weekend claims",
            "in_poc": "Five days",
            "in_live": "Seven days",
            "size": GapSize.MEDIUM,
            "owner_role": self.roles["model-owner"],
            "plan": "Load the weekends of 2025.",
            "due_date": dt.date(2026, 2, 10),
        }
        return GapFacts(**{**values, **changes})

    def gap(self, source: DataSource, actor: User | None = None, **changes: Any) -> DataGap:
        """Write a gap down."""
        return services.add_gap(actor=actor or self.verifier, source=source, facts=self.gap_facts(**changes))

    def wait_facts(self, **changes: Any) -> DependencyFacts:
        """Something the platform team has to deliver by 2026-02-02."""
        values = {
            "team": "Platform",
            "what": "A test environment",
            "needed_by": dt.date(2026, 2, 2),
            "owner_role": self.roles["model-owner"],
            "state": DependencyState.ASKED,
        }
        return DependencyFacts(**{**values, **changes})

    def dependency(self, actor: User | None = None, **changes: Any) -> Dependency:
        """Write a dependency down."""
        return services.add_dependency(
            actor=actor or self.verifier, program=self.program, facts=self.wait_facts(**changes)
        )

    def contact(self, slug: str, on: dt.date = TODAY) -> StakeholderContact:
        """Speak to a group."""
        return services.log_contact(actor=self.owner, group=self.groups[slug], on=on, note="They agree.")

    def decide_gate(self, outcome: str = "go", at: dt.datetime = NOW) -> Event:
        """Let the first gate have an outcome, written directly."""
        gate: Event = self.events["gate-30"]
        gate.outcome = outcome
        if outcome in ("go", "conditional-go"):
            gate.state, gate.decided_at, gate.decided_by = "decided", at, self.sponsor
        gate.save()
        return gate

    def metric(self, slug: str = "handling") -> Metric:
        """A metric of the program."""
        return Metric.objects.create(
            program=self.program, slug=slug, name=f"Metric {slug}", category="value", unit="minutes",
            direction="lower", frequency="weekly", source="Tickets", owner_role=self.roles["model-owner"], why="w",
        )  # fmt: skip

    def criterion(self, slug: str) -> Criterion:
        """A criterion of gate 30 under another name, owned by the model owner, with evidence."""
        row = Criterion.objects.get(program=self.program, slug="accuracy")
        row.pk, row.slug = None, slug
        row.save()
        return row


def world(slug: str = "alpha") -> World:
    """Make the program, its people, and three who have no role: a viewer, an administrator, a stranger."""
    built = factories.program(slug, cost_currency="EUR", strategic_priority="Serve faster")
    return around(
        built,
        viewer=factories.user(f"viewer.{slug}", is_executive_viewer=True),
        admin=factories.user(f"admin.{slug}", is_administrator=True),
        stranger=factories.user(f"stranger.{slug}"),
    )


def around(built: factories.Built, *, viewer: User, admin: User, stranger: User) -> World:
    """Give a small program the roles and groups that the charter points to."""
    slug = built.program.slug
    for name in ("bea", "bob", "dan"):
        built.people[name] = factories.user(f"{name}.{slug}")
    for position, (role, holder, deputy) in enumerate(
        [("business-owner", "bea", "bob"), ("data-pipeline-owner", "dan", None)], start=20
    ):
        built.roles[role] = Role.objects.create(
            program=built.program,
            slug=role,
            name=role.replace("-", " ").capitalize(),
            position=position,
            holder=built.people[holder],
            deputy=built.people[deputy] if deputy else None,
        )
    made = World(built, viewer=viewer, admin=admin, stranger=stranger)
    for position, (name, owner, cadence, acknowledges, phase) in enumerate(GROUPS):
        made.groups[name] = StakeholderGroup.objects.create(
            program=built.program, slug=name, name=f"Group {name}", position=position, asks="Will it work?",
            gets="A page", cadence=cadence, owner_role=built.roles[owner], phase_slug=phase,
            acknowledges_brief=acknowledges,
        )  # fmt: skip
    return made


# slug, role that keeps it, cadence in words, whether it acknowledges the brief, phase
GROUPS = [
    ("sg-exec", "program-manager", "fortnightly, plus gates", True, ""),
    ("sg-ds", "model-owner", "weekly", True, ""),
    ("sg-ops", "monitoring-owner", "weekly from day 14; daily in launch", True, ""),
    ("sg-later", "business-owner", "by day 50, then quarterly", True, "phase-2"),
    ("sg-audit", "independent-reviewer", "gates, then by calendar", False, ""),
]
assert set(BRIEF) == set(SECTIONS)
