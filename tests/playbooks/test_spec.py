"""A specification becomes typed data, or one message per fault with its place."""

import datetime as dt
from collections.abc import Callable

import pytest

from playbooks.domain.spec import LaunchSpec, parse_spec
from playbooks.selectors import known_playbooks
from tests.playbooks.conftest import EXAMPLES

Faults = Callable[[Callable[[], object]], list[str]]


def test_the_good_examples_are_read(claims: LaunchSpec) -> None:
    assert claims.program.start_date == dt.date(2026, 10, 12)
    assert claims.program.calendar.weekend == (5, 6)
    assert claims.program.calendar.extra_days_off == (dt.date(2026, 12, 24), dt.date(2026, 12, 31))
    assert str(claims.outcome.target if claims.outcome else "") == "5.0"
    assert claims.roles["monitoring-owner"].person is None
    assert len(claims.people) == 10
    small = parse_spec((EXAMPLES / "contract-search.yaml").read_bytes(), known_playbooks())
    assert (small.program.strategic_priority, small.outcome, len(small.roles)) == ("", None, 2)


def test_the_broken_example_names_every_fault_with_its_place(faults: Faults) -> None:
    found = faults(lambda: parse_spec((EXAMPLES / "broken.yaml").read_bytes(), known_playbooks()))
    answers = (
        "acts_without_person affects_people critical_service personal_data public_users regulated "
        "system_kind third_party trained_by_us"
    )
    assert [fault.split(":")[0] for fault in found] == [
        "program.name", "program.portfolio", "program.start_date", "program.time_zone", "program.calendar.country",
        *(f"program.profile.{answer}" for answer in answers.split(" ")),
        "people[0].email", "people[2].email", "roles.program-manager", "roles.sponsor.person", "roles.emperor",
    ]  # fmt: skip
    assert found[0] == "program.name: must not be empty (line 3)"
    assert found[2] == 'program.start_date: "2026-02-30" is not a real date (line 5)'
    assert 'people[2].email: "BOB@example.com" is already people[1] (line 12)' in found


def test_an_unknown_playbook_lists_the_known_ones(faults: Faults) -> None:
    found = faults(lambda: parse_spec((EXAMPLES / "unknown-playbook.yaml").read_bytes(), known_playbooks()))
    assert 'program.playbook: "no-such-playbook" is not a known playbook; known: poc-to-production-90 (line 2)' in found


