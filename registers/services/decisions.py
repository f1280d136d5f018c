"""Adds to the decision log. Nothing in it is ever changed: a correction is a new record (S20, S21, S48-S50)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core.errors import Conflict, Invalid
from core.text import many_lines
from programs.models import Program
from programs.selectors import Cast, cast_of
from registers import policies
from registers.domain.decisions import ARCHITECTURE, TRADES, lacks_trade_off
from registers.enums import DecisionKind
from registers.models import DecisionRecord
from registers.selectors.decisions import later_of
from registers.services.base import head, hold, needed, note, of_program, past, record, sent_before, title

FEWEST = 2
MOST = 8


@dataclass(frozen=True)
class Choice:
    """What was decided: the options that were considered, which of them was chosen, and why.

    `performance`, `cost`, `security` and `time` say what was gained and given up; without any of them the record is
    flagged (S21, S50). `at_12_months` is how it looks a year on (S49).
    """

    title: str
    kind: DecisionKind
    options: Sequence[str]
    chosen: str
    reason: str
    performance: str = ""
    cost: str = ""
    security: str = ""
    time: str = ""
    at_12_months: str = ""
    dissent: str = ""


@transaction.atomic
def log_decision(
    *,
    actor: User,
    program: Program,
    choice: Choice,
    decided_by: User,
    decided_on: dt.date,
    supersedes: DecisionRecord | None = None,
    key: str = "",
) -> DecisionRecord:
    """Put a decision on record for good. `key` makes a form sent twice one record (P16).

    Errors: NotAllowed, Conflict (the record to supersede has been superseded by another one), Invalid (a text
    missing, fewer than two options, the chosen one not among them, no 12-month view or trade-off note where the kind
    needs one, somebody without a role here, a day that lies ahead).
    """
    cast = cast_of(program)
    policies.may_log(actor, cast).require()
    twin = sent_before(DecisionRecord, actor, hold(program), key)
    if twin is not None:
        return twin
    if supersedes is not None:
        _in_force(supersedes, program)
    row = DecisionRecord.objects.create(
        **head(DecisionRecord, actor, program, key),
        **_content(choice),
        decided_by=_of_cast(decided_by, cast),
        decided_on=past(decided_on, program, "decided_on", "A decision on record was taken today or before."),
        supersedes=supersedes,
    )
    record(
        actor,
        Verb.DECISION_LOGGED,
        row,
        program,
        kind=row.kind,
        chosen=row.chosen,
        decided_on=decided_on.isoformat(),
        supersedes=supersedes.number if supersedes else None,
        trade_off=not row.lacks_trade_off,
    )
    return row


def _content(choice: Choice) -> dict[str, object]:
    options = [text for text in map(many_lines, choice.options) if text]
    chosen = many_lines(choice.chosen)
    if not FEWEST <= len(options) <= MOST:
        raise Invalid(f"Name {FEWEST} to {MOST} options; doing nothing is one.", field="options")
    if len({text.casefold() for text in options}) < len(options):
        raise Invalid("Two of the options are the same.", field="options")
    for text in options:
        note(text, "options")
    if chosen not in options:
        raise Invalid("Choose one of the options above.", field="chosen")
    _architecture(choice)
    return {
        "title": title(choice.title, "Say in one line what was decided."),
        "kind": DecisionKind(choice.kind).value,
        "options": options,
        "chosen": chosen,
        "reason": needed(choice.reason, "reason", "Say why this option and not another."),
        "at_12_months": note(choice.at_12_months, "at_12_months"),
        "dissent": note(choice.dissent, "dissent"),
        **{name: note(getattr(choice, name), name) for name in TRADES},
    }


def _architecture(choice: Choice) -> None:
    """An architecture decision says how it looks in a year (S49) and what is traded for what (S50)."""
    if choice.kind not in ARCHITECTURE:
        return
    if not many_lines(choice.at_12_months):
        raise Invalid("Say how this looks in twelve months: load, access, cost, who runs it.", field="at_12_months")
    if lacks_trade_off({name: getattr(choice, name) for name in TRADES}):
        raise Invalid(
            "Say what is gained and given up: performance, cost, security or time. At least one needs words.",
            field="performance",
        )


def _in_force(supersedes: DecisionRecord, program: Program) -> None:
    of_program(supersedes, program, "supersedes")
    fresh = DecisionRecord.objects.select_related("superseded_by").get(pk=supersedes.pk)
    later = later_of(fresh)
    if later is not None:
        raise Conflict(
            f"This was superseded a moment ago by {later.logged_by}.", current=f"{later.title}: {later.chosen}"
        )


def _of_cast(person: User, cast: Cast) -> User:
    if person not in cast.people:
        raise Invalid("Choose somebody who has a role in this program.", field="decided_by")
    return person
