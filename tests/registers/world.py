"""A small program with what registers point to, and rows made by the services. Must not hold assertions."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import User
from phases.models import ChallengeQuestion, Phase
from programs.models import OutcomeStatement, OwnershipArea
from registers import services
from registers.enums import DecisionKind, Severity, Theme
from registers.models import Assumption, DecisionRecord, Issue, ScopeChange
from registers.services.decisions import Choice
from registers.services.issues import IssueFacts
from registers.services.scope import ScopeEffect
from risks.models import EscalationPath, Risk
from tests import factories

NOW = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)
"""A Tuesday, day 16 of the program."""
TODAY = NOW.date()


@dataclass
class World:
    """The program of `factories.program` with an ownership area, a risk, an outcome and nine questions."""

    built: factories.Built
    area: OwnershipArea
    risk: Risk
    outcome: OutcomeStatement
    viewer: User
    admin: User
    stranger: User

    def __getattr__(self, name: str) -> Any:
        """Hand on what the small program has: program, manager, sponsor, owner, verifier, people, roles, events."""
        return getattr(self.built, name)

    @property
    def phases(self) -> list[Phase]:
        """Both phases in order."""
        return list(Phase.objects.filter(program=self.program))

    def assumption(self, actor: User | None = None, **changes: Any) -> Assumption:
        """Write an assumption down."""
        values = {
            "text": "The labels of 2025 are good enough.",
            "consequence": "Six weeks of labelling.",
            "theme": Theme.FEASIBILITY,
            "owner_role": self.roles["model-owner"],
            "test": "Label 200 claims twice and compare.",
        }
        return services.add_assumption(actor=actor or self.people["max"], program=self.program, **{**values, **changes})

    def facts(self, **changes: Any) -> IssueFacts:
        """What is known of an issue: found in the second phase, expected in the first."""
        first, second = self.phases
        values = {
            "title": "Postcodes are missing",
            "dimension": "assurance",
            "severity": Severity.HIGH,
            "found_phase": second,
            "expected_phase": first,
            "area": self.area,
            "opened_on": TODAY,
            "effort_hours": Decimal("12.5"),
            "delay_days": 3,
        }
        return IssueFacts(**{**values, **changes})

    def issue(self, actor: User | None = None, **changes: Any) -> Issue:
        """Open an issue."""
        return services.open_issue(actor=actor or self.verifier, program=self.program, facts=self.facts(**changes))

    def scope(self, actor: User | None = None, **effect: Any) -> ScopeChange:
        """Ask for a change of scope."""
        values = {"outcome": "Reaches half of the claims.", "days": 5, "cost": Decimal(4000)}
        return services.request_scope(
            actor=actor or self.owner,
            program=self.program,
            what="Leave out motor claims",
            why="Their data comes too late.",
            effect=ScopeEffect(**{**values, **effect}),
        )

    def choice(self, **changes: Any) -> Choice:
        """A complete decision about hosting."""
        values = {
            "title": "Run it in our own cluster",
            "kind": DecisionKind.HOSTING,
            "options": ["Own cluster", "Vendor's cloud"],
            "chosen": "Own cluster",
            "reason": "Claims data may not leave.",
            "cost": "20 % dearer.",
            "at_12_months": "Twice the load on the same nodes.",
        }
        return Choice(**{**values, **changes})

    def decision(self, actor: User | None = None, **changes: Any) -> DecisionRecord:
        """Put a decision on record."""
        supersedes = changes.pop("supersedes", None)
        return services.log_decision(
            actor=actor or self.owner,
            program=self.program,
            choice=self.choice(**changes),
            decided_by=self.sponsor,
            decided_on=TODAY,
            supersedes=supersedes,
        )


def world(slug: str = "alpha") -> World:
    """Make the program, its people, and three who have no role: a viewer, an administrator, a stranger."""
    return around(factories.program(slug, cost_currency="EUR"))


def around(built: factories.Built) -> World:
    """Give a small program what registers point to."""
    slug = built.program.slug
    area = OwnershipArea.objects.create(
        program=built.program,
        slug="own-model",
        name="Model ownership",
        role=built.roles["model-owner"],
        covers="The model",
        may_decide="Versions",
        routine="Weekly look",
    )
    path = EscalationPath.objects.create(program=built.program, slug="esc", name="Model", trigger="drift")
    risk = Risk.objects.create(
        program=built.program,
        slug="r-drift",
        category="model",
        cause="inputs change",
        event="drift goes unseen",
        impact="wrong answers",
        inherent_likelihood=4,
        inherent_impact=4,
        current_likelihood=4,
        current_impact=4,
        response="mitigate",
        owner_role=built.roles["model-owner"],
        path=path,
        raise_from_phase="phase-1",
    )
    outcome = OutcomeStatement.objects.create(
        program=built.program,
        number=1,
        measure="Handling time",
        unit="minutes",
        baseline=Decimal(12),
        target=Decimal(5),
        target_date=dt.date(2026, 6, 30),
    )
    ChallengeQuestion.objects.bulk_create(
        ChallengeQuestion(
            program=built.program,
            position=n,
            theme=("value", "feasibility", "relevance")[(n - 1) // 3],
            text=f"Hard question {n}?",
        )
        for n in range(1, 10)
    )
    return World(
        built,
        area,
        risk,
        outcome,
        viewer=factories.user(f"viewer.{slug}", is_executive_viewer=True),
        admin=factories.user(f"admin.{slug}", is_administrator=True),
        stranger=factories.user(f"stranger.{slug}"),
    )
