"""Sending a reminder again by hand: a row of its own that no rule takes for one of its steps (rule 8)."""

import datetime as dt

import pytest

from activity.enums import Verb
from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from reminders.domain import again
from reminders.domain.intents import delivery_key
from reminders.domain.left_out import OFF
from reminders.enums import State
from reminders.models import Delivery, Preference, ProgramPlan, Rule
from reminders.selectors.facts import load_facts
from reminders.selectors.told import told
from reminders.selectors.wishes import Wishes
from reminders.services import tick
from reminders.services.resending import send_again
from reminders.services.unsubscribing import unsubscribe_headers
from tests.factories import sign_in

FIRST = delivery_key("criterion", 7, "escalation", "program-manager", dt.date(2026, 1, 26), 3)


def test_the_key_of_a_resend_leads_back_to_the_first():
    second = again.again_key(FIRST, 2)
    assert second == f"{FIRST}|resend-2"
    assert again.again_key(second, 3) == f"{FIRST}|resend-3"
    assert again.first_key(second) == FIRST
    assert again.first_occurrence(second, "resend-2") == "program-manager"
    assert again.first_occurrence("anything", "T-5") == "T-5"
    assert len(again.every_key(FIRST)) == again.IN_ALL


@pytest.fixture
def overdue(built, at):
    """Mia's task is overdue and she was told, on Tuesday 27 January 2026 at 08:00."""
    at("2026-01-27 08:00")
    tick()
    return Delivery.objects.get(rule="item-overdue", state=State.SENT, user=built.owner, item_kind="task")


def test_rule_8_a_resend_leaves_at_once_as_a_row_of_its_own(built, overdue, at):
    at("2026-01-27 10:00")
    before = set(load_facts(built.program).past)
    made = send_again(actor=built.manager, delivery=overdue, number=1)
    assert (made.key, made.occurrence) == (f"{overdue.key}|resend-1", "resend-1")
    # The planner runs over it and neither cancels nor takes it for something that was sent.
    ProgramPlan.objects.update(dirty=True)
    tick()
    made.refresh_from_db()
    assert (made.state, made.mail.key) == (State.SENT, f"alone|{made.key}")
    assert set(load_facts(built.program).past) == before
    text = told(made, built.owner, may_read=True).text
    assert "Sent again by Pat.Claims. You get this because it is yours (Model owner)." in str(text)
    entry = Entry.objects.get(verb=Verb.REMINDER_RESENT)
    assert (entry.actor_id, entry.subject_id, entry.data["number"]) == (built.manager.pk, made.pk, 1)
    client = sign_in(built.manager)
    page = client.get("/programs/claims/reminders/").content.decode()
    assert "1 sent again by hand" in page
    assert "Sent again by Pat.Claims" in page
    assert "Sent again by Pat.Claims" in client.get(f"/programs/claims/reminders/{made.pk}/").content.decode()


def test_p16_a_form_sent_twice_is_one_reminder_and_a_second_person_is_told(built, overdue, at):
    at("2026-01-27 10:00")
    made = send_again(actor=built.manager, delivery=overdue, number=1)
    assert send_again(actor=built.manager, delivery=overdue, number=1) == made
    with pytest.raises(Conflict):
        send_again(actor=built.people["dee"], delivery=overdue, number=1)
    with pytest.raises(Invalid, match="on its way"):
        send_again(actor=built.manager, delivery=overdue, number=2)
    assert Entry.objects.filter(verb=Verb.REMINDER_RESENT).count() == 1


def test_rule_8_three_a_day_for_one_item(built, overdue, at):
    at("2026-01-27 10:00")
    for number in (1, 2, 3):
        made = send_again(actor=built.manager, delivery=overdue, number=number)
        tick()
        overdue = Delivery.objects.get(pk=made.pk)  # a resend can be sent again as well
    with pytest.raises(Invalid, match="3 times today"):
        send_again(actor=built.manager, delivery=overdue, number=4)
    at("2026-01-28 10:00")
    made = send_again(actor=built.manager, delivery=overdue, number=4)
    assert made.key == again.again_key(overdue.key, 4)


def test_rule_8_what_has_no_cause_any_more_is_not_sent_again(built, overdue, at):
    at("2026-01-27 10:00")
    with pytest.raises(NotAllowed, match="program manager"):
        send_again(actor=built.sponsor, delivery=overdue, number=1)
    Delivery.objects.update(state=State.CANCELLED)
    with pytest.raises(Invalid, match="sent or refused"):
        send_again(actor=built.manager, delivery=overdue, number=1)
    Delivery.objects.update(state=State.DEAD)  # a refused one may be sent again
    role = built.roles["model-owner"]
    role.holder = built.people["max"]
    role.deputy = None
    role.save()
    with pytest.raises(Invalid, match="no cause any more: Somebody else is asked now"):
        send_again(actor=built.manager, delivery=overdue, number=1)
    role.holder = built.owner
    role.save()
    task = built.tasks["train"]
    task.done_at = dt.datetime(2026, 1, 27, 8, tzinfo=dt.UTC)
    task.state = "done"
    task.save()
    with pytest.raises(Invalid, match="no cause any more: Done"):
        send_again(actor=built.manager, delivery=overdue, number=1)
    built.program.state = "paused"
    built.program.save()
    overdue.refresh_from_db()
    with pytest.raises(NotAllowed, match="paused"):
        send_again(actor=built.manager, delivery=overdue, number=1)
    assert not Delivery.objects.filter(occurrence__startswith="resend-").exists()


def test_rule_8_the_button_says_what_is_wrong(built, overdue, at):
    at("2026-01-27 10:00")
    client = sign_in(built.manager)
    page = f"/programs/claims/reminders/{overdue.pk}/"
    assert client.post(f"{page}resend/").status_code == 422
    assert 'name="number" value="1"' in client.get(page).content.decode()
    made = client.post(f"{page}resend/", {"number": 1}, follow=True)
    assert "On its way again to Mia.Claims" in made.content.decode()
    assert 'name="number" value="2"' in client.get(page).content.decode()
    assert client.post(f"{page}resend/", {"number": 2}).status_code == 422
    other = sign_in(built.people["dee"]).post(f"{page}resend/", {"number": 1})
    assert other.status_code == 409
    assert "Sent again by Pat.Claims" in other.content.decode()
    assert sign_in(built.owner).post(f"{page}resend/", {"number": 2}).status_code == 403


def test_p11_a_resend_is_held_against_rules_and_wishes_before_it_leaves_as_its_first_one_is(built, at):
    at("2026-01-26 08:00")
    tick()
    ahead = Delivery.objects.get(rule="item-due", occurrence="T0", state=State.SENT, user=built.owner, item_kind="task")
    at("2026-01-26 20:30")  # too late for a mail: both wait for the morning
    made = send_again(actor=built.manager, delivery=ahead, number=1)
    assert Wishes([made]).why_not(made) == ""
    Preference.objects.create(user=built.owner, by_rule={"item-due": "none"})
    assert "wants none of these" in Wishes([made]).why_not(made)
    Preference.objects.all().delete()
    rule = Rule.objects.get(program=built.program, slug="item-due")
    rule.definition = {**rule.definition, "enabled": False}
    rule.save()
    assert Wishes([made]).why_not(made) == OFF
    assert unsubscribe_headers(built.owner.pk, [made])  # what may be stopped, may be stopped from this mail too
