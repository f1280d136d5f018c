"""Acknowledge and snooze: by the link of a mail, signed out, and from inside; what waits meanwhile; nothing on GET."""

import datetime as dt
import re

import pytest
from django.test import Client

from activity.models import Entry
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from phases import services as phases
from programs.models import Role
from reminders import tokens
from reminders.enums import State
from reminders.models import Answer, Delivery, ProgramPlan
from reminders.services import answering, tick
from reminders.services.planning import plan_program
from tests.factories import sign_in

# In the small program task `train` is due on Sat 24 Jan; its first overdue mail is of Monday the 26th at the latest.
LATE = "2026-01-27 08:00"
GUARDS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
}


@pytest.fixture
def late(built, at, sink):
    """The owner has been mailed that the task is overdue; the sent row, and the link of the mail."""
    Role.objects.filter(program=built.program, slug="model-owner").update(deputy=built.people["max"])
    built.tasks["train"].due_date = dt.date(2026, 1, 26)
    built.tasks["train"].save()
    at(LATE)
    tick()
    row = Delivery.objects.get(item_kind="task", user=built.owner, state=State.SENT)
    return row


def link(row: Delivery, sink) -> str:
    text = next(mail for mail in sink.mails if mail["To"].startswith("mia")).get_body(("plain",)).get_content()
    found = re.findall(r"https?://[^/\s]+(/r/[^/\s]+/)", text)
    assert found
    for path in found:
        opened = tokens.read(path.split("/")[2], tokens.Purpose.ANSWER, clock.now())
        if opened and opened.subject == row.pk:
            return path
    raise AssertionError("the mail has no link for this reminder")


def snapshot() -> tuple:
    rows = Delivery.objects.order_by("pk").values_list("pk", "state", "reason")
    return (Answer.objects.count(), Entry.objects.count(), list(rows), ProgramPlan.objects.get().dirty)


def test_p12_opening_the_link_changes_nothing_and_shows_what_is_asked_without_a_session(built, late, sink) -> None:
    path, before = link(late, sink), snapshot()
    outside, inside = Client(enforce_csrf_checks=True), sign_in(built.people["pat"])
    page = outside.get(path)
    assert inside.get(path).content == page.content
    assert outside.head(path).status_code == page.status_code == 200
    assert (snapshot(), dict(outside.cookies), dict(inside.get(path).cookies)) == (before, {}, {})
    assert {name: page[name] for name in GUARDS} == GUARDS
    html = page.content.decode()
    for words in (
        "Do the train",
        "Overdue by 1 working day",
        "Mon 26 Jan",
        "Claims",
        "Mia.Claims",
        "Owner (Model owner)",
    ):
        assert words in html
    assert "@" not in re.sub(r"<svg.*?</svg>", "", html, flags=re.S)
    assert "csrfmiddlewaretoken" not in html


def test_an_acknowledgement_by_link_stops_the_ladder_once_for_a_bounded_time(built, late, sink, at) -> None:
    path = link(late, sink)
    waiting = Delivery.objects.create(**{**_copy(late), "rule": "escalation", "occurrence": "deputy", "key": "rung"})
    client = Client(enforce_csrf_checks=True)
    key = re.search(r'name="key" value="(\w+)"', client.get(path).content.decode())[1]
    form = {"do": "acknowledge", "key": key, "note": "New data\r\narrives Thursday", "named": "2026-01-29"}
    assert client.post(path, {**form, "key": "0" * 32}).status_code == 404
    assert client.post(path, {**form, "note": " "}).status_code == 422
    assert client.post(path, {**form, "named": "2026-01-27"}).status_code == 422
    assert Answer.objects.count() == 0
    for _ in range(2):
        answer = client.post(path, form)
        assert (answer.status_code, answer["Location"], dict(client.cookies)) == (303, path, {})
    given = Answer.objects.get()
    assert (given.note, given.on, given.until) == (
        "New data arrives Thursday",
        dt.date(2026, 1, 27),
        dt.date(2026, 1, 29),
    )
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (State.CANCELLED, "Acknowledged by Mia.Claims until 2026-01-29")
    entry = Entry.objects.get(verb="reminder.acknowledged")
    assert (entry.subject_kind, entry.program_id, entry.data["named"]) == ("task", built.program.pk, "2026-01-29")
    shown = client.get(path).content.decode()
    assert "Acknowledged by Mia.Claims" in shown
    assert "New data arrives Thursday" in shown
    # The plan agrees: nothing about the task until the day named, then the owner again.
    plan_program(built.program.pk, clock.now())
    assert not Delivery.objects.filter(item_kind="task", state=State.QUEUED, planned_on__lt=given.until).exists()
    at("2026-01-28 12:00")
    plan_program(built.program.pk, clock.now())
    back = Delivery.objects.get(item_kind="task", state=State.QUEUED)
    assert (back.user, back.planned_on) == (built.owner, given.until)
    # What is answered is on the program's page for its manager.
    listed = sign_in(built.people["pat"]).get(f"/programs/{built.program.slug}/reminders/").content.decode()
    assert "New data arrives Thursday" in listed


