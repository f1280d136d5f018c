"""What a program may change about a rule, and what it may not, with the reason. Pure.

A rule's audience and its ladder's people are the product's; a program changes numbers of working days and switches off
what nobody else relies on. What others rely on stays: the last reminder before a gate and the one on its day, what
tells that a gate or work is late (the ladder counts from it), the ladder itself, and what a rule of the gates promises.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reminders.domain.rules import MAX_OFFSET, Rule
from reminders.enums import RuleSlug

MOST_LEADS = 8
GATE_KEEPS = (1, 0)
"""Leads a gate's rule always has: the working day before and the day itself."""

ALWAYS_ON: Mapping[RuleSlug, str] = {
    RuleSlug.GATE_AHEAD: "A gate is never sprung on anybody: the day before and the day itself are always told.",
    RuleSlug.GATE_OVERDUE: "A gate without a decision is told from the next working day on (G12).",
    RuleSlug.ITEM_OVERDUE: "The ladder counts from the first mail about late work; without it nobody would be asked.",
    RuleSlug.ESCALATION: "The ladder is what makes late work known to others; it cannot be emptied.",
    RuleSlug.PATH_RUNG: "Whether an escalation mails somebody is in its path, where it can be changed.",
    RuleSlug.AREA_VACANT: "A gap is drawn loudly: it is told until somebody owns the area.",
    RuleSlug.VIEW_WANTED: "No approval by silence: whoever has not spoken is asked (G22).",
    RuleSlug.HOLD_REVIEW: "A hold that nobody reviews turns red; its people are told (G8).",
    RuleSlug.EXPIRY: "When a waiver ends its criterion opens again; that is told ahead (G7).",
    RuleSlug.LIMIT_BREACHED: "A breached limit has a clock that runs whether or not somebody was told.",
    RuleSlug.MY_WEEK: "Everybody chooses for themselves under Fewer reminders.",
}
"""Rules that a program cannot switch off, and why."""

_AHEAD = frozenset(
    {
        RuleSlug.GATE_AHEAD,
        RuleSlug.CHECKPOINT_AHEAD,
        RuleSlug.ITEM_DUE,
        RuleSlug.EXPIRY,
        RuleSlug.HOLD_REVIEW,
        RuleSlug.GOVERNANCE_AHEAD,
        RuleSlug.RISK_REVIEW,
    }
)
"""Rules about a date that is known ahead; the day itself is all the others know."""


@dataclass(frozen=True)
class Shape:
    """Which parts of a rule a program may change; `why_on` is the reason when it cannot be switched off."""

    leads: bool
    repeats: bool
    item_rungs: int
    gate_rungs: int
    why_on: str

    @property
    def fixed(self) -> bool:
        """Whether there is nothing to change."""
        return bool(self.why_on) and not (self.leads or self.repeats or self.item_rungs or self.gate_rungs)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a wanted rule, and the form field it is about."""

    field: str
    sentence: str


def shape_of(default: Rule) -> Shape:
    """What may be changed about a rule, seen from its default."""
    return Shape(
        leads=default.slug in _AHEAD and bool(default.leads),
        repeats=bool(default.first),
        item_rungs=len(default.item_rungs),
        gate_rungs=len(default.gate_rungs),
        why_on=ALWAYS_ON.get(default.slug, ""),
    )


def faults(wanted: Rule, default: Rule) -> tuple[Fault, ...]:
    """Everything that is wrong with a wanted rule; empty when it may be saved."""
    shape = shape_of(default)
    found = []
    if not wanted.enabled and shape.why_on:
        found.append(Fault("enabled", shape.why_on))
    if shape.leads:
        found += [Fault("leads", sentence) for sentence in _faults_of_leads(wanted)]
    if shape.repeats and not (1 <= wanted.first <= MAX_OFFSET):
        found.append(Fault("first", f"Give a number of working days from 1 to {MAX_OFFSET}."))
    if shape.repeats and not (1 <= wanted.every <= MAX_OFFSET):
        found.append(Fault("every", f"Give a number of working days from 1 to {MAX_OFFSET}."))
    if shape.repeats and wanted.at_most is not None and not (1 <= wanted.at_most <= MAX_OFFSET):
        found.append(Fault("at_most", f"Give a number from 1 to {MAX_OFFSET}, or nothing for no end."))
    for name, rungs, places in (
        ("item", wanted.item_rungs, default.item_rungs),
        ("gate", wanted.gate_rungs, default.gate_rungs),
    ):
        if [rung.to for rung in rungs] != [rung.to for rung in places]:
            found.append(Fault("", ALWAYS_ON[RuleSlug.ESCALATION]))
        found += [
            Fault(f"{name}_{place}", f"Give a number of working days from 1 to {MAX_OFFSET}.")
            for place, rung in enumerate(rungs)
            if not 1 <= rung.wait <= MAX_OFFSET
        ]
    same = (wanted.audience, wanted.slug) == (default.audience, default.slug)
    return tuple(found) if same else (*found, Fault("", "Who is told is the product's to say."))


def _faults_of_leads(wanted: Rule) -> list[str]:
    leads = wanted.leads
    if not leads:
        return ["Give at least one number of working days; 0 is the day itself."]
    if len(leads) > MOST_LEADS:
        return [f"Give at most {MOST_LEADS} numbers."]
    if len(set(leads)) != len(leads):
        return ["Give each number once."]
    if any(not 0 <= lead <= MAX_OFFSET for lead in leads):
        return [f"Each is a number of working days from 0 to {MAX_OFFSET}."]
    if wanted.slug is RuleSlug.GATE_AHEAD and not set(GATE_KEEPS) <= set(leads):
        return ["Keep 1 and 0: the last reminder before a gate and the one on its day always come."]
    return []


def definition_of(rule: Rule) -> dict[str, Any]:
    """A rule as its row keeps it and `rules.parse_rule` reads it; what has its neutral value is left out."""
    found: dict[str, Any] = {} if rule.enabled else {"enabled": False}
    if rule.leads:
        found["leads"] = sorted(rule.leads, reverse=True)
    if rule.first:
        found |= {"first": rule.first, "every": rule.every}
        found |= {"at_most": rule.at_most} if rule.at_most is not None else {}
    if rule.audience:
        found["audience"] = list(rule.audience)
    for name, rungs in (("item_rungs", rule.item_rungs), ("gate_rungs", rule.gate_rungs)):
        if rungs:
            found[name] = [{"to": rung.to, "wait": rung.wait} for rung in rungs]
    return found


def version_of(rule: Rule) -> str:
    """A short mark of what a rule says, which tells whether a form was drawn from what still stands."""
    text = json.dumps(definition_of(rule), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
