"""The "What goes out" table of the product, row by row: who is told and on which working day (reminders.md).

Every date is seen from Wednesday 18 November 2026 in Berlin; nobody does anything, and every mail is supposed sent.
"""

from datetime import UTC, date, datetime

import pytest

from reminders.domain.facts import (
    AreaFacts,
    CallFacts,
    EndingFacts,
    GovernanceFacts,
    HoldFacts,
    NominationFacts,
    Past,
    ProgramFacts,
    RiskFacts,
    RoleFacts,
    SignalFacts,
)
from reminders.domain.planner import plan
from reminders.domain.update_facts import PublishedFacts, UpdateFacts
from reminders.enums import Kind, Part
from tests.reminders.facts import DEPUTY, KEEPER, MANAGER, OWNER, ROLES, RULES, SPONSOR, gate, item, program

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 15, tzinfo=UTC)
DUE = date(2026, 11, 18)
ENDS = {"requester": OWNER, "requester_role": "model-owner", "approver": SPONSOR, "approver_role": "sponsor"}
UPDATE = UpdateFacts(1, "claims", "Status update", due=(DUE,))
NEWS = UpdateFacts(
    1,
    "claims",
    "Status update",
    published=(PublishedFacts(3, 1, "Fine", DUE),),
    subscribers=((KEEPER, True), (OWNER, False)),
)
CALL = CallFacts(5, "Drift", DUE, 1, datetime(2026, 11, 18, 7, 30, tzinfo=UTC), OWNER, "model-owner", "holder")


def at(day: int, month: int = 11) -> date:
    return date(2026, month, day)


BEFORE_5_1_0 = {at(11), at(17), DUE}
EVERY_2 = {at(19), at(23), at(25), at(27), date(2026, 12, 1)}
LADDER = {(DEPUTY, at(23)), (MANAGER, at(25)), (SPONSOR, at(27))}


def owner_and_ladder(days: set[date]) -> set[tuple[int, date]]:
    return {(OWNER, day) for day in days | EVERY_2} | LADDER


def late_item(kind: Kind) -> ProgramFacts:
    return program(item(DUE, kind=kind))


VACANT = {"monitoring-owner": RoleFacts("monitoring-owner", "Monitoring owner", None, None, DUE)}

