"""A small program with two metrics and people around it. Must not hold assertions.

`recall` is the model owner's (higher is better, daily, required); `override` is the vacant monitoring owner's (a
range, weekly).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import User
from metrics import services
from metrics.domain.batch import Row
from metrics.enums import ReadingSource
from metrics.models import Alert, Metric, Reading
from metrics.services import Stored
from tests import factories

NOW = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)
"""A Tuesday, day 16 of the program."""


@dataclass
class World:
    """The program of `factories.program` with its metrics; everything else is the small program's."""

    built: factories.Built
    recall: Metric
    override: Metric
    viewer: User
    admin: User
    stranger: User

    def __getattr__(self, name: str) -> Any:
        """Hand on what the small program has: program, manager, sponsor, owner, verifier, people, roles, events."""
        return getattr(self.built, name)

    def read(self, value: str, *, hours_ago: float = 0, metric: Metric | None = None) -> Reading:
        """Write a reading down as the owner, measured some hours before `NOW`."""
        at = NOW - dt.timedelta(hours=hours_ago)
        return services.add_reading(
            actor=self.owner, metric=metric or self.recall, measured_at=at, value=Decimal(value)
        )

    def send(self, *values: tuple[float, str], slug: str = "m-recall") -> Stored:
        """Send a batch of (hours before `NOW`, value) as a monitoring system does."""
        rows = [
            Row(place, slug, NOW - dt.timedelta(hours=hours), Decimal(value))
            for place, (hours, value) in enumerate(values, start=1)
        ]
        return services.ingest(program=self.program, rows=rows, source=ReadingSource.API)

    def alert(self) -> Alert | None:
        """The open alert of `recall`."""
        return Alert.objects.filter(metric=self.recall, closed_at=None).first()


def metric(built: factories.Built, slug: str, role: str = "model-owner", **changes: Any) -> Metric:
    """Make a metric: target 60 or more, warning below 40, critical below 20."""
    values: dict[str, Any] = {
        "name": slug.removeprefix("m-").capitalize(),
        "category": "quality",
        "unit": "%",
        "direction": "higher",
        "target_low": Decimal(60),
        "warn_low": Decimal(40),
        "critical_low": Decimal(20),
        "frequency": "daily",
        "source": "evaluation",
        "why": "Is it as good as approved?",
        "category_required": True,
    }
    return Metric.objects.create(
        program=built.program, slug=slug, owner_role=built.roles[role], **{**values, **changes}
    )


def world(slug: str = "alpha", **fields: Any) -> World:
    """Make the program, its metrics, and three who have no role: a viewer, an administrator, a stranger."""
    return around(factories.program(slug, **fields))


def around(built: factories.Built) -> World:
    """Give a small program its metrics."""
    slug = built.program.slug
    recall = metric(built, "m-recall")
    override = metric(
        built,
        "m-override",
        "monitoring-owner",
        category="adoption",
        direction="range",
        target_low=Decimal(5),
        target_high=Decimal(20),
        warn_low=Decimal(5),
        warn_high=Decimal(20),
        critical_low=Decimal(2),
        critical_high=Decimal(35),
        frequency="weekly",
        category_required=False,
        position=1,
    )
    return World(
        built,
        recall,
        override,
        viewer=factories.user(f"viewer.{slug}.m", is_executive_viewer=True),
        admin=factories.user(f"admin.{slug}.m", is_administrator=True),
        stranger=factories.user(f"stranger.{slug}.m"),
    )
