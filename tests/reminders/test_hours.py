"""Rule 5 for mails that waited: a retry, an outage or a lost worker never takes one into the night or a day off."""

import datetime as dt

from reminders.enums import Outcome, State
from reminders.models import Attempt, Delivery, Mail
from reminders.services import tick
from reminders.services.freezing import PAST_HOUR
from tests.reminders.test_engine import tick_until_composed

DUE_DAY = "2026-01-26 08:00"
TRAIN = {"item_kind": "task", "item_slug": "train"}


def test_a_mail_nobody_can_have_seen_goes_into_the_next_mornings_mail(built, at, sink, monkeypatch):
    at(DUE_DAY)
    tick_until_composed(monkeypatch)  # the process died right after composing, and nothing ran until the night
    at("2026-01-26 22:30")
    tick()
    assert sink.mails == []
    assert Mail.objects.get(user=built.owner).reason == PAST_HOUR
    row = Delivery.objects.get(**TRAIN, occurrence="T0")
    assert (row.state, row.mail, row.reason) == (
        State.EXPIRED,
        None,
        "Overtaken: its day or its next step had come before it could leave",
    )
    at("2026-01-27 08:00")
    tick()
    mine = [mail for mail in sink.mails if mail["To"].startswith("mia")]
    assert [mail["Subject"] for mail in mine] == ["Overdue by 1 working day: Do the train and 1 more"]


def test_a_mail_that_may_have_left_keeps_its_message_id_and_waits_for_the_morning(built, at, sink, monkeypatch):
    now = at("2026-01-28 08:00")
    tick_until_composed(monkeypatch)
    mail = Mail.objects.get(user=built.owner)
    Delivery.objects.update(expires_at=now + dt.timedelta(days=9))
    Attempt.objects.create(mail=mail, number=1, started_at=now, outcome=Outcome.UNCERTAIN)
    at("2026-01-28 23:00")
    tick()
    waiting = Mail.objects.get(pk=mail.pk)
    assert (waiting.state, waiting.not_before.isoformat()) == (State.QUEUED, "2026-01-29T07:00:00+00:00")
    assert (waiting.attempts, sink.mails) == (0, [])
    at("2026-01-29 08:00")
    tick()
    assert sink.copies[mail.message_id] == 1
