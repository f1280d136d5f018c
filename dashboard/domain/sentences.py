"""Turns an activity entry into words: a mark, what kind of thing, its label, what happened to it. Pure.

People are ids in entries; names are handed in when shown, so that a person can be erased without touching the record.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Names = Callable[[Any], str]


@dataclass(frozen=True)
class Sentence:
    """`before` label `after`, to print with the label set off; `mark` is a status value for the icon."""

    mark: str
    before: str
    label: str
    after: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.before, self.label, self.after) if part)


_PLAIN: Mapping[str, tuple[str, str, str]] = {
    "program.launched": ("key", "Program", "was launched"),
    "program.paused": ("amber", "Program", "was paused"),
    "program.resumed": ("green", "Program", "goes on"),
    "program.stopped": ("red", "Program", "was stopped"),
    "program.closed": ("green", "Program", "was closed"),
    "program.removed": ("grey", "Program", "was removed"),
    "role.filled": ("green", "Role", "is held by {after}"),
    "role.vacated": ("red", "Role", "became empty"),
    "role.deputy_set": ("green", "Role", "has {after} as deputy"),
    "criterion.evidence_added": ("key", "Evidence was added to", ""),
    "criterion.evidence_withdrawn": ("amber", "Evidence was withdrawn from", ""),
    "criterion.handed_in": ("key", "Criterion", "was handed in"),
    "criterion.verified": ("green", "Criterion", "is verified"),
    "criterion.sent_back": ("red", "Evidence for", "was sent back"),
    "task.done": ("green", "Task", "is done"),
    "task.reopened": ("amber", "Task", "was opened again"),
    "item.redated": ("amber", "Due date of", "moved from {before} to {after}"),
    "item.forecast": ("key", "", "is now expected on {after}"),
    "item.reassigned": ("key", "", "was given to {after}"),
    "item.delegated": ("key", "", "was delegated to {after}"),
    "event.decided": ("key", "Outcome of", "is on record"),
    "event.redated": ("amber", "Date of", "moved from {before} to {after}"),
    "assumption.added": ("key", "Assumption", "was written down"),
    "assumption.changed": ("key", "Assumption", "was reworded"),
    "assumption.ranked": ("key", "Assumption", "has another place among the top five"),
    "assumption.tested": ("key", "Assumption", "was tested"),
    "assumption.explained": ("amber", "Assumption", "is untested, and it is explained why"),
    "issue.opened": ("amber", "Issue", "was written down"),
    "issue.changed": ("key", "Issue", "was corrected"),
    "issue.closed": ("green", "Issue", "is closed"),
    "issue.reopened": ("amber", "Issue", "was opened again"),
    "scope.requested": ("amber", "Scope change", "was asked for"),
    "scope.approved": ("green", "Scope change", "was approved"),
    "scope.refused": ("red", "Scope change", "was refused"),
    "scope.withdrawn": ("grey", "Scope change", "was taken back"),
    "decision.logged": ("key", "Decision", "is on record"),
    "risk.added": ("amber", "Risk", "was added"),
    "risk.changed": ("key", "Risk", "was reworded or handed on"),
    "risk.raised": ("amber", "Risk", "was raised"),
    "risk.reviewed": ("green", "Risk", "was looked at again"),
    "risk.rescored": ("key", "Risk", "has another score"),
    "risk.accepted": ("key", "Risk", "is accepted until a day"),
    "risk.acceptance_ended": ("amber", "Acceptance ended of risk", ""),
    "risk.closed": ("green", "Risk", "is closed"),
    "risk.reopened": ("amber", "Risk", "was opened again"),
    "risk.action_added": ("key", "An action was planned against", ""),
    "risk.action_changed": ("key", "An action was changed against", ""),
    "risk.action_done": ("green", "An action is done against", ""),
    "risk.sign_changed": ("key", "An early sign was changed of", ""),
    "challenge.answered": ("key", "", "was recorded"),
    "outcome.written": ("key", "Outcome statement", "has a new version"),
    "outcome.baseline_verified": ("green", "Baseline of", "was verified by a second person"),
    "outcome.measured": ("key", "Outcome", "was measured"),
    "measurement.verified": ("green", "Measurement of the outcome,", "was verified"),
    "problem.written": ("key", "Problem statement", "has a new version and asks for signatures"),
    "problem.signed": ("green", "Problem statement", "was signed"),
    "brief.drafted": ("key", "Program brief", "was worked on"),
    "brief.published": ("key", "Program brief", "was published and asks for acknowledgement"),
    "brief.acknowledged": ("green", "Program brief", "was acknowledged"),
    "source.added": ("key", "Data source", "was written down"),
    "source.changed": ("key", "Data source", "was corrected"),
    "source.checked": ("key", "Data source", "was checked"),
    "data_gap.added": ("amber", "Data gap", "was written down"),
    "data_gap.changed": ("key", "Data gap", "was corrected"),
    "data_gap.closed": ("green", "Data gap", "is closed"),
    "stakeholder.planned": ("key", "Stakeholder group", "has another stance, rhythm or plan"),
    "stakeholder.contacted": ("green", "Stakeholder group", "was spoken to"),
    "dependency.added": ("amber", "Dependency", "was written down"),
    "dependency.changed": ("key", "Dependency", "was changed"),
    "ownership.nominated": ("key", "Role", "waits for {after} to accept"),
    "ownership.accepted": ("green", "Role", "was accepted by {after}"),
    "ownership.declined": ("red", "Role", "was declined by {before}"),
    "ownership.withdrawn": ("grey", "Role", "is no longer offered to {before}"),
    "area.added": ("key", "Ownership area", "was added"),
    "area.changed": ("key", "Ownership area", "was reworded"),
    "raci.changed": ("key", "Responsibilities for", "were changed"),
    "metric.breached": ("red", "A limit is breached:", ""),
    "metric.recovered": ("green", "Back inside its limits:", ""),
    "metric.acknowledged": ("key", "The alert of", "is acknowledged; {after} finds out why"),
    "metric.defined": ("key", "Metric", "was added"),
    "metric.changed": ("key", "Metric", "was changed"),
    "metric.limits_changed": ("amber", "The limits of", "were changed"),
    "metric.confirmed": ("green", "The numbers of", "are confirmed"),
    "metric.reported": ("green", "There are readings of", "now"),
    "metric.reading_added": ("key", "A reading was added to", ""),
    "metric.reading_corrected": ("amber", "A reading was corrected in", ""),
    "metric.readings_imported": ("key", "Readings were imported from", ""),
    "metric.token_created": ("key", "A key for readings was made for", ""),
    "metric.token_revoked": ("amber", "The key for readings was revoked:", ""),
    "escalation.started": ("red", "Escalation started:", ""),
    "escalation.rung_reached": ("amber", "The next level was told of", ""),
    "escalation.acknowledged": ("green", "Escalation", "was acknowledged"),
    "escalation.ended": ("grey", "Escalation", "has ended"),
    "escalation.path_changed": ("key", "Escalation path", "has other levels"),
    "reminder.resent": ("key", "Reminder", "was sent again"),
    "invitations.set": ("key", "Invitations of", "were switched on or off"),
    "invitations.time_set": ("key", "", "has another time or place"),
    "reminder.acknowledged": ("amber", "Overdue:", "was acknowledged"),
    "reminder.snoozed": ("grey", "Reminders of", "were put off"),
    "reminder.rule_changed": ("key", "Reminder rule", "was changed"),
    "reminder.preferences_changed": ("key", "The reminders of", "were made fewer or more"),
    "governance.added": ("key", "Governance event", "was put on the calendar"),
    "governance.changed": ("amber", "Governance event", "was changed"),
    "governance.done": ("green", "Governance event", "was held"),
    "governance.deferred": ("amber", "Governance event", "was put off"),
    "trigger.happened": ("red", "It happened:", "and a review has its day"),
    "benefit.read": ("key", "", "was read"),
    "benefit.verified": ("green", "", "was verified"),
    "change.logged": ("amber", "Change", "is in the version log"),
    "change.approved": ("green", "Change", "was approved"),
    "program.sustain_decided": ("key", "", "was decided"),
    "update.posted": ("key", "Status update", "was posted"),
    "update.acknowledged": ("green", "Status update", "was read by the sponsor"),
}
_DATED = {"item.redated", "item.forecast", "event.redated"}
_NOBODY = {
    "role.deputy_set": "has no deputy any more",
    "item.reassigned": "went back to the holder of its role",
    "item.forecast": "has no forecast any more",
}


def sentence(verb: str, label: str, data: Mapping[str, Any], names: Names, day: Callable[[dt.date], str]) -> Sentence:
    """Say what happened. `names` turns a person's id into a name, `day` writes a date; new verbs are shown plain."""
    mark, before, after = _PLAIN.get(verb, ("key", verb.replace(".", " ").replace("_", " ").capitalize(), ""))
    if verb in _NOBODY and data.get("after") is None:
        after = _NOBODY[verb]
    elif "{" in after:
        write: Callable[[Any], str] = (lambda value: _date(value, day)) if verb in _DATED else names
        after = after.format(before=write(data.get("before")), after=write(data.get("after")))
    if verb == "event.decided" and data.get("outcome"):
        after = f"is on record: {str(data['outcome']).replace('-', ' ')}"
    reason = str(data.get("reason") or "").strip()
    if reason:
        after = f"{after}: “{reason}”".strip() if after else f"(“{reason}”)"
    return Sentence(mark, before, label, after)


def people_in(verb: str, data: Mapping[str, Any]) -> set[int]:
    """Return ids of people an entry names besides its actor."""
    if verb in _DATED:
        return set()
    return {value for key in ("before", "after") if isinstance(value := data.get(key), int)}


def _date(value: Any, day: Callable[[dt.date], str]) -> str:
    return day(dt.date.fromisoformat(value)) if isinstance(value, str) else "no date"
