"""What the rehearsal of the example must show, recomputed naively from the two files and the holiday library."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import holidays
import pytest

pytestmark = pytest.mark.slow

START = dt.date(2026, 10, 12)
BERLIN_HOLIDAYS = holidays.country_holidays("DE", subdiv="BE", years=[2026, 2027])
EXTRA = {dt.date(2026, 12, 24), dt.date(2026, 12, 31)}
MANAGER, SPONSOR = "mara.lindqvist@example.com", "ines.okafor@example.com"


def works(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in BERLIN_HOLIDAYS and day not in EXTRA


def shifted(day: dt.date, count: int) -> dt.date:
    while count:
        day += dt.timedelta(days=1 if count > 0 else -1)
        if works(day):
            count -= 1 if count > 0 else -1
    return day


def on_or_after(day: dt.date) -> dt.date:
    while not works(day):
        day += dt.timedelta(days=1)
    return day


@pytest.fixture(scope="session")
def gates(playbook):
    """Slug and date of every gate: the 30th, 60th, 90th day, moved off days nobody works."""
    events = playbook["events"]
    return {
        event["slug"]: on_or_after(START + dt.timedelta(days=event["day"] - 1))
        for event in events
        if event["kind"] == "gate"
    }


def about(letters, slug, rule):
    """Who got which mail about an event under a rule: (recipient, local date)."""
    return [
        (letter["to"], letter["at"].date())
        for letter in letters
        for item in letter["items"]
        if item["slug"] == slug and item["rule"] == rule and item["kind"] == "event"
    ]


def test_every_mail_leaves_at_eight_where_its_reader_is(idle, spec):
    zones = {person["email"]: person["time_zone"] for person in spec["people"]}
    assert idle
    for letter in idle:
        at = letter["at"]
        assert (at.hour, at.minute, at.second) == (8, 0, 0)
        assert at.utcoffset() == at.astimezone(ZoneInfo(zones[letter["to"]])).utcoffset()


def test_nothing_leaves_on_a_day_off_but_gate_today(idle, gates):
    for letter in idle:
        if not works(letter["at"].date()):
            assert letter["rules"] == ["gate-ahead"]
            assert letter["at"].date() in gates.values()


def test_the_holidays_of_berlin_are_in_the_way_of_this_program(idle):
    """The check above would prove nothing if no day off lay inside the program."""
    assert sum(not works(START + dt.timedelta(days=n)) for n in range(90)) > 26


def test_rule_4_one_mail_per_person_and_day(idle):
    assert max(Counter((letter["to"], letter["at"].date()) for letter in idle).values()) == 1


def test_p4_no_message_id_twice(idle):
    assert max(Counter(letter["message_id"] for letter in idle).values()) == 1


def test_each_gates_leads_reach_sponsor_manager_and_keepers_exactly_once(idle, gates, playbook, spec):
    people = {role: given.get("person") for role, given in spec["roles"].items()}
    for event in playbook["events"]:
        if event["slug"] not in gates:
            continue
        due = gates[event["slug"]]
        leads = [shifted(due, -k) for k in (10, 5, 2, 1)] + [due]
        asked = {SPONSOR, MANAGER} | {people[role] for role in event["gatekeepers"] if people.get(role)}
        got = Counter(about(idle, event["slug"], "gate-ahead"))
        for person in asked:
            assert [got[(person, day)] for day in leads] == [1] * 5, (event["slug"], person)
        assert set(day for _, day in got) == set(leads)


def test_unmet_owners_are_told_of_their_gate(idle, gates, playbook, spec):
    people = {role: given.get("person") for role, given in spec["roles"].items()}
    for slug, due in gates.items():
        owners = {people[c["owner"]] for c in playbook["criteria"] if c["event"] == slug and c["applies"] == "all"}
        told = {to for to, day in about(idle, slug, "gate-ahead") if day == due}
        assert {person or MANAGER for person in owners} <= told


def test_g12_every_gate_goes_overdue_and_climbs_the_ladder(idle, gates):
    for slug, due in gates.items():
        overdue = about(idle, slug, "gate-overdue")
        for person in (MANAGER, SPONSOR):
            days = sorted(day for to, day in overdue if to == person)
            assert days[0] == shifted(due, 1)
            assert shifted(due, 3) in days
        climbed = dict(about(idle, slug, "escalation"))
        assert climbed["jonas.weber@example.com"] == shifted(due, 3)  # deputy of the program manager
        assert climbed["karim.haddad@example.com"] == shifted(due, 3)  # deputy of the sponsor
        assert climbed[SPONSOR] == shifted(due, 5)
    assert any("Red" in letter["subject"] or "red" in letter["subject"] for letter in idle)


def test_the_vacant_owners_items_go_to_the_manager_and_are_named(idle, playbook):
    vacant = {c["slug"] for c in playbook["criteria"] if c["owner"] == "monitoring-owner"}
    vacant |= {t["slug"] for t in playbook["tasks"] if t["owner"] == "monitoring-owner"}
    first = [
        letter
        for letter in idle
        if {item["slug"] for item in letter["items"]} & vacant and "escalation" not in letter["rules"]
    ]
    assert first
    assert {letter["to"] for letter in first} == {MANAGER}
    for letter in first:
        assert any("Monitoring" in gap and "vacant" in gap for gap in letter["gaps"])


def test_an_item_is_announced_then_due_then_overdue_at_most_five_times(idle, playbook, spec):
    people = {role: given.get("person") for role, given in spec["roles"].items()}
    tasks = {task["slug"]: task for task in playbook["tasks"]}
    checked = 0
    for slug in ("t-poc-dossier", "t-source-inventory", "t-baseline"):
        due = on_or_after(START + dt.timedelta(days=tasks[slug]["due_day"] - 1))
        owner = people[tasks[slug]["owner"]]
        days = [
            letter["at"].date()
            for letter in idle
            if letter["to"] == owner and any(item["slug"] == slug for item in letter["items"])
        ]
        wanted = [shifted(due, -5), shifted(due, -1), due, *(shifted(due, n) for n in (1, 3, 5, 7, 9))]
        assert days == [day for day in wanted if day >= START]
        checked += 1
    assert checked == 3


def test_the_ladder_of_an_item_is_owner_deputy_manager_sponsor(idle, playbook):
    task = next(t for t in playbook["tasks"] if t["slug"] == "t-poc-dossier")
    due = on_or_after(START + dt.timedelta(days=task["due_day"] - 1))
    first = [
        (letter["to"], letter["at"].date())
        for letter in idle
        for item in letter["items"]
        if item["slug"] == "t-poc-dossier" and letter["to"] != "priya.raman@example.com"
    ]
    assert first == [
        ("sven.koch@example.com", shifted(due, 3)),
        (MANAGER, shifted(due, 5)),
        (SPONSOR, shifted(due, 7)),
    ]


def test_a_vacant_area_is_told_again_and_again(idle):
    days = [letter["at"].date() for letter in idle if letter["to"] == SPONSOR and "area-vacant" in letter["rules"]]
    launched = START - dt.timedelta(days=1)
    assert days == [shifted(launched, 2 + 3 * n) for n in range(len(days))]
    assert len(days) > 15


def test_steady_work_is_never_overdue_and_every_gate_is_decided(steady, idle):
    rules = Counter(rule for letter in steady for rule in letter["rules"])
    assert rules["gate-overdue"] == rules["item-overdue"] == 0
    # Risks are looked at once a week, so a review may be late enough for the deputy; nothing of the plan ever is.
    climbed = {item["kind"] for letter in steady for item in letter["items"] if item["rule"] == "escalation"}
    assert climbed <= {"risk", "governance"}
    assert min(rules["gate-ahead"], rules["item-due"], rules["checkpoint-ahead"]) > 0
    assert len(steady) < len(idle)
