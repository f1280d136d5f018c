"""What is watched after a decision: risks, limits, owners, version (G20). Must not write."""

from gates.domain.changes import Watched
from gates.selectors.ledger import Ledger
from metrics.models import Metric
from phases.selectors import Plan


def watched(plan: Plan, ledger: Ledger) -> Watched:
    """The values that are compared since a decision, as plain JSON (one query)."""
    metrics = Metric.objects.filter(program=plan.program)
    newest = [rows[0] for rows in plan.evidence.values() if rows and rows[0].describes_version]
    return {
        "risk": {risk.slug: risk.current_score for risk in ledger.risks},
        "limit": {metric.slug: _limits(metric) for metric in metrics},
        "owner": {role.slug: str(role.holder) if role.holder else "nobody" for role in plan.cast.roles},
        "version": {str(row.criterion_id): row.describes_version for row in newest},
    }


def _limits(metric: Metric) -> str:
    names = ("target_low", "target_high", "warn_low", "warn_high", "critical_low", "critical_high")
    values = [getattr(metric, name) for name in names]
    return " / ".join("–" if value is None else f"{value.normalize():f}" for value in values)
