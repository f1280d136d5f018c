"""G6 and G7: which waivers are complete, how long they may hold, who approves, when one is over. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from gates.domain.limits import Limits
from gates.enums import RequestState


@dataclass(frozen=True)
class Fault:
    """What is wrong with an input: the form field and a sentence."""

    field: str
    sentence: str


@dataclass(frozen=True)
class WaiverInput:
    """What a request for a waiver says."""

    reason: str
    control: str
    control_evidence: str
    expires_on: dt.date


def latest_expiry(start: dt.date, next_gate: dt.date | None, limits: Limits) -> dt.date:
    """The last day a waiver from `start` may hold: the next gate or the playbook's days, whichever comes first."""
    by_days = start + dt.timedelta(days=limits.waiver_max_days)
    return min(by_days, next_gate) if next_gate is not None else by_days


def faults(
    wanted: WaiverInput, *, today: dt.date, next_gate: dt.date | None, non_waivable: bool, limits: Limits
) -> list[Fault]:
    """Return what keeps a request from being complete; empty when it may go to its approver."""
    found = []
    if non_waivable:
        found.append(Fault("", "This criterion cannot be waived (G6)."))
    for name, text, ask in (
        ("reason", wanted.reason, "Say why the criterion cannot be met by the gate."),
        ("control", wanted.control, "Name the control that makes up for it meanwhile (G7)."),
        ("control_evidence", wanted.control_evidence, "Show that the control works: a note or an address (G7)."),
    ):
        if not text.strip():
            found.append(Fault(name, ask))
    latest = latest_expiry(today, next_gate, limits)
    if wanted.expires_on <= today:
        found.append(Fault("expires_on", "A waiver has to hold beyond today."))
    elif wanted.expires_on > latest:
        found.append(Fault("expires_on", f"It may hold until {latest:%a %d %b %Y} at most (G7)."))
    return found


def state_on(state: RequestState, expires_on: dt.date, today: dt.date) -> RequestState:
    """The state of a waiver as of a day, whether or not the daily pass has run."""
    if state in (RequestState.APPROVED, RequestState.REQUESTED) and today > expires_on:
        return RequestState.EXPIRED
    return state


def is_active(state: RequestState, expires_on: dt.date, today: dt.date) -> bool:
    """Whether a waiver is approved and still holds."""
    return state_on(state, expires_on, today) is RequestState.APPROVED


def may_extend(chain: Iterable[RequestState], limits: Limits) -> str:
    """Say why a waiver may not be extended, empty when it may. `chain`: states of the waiver and its extensions."""
    given = [state for state in chain if state in (RequestState.APPROVED, RequestState.EXPIRED)]
    if len(given) - 1 >= limits.waiver_extensions:
        return f"A waiver is extended {limits.waiver_extensions} time at most, and this one was (G7)."
    return ""


def approver_role(score: int | None, limits: Limits, *, sponsor: str, lead: str) -> str:
    """The role that approves: the sponsor when the linked risk is high or above, else the risk and governance lead."""
    return sponsor if limits.is_high(score) else lead