SPOILED = [
    ("  name: Claims triage assistant\n", "  name: 2026\n",
     'program.name: must be text, not "2026" (put it in quotes) (line 3)'),
    ("  name: Claims triage assistant\n", f"  name: {'x' * 121}\n", "program.name: is longer than 120 characters"),
    ("  name: Claims triage assistant\n", '  name: "a\\nb"\n', "program.name: holds a control or"),
    ("  name: Claims triage assistant\n", '  name: "a\\u202Eb"\n', "program.name: holds a control or text-direction"),
    ("start_date: 2026-10-12", "start_date: 12.10.2026", "program.start_date: must be a date like 2026-10-12"),
    ("start_date: 2026-10-12", "start_date: 2026-10-12T08:00", "program.start_date: must be a date like 2026-10-12"),
    ("start_date: 2026-10-12", "start_date: 20261012", "program.start_date: must be a date like 2026-10-12"),
    ("start_date: 2026-10-12", "start_date: 1999-12-31",
     "program.start_date: must lie between 2000-01-01 and 2099-12-31, not 1999-12-31"),
    ("start_date: 2026-10-12", "start_date: 2100-01-01", "program.start_date: must lie between"),
    ("start_date: 2026-10-12", "start_date:", "program.start_date: must be a date like 2026-10-12, not nothing"),
    ("  time_zone: Europe/Berlin\n  calendar", "  time_zone: CEST+1\n  calendar", "program.time_zone: "),
    ("subdivision: BE", "subdivision: XY", 'program.calendar.subdivision: "XY" is not a part of DE'),
    ("weekend: [sat, sun]", "weekend: [sat, someday]", 'program.calendar.weekend[1]: "someday" is not a weekday'),
    ("weekend: [sat, sun]", "weekend: sat", 'program.calendar.weekend: must be a list, not "sat"'),
    ("weekend: [sat, sun]", "weekend: [mon, tue, wed, thu, fri, sat, sun]",
     "program.calendar.weekend: has more than 6 entries"),
    ("2026-12-24, 2026-12-31", "2026-12-24, 2026-13-31",
     'program.calendar.extra_days_off[1]: "2026-13-31" is not a real date'),
    ("affects_people: true", "affects_people: maybe",
     'program.profile.affects_people: must be true or false, not "maybe"'),
    ("    affects_people: true\n", "", "program.profile.affects_people: is missing"),
    ("system_kind: predictive", "system_kind: [agent]", "program.profile.system_kind: is a list; it must be"),
    ("    regulated: false\n", "    regulated: false\n    colour: red\n",
     "program.profile.colour: is not a known key here; known: acts_without_person, "),
    ("amount: 540000", "amount: -1", 'program.cost_ceiling.amount: must be 0 or more, not "-1"'),
    ("amount: 540000", "amount: much", 'program.cost_ceiling.amount: must be a number, not "much"'),
    ("currency: EUR", "currency: euro", "program.cost_ceiling.currency: "),
    ("  baseline: 8.1", "  baseline: eight", 'outcome.baseline: must be a number, not "eight"'),
    ("  target_date: 2027-03-31", "  target_date: soon", "outcome.target_date: must be a date like 2026-10-12"),
    ("email: ines.okafor@example.com, time", "email: ines okafor@example.com, time",
     'people[0].email: "ines okafor@example.com" is not an e-mail address'),
    ("- {name: Ines Okafor, email", "- {email", "people[0].name: is missing"),
    ("time_zone: Europe/Stockholm", "time_zone: Stockholm", 'people[1].time_zone: "Stockholm" is not a time zone'),
    ("- {name: Ines Okafor,", "- {name: Ines Okafor, reminder_hour: 24,",
     'people[0].reminder_hour: must be 23 or less, not "24"'),
    ("sponsor: {person: ines.okafor@example.com, deputy: karim.haddad@example.com}",
     "sponsor: {person: ines.okafor@example.com, deputy: INES.okafor@example.com}",
     "roles.sponsor.deputy: the deputy is the same person as the holder"),
    ("sponsor: {person: ines.okafor@example.com, deputy: karim.haddad@example.com}", "sponsor: {}",
     "roles.sponsor: is missing: a program cannot start without a person in this role"),
    ("sponsor: {person: ines.okafor@example.com, deputy: karim.haddad@example.com}", "sponsor: ines.okafor@example.com",
     "roles.sponsor: must hold keys and values"),
    ("business-owner: {person: jonas.weber@example.com}", "business-owner: {person: jo@example.com}",
     'roles.business-owner.person: "jo@example.com" is not listed under people'),
    ("business-owner: {person: jonas.weber@example.com}", "business-owner: {persons: jonas.weber@example.com}",
     "roles.business-owner.persons: is not a known key here; known: deputy, person"),
    ("people:\n", "peoples: []\npeople:\n", "peoples: is not a known key here; known: outcome, people, program, roles"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "said"), SPOILED)
def test_each_rule_is_told_at_its_place(claims_text: str, faults: Faults, good: str, bad: str, said: str) -> None:
    assert good in claims_text
    found = faults(lambda: parse_spec(claims_text.replace(good, bad, 1), known_playbooks()))
    assert [fault for fault in found if fault.startswith(said)], found


@pytest.mark.parametrize("missing", ["program", "people", "roles"])
def test_a_missing_section_is_a_fault_not_a_traceback(claims_text: str, faults: Faults, missing: str) -> None:
    found = faults(lambda: parse_spec(claims_text.replace(f"\n{missing}:", f"\nx{missing}:", 1), known_playbooks()))
    assert any(fault.startswith(f"x{missing}: is not a known key") for fault in found)


@pytest.mark.parametrize("junk", ["3", "[1]", "text", "true", "{a: 1}", ""])
@pytest.mark.parametrize("section", ["program", "people", "roles", "outcome"])
def test_a_section_of_the_wrong_kind_is_a_fault_not_a_traceback(faults: Faults, section: str, junk: str) -> None:
    assert faults(lambda: parse_spec(f"{section}: {junk}\n", known_playbooks()))


def test_yes_and_no_are_taken_as_answers(claims_text: str) -> None:
    spec = parse_spec(claims_text.replace("regulated: false", "regulated: yes"), known_playbooks())
    assert spec.program.profile.regulated is True


def test_norway_is_a_country(claims_text: str) -> None:
    text = claims_text.replace("{country: DE, subdivision: BE,", "{country: NO,")
    assert parse_spec(text, known_playbooks()).program.calendar.country == "NO"
