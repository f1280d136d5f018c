"""G19: what counts as evidence on the day of a gate. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

TECHNICAL = frozenset({"test-report", "config-export"})
"""Types of evidence that are about a version of the system."""


@dataclass(frozen=True)
class Proof:
    """One piece of evidence that was not withdrawn."""

    effective: dt.date
    added: dt.date
    version: str = ""


@dataclass(frozen=True)
class Examined:
    """A criterion's evidence and who stands on which side of it."""

    proofs: tuple[Proof, ...]
    max_age_days: int
    evidence_type: str
    verified_by: int | None
    owners: frozenset[int]
    small_team: bool = False


def why_not_counted(found: Examined, gate_date: dt.date) -> tuple[str, ...]:
    """Say why a criterion's evidence does not count on the gate date; empty when it does.

    Its age is measured from its effective date, never from its upload.
    """
    if not found.proofs:
        return ("There is no evidence.",)
    causes = []
    newest = max(found.proofs, key=lambda proof: proof.effective)
    age = (gate_date - newest.effective).days
    if age > found.max_age_days:
        causes.append(f"It describes a day {age} days before the gate; at most {found.max_age_days} are allowed (G19).")
    if found.evidence_type in TECHNICAL and not newest.version.strip():
        causes.append("Technical evidence names the version it describes (G19).")
    if found.verified_by is None:
        causes.append("No second person has verified it (G19).")
    elif found.verified_by in found.owners and not found.small_team:
        causes.append("It was verified by its own owner (G2, G19).")
    return tuple(causes)


def counts(found: Examined, gate_date: dt.date) -> bool:
    """Whether the criterion is met on the gate date."""
    return not why_not_counted(found, gate_date)


def stale_on(proofs: Iterable[Proof], max_age_days: int, gate_date: dt.date) -> bool:
    """Whether what is fresh today will be too old on the gate date: shown ahead, so that nobody is surprised."""
    dates = [proof.effective for proof in proofs]
    return bool(dates) and (gate_date - max(dates)).days > max_age_days
