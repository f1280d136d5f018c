"""The risks of a program as mission control shows them: the map and the worst three. No queries, no writes."""

from dataclasses import dataclass
from urllib.parse import urlencode

from gates.selectors.facts import counting
from gates.selectors.ledger import Ledger
from phases.selectors.plan import Plan
from programs.models import Role
from risks.domain.heat import HeatCell, heat_map, legend
from risks.domain.scale import Scale
from risks.models import Risk

WORST = 3


@dataclass(frozen=True)
class RiskCard:
    """What the card prints: counts, the map's rows, the key, and the worst risks with score colour and owning role."""

    open: int
    above: int
    heat: list[tuple[int, str, list[HeatCell]]]
    legend: list[tuple[int, str, int, int]]
    worst: list[tuple[Risk, int, Role]]


def risk_card(plan: Plan, ledger: Ledger) -> RiskCard:
    """Build the card from what is loaded already; only risks that count today are on it."""
    scale = Scale.from_data(plan.program.risk_scale)
    found = sorted(counting(plan, ledger), key=lambda risk: (-risk.current_score, risk.position, risk.pk))
    for risk in found[:WORST]:
        risk.program = plan.program  # its address needs the slug
    return RiskCard(
        open=len(found),
        above=sum(scale.above(risk.current_score) for risk in found),
        heat=heat_map(((risk.current_likelihood, risk.current_impact) for risk in found), scale, _link),
        legend=legend(scale),
        worst=[(risk, scale.shade(risk.current_score), plan.cast.by_id[risk.owner_role_id]) for risk in found[:WORST]],
    )


def _link(cell: tuple[int, int] | None) -> str:
    return f"risks/?{urlencode({'likelihood': cell[0], 'impact': cell[1]})}" if cell else "risks/"
