"""Wishes at work: the page, the engine that obeys them, single mails, my week, and one-click unsubscribe (P12)."""

import html
import re

import pytest
from django.core.cache import cache
from django.test import Client

from activity.models import Entry
from phases import services as phases
from programs.enums import ProgramState
from programs.models import Role
from reminders.domain.preferences import Preferences
from reminders.enums import Choice, RuleSlug, State, Style
from reminders.models import Delivery, Mail, Preference, ProgramPlan
from reminders.selectors.preferences import as_value, wish_of
from reminders.services import copy_default_rules, tick
from reminders.services.preferences import change_preferences
from reminders.services.unsubscribing import key_for
from tests import factories
from tests.factories import sign_in
from tests.reminders.quiet import without_updates
from updates.enums import ByMail
from updates.services import subscribe

PAGE = "/profile/reminders/"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
EVE = "2026-01-22 10:00"
DAY_BEFORE = "2026-01-23 08:00"  # task `train` is due on Mon 26 Jan, `accuracy` five working days later


def wish(user, **wanted):
    change_preferences(actor=user, user=user, wanted=Preferences(**wanted), version=wish_of(user).version)


def form(user, **changed):
    rules = {f"rule_{slug}": "all" for slug in ("gate-ahead", "checkpoint-ahead", "item-due", "expiry", "hold-review")}
    more = {f"rule_{slug}": "all" for slug in ("risk-review", "governance-ahead", "update-due", "update-published")}
    return {"version": wish_of(user).version, "style": "digest", **rules, **more, **changed}


def test_what_was_planned_before_the_wish_is_cancelled_with_the_reason(built, at, sink):
    at(EVE)
    tick()
    mia = built.owner
    waiting = Delivery.objects.filter(user=mia, rule="item-due", state=State.QUEUED)
    assert waiting.count() == 2
    wish(mia, choices={RuleSlug.ITEM_DUE: Choice.LAST})
    assert ProgramPlan.objects.get(program=built.program).dirty
    tick()
    gone = Delivery.objects.get(user=mia, rule="item-due", occurrence="T-5")
    assert (gone.state, gone.reason) == (State.CANCELLED, "Mia.Claims wants only the last one of these")
    assert [row.occurrence for row in waiting.all()] == ["T-1"]
    # The wish comes too late for the planner: the last look before sending obeys it all the same.
    Preference.objects.update(by_rule={"item-due": "none"})
    at(DAY_BEFORE)
    tick()
    assert sink.mails == []
    assert Delivery.objects.get(rule="item-due", occurrence="T-1").reason == "Mia.Claims wants none of these"
    wish(mia)
    tick()
    assert len(sink.mails) == 1  # it makes sense still, so it comes back


def test_single_mails_have_their_own_subjects_at_the_same_hour(built, at, sink):
    wish(built.owner, style=Style.SINGLE)
    at(EVE)
    tick()
    at("2026-01-23 07:59")
    tick()
    assert sink.mails == []
    at(DAY_BEFORE)
    tick()
    tick()
    both = ["Due Mon 26 Jan: Do the train", "Due in 5 working days: The accuracy is shown on a held-out sample."]
    assert sorted(sink.subjects) == both
    assert len({mail["Message-ID"] for mail in sink.mails}) == 2


def test_my_week_is_one_mail_over_all_programs_and_holds_what_is_open_when_it_leaves(built, at, sink):
    other = factories.program("fraud", start_date=built.program.start_date)
    Role.objects.filter(program=other.program, slug="model-owner").update(holder=built.owner)
    copy_default_rules(other.program)
    without_updates(other.program)
    wish(built.owner, week=True, choices={RuleSlug.ITEM_DUE: Choice.NONE})
    at("2026-01-24 10:00")
    tick()
    phases.complete_task(actor=built.owner, task=built.tasks["train"])
    at("2026-01-26 08:00")
    tick()
    tick()
    mine = [mail for mail in sink.mails if mail["To"] == built.owner.email]
    assert [mail["Subject"] for mail in mine] == ["Your week: 1 thing due in Claims and 1 more"]
    assert Mail.objects.get(user=built.owner).key == f"week|u{built.owner.pk}|2026-W05"
    text = mine[0].get_body(("plain",)).get_content()
    assert text.count("The accuracy is shown") == 2
    assert text.count("Do the train") == 1  # done in one program, open in the other
    assert "/work/" in text
    at("2026-01-27 08:00")
    tick()
    assert len([text for text in sink.subjects if text.startswith("Your week")]) == 1


def headers(sink):
    """The unsubscribe address and its twin header of the newest mail."""
    mail = sink.mails[-1]
    return mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]


@pytest.fixture
def key(built, at, sink) -> str:
    """The path of the address in a mail to Mia about work that is due."""
    at(EVE)
    tick()
    at(DAY_BEFORE)
    tick()
    address, twin = headers(sink)
    assert twin == "List-Unsubscribe=One-Click"
    assert len(address) - 2 <= 60
    return re.fullmatch(r"<https?://[^/]+(/u/[^>/]+)>", address).group(1)


def test_p12_one_click_stops_optional_mail_at_once_signed_out_and_again_changes_nothing(built, at, sink, key):
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(key, ONE_CLICK)
    assert answer.status_code == 200
    assert not answer.cookies
    assert as_value(Preference.objects.get(user=built.owner)).choices == {RuleSlug.ITEM_DUE: Choice.NONE}
    page = answer.content.decode()
    assert "Done: these stop now" in page
    assert "A gate without a decision holds up everybody" in page
    entries = Entry.objects.filter(verb="reminder.preferences_changed")
    assert stranger.post(key, ONE_CLICK).status_code == 200
    assert entries.count() == 1
    at("2026-01-26 08:00")
    tick()
    assert len(sink.mails) == 1  # "Due today" of the task does not come any more
    Delivery.objects.filter(user=built.owner).exclude(state=State.SENT).delete()
    for day in ("2026-01-27 08:00", "2026-01-29 08:00"):
        at(day)
        tick()
    mine = [mail for mail in sink.mails if mail["To"] == built.owner.email][1:]
    # What is late always comes; on the first day with a gate ahead, which may be made fewer, then without anything.
    assert [mail["Subject"][:24] for mail in mine] == ["Overdue by 1 working day", "Overdue by 3 working day"]
    assert [bool(mail["List-Unsubscribe"]) for mail in mine] == [True, False]
    assert mine[1]["List-Unsubscribe-Post"] is None