def test_a_snooze_moves_the_persons_own_rows_at_most_three_times(built, late, sink) -> None:
    client = sign_in(built.owner)
    path = f"/programs/{built.program.slug}/answer/task/{late.item_id}/"
    own = Delivery.objects.create(
        **_copy(late) | {"occurrence": "+3", "key": "own", "planned_on": dt.date(2026, 1, 27)}
    )
    other = Delivery.objects.create(**{**_copy(late), "occurrence": "+3", "key": "other", "user": built.people["max"]})
    page = client.get(path).content.decode()
    days = re.findall(r'name="until" value="([\d-]+)"', page)
    assert days == ["2026-01-28", "2026-01-30", "2026-02-02"]
    assert client.post(path, {"do": "snooze", "until": "2026-03-02"}).status_code == 422
    for _ in range(2):
        assert client.post(path, {"do": "snooze", "until": days[0]}).status_code == 302
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.state, own.reason) == (State.CANCELLED, "Snoozed by Mia.Claims until 2026-01-28")
    assert other.state == State.QUEUED
    for day in days[1:]:
        client.post(path, {"do": "snooze", "until": day})
    assert [str(answer.until) for answer in Answer.objects.all()] == days
    with pytest.raises(Invalid, match="3 times"):
        answering.snooze(actor=built.owner, delivery=late, until=dt.date(2026, 2, 3))
    assert Entry.objects.filter(verb="reminder.snoozed").count() == 3
    plan_program(built.program.pk, clock.now())
    assert not Delivery.objects.filter(item_kind="task", user=built.owner, state=State.QUEUED).exists()


def test_only_the_recipient_answers_and_only_what_is_open(built, late, sink) -> None:
    with pytest.raises(NotAllowed):
        answering.acknowledge(actor=built.people["pat"], delivery=late, note="Hands off")
    stranger = sign_in(built.people["pat"]).get(f"/programs/{built.program.slug}/answer/task/{late.item_id}/")
    assert "Nothing to answer yet" in stranger.content.decode()
    path = link(late, sink)
    phases.complete_task(actor=built.owner, task=built.tasks["train"])
    closed = Client().get(path).content.decode()
    assert "nothing to answer any more: It is done." in closed
    assert "<form" not in closed
    with pytest.raises(Conflict):
        answering.acknowledge(actor=built.owner, delivery=late, note="Too late")
    assert Answer.objects.count() == 0


def test_every_link_that_does_not_hold_gets_the_same_page(built, late, sink, at) -> None:
    path = link(late, sink)
    token = path.split("/")[2]
    elsewhere = tokens.make(tokens.Purpose.ANSWER, subject=late.pk, person=built.people["pat"].pk, at=clock.now())
    unknown = tokens.make(tokens.Purpose.ANSWER, subject=10**6, person=built.owner.pk, at=clock.now())
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), "guessed", elsewhere, unknown, "x" * 4000]
    answers = [Client().get(f"/r/{one}/") for one in forged]
    answers += [Client().post(f"/r/{one}/", {"do": "acknowledge", "note": "x", "key": "x"}) for one in forged]
    built.owner.is_active = False
    built.owner.save(update_fields=["is_active"])
    answers.append(Client().get(path))
    built.owner.is_active = True
    built.owner.save(update_fields=["is_active"])
    at("2026-02-10 09:00")
    answers.append(Client().get(path))
    assert {(a.status_code, a.content, a["Referrer-Policy"]) for a in answers} == {
        (404, answers[0].content, "no-referrer")
    }
    assert "This link is no longer valid" in answers[0].content.decode()


def _copy(row: Delivery) -> dict:
    """The values of a reminder of tomorrow that waits."""
    values = {f.name: getattr(row, f.name) for f in Delivery._meta.fields if f.name not in ("id", "mail", "sent_on")}
    tomorrow = {"planned_on": dt.date(2026, 1, 28), "state": State.QUEUED, "reason": ""}
    return (
        values
        | tomorrow
        | {"not_before": clock.now() + dt.timedelta(days=1), "expires_at": clock.now() + dt.timedelta(days=9)}
    )
