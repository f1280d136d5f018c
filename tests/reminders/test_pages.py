"""The pages: who may open them, what they say, and a fixed number of queries for any number of rows."""

import datetime as dt
import re

import pytest

from activity.enums import Verb
from activity.models import Entry
from core import clock
from ownership.enums import Seat
from ownership.services import nominate
from programs.models import Role
from reminders.defaults import default_rules
from reminders.enums import State
from reminders.models import Delivery, EngineState, MailboxMessage
from reminders.selectors import load_facts, load_rules
from reminders.selectors.preview import ahead, my_preview
from reminders.services import copy_default_rules, tick
from reminders.views.program import in_sight
from tests import factories
from tests.factories import sign_in

PAGE = "/programs/claims/reminders/"


@pytest.fixture
def boss(db):
    return factories.user("boss", is_administrator=True)


@pytest.mark.parametrize(("who", "status"), [("anonymous", 302), ("stranger", 404), ("owner", 200), ("manager", 200)])
def test_program_reminders_are_for_its_people(built, at, who, status):
    at("2026-01-20 10:00")
    people = {"anonymous": None, "owner": built.owner, "manager": built.manager}
    person = factories.user("stranger") if who == "stranger" else people[who]
    assert sign_in(person).get(PAGE).status_code == status


def test_rule_8_the_preview_names_day_person_hour_and_reason(built, at):
    at("2026-01-20 10:00")
    client = sign_in(built.manager)
    page = client.get(PAGE).content.decode()
    for words in ("if nothing changes and nobody does anything", "Fri 23 Jan", "Mia.Claims", "08:00 Due Mon 26 Jan"):
        assert words in page
    assert "No reminder has been planned yet" in page
    assert "Owner (Model owner)" not in page
    mail = {"on": "2026-01-23", "to": built.owner.pk}
    opened = client.get(PAGE, mail).content.decode()
    part = client.get(PAGE, mail, headers={"HX-Request": "true"}).content.decode()
    for words in ("Mia.Claims, Fri 23 Jan, 08:00", "Europe/Berlin", "Due Mon 26 Jan", "Owner (Model owner)"):
        assert words in opened
        assert words in part
    assert "Ledger" in opened
    assert "Ledger" not in part
    gone = client.get(PAGE, {"on": "2026-01-23", "to": 0}, headers={"HX-Request": "true"}).content.decode()
    assert "not planned any more" in gone


def test_rule_8_the_preview_is_narrowed_to_one_person_and_one_rule(built, at):
    at("2026-01-20 10:00")
    client = sign_in(built.manager)
    mails = re.compile(r'<button class="linkbtn" name="to" value="(\d+)">')
    everybody = set(mails.findall(client.get(PAGE).content.decode()))
    assert {str(built.owner.pk), str(built.manager.pk)} < everybody
    hers = client.get(PAGE, {"who": built.owner.pk}).content.decode()
    assert set(mails.findall(hers)) == {str(built.owner.pk)}
    gates = client.get(PAGE, {"what": "gate-ahead"}, headers={"HX-Request": "true", "HX-Target": "section#preview"})
    assert "Gate in" in gates.content.decode()
    assert "Due " not in gates.content.decode()
    none = client.get(PAGE, {"who": built.sponsor.pk, "what": "item-due"}).content.decode()
    assert "Nothing of this kind is mailed" in none


def next_days(program):
    """What the page shows to whoever asks for the month."""
    return ahead(load_facts(program), load_rules(program.pk), clock.now(), days=30)


def days_shown(response):
    return [day["key"] for day in (*response.context["soon"], *response.context["later"])]


def test_rule_8_the_preview_reaches_a_week_and_a_month_when_asked_for(built, at):
    at("2026-01-20 10:00")
    client = sign_in(built.manager)
    month = [day.on.isoformat() for day in next_days(built.program)]
    week = [day for day in month if day <= "2026-01-27"]
    page = client.get(PAGE)
    assert 0 < len(week) < len(month)
    assert days_shown(page) == week
    assert "The next 7 days" in page.content.decode()
    assert 'name="ahead" value="30">Look 30 days ahead' in page.content.decode()
    assert '<a class="btn small" href="#ledger">Ledger</a>' in page.content.decode()
    longer = client.get(PAGE, {"ahead": "30"})
    assert days_shown(longer) == month
    assert 'name="ahead" value="">Only the next 7 days' in longer.content.decode()
    assert days_shown(client.get(f"{PAGE}?ahead=30&ahead=")) == week
    assert client.get(PAGE, {"ahead": "9999"}).context["span"] == 7
    # Whoever narrows it asks for the month as well, and a mail of its last day opens wherever it is asked for.
    assert client.get(PAGE, {"who": built.owner.pk}).context["span"] == 30
    last = longer.context["later"][-1] if longer.context["later"] else longer.context["soon"][-1]
    mail = {"on": last["key"], "to": last["mails"][0][0]}
    part = client.get(PAGE, mail, headers={"HX-Request": "true"})
    assert part.context["opened"] == client.get(PAGE, mail).context["opened"]
    assert part.context["opened"]["key"] == last["key"]
    for odd in ({"on": "9999-12-31", "to": "9" * 5000}, {"on": "soon", "to": "x"}):
        assert client.get(PAGE, odd, headers={"HX-Request": "true"}).context["opened"] is None


