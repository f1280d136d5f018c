"""Claim, send, record: what a mail server can do to a mail, and what a dying worker can (P2, P4, P7, P8)."""

import datetime as dt
import hashlib
from email import policy
from email.parser import BytesParser

import pytest
from django.urls import NoReverseMatch

from core import clock
from phases.models import Criterion, Task
from reminders.enums import Outcome, State
from reminders.models import Attempt, Delivery, EngineState, Mail, ProgramPlan
from reminders.services import composing, freezing, planning, rendering, send_due, tick
from reminders.services.claiming import claim, settle
from reminders.services.sending import send_claimed

DUE_DAY = "2026-01-26 08:00"


@pytest.fixture
def composed(built, at, sink, settings):
    """The small program on the day the task is due, its mails sent to the sink on demand."""
    at(DUE_DAY)
    return built


def owner_mail():
    return Mail.objects.get(user__email="mia.claims@example.org")


def later(**delta):
    clock.move(clock.now() + dt.timedelta(**delta), speed=0)


def test_p7_a_temporary_refusal_is_tried_again_later_with_growing_pauses(composed, sink):
    sink.handler.rcpt["mia.claims@example.org"] = ["451 later", "451 later"]
    assert tick().retried == 1
    first = owner_mail()
    assert (first.state, first.attempts, first.reply) == (State.QUEUED, 1, "451 later")
    assert tick().retried == 0
    later(minutes=2)
    assert tick().retried == 1
    pause = (owner_mail().not_before - clock.now()).total_seconds()
    assert 120 <= pause <= 180
    later(minutes=4)
    assert tick().sent == 1
    assert list(Attempt.objects.filter(mail=first).values_list("outcome", flat=True)) == [
        Outcome.TEMPORARY,
        Outcome.TEMPORARY,
        Outcome.ACCEPTED,
    ]


def test_p7_a_permanent_refusal_is_final_and_shown(composed, sink):
    sink.handler.rcpt["mia.claims@example.org"] = ["550 no such user"]
    assert tick().failed == 1
    mail = owner_mail()
    assert (mail.state, mail.reply) == (State.DEAD, "550 no such user")
    assert {row.reason for row in mail.deliveries.all()} == {"The server refused it for good: 550 no such user"}
    later(hours=3)
    tick()
    assert "mia.claims@example.org" not in [mail["To"] for mail in sink.mails]


