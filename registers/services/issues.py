"""Writes issues: what went wrong, what it cost, how it was solved (S12, S13)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from phases.models import Phase
from programs.models import OwnershipArea, Program
from programs.selectors import cast_of
from registers import policies
from registers.enums import Severity
from registers.models import Issue
from registers.selectors.issues import dimensions_of
from registers.services.base import (
    change,
    head,
    hold,
    lock,
    needed,
    note,
    of_program,
    past,
    record,
    repeated,
    same,
    sent_before,
    title,
)
from risks.models import Risk

MOST_HOURS = Decimal(100_000)
MOST_DAYS = 1000


@dataclass(frozen=True)
class IssueFacts:
    """What is known of an issue. Whether it was found late is no field: it follows from the two phases."""

    title: str
    dimension: str
    severity: Severity
    found_phase: Phase
    expected_phase: Phase
    area: OwnershipArea
    opened_on: dt.date
    detail: str = ""
    effort_hours: Decimal = Decimal(0)
    delay_days: int = 0
    risk: Risk | None = None


@transaction.atomic
def open_issue(*, actor: User, program: Program, facts: IssueFacts, key: str = "") -> Issue:
    """Write an issue down; it routes to the role of its ownership area. `key` makes a form sent twice one row.

    Errors: NotAllowed, Invalid (no title, something of another program, a day that lies ahead, negative figures).
    """
    policies.may_log(actor, cast_of(program)).require()
    twin = sent_before(Issue, actor, hold(program), key)
    if twin is not None:
        return twin
    row = Issue.objects.create(**head(Issue, actor, program, key), **_content(program, facts))
    record(
        actor,
        Verb.ISSUE_OPENED,
        row,
        program,
        severity=row.severity,
        area=row.area.slug,
        found=row.found_phase.slug,
        expected=row.expected_phase.slug,
        late=row.is_late,
        risk=row.risk.slug if row.risk else None,
    )
    return row


@transaction.atomic
def change_issue(*, actor: User, issue: Issue, facts: IssueFacts, version: int | None = None) -> Issue:
    """Correct an open issue; both values are on record. Errors: NotAllowed, Conflict, Invalid (closed)."""
    row = _locked(issue)
    policies.may_change_issue(actor, row, cast_of(row.program)).require()
    values = _content(row.program, facts)
    if repeated(row, version, done=same(row, values), current=_now(row)):
        return row
    if not row.is_open:
        raise Invalid("This is closed; open it again before you change it.")
    changed = change(row, values)
    if changed:
        record(actor, Verb.ISSUE_CHANGED, row, row.program, changed=changed, late=row.is_late)
    return row


@transaction.atomic
def close_issue(
    *,
    actor: User,
    issue: Issue,
    resolution: str,
    effort_hours: Decimal,
    delay_days: int,
    version: int | None = None,
) -> Issue:
    """Close an issue with how it was solved and what it cost in the end.

    Errors: NotAllowed, Conflict, Invalid (no resolution, closed already).
    """
    row = _locked(issue)
    policies.may_close_issue(actor, row, cast_of(row.program)).require()
    said = needed(resolution, "resolution", "Say how it was solved, so that the next one is found earlier.")
    if repeated(row, version, done=not row.is_open and row.resolution == said, current=_now(row)):
        return row
    if not row.is_open:
        raise Invalid("This is closed already.")
    values = {
        "resolution": said,
        "closed_on": clock.today(row.program.time_zone),
        "closed_by": actor,
        **_cost(effort_hours, delay_days),
    }
    change(row, values)
    record(
        actor,
        Verb.ISSUE_CLOSED,
        row,
        row.program,
        resolution=said,
        effort_hours=str(row.effort_hours),
        delay_days=row.delay_days,
    )
    return row


@transaction.atomic
def reopen_issue(*, actor: User, issue: Issue, reason: str, version: int | None = None) -> Issue:
    """Open a closed issue again; its age counts from the first day. Errors: NotAllowed, Conflict, Invalid."""
    row = _locked(issue)
    policies.may_close_issue(actor, row, cast_of(row.program)).require()
    why = needed(reason, "reason", "Say why it is not solved.")
    if repeated(row, version, done=row.is_open, current=_now(row)):
        return row
    if row.is_open:
        raise Invalid("This is open.")
    change(row, {"closed_on": None, "closed_by": None})
    record(actor, Verb.ISSUE_REOPENED, row, row.program, reason=why)
    return row


def _locked(issue: Issue) -> Issue:
    return lock(issue, "area", "found_phase", "expected_phase", "risk")


def _content(program: Program, facts: IssueFacts) -> dict[str, object]:
    names = dict(dimensions_of(program))
    if facts.dimension not in names:
        raise Invalid("Choose one of this program's dimensions.", field="dimension")
    of_program(facts.found_phase, program, "found_phase")
    of_program(facts.expected_phase, program, "expected_phase")
    of_program(facts.area, program, "area")
    if facts.risk is not None:
        of_program(facts.risk, program, "risk")
    return {
        "title": title(facts.title, "Say in one line what is wrong."),
        "detail": note(facts.detail, "detail"),
        "dimension_slug": facts.dimension,
        "dimension_name": names[facts.dimension],
        "severity": Severity(facts.severity).value,
        "found_phase": facts.found_phase,
        "expected_phase": facts.expected_phase,
        "area": facts.area,
        "risk": facts.risk,
        "opened_on": past(facts.opened_on, program, "opened_on", "An issue cannot be found on a day that lies ahead."),
        **_cost(facts.effort_hours, facts.delay_days),
    }


def _cost(hours: Decimal, days: int) -> dict[str, object]:
    if not 0 <= hours <= MOST_HOURS:
        raise Invalid(f"Effort is a number of hours from 0 to {MOST_HOURS:,}.", field="effort_hours")
    if not 0 <= days <= MOST_DAYS:
        raise Invalid(f"Delay is a number of days from 0 to {MOST_DAYS:,}.", field="delay_days")
    return {"effort_hours": hours, "delay_days": days}


def _now(row: Issue) -> str:
    state = "Open" if row.is_open else f"Closed: {row.resolution}"
    return f"{row.title} ({row.get_severity_display()}, {row.area}). {state}"