def test_the_first_days_are_in_sight_as_long_as_their_mails_fit():
    days = [{"mails": [None] * mails} for mails in (20, 4, 1, 1)]
    assert in_sight(days) == 2
    assert in_sight([{"mails": [None] * 99}, {"mails": [None]}]) == 1
    assert in_sight(days[1:]) == 3
    assert in_sight([]) == 0


def test_rule_8_what_stayed_in_the_mailbox_is_said_in_words(built, at):
    at("2026-01-22 10:00")
    tick()
    at("2026-01-23 08:00")
    tick()
    client = sign_in(built.manager)
    page = client.get(PAGE + "?state=sent")
    sent = page.context["entries"][0]["row"].pk
    for text in (page.content.decode(), client.get(f"{PAGE}{sent}/").content.decode()):
        assert "Kept in the application&#x27;s mailbox" in text
        assert "kept by the application" not in text


def test_rule_8_the_ledger_shows_what_the_server_said_and_why_not(built, at, sink):
    at("2026-01-22 10:00")
    tick()
    at("2026-01-23 08:00")
    tick()
    at("2026-01-24 10:00")
    tick()
    client = sign_in(built.manager)
    sent = client.get(PAGE + "?state=sent").content.decode()
    assert "The server said: 250 kept" in sent
    waiting = client.get(PAGE + "?state=queued").content.decode()
    assert "The server said" not in waiting
    assert client.get(PAGE + "?state=nonsense").status_code == 200


def test_the_page_asks_as_often_with_one_row_as_with_three(built, at, django_assert_num_queries):
    at("2026-01-22 10:00")
    tick()
    first = Delivery.objects.first()
    client = sign_in(built.manager)
    client.get(PAGE)
    keep = [first.pk]
    for number in range(2):
        first.pk, first.key = None, f"copy{number}"
        first.save()
        keep.append(first.pk)
    Delivery.objects.exclude(pk=keep[0]).update(state=State.CANCELLED)
    Delivery.objects.exclude(pk__in=keep).delete()
    with django_assert_num_queries(11):
        client.get(PAGE + "?state=cancelled")
    Delivery.objects.filter(pk__in=keep[1:2]).delete()
    with django_assert_num_queries(11):
        client.get(PAGE + "?state=cancelled")


def test_rule_8_my_own_days_come_from_all_programs_with_the_same_queries(built, at, django_assert_num_queries):
    at("2026-01-20 10:00")
    owner, mine = built.owner, "/reminders/mine/"
    client = sign_in(owner)
    client.get(mine)
    with django_assert_num_queries(9):
        page = client.get(mine)
    alone = next_days(built.program)
    hers = {(day.on, m.intents) for day in alone for m in day.mails if m.user_id == owner.pk}
    found = my_preview(owner, clock.now())
    assert {(day.on, share.intents) for day in found for share in day.shares} == hers
    assert "Owner (Model owner)" in page.content.decode()
    for slug in ("beta", "gamma"):
        other = factories.program(slug, start_date=built.program.start_date)
        copy_default_rules(other.program)
        # In one she is asked to take a role, in the other she has it: only that one is open to her.
        role = other.roles["monitoring-owner"]
        if slug == "beta":
            nominate(actor=other.manager, role=role, person=owner, seat=Seat.OWNER)
        else:
            Role.objects.filter(program=other.program, slug="model-owner").update(holder=owner)
    factories.program("of-others")
    with django_assert_num_queries(9):
        page = client.get(mine).content.decode()
    assert 'href="/programs/gamma/reminders/"' in page
    assert "Beta" in page
    assert "/programs/beta/" not in page
    assert "Of others" not in page
    month = client.get(mine, {"ahead": "30"}).content.decode()
    assert ("The next 7 days" in page, "The next 30 days" in month) == (True, True)
    assert month.count("<time") > page.count("<time") > 0
    assert "You will not be mailed" in sign_in(factories.user("stranger")).get(mine).content.decode()


@pytest.mark.parametrize(("who", "status"), [(None, 302), ("member", 403), ("boss", 200)])
def test_operations_are_for_administrators(db, boss, who, status):
    person = {"boss": boss, "member": factories.user("member") if who == "member" else None}.get(who)
    client = sign_in(person)
    assert client.get("/operations/").status_code == status
    if status == 403:
        assert "Only an administrator" in client.get("/operations/").content.decode()
        assert client.post("/operations/pause/").status_code == 403


