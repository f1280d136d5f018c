"""The built-in playbook holds what its description says; a malformed one is refused with every place and reason."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

from playbooks.domain.playbook import TIERS, Playbook, parse_playbook
from playbooks.domain.profile import Level, level_at
from playbooks.domain.run_parts import WaitUnit

Faults = Callable[[Callable[[], object]], list[str]]


def test_the_playbook_is_complete(book: Playbook) -> None:
    counts = {name: len(value) for name, value in book if isinstance(value, tuple)}
    assert counts == {
        "frameworks": 5, "roles": 14, "dimensions": 9, "evidence_types": 12, "phases": 3, "workstreams": 12,
        "events": 6, "criteria": 70, "tasks": 93, "challenge_questions": 9, "risks": 26, "escalation_paths": 8,
        "metrics": 14,
        "program_measures": 5, "ownership_areas": 4, "raci": 19, "stakeholder_groups": 12, "governance_calendar": 18,
        "triggers": 10, "decisions": 5, "checkpoint_outcomes": 3, "launch_outcomes": 3,
    }  # fmt: skip


@pytest.mark.parametrize(("tier", "must", "should"), [(1, 56, 14), (2, 55, 15), (3, 42, 28)])
def test_G14_must_and_should_per_tier(book: Playbook, tier: int, must: int, should: int) -> None:
    levels = Counter(level_at(item.level_code, tier) for item in book.criteria)
    assert (levels[Level.MUST], levels[Level.SHOULD]) == (must, should)


@pytest.mark.parametrize(
    ("event", "musts", "total"),
    [
        ("gate-30", [16, 16, 14], 22),
        ("gate-60", [21, 20, 13], 24),
        ("cp-75", [9, 9, 8], 10),
        ("gate-90", [10, 10, 7], 14),
    ],
)
def test_G14_must_meets_at_each_event(book: Playbook, event: str, musts: list[int], total: int) -> None:
    rows = [item for item in book.criteria if item.event == event]
    assert len(rows) == total
    assert [sum(level_at(row.level_code, tier) is Level.MUST for row in rows) for tier in TIERS] == musts


def test_G6_the_non_waivable_criteria_are_marked(book: Playbook) -> None:
    assert {item.slug for item in book.criteria if item.non_waivable} == {
        "g30-data-rights", "g30-regulatory-class", "g60-privacy-complete", "g60-owners-accepted",
        "cp75-monitoring-live", "cp75-rollback-drilled", "g90-owners-operating", "g90-governance-calendar",
    }  # fmt: skip


def test_S55_S56_the_risk_library_loads_by_profile(book: Playbook) -> None:
    tags = Counter(item.applies.value for item in book.risks)
    assert tags == {"all": 22, "third-party": 2, "personal-data": 1, "generative": 1}
    assert {"r-data-drift", "r-degradation", "r-run-cost", "r-ownership-gap"} <= {r.slug for r in book.risks}


def test_S58_every_risk_has_actions_and_an_escalation_path(book: Playbook) -> None:
    assert all(item.actions and item.indicators and item.escalation for item in book.risks)


@pytest.mark.parametrize(
    ("slug", "limits"),
    [
        ("m-availability", [("99.5", None), ("99.5", None), ("98.5", None)]),
        ("m-input-drift", [(None, "0.1"), (None, "0.1"), (None, "0.25")]),
        ("m-override-rate", [("5", "20"), ("5", "20"), ("2", "35")]),
    ],
)
def test_S54_limits_are_numbers(book: Playbook, slug: str, limits: list[tuple[str | None, str | None]]) -> None:
    metric = next(item for item in book.metrics if item.slug == slug)
    read = [(limit.low, limit.high) for limit in (metric.target, metric.warn, metric.critical)]
    assert read == [tuple(Decimal(end) if end else None for end in pair) for pair in limits]


def test_S54_a_limit_to_be_set_later_says_so_and_keeps_its_wording(book: Playbook) -> None:
    cost = next(item for item in book.metrics if item.slug == "m-unit-cost")
    assert (cost.target.set_from, cost.warn.above_target_percent, cost.critical.above_target_percent) == (
        "cost envelope",
        10,
        25,
    )
    assert [limit.note for limit in (cost.target, cost.warn, cost.critical)] == [
        "set from cost envelope", "10% above", "25% above",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "level", "roles", "amount", "unit"),
    [
        ("esc-ops", 1, ["monitoring-owner"], 0, WaitUnit.AT_ONCE),
        ("esc-ops", 2, ["program-manager"], 1, WaitUnit.HOURS),
        ("esc-model", 1, ["model-owner"], 0, WaitUnit.SAME_DAY),
        ("esc-data", 3, ["sponsor"], 3, WaitUnit.WORKING_DAYS),
        ("esc-security", 2, ["risk-governance-lead", "privacy-legal-lead"], 4, WaitUnit.HOURS),
        ("esc-people", 1, ["change-owner", "program-manager"], 2, WaitUnit.WORKING_DAYS),
    ],
)
def test_S58_escalation_levels_are_roles_and_waits(
    book: Playbook, path: str, level: int, roles: list[str], amount: int, unit: WaitUnit
) -> None:
    found = next(item for item in book.escalation_paths if item.slug == path).levels[level - 1]
    assert (list(found.roles), found.amount, found.unit) == (roles, amount, unit)


def test_escalation_keeps_who_stands_outside_and_what_is_said_besides(book: Playbook) -> None:
    paths = {item.slug: item.levels for item in book.escalation_paths}
    assert paths["esc-data"][2].others == ("source system executive",)
    assert paths["esc-ops"][2].at_once_when == "if people are harmed"
    assert paths["esc-people"][0].any_of
    assert paths["esc-program"][0].note == "program-manager at once, exception note in 2 working days"


def test_S62_response_times_are_amounts(book: Playbook) -> None:
    area = next(item for item in book.ownership_areas if item.slug == "own-monitoring")
    assert [(wait.trigger, wait.amount, wait.unit.value) for wait in area.response_times] == [
        ("severity 1", 15, "minutes"), ("severity 2", 1, "hours"),
    ]  # fmt: skip
    assert area.gap_alerts == ("unacknowledged alert", "rota gap", "no reading for two periods")


def test_gates_name_who_is_consulted_and_checkpoints_what_to_look_at(book: Playbook) -> None:
    for event in book.events:
        gate = event.kind == "gate"
        assert event.gatekeepers == (("risk-governance-lead", "business-owner", "finance-partner") if gate else ())
        assert bool(event.look_at) is not gate


SPOILED = [
    ("    owner: business-owner\n    verifier: program-manager",
     "    owner: nobody-at-all\n    verifier: program-manager",
     'criteria[0].owner: "nobody-at-all" is not a role of this playbook; known: '),
    ("    event: gate-30\n    dimension: value", "    event: gate-31\n    dimension: value",
     'criteria[0].event: "gate-31" is not an event of this playbook'),
    ("    due_day: 10\n", "    due_day: 31\n", "criteria[0].due_day: day 31 lies after its event gate-30 (day 30)"),
    ("    due_day: 10\n", "    due_day: ten\n", 'criteria[0].due_day: must be a whole number, not "ten"'),
    ("    verifier: program-manager\n", "    verifier: business-owner\n",
     'criteria[0].verifier: "business-owner" owns this criterion and cannot verify it (G2)'),
    ("    class: M\n", "    class: X\n", """criteria[0].class: is "X"; it must be 'M', 'M12', 'M1' or 'S'"""),
    ("  - slug: g30-outcome-baselined\n", "  - slug: g30-problem-owned\n",
     'criteria[1].slug: "g30-problem-owned" is already used by criteria[0]'),
    ("    applies: all\n", "    applies: sometimes\n", 'criteria[0].applies: is "sometimes"; it must be '),
    ("    start_day: 31\n", "    start_day: 32\n",
     "phases[1].start_day: must be 31, the day after the phase before, not 32"),
    ("    day: 15\n", "    day: 45\n", "events[0].day: day 45 lies outside its phase (days 1 to 30)"),
    ("    gatekeepers: [risk-governance-lead, business-owner, finance-partner]\n", "",
     "events[1].gatekeepers: a gate needs at least one gatekeeper"),
    ("    start_day: 1\n    due_day: 2\n", "    start_day: 3\n    due_day: 2\n",
     "tasks[0].due_day: day 2 lies before its start day 3"),
    ("    feeds: [g30-tolerances-set]", "    feeds: [g30-tolerance]",
     'tasks[0].feeds[0]: "g30-tolerance" is not a criterion'),
    ("    escalation: esc-model\n", "    escalation: esc-none\n",
     'risks[0].escalation: "esc-none" is not an escalation path'),
    ("    default_response: mitigate\n", "    default_response: hope\n",
     'risks[0].default_response: "hope" is not a response'),
    ("        amount: 1\n        unit: hours\n", "        amount: 0\n        unit: hours\n",
     "escalation_paths[0].levels[1]: amount 0 does not fit hours"),
    ("    target: {low: 99.5, note: '99.5'}", "    target: {note: '99.5'}", "metrics[0].target: needs low, high"),
    ("    target: {low: 5, high: 20", "    target: {low: 50, high: 20", "metrics[6].target: low 50 lies above high 20"),
    ("    first_day: 97\n", "    first_day: 90\n",
     "governance_calendar[0].first_day: day 90 is not after the last phase"),
    ("{freq: weekly, until_day: 125}", "{freq: monthly, until_day: 125}",
     "governance_calendar[0].repeats.default[0]: only a weekly stretch can end"),
    ("      sponsor: [A, R]\n", "      sponsor: [R]\n",
     "raci[2].assignments: exactly one role must be accountable (A), not 0"),
    ("    low: [1, 4]\n", "    low: [1, 3]\n", "risk_scale.bands.moderate: must start at 4"),
    ("    low: [1, 4]\n", "", "risk_scale.bands.moderate: must start at 1"),
    ("  max_holds: 2\n", "", "limits.max_holds: is missing"),
    ("  max_holds: 2\n", "  max_hold: 2\n  max_holds: 2\n", "limits.max_hold: is not a known key here; known: "),
    ("    acknowledges_brief: true\n", "    acknowledges_brief: 'yes'\n",
     'stakeholder_groups[0].acknowledges_brief: must be true or false, not "yes"'),
    ("relates_to: {nist-ai-rmf-1.0: [MAP 1.1, MAP 1.4]", "relates_to: {nist: [MAP 1.1, MAP 1.4]",
     'criteria[0].relates_to.nist: "nist" is not one of frameworks'),
    ("  - slug: sponsor\n    name: Executive sponsor\n", "  - slug: boss\n    name: Executive sponsor\n",
     'roles: the role "sponsor" is missing; every program needs it'),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "said"), SPOILED, ids=[said.split(":")[0] for _, _, said in SPOILED])
def test_a_malformed_playbook_is_refused_with_place_and_reason(
    book_text: str, faults: Faults, good: str, bad: str, said: str
) -> None:
    assert good in book_text
    spoiled = book_text.replace(good, bad, 1)
    found = faults(lambda: parse_playbook(spoiled))
    told = [fault for fault in found if fault.startswith(said)]
    assert told, found
    line = int(told[0].rsplit("(line ", 1)[1].rstrip(")"))
    assert 1 <= line <= spoiled.count("\n")


def test_all_faults_are_told_at_once_in_the_order_of_the_file(book_text: str, faults: Faults) -> None:
    spoiled = book_text
    for good, bad in (
        ("    day: 15\n", "    day: 45\n"),
        ("    due_day: 10\n", "    due_day: ten\n"),
        ("    feeds: [g30-tolerances-set]", "    feeds: [g30-tolerance]"),
        ("  max_holds: 2\n", ""),
    ):
        spoiled = spoiled.replace(good, bad, 1)
    places = [fault.split(":")[0] for fault in faults(lambda: parse_playbook(spoiled))]
    assert places == ["events[0].day", "criteria[0].due_day", "tasks[0].feeds[0]", "limits.max_holds"]


def test_a_playbook_without_any_section_names_what_is_missing(faults: Faults) -> None:
    found = faults(lambda: parse_playbook("template: {slug: x, version: 1, name: X}\n"))
    assert "roles: is missing (line 1)" in found
    assert "scoring: is missing (line 1)" in found


def test_values_cannot_be_changed(book: Playbook) -> None:
    with pytest.raises(ValueError, match="frozen"):
        book.criteria[0].owner = "sponsor"  # type: ignore[misc]  # the point of the test