TABLE = [
    (
        "gate review ahead, each with the owners of unmet criteria",
        program(item(date(2026, 12, 30), event_id=30), events=[gate(DUE)]),
        END.replace(month=11, day=18, hour=20, year=2026),
        {(who, day) for who in (SPONSOR, KEEPER, MANAGER, OWNER) for day in (at(4), at(11), at(16), at(17), DUE)},
    ),
    (
        "checkpoint ahead",
        program(item(DUE, id=8), events=[gate(DUE, is_gate=False)]),
        END.replace(month=11, day=18, hour=2, year=2026),
        {(MANAGER, day) for day in (at(11), at(16), at(17))} | {(OWNER, day) for day in (at(11), at(16), at(17))},
    ),
    (
        "gate overdue: next working day, then every two; the ladder without deputies is red at the sponsor",
        program(events=[gate(at(13))], since=datetime(2026, 11, 14, tzinfo=UTC)),
        END.replace(month=11, day=24, hour=20, year=2026),
        {(who, day) for who in (MANAGER, SPONSOR) for day in (at(16), at(18), at(20), at(24))},
    ),
    *[
        (f"{kind} due, then overdue with its ladder", late_item(kind), END, owner_and_ladder(BEFORE_5_1_0))
        for kind in (Kind.CRITERION, Kind.TASK, Kind.ACTION, Kind.CONDITION, Kind.DATA_GAP, Kind.DEPENDENCY)
    ],
    *[
        (
            f"{kind} about to expire",
            program(endings=(EndingFacts(kind, 3, "x", "X", DUE, **ENDS),)),
            END,
            {(who, day) for who in (OWNER, SPONSOR) for day in BEFORE_5_1_0},
        )
        for kind in (Kind.WAIVER, Kind.ACCEPTANCE, Kind.STATUS)
    ],
    (
        "risk review due, then overdue with its ladder",
        program(risks=(RiskFacts(9, "r-drift", "Risk: drift", DUE, "model-owner"),)),
        END,
        owner_and_ladder({at(17), DUE}),
    ),
    (
        "metric reading overdue, with its ladder",
        program(signals=(SignalFacts(Kind.METRIC, 9, "m", "Reading of recall", DUE, "model-owner"),)),
        END,
        owner_and_ladder(set()),
    ),
    (
        "limit breached: its day, then each working day until somebody acknowledges",
        program(signals=(SignalFacts(Kind.ALERT, 9, "m", "Recall 0.6", DUE, "model-owner"),)),
        END,
        {(OWNER, day) for day in (DUE, at(19), at(20), at(23), at(24), at(25))},
    ),
    ("escalation path of the risk, by its own clock", program(calls=(CALL,)), END, {(OWNER, DUE)}),
    (
        "ownership waiting for acceptance: after two, then every three working days",
        program(nominations=(NominationFacts(4, "finance-partner", "Finance partner", DEPUTY, DUE),)),
        datetime(2026, 11, 26, tzinfo=UTC),
        {(DEPUTY, at(20)), (DEPUTY, at(25))},
    ),
    (
        "area vacant: program manager and sponsor",
        program(areas=[AreaFacts(3, "area-monitoring", "Monitoring", "monitoring-owner")], roles=VACANT),
        datetime(2026, 11, 26, tzinfo=UTC),
        {(who, day) for who in (MANAGER, SPONSOR) for day in (at(20), at(25))},
    ),
    (
        "status update due: the manager; missed: the sponsor as well from the next working day",
        program(updates=UPDATE),
        END,
        {(MANAGER, DUE)} | {(who, day) for who in (MANAGER, SPONSOR) for day in (at(19), at(23))},
    ),
    ("published update: its subscribers", program(updates=NEWS), END, {(KEEPER, DUE), (OWNER, DUE)}),
    (
        "governance event after day 90, then overdue with its ladder",
        program(governance=(GovernanceFacts(9, "gc-cost", "Cost review", DUE, "model-owner"),)),
        END,
        owner_and_ladder({at(4), at(13), DUE}),
    ),
    (
        "review of a hold: ahead, on the day, and while nobody decides (G8)",
        program(holds=(HoldFacts(2, "gate-30", "Gate 30", DUE),)),
        END,
        {(who, day) for who in (MANAGER, SPONSOR) for day in BEFORE_5_1_0 | EVERY_2},
    ),
]


@pytest.mark.parametrize(("facts", "until", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_each_row_of_the_table_reaches_whom_and_when_it_says(facts, until, expected) -> None:
    found = {(i.user_id, i.planned_on) for i in plan(facts, RULES, START, until, assume_sent=True)}
    assert found == expected


@pytest.mark.parametrize("kind", [Kind.RISK, Kind.METRIC, Kind.GOVERNANCE])
def test_an_empty_rung_is_named_to_the_next_one_for_the_new_ladders_too(kind) -> None:
    roles = {"model-owner": RoleFacts("model-owner", "Model owner", OWNER, None)}
    late = {
        Kind.RISK: {"risks": (RiskFacts(9, "r", "Risk", DUE, "model-owner"),)},
        Kind.METRIC: {"signals": (SignalFacts(Kind.METRIC, 9, "m", "Reading", DUE, "model-owner"),)},
        Kind.GOVERNANCE: {"governance": (GovernanceFacts(9, "gc", "Review", DUE, "model-owner"),)},
    }[kind]
    found = plan(program(roles=roles, **late), RULES, START, END, assume_sent=True)
    first = next(i for i in found if i.part is Part.MANAGER)
    assert (first.user_id, first.gaps) == (MANAGER, ("No deputy is named for Model owner",))


def test_what_left_ahead_of_the_day_starts_no_ladder() -> None:
    """The rule of a risk review speaks before its day as well; only a mail after it was an overdue one."""
    risk = RiskFacts(9, "r", "Risk", DUE, "model-owner")
    ahead = Past(Kind.RISK, 9, "risk-review", "T-1", DUE, OWNER, at(17))
    assert ROLES["model-owner"].deputy == DEPUTY
    window = (datetime(2026, 11, 20, tzinfo=UTC), END)
    assert not any(i.user_id == DEPUTY for i in plan(program(risks=(risk,), past=[ahead]), RULES, *window))
    late = Past(Kind.RISK, 9, "risk-review", "+1", DUE, OWNER, at(19))
    found = plan(program(risks=(risk,), past=[ahead, late]), RULES, *window)
    assert [i.planned_on for i in found if i.user_id == DEPUTY] == [at(23)]