def test_operations_pause_and_resume(boss):
    client = sign_in(boss)
    assert client.get("/operations/pause/").status_code == 405
    client.post("/operations/pause/")
    assert EngineState.objects.get().paused
    client.post("/operations/pause/")
    assert Entry.objects.filter(verb=Verb.ENGINE_PAUSED, actor_id=boss.pk).count() == 1  # twice is once
    text = client.get("/operations/").content.decode()
    assert f"The engine is paused. {boss} paused it" in text
    client.post("/operations/resume/")
    assert not EngineState.objects.get().paused


def test_a_pause_is_said_at_once_to_everybody_it_concerns_and_no_longer_than_it_lasts(built, at, boss):
    at("2026-01-20 10:00")
    copy_default_rules(built.program)
    line, own = "an administrator has paused the engine, since Tue 20 Jan", "/reminders/mine/"
    asked = [(boss, "/"), (built.manager, PAGE), (built.owner, PAGE), (built.owner, own), (built.owner, "/profile/")]

    def said():
        return [sign_in(person).get(path).content.decode().count(line) for person, path in asked]

    assert said() == [0, 0, 0, 0, 0]
    client = sign_in(boss)
    text = client.post("/operations/pause/", follow=True).content.decode()
    assert (text.count(line), 'class="banner a"' in text) == (0, False)  # the page itself says it, once, with who
    assert said() == [1, 1, 1, 1, 0]
    client.post("/operations/resume/")
    assert said() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(("act", "state"), [("release", State.QUEUED), ("discard", State.EXPIRED)])
def test_p13_held_reminders_are_released_or_discarded_by_hand(built, at, boss, act, state):
    at("2026-01-22 10:00")
    tick()
    Delivery.objects.update(state=State.HELD)
    client = sign_in(boss)
    assert "too many at once" in client.get("/operations/").content.decode()
    client.post(f"/operations/held/{built.program.pk}/{act}/")
    assert {row.state for row in Delivery.objects.all()} == {state}


def test_the_mailbox_shows_people_their_own_mail_and_administrators_all(built, at, boss, settings):
    settings.EMAIL_BACKEND = "reminders.backends.MailboxBackend"
    at("2026-01-27 08:00")
    assert tick().sent > 1
    owner = sign_in(built.owner)
    mine = MailboxMessage.objects.get(recipient=built.owner.email)
    other = MailboxMessage.objects.exclude(recipient=built.owner.email).first()
    page = owner.get("/mailbox/").content.decode()
    assert mine.subject in page
    assert other.recipient not in page
    assert owner.get(f"/mailbox/{other.pk}/").status_code == 404
    assert owner.get(f"/mailbox/{other.pk}/file/").status_code == 404
    assert other.recipient in sign_in(boss).get("/mailbox/").content.decode()
    text = owner.get(f"/mailbox/{mine.pk}/").content.decode()
    assert "Do the train" in text
    assert "program time Europe/Berlin" in text
    file = owner.get(f"/mailbox/{mine.pk}/file/")
    assert file["Content-Disposition"].startswith("attachment")
    assert sign_in().get("/mailbox/").status_code == 302


def test_the_mailbox_asks_as_often_for_one_as_for_three(built, django_assert_num_queries):
    client = sign_in(built.owner)
    client.get("/mailbox/")

    def keep(count):
        for number in range(count):
            MailboxMessage.objects.create(
                recipient=built.owner.email, sender="a@b", subject=f"s{number}", raw=b"x", received_at=clock.now()
            )

    keep(1)
    with django_assert_num_queries(4):
        client.get("/mailbox/")
    keep(2)
    with django_assert_num_queries(4):
        client.get("/mailbox/")


def test_p23_healthz_and_readyz_need_no_sign_in(db):
    client = sign_in()
    assert client.get("/healthz").content == b"ok\n"
    never = client.get("/readyz")
    assert (never.status_code, never.json()["problem"]) == (503, "The engine has never run.")


def test_p23_readyz_turns_red_after_three_missed_ticks(built, at):
    now = at("2026-01-22 10:00")
    tick()
    client = sign_in()
    assert client.get("/readyz").json() == {"ready": True, "problem": ""}
    clock.move(now + dt.timedelta(seconds=91), speed=0)
    silent = client.get("/readyz")
    assert (silent.status_code, silent.json()["problem"]) == (503, "The engine has been silent for 91 seconds.")


def test_launching_gives_a_program_its_own_rules_once(built):
    copy_default_rules(built.program)
    assert built.program.reminder_rules.count() == len(default_rules())