def test_p12_scanners_change_nothing(built, key):
    client = Client(enforce_csrf_checks=True)
    page = client.get(key)
    assert (page.status_code, client.head(key).status_code) == (200, 200)
    assert page["X-Robots-Tag"].startswith("noindex")
    for words in ("Stop these reminders?", "Work due", "What still comes, and why", "Ladder"):
        assert words in page.content.decode()
    bodies = ({}, {"List-Unsubscribe": "yes"}, {"list-unsubscribe": "One-Click"}, {"one": "click"})
    assert [client.post(key, body).status_code for body in bodies] == [422] * 4
    assert client.post(key, "List-Unsubscribe=One-Click", content_type="text/plain").status_code == 422
    assert [getattr(client, verb)(key).status_code for verb in ("put", "delete", "options")] == [405] * 3
    assert not Preference.objects.exists()


def test_p12_forged_truncated_and_other_peoples_keys_get_one_answer(built, key):
    client = sign_in(built.owner)
    user, bits, mac = key.removeprefix("/u/").split(".")
    other = key_for(built.manager.pk, [RuleSlug.GATE_AHEAD]).split(".")
    built.people["max"].is_active = False
    built.people["max"].save()
    wrong = [
        f"{other[0]}.{bits}.{mac}",  # another person's name under my hash
        f"{user}.{other[1]}.{mac}",  # other kinds under my hash
        f"{user}.{bits}.{other[2]}",
        f"{user}.{bits}.{mac[:-1]}",
        f"{user}.{bits}.{mac}x",
        f"{user}.{bits}",
        "", "x", "..", "é.ü.ß", "1.1." + "a" * 5000,
        key_for(built.people["max"].pk, [RuleSlug.ITEM_DUE]),  # right, but the account is closed
    ]  # fmt: skip
    answers = [client.post(f"/u/{text}", ONE_CLICK) for text in wrong if text]
    answers += [Client().get(f"/u/{text}") for text in wrong if text]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert not Preference.objects.exists()


def test_p12_news_stop_everywhere_until_somebody_asks_for_them_again(built, at, sink):
    ivy = built.verifier
    subscribe(actor=ivy, program=built.program, by_mail=ByMail.AT_ONCE)
    assert Client().post(f"/u/{key_for(ivy.pk, [RuleSlug.UPDATE_PUBLISHED, RuleSlug.MY_WEEK])}", ONE_CLICK)
    assert as_value(wish_of(ivy)).choice(RuleSlug.UPDATE_PUBLISHED) is Choice.NONE
    subscribe(actor=ivy, program=built.program, by_mail=ByMail.DIGEST)
    assert as_value(wish_of(ivy)).choice(RuleSlug.UPDATE_PUBLISHED) is Choice.ALL


def test_the_page_saves_keeps_to_the_bounds_and_shows_who_stands_in(built, at, django_assert_num_queries):
    at("2026-01-20 10:00")
    mia = built.owner
    client = sign_in(mia)
    page = client.get(PAGE).content.decode()
    for words in ("What always comes", "Max.Claims</b> for Model owner", "Ladder", "silence is no answer"):
        assert words in page
    cache.clear()  # the number beside "My work" is kept for a minute
    with django_assert_num_queries(6):
        client.get(PAGE)
    Role.objects.filter(program=built.program, slug__in=["sponsor", "independent-reviewer"]).update(holder=mia)
    cache.clear()
    with django_assert_num_queries(6):
        assert "No deputy is named" in client.get(PAGE).content.decode()
    bad = client.post(PAGE, form(mia, quiet=["0", "1", "2", "3", "4"]))
    assert bad.status_code == 422
    assert "Choose at most 4 days" in bad.content.decode()
    never = client.post(PAGE, form(mia, **{"rule_gate-ahead": "none"}))
    assert never.status_code == 422
    assert "The last one before the gate and the one on its day always come" in never.content.decode()
    sent = form(mia, quiet=["4"], style="single", week="on", **{"rule_item-due": "last"})
    assert client.post(PAGE, sent).status_code == 302
    assert as_value(wish_of(mia)) == Preferences(frozenset({4}), Style.SINGLE, True, {RuleSlug.ITEM_DUE: Choice.LAST})
    assert client.post(PAGE, sent).status_code == 302  # pressed twice is once
    assert Entry.objects.filter(verb="reminder.preferences_changed").count() == 1
    lost = client.post(PAGE, sent | {"quiet": ["3"], "rule_item-due": "none"})
    assert lost.status_code == 409
    # Both sides in the words of the page, and what changed it, which may be a click in a mail of last week.
    page = html.unescape(lost.content.decode())
    assert "in another window or by the link in a mail" in page
    kept = "a mail of its own for each reminder; my week; quiet on Friday; Work due: only the last one"
    assert f"<p>{kept}</p>" in page
    assert f"<p>{kept.replace('Friday', 'Thursday').replace('only the last one', 'none')}</p>" in page
    built.program.state = ProgramState.STOPPED
    built.program.save()
    assert "You hold no role in a running program" in client.get(PAGE).content.decode()
