"""Sorts the rules that fired into the lines of "where it stands", and colours each line. Pure.

Nothing here can make a line greener than a rule says: the worst rule of an area is its colour, and what is not
measured is grey, never green.
"""

from collections.abc import Iterable

from gates.domain.declaring import ORDER
from phases.domain.status import Colour
from status_pages.domain.facts import StatusFacts
from status_pages.enums import Area

_BY_SLUG = {
    "area-vacant": Area.OWNERSHIP,
    "gate-overdue": Area.SCHEDULE,
    "must-overdue": Area.SCHEDULE,
    "forecast-slip": Area.SCHEDULE,
    "moved-twice": Area.SCHEDULE,
    "hold-expired": Area.SCHEDULE,
    "acceptance-expired": Area.RISK,
    "risk-above-tolerance": Area.RISK,
    "tolerance-broken": Area.SCHEDULE,
}
_LEVELS = {"critical": Colour.RED, "warning": Colour.AMBER}
_BY_WORD = (
    ("metric", Area.VALUE),
    ("reading", Area.VALUE),
    ("risk", Area.RISK),
    ("escalation", Area.RISK),
    ("cost", Area.COST),
)


def area_of(slug: str) -> Area:
    """Return the line a rule belongs to; one that is not known here is about readiness."""
    known = _BY_SLUG.get(slug)
    if known is not None:
        return known
    return next((area for word, area in _BY_WORD if word in slug), Area.READINESS)


def colours(facts: StatusFacts) -> dict[Area, Colour]:
    """Return the colour of each line."""
    found: dict[Area, list[Colour]] = {area: [] for area in Area}
    for rule in facts.rules:
        found[area_of(rule.slug)].append(Colour(rule.colour))
    for result in facts.results:
        if result.level in _LEVELS:
            found[Area.COST if result.is_cost else Area.VALUE].append(_LEVELS[result.level])
    if facts.value.on_plan is False:
        found[Area.VALUE].append(Colour.AMBER)
    if any(risk.above and risk.accepted_until is None for risk in facts.risks):
        found[Area.RISK].append(Colour.AMBER)
    if facts.readiness.vacant:
        found[Area.OWNERSHIP].append(Colour.AMBER)
    gate = facts.readiness.gate
    if gate is not None and not gate.decided and gate.slip > 0:
        found[Area.SCHEDULE].append(Colour.AMBER)
    unknown = set()
    if not any(result.is_cost and result.value is not None and result.reports for result in facts.results):
        unknown.add(Area.COST)  # nobody has read lately what it costs
    if facts.value.now is None:
        unknown.add(Area.VALUE)  # however well the system runs, nobody knows yet whether it is worth it
    if facts.readiness.points is None:
        unknown.add(Area.READINESS)
    return {area: worst(found[area], unknown=area in unknown) for area in Area}


def reasons(facts: StatusFacts) -> dict[Area, str]:
    """Return the sentence of the worst rule of each line that has one: a colour never stands alone."""
    found: dict[Area, str] = {}
    for rule in facts.rules:  # worst first
        found.setdefault(area_of(rule.slug), rule.sentence)
    return found


def worst(colours: Iterable[Colour], *, unknown: bool) -> Colour:
    """Return the worst of some colours; without one, grey where nothing is known and green elsewhere."""
    listed = list(colours)
    if not listed:
        return Colour.GREY if unknown else Colour.GREEN
    return min(listed, key=ORDER.index)
