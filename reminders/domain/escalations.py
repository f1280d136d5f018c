"""Mails of running escalations: one per person and rung, from the moment the rung was told. Pure, part of the planner.

Unlike other reminders these carry an instant and no hour. An urgent one (a critical alert, the path of an emergency)
leaves at once whatever the hour; any other at the recipient's next decent hour, which composing finds. Both go alone
(rule 4).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from programs.domain.localtime import local_date, local_instant
from reminders.domain.facts import CallFacts, ProgramFacts
from reminders.domain.intents import Intent, urgency
from reminders.domain.rules import Rule
from reminders.enums import Kind, Part, RuleSlug

_STANDS = 10
"""Working days for which a call that could not leave still makes sense."""
_PARTS = {"holder": Part.ESCALATED, "deputy": Part.DEPUTY, "stand_in": Part.STAND_IN}


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule]) -> Iterator[Intent]:
    """Every call that stands, the newest rung first: of two on one day a person gets the newer one."""
    if RuleSlug.PATH_RUNG not in table:
        return
    for call in sorted(program.calls, key=lambda call: (-call.rung, call.escalation, call.user)):
        person = program.people.get(call.user)
        if person is not None and person.active:
            yield _intent(program, call, person.zone)


def _intent(program: ProgramFacts, call: CallFacts, zone: str) -> Intent:
    on = local_date(call.at, program.zone)
    return Intent(
        kind=Kind.ESCALATION,
        item_id=call.escalation,
        item_slug=str(call.escalation),
        label=call.label,
        rule=RuleSlug.PATH_RUNG,
        occurrence=f"rung-{call.rung}",
        due=call.started,
        user_id=call.user,
        part=_PARTS[call.part],
        role=call.role,
        gaps=call.gaps,
        planned_on=on,
        not_before=call.at,
        expires_at=_ends(program, call, zone),
        urgency=urgency(RuleSlug.PATH_RUNG, None),
        any_day=call.urgent,
    )


def _ends(program: ProgramFacts, call: CallFacts, zone: str) -> datetime:
    last = program.calendar.add_working_days(local_date(call.at, program.zone), _STANDS)
    return local_instant(last, 0, zone, fallback=program.zone)
