"""Whoever is asked is reminded after two working days, then every third, until they answer (reminders.md)."""

import datetime as dt
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from django.core import mail

from accounts.services import add_absence
from core import clock
from ownership.enums import Seat
from ownership.services import accept, accepting
from reminders.domain.facts import NominationFacts
from reminders.domain.planner import plan
from reminders.enums import Part
from reminders.models import Delivery
from reminders.services.rules import copy_default_rules
from reminders.services.ticking import tick
from tests import factories
from tests.factories import sign_in
from tests.ownership.world import DAY_24, TODAY, WORDS, World
from tests.reminders.facts import DEPUTY, KEEPER, MANAGER, OWNER, RULES, SPONSOR, area, program

ASKED = dt.date(2026, 10, 12)  # a Monday
NOMINATION = NominationFacts(5, "model-owner", "Model owner", DEPUTY, ASKED)
FROM, TO = dt.datetime(2026, 10, 12, tzinfo=dt.UTC), dt.datetime(2026, 10, 24, tzinfo=dt.UTC)


def mails(**more) -> list:
    facts = replace(program(**more), nominations=(NOMINATION,))
    return [intent for intent in plan(facts, RULES, FROM, TO) if intent.rule == "ownership-waiting"]


def test_the_nominee_is_asked_after_two_then_every_three_working_days() -> None:
    found = mails()
    assert [intent.planned_on for intent in found] == [
        dt.date(2026, 10, 14),
        dt.date(2026, 10, 19),
        dt.date(2026, 10, 22),
    ]
    assert {(intent.user_id, intent.part) for intent in found} == {(DEPUTY, Part.NOMINEE)}


def test_an_inactive_program_and_a_closed_account_ask_nobody() -> None:
    assert mails(active=False) == []
    gone = replace(program().people[DEPUTY], active=False)
    assert mails(people={DEPUTY: gone}) == []


@pytest.mark.parametrize(
    ("seat_of", "role", "told"),
    [
        (DEPUTY, "model-owner", True),  # sits there, and said nothing
        (KEEPER, "model-owner", False),  # a handover: the owner who accepted stays until then
        (DEPUTY, "monitoring-owner", False),  # nobody sits there: the vacant area is told already
        (OWNER, "finance-partner", False),  # no area
    ],
)
def test_an_area_whose_people_have_not_accepted_is_told_to_manager_and_sponsor(
    seat_of: int, role: str, told: bool
) -> None:
    asked = replace(NOMINATION, person=seat_of, role=role)
    facts = replace(program(areas=[area("model-owner"), area("monitoring-owner")]), nominations=(asked,))
    found = [intent for intent in plan(facts, RULES, FROM, TO) if intent.rule == "area-unaccepted"]
    days = {dt.date(2026, 10, 14), dt.date(2026, 10, 19), dt.date(2026, 10, 22)}
    people = {(MANAGER, Part.MANAGER), (SPONSOR, Part.SPONSOR)}
    assert {(i.planned_on, i.user_id, i.part) for i in found} == {(d, *p) for d in days for p in people if told}


def test_a_manager_who_has_not_accepted_is_asked_and_not_told() -> None:
    asked = replace(NOMINATION, person=MANAGER, role="program-manager")
    facts = replace(program(areas=[area("program-manager")]), nominations=(asked,))
    found = [intent for intent in plan(facts, RULES, FROM, TO) if intent.user_id == MANAGER]
    assert {intent.rule for intent in found} == {"ownership-waiting"}


def test_manager_and_sponsor_read_who_has_to_answer_and_nothing_after_the_answer(w: World) -> None:
    copy_default_rules(w.program)
    w.ask("mia", slug="model-owner")
    with clock.frozen(DAY_24 + dt.timedelta(days=2)):
        tick(), tick()
    told = Delivery.objects.filter(rule="area-unaccepted").select_related("user")
    assert {row.user for row in told} == {w.person("pat"), w.person("sam")}
    (sent,) = [message for message in mail.outbox if message.to == [w.person("sam").email]]
    assert "Named but not accepted since Wed 28 Jan" in " ".join(sent.raw.decode().replace("=\r\n", "").split())
    accept(actor=w.person("mia"), role=w.role("model-owner"), seat=Seat.OWNER, words=WORDS)
    with clock.frozen(DAY_24 + dt.timedelta(days=7)):
        tick(), tick()
    assert not Delivery.objects.filter(rule="area-unaccepted", state="queued").exists()
    assert set(told.values_list("planned_on", flat=True)) == {(DAY_24 + dt.timedelta(days=2)).date()}


@pytest.fixture
def waiting(w: World) -> World:
    """Nina, who has no other part here, was asked; the first reminder is due on the second working day."""
    copy_default_rules(w.program)
    w.built.people["nina"] = factories.user("nina")
    w.ask("nina", slug="monitoring-owner")
    return w


