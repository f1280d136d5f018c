"""Steps that several tests take to get somewhere; what a test is about it does itself."""

import datetime as dt

from activity.models import Entry
from core import clock
from phases import services
from phases.enums import EvidenceKind
from phases.models import Criterion, Evidence
from tests.factories import Built


def prove(built: Built, slug: str = "accuracy", *, title: str = "Report", on: dt.date | None = None) -> Evidence:
    """Let the owner add a link to a criterion."""
    return services.add_evidence(
        actor=built.owner,
        criterion=built.criteria[slug],
        kind=EvidenceKind.LINK,
        title=title,
        url="https://example.org/report",
        effective_date=on or clock.today(built.program.time_zone),
    )


def hand_in(built: Built, slug: str = "accuracy") -> Criterion:
    """Prove a criterion and hand it in."""
    prove(built, slug)
    return services.hand_in(actor=built.owner, criterion=built.criteria[slug])


def verified(built: Built, slug: str = "accuracy") -> Criterion:
    """Prove a criterion, hand it in and let the verifier accept it."""
    hand_in(built, slug)
    return services.verify(actor=built.verifier, criterion=built.criteria[slug])


def verbs(item: Criterion | object) -> list[str]:
    """The verbs recorded for a thing, oldest first."""
    kind = type(item).__name__.lower()
    return list(
        Entry.objects.filter(subject_kind=kind, subject_id=item.pk).order_by("id").values_list("verb", flat=True)  # type: ignore[attr-defined]  # any model
    )