def test_p7_an_unreachable_server_opens_the_circuit_and_uses_up_no_attempt(composed, sink, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert tick().sent == 0
    assert {mail.attempts for mail in Mail.objects.all()} == {0}
    assert EngineState.objects.get().circuit_reason.startswith("ConnectionRefusedError")
    settings.EMAIL_PORT = port
    assert tick().sent == 0  # the circuit is still open
    later(seconds=31)
    assert tick().sent == Mail.objects.count() > 0
    assert EngineState.objects.get().circuit_failures == 0


def test_p2_a_connection_lost_after_acceptance_is_repeated_with_the_same_bytes(composed, sink):
    sink.handler.drop_after = 1
    tick()
    assert Attempt.objects.filter(outcome=Outcome.UNCERTAIN).count() == 1
    later(minutes=3)
    tick()
    doubled = [key for key, count in sink.copies.items() if count > 1]
    assert len(doubled) == 1
    copies = [raw for _, raw in sink.handler.accepted if doubled[0].encode() in raw]
    assert copies[0] == copies[1]


def test_p11_an_uncertain_mail_is_not_repeated_once_its_work_is_done(composed, sink):
    sink.handler.drop_after = 1
    tick()
    uncertain = Attempt.objects.get(outcome=Outcome.UNCERTAIN).mail
    uncertain.deliveries.update(expires_at=clock.now())
    later(minutes=3)
    tick()
    uncertain.refresh_from_db()
    assert uncertain.state == State.CANCELLED
    assert all("a first copy may have left" in row.reason for row in uncertain.deliveries.all())


def test_p8_a_mail_that_cannot_be_made_blocks_nobody(composed, sink, monkeypatch):
    def fail_for_mia(mail, rows, now, known):
        if mail.address.startswith("mia"):
            raise ValueError("a broken title")
        return rendering.render(mail, rows, now, known)

    monkeypatch.setattr(freezing, "render", fail_for_mia)
    result = tick()
    assert (result.failed, result.sent) == (1, Mail.objects.count() - 1)
    assert owner_mail().reason == "Could not be made: ValueError: a broken title"


def test_p8_a_reminder_that_cannot_be_told_holds_up_nobody_not_even_in_its_mail(composed, sink, monkeypatch):
    Criterion.objects.filter(slug="accuracy").update(due_date="2026-01-27")
    ProgramPlan.objects.update(dirty=True)
    real = rendering.address_of

    def nowhere(row):
        if row.user.email.startswith("mia") and row.item_kind == "task":
            raise NoReverseMatch("no such page")
        return real(row)

    monkeypatch.setattr(rendering, "address_of", nowhere)
    result = tick()
    assert (result.failed, result.sent) == (0, Mail.objects.count())
    (broken,) = Delivery.objects.filter(user=owner_mail().user, item_kind="task", state=State.CANCELLED)
    assert (broken.reason, broken.mail) == ("It could not be put into a mail: NoReverseMatch", None)
    assert set(owner_mail().deliveries.values_list("state", flat=True)) == {State.SENT}
    (text,) = [text for mail, text in zip(sink.mails, sink.texts(), strict=True) if mail["To"].startswith("mia")]
    assert broken.item_label not in text


def test_p8_a_mail_none_of_whose_reminders_can_be_told_is_final(composed, sink, monkeypatch):
    def nowhere(row):
        raise NoReverseMatch("no such page")

    monkeypatch.setattr(rendering, "address_of", nowhere)
    result = tick()
    assert (result.failed, result.sent) == (Mail.objects.count(), 0)
    mail = owner_mail()
    assert (mail.state, mail.reason) == (State.DEAD, "Could not be made: NoReverseMatch: no such page")
    assert [row.state for row in mail.deliveries.all()] == [State.DEAD]


@pytest.mark.parametrize(
    "title",
    [
        "Bcc: evil\r\nBcc: all@example.org",
        "\u202egnp.exe",
        "x" * 300,
        "Prüfung 🚦 für Żółć",
        "<b>&amp;</b>",
        "\x01\x07",
    ],
)
def test_p7_hostile_titles_neither_break_nor_forge_a_mail(composed, sink, title):
    Task.objects.filter(slug="train").update(title=title)
    tick()
    mail = next(m for m in sink.mails if m["To"].startswith("mia"))
    assert mail["Bcc"] is None
    assert len(str(mail["Subject"])) < 78
    assert not any(ch in str(mail["Subject"]) for ch in "\r\n\u202e\x07")
    html = mail.get_body(("html",)).get_content()
    assert "<b>&amp;</b>" not in html or title != "<b>&amp;</b>"


def test_rule_6_the_record_is_fenced_by_the_claim(composed, sink):
    """A worker that lost its lease may not say what became of the mail."""
    compose_only()
    mine = claim(clock.now(), 10)
    later(minutes=6)
    theirs = claim(clock.now(), 10)
    assert {mail.pk for mail in mine} == {mail.pk for mail in theirs}
    assert settle(mine[0], state=State.SENT) is False
    assert settle(theirs[0], state=State.SENT) is True


def test_p4_a_mail_under_lease_is_not_claimed_again(composed, sink):
    compose_only()
    assert len(claim(clock.now(), 10)) > 0
    assert claim(clock.now(), 10) == []
    assert send_due() == 0


def test_rule_6_a_worker_that_died_before_recording_leads_to_one_repeat(composed, sink):
    compose_only()
    mails = claim(clock.now(), 10)
    mail = mails[0]
    Attempt.objects.create(mail=mail, number=1, started_at=clock.now())
    Mail.objects.filter(pk=mail.pk).update(mime=b"Subject: frozen\r\nMessage-ID: <a@b>\r\n\r\nx\r\n")
    Delivery.objects.filter(mail=mail).update(state=State.LEASED)
    later(minutes=6)
    send_claimed(clock.now())
    outcomes = list(Attempt.objects.filter(mail=mail).values_list("outcome", flat=True))
    assert outcomes == [Outcome.UNCERTAIN, Outcome.ACCEPTED]
    assert sink.copies["<a@b>"] == 1


def test_rule_6_a_mail_that_kills_its_workers_is_given_up(composed, sink):
    compose_only()
    for _ in range(12):
        assert claim(clock.now(), 10)
        later(minutes=6)
        Delivery.objects.update(expires_at=clock.now() + dt.timedelta(days=1))
    send_claimed(clock.now())
    assert {mail.state for mail in Mail.objects.all()} == {State.DEAD}
    assert "its worker died 12 times" in Mail.objects.first().reason


def compose_only():
    EngineState.objects.get_or_create(pk=1)
    planning.plan_due(clock.now())
    assert composing.compose(clock.now()) > 0


def test_rule_9_headers_and_both_parts(composed, sink):
    tick()
    mail = next(m for m in sink.mails if m["To"].startswith("mia"))
    stored = owner_mail()
    assert mail["Message-ID"] == stored.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Reply-To"] == "pat.claims@example.org"
    assert mail["List-Id"].startswith("<claims.")
    assert mail["List-Unsubscribe"].startswith("<http")  # work that is due may be made fewer
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    for words in ("Due today", "Do the train", "due Mon 26 Jan, program time Europe/Berlin", "because it is yours"):
        assert words in text
    for words in ("Due today", "Do the train", "ue Mon 26 Jan, program time Europe/Berlin", "because it is yours"):
        assert words in html
    assert "<img" not in html
    assert "<style" not in html or "@media" in html
    assert len(stored.mime) < 100_000


def test_s_the_message_id_follows_from_the_key_alone(composed, sink):
    tick()
    for mail in Mail.objects.all():
        assert mail.message_id.startswith("<" + hashlib.sha256(mail.key.encode()).hexdigest()[:40] + "@")


def test_frozen_bytes_parse_as_one_message(composed, sink):
    tick()
    parsed = BytesParser(policy=policy.default).parsebytes(bytes(owner_mail().mime))
    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