def to_nina(w: World) -> list[str]:
    return [" ".join(message.subject.split()) for message in mail.outbox if message.to == [w.person("nina").email]]


def test_the_mail_opens_the_page_with_the_button(waiting: World) -> None:
    with clock.frozen(DAY_24 + dt.timedelta(days=2)):
        tick(), tick()
    assert to_nina(waiting) == ["Your acceptance is wanted since Wed 28 Jan: Monitoring and operations owner"]
    sent = next(message for message in mail.outbox if message.to == [waiting.person("nina").email])
    assert "/programs/claims/ownership/roles/monitoring-owner/" in sent.raw.decode().replace("=\r\n", "")


def test_rule_8_why_and_the_answer_open_for_somebody_who_has_no_part_in_the_program_yet(waiting: World) -> None:
    """Why did I get this, and the link to put it off (issue 6: also for people who are signed out)."""
    nina, program = waiting.person("nina"), waiting.program
    with clock.frozen(DAY_24 + dt.timedelta(days=2)):
        tick(), tick()
        sent = next(message for message in mail.outbox if message.to == [nina.email])
        part = cast(EmailMessage, message_from_bytes(sent.raw, policy=policy.default)).get_body(("plain",))
        assert part is not None
        paths = re.findall(r"https?://[^/\s]+(/(?:r|programs)/\S*)", part.get_content())
        opened = {path: sign_in(nina).get(path) for path in paths}
        row = Delivery.objects.get(user=nina, state="sent")
        why = opened[f"/programs/{program.slug}/reminders/{row.pk}/"]
        later = next(page for path, page in opened.items() if path.startswith("/r/"))
        assert {page.status_code for page in (why, later)} == {200}
        shown = why.content.decode()
        assert "Acceptance wanted" in shown
        assert f'href="/programs/{program.slug}/' not in shown.split("<main")[1].split("Same rule")[0]
        stranger = factories.user("stranger")
        assert sign_in(stranger).get(f"/programs/{program.slug}/reminders/{row.pk}/").status_code == 404
        others = Delivery.objects.filter(program=program).exclude(user=nina).first()
        assert others is not None
        assert sign_in(nina).get(f"/programs/{program.slug}/reminders/{others.pk}/").status_code == 404


def test_p8_somebody_who_is_away_for_a_year_holds_up_nobody(waiting: World) -> None:
    with clock.frozen(DAY_24):
        tick()
        nina = waiting.person("nina")  # nobody stands in for a nominee
        add_absence(actor=nina, user=nina, start=TODAY + dt.timedelta(days=2), end=TODAY + dt.timedelta(days=367))
    with clock.frozen(DAY_24 + dt.timedelta(days=2)):
        assert tick().sent
    assert to_nina(waiting) == []
    assert Delivery.objects.get(user=nina).state == "expired"


def test_after_the_answer_nothing_leaves(waiting: World) -> None:
    with clock.frozen(DAY_24 + dt.timedelta(days=1)):
        tick()
        accept(actor=waiting.person("nina"), role=waiting.role("monitoring-owner"), seat=Seat.OWNER, words=WORDS)
    with clock.frozen(DAY_24 + dt.timedelta(days=2)):
        tick()
    assert to_nina(waiting) == []
    assert not Delivery.objects.filter(rule="ownership-waiting", state="queued").exists()


def test_a_tick_hands_over_on_the_agreed_day(waiting: World) -> None:
    waiting.settle()
    later = TODAY + dt.timedelta(days=5)
    waiting.ask("sam", effective_from=later)
    accept(actor=waiting.person("sam"), role=waiting.role(), seat=Seat.OWNER, words=WORDS)
    with clock.frozen(DAY_24 + dt.timedelta(days=4)):
        tick()
        assert waiting.role().holder == waiting.person("mia")
    with clock.frozen(DAY_24 + dt.timedelta(days=5)):
        tick()
    assert waiting.role().holder == waiting.person("sam")


def test_p8_a_seat_that_cannot_be_taken_holds_up_no_mail(waiting: World, monkeypatch: pytest.MonkeyPatch) -> None:
    later = TODAY + dt.timedelta(days=2)
    waiting.ask("sam", effective_from=later)
    accept(actor=waiting.person("sam"), role=waiting.role(), seat=Seat.OWNER, words=WORDS, effective_from=later)
    monkeypatch.setattr(accepting, "take", lambda *_: 1 / 0)
    with clock.frozen(DAY_24 + dt.timedelta(days=2)):
        tick(), tick()
    assert to_nina(waiting) != []
    monkeypatch.undo()
    with clock.frozen(DAY_24 + dt.timedelta(days=2, minutes=1)):
        tick()
    assert waiting.role().holder == waiting.person("sam")
