"""The outcome's plan line, progress against it, its grade, and what changed between two versions (S32).

Pure: no Django, no clock, no I/O. Days are dates of the program, values are in the outcome's own unit.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from charter.enums import Confidence

GRADES = {"A": "measured and verified", "B": "measured", "C": "estimated", "D": "none"}
"""Confidence grades of the executive page, in its words."""


@dataclass(frozen=True)
class PlanLine:
    """A straight line from the baseline on the first day to the target on the last one."""

    start: dt.date
    end: dt.date
    baseline: Decimal
    target: Decimal

    def at(self, day: dt.date) -> Decimal:
        """The value planned for `day`: the baseline before the start, the target from the end on."""
        whole = (self.end - self.start).days
        if day >= self.end or whole <= 0:
            return self.target
        gone = max((day - self.start).days, 0)
        return self.baseline + (self.target - self.baseline) * gone / whole


@dataclass(frozen=True)
class Progress:
    """How far the outcome has come on a day: shares are whole percent of the way from baseline to target.

    `share` is None when baseline and target are the same: there is no way to go. Negative means it got worse.
    """

    on: dt.date
    now: Decimal
    planned: Decimal
    share: int | None
    planned_share: int | None
    on_plan: bool


def progress(line: PlanLine, on: dt.date, now: Decimal) -> Progress:
    """Hold a value measured on a day against the plan line of that day; being further than planned is on plan."""
    planned, way = line.at(on), line.target - line.baseline
    if not way:
        return Progress(on, now, planned, None, None, now == line.target)
    ahead = now >= planned if way > 0 else now <= planned
    return Progress(on, now, planned, _percent(now - line.baseline, way), _percent(planned - line.baseline, way), ahead)


def _percent(part: Decimal, whole: Decimal) -> int:
    """Whole percent towards zero: 99.9 % of the way is not there yet."""
    return int(part * 100 / whole)


def grade(baseline: Decimal | None, confidence: Confidence, *, verified: bool) -> str:
    """Return A to D: A is never claimed, it takes a measured baseline that a second person verified."""
    if baseline is None or confidence is Confidence.NONE:
        return "D"
    if confidence is Confidence.ESTIMATED:
        return "C"
    return "A" if verified else "B"


LINES = {
    "priority": "Strategic priority",
    "problem": "Problem",
    "affected": "Affected",
    "measure": "Measure",
    "unit": "Unit",
    "baseline": "Baseline",
    "baseline_source": "Where the baseline is from",
    "confidence": "How well it is known",
    "target": "Target",
    "target_date": "By",
    "guardrail": "Guardrail",
    "metric": "Metric",
}
"""What a version holds, in the order in which people read it."""


@dataclass(frozen=True)
class Changed:
    """One line of a difference between two versions; an empty side was not there."""

    name: str
    before: str
    after: str


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Changed, ...]:
    """Return what differs between two versions, in reading order."""
    return tuple(
        Changed(words, before.get(key, ""), after.get(key, ""))
        for key, words in LINES.items()
        if before.get(key, "") != after.get(key, "")
    )


WANTED = {
    "measure": "the outcome statement names no primary measure",
    "baseline": "the outcome statement has no baseline",
    "baseline_source": "nobody says from which source and period the baseline is",
    "target": "the outcome statement has no target",
    "target_date": "the outcome statement has no target date",
    "guardrail": "the outcome statement names no guardrail that must not get worse",
}


def gaps(statement: Mapping[str, str], confidence: Confidence) -> list[str]:
    """Return what keeps a statement from being baselined, as sentences; empty when nothing is missing."""
    found = [words for key, words in WANTED.items() if not statement.get(key, "").strip()]
    if statement.get("baseline") and confidence is not Confidence.MEASURED:
        found.append("the baseline is not measured")
    return [f"{words[0].upper()}{words[1:]}." for words in found]
