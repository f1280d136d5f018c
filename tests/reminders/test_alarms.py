"""When administrators are told, once and by one process; what pages say; pure rules first (P23)."""

import datetime as dt
import threading
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import DatabaseError, connection

from core import clock
from reminders.domain import alarm_words
from reminders.domain.alarms import LEASE, MANNERS, Act, Finding, Standing, step, told
from reminders.domain.refusals import alike, group_key
from reminders.enums import AlarmKind, State
from reminders.models import Alarm, Delivery, EngineState, Heartbeat, ProgramPlan
from reminders.selectors import disk as disks
from reminders.services import tick, watching, watchman
from reminders.services.watching import watch
from tests import factories
from tests.factories import sign_in

T0 = dt.datetime(2026, 1, 22, 9, tzinfo=dt.UTC)
SILENCE = AlarmKind.SILENCE


def after(**delta):
    return T0 + dt.timedelta(**delta)


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_p23_told_once_after_its_patience_then_again_and_never_for_what_ends_unheard(kind):
    manner = MANNERS[kind]
    standing, acts = Standing(), []
    for minutes in range(0, 60 * 26, 10):
        now = after(minutes=minutes)
        standing, act = step(kind, standing, Finding(kind), now)
        if act is Act.TELL:
            acts.append(now - T0)
            standing = told(kind, standing, now)
    if manner.again is None:
        assert acts == []
    else:
        first = max(manner.patience, dt.timedelta(0))
        assert first <= acts[0] < first + dt.timedelta(minutes=10)
        gaps = {later - earlier for earlier, later in pairwise(acts)}
        assert gaps == ({manner.again} if manner.again < dt.timedelta(hours=25) else set())
    standing, act = step(kind, standing, None, after(days=2))
    assert (act is Act.ALL_CLEAR) == manner.all_clear
    assert (standing == Standing()) != manner.all_clear
    unheard, _ = step(kind, Standing(), Finding(kind), T0)
    assert manner.patience == dt.timedelta(0) or step(kind, unheard, None, after(seconds=1)) == (
        Standing(),
        Act.NOTHING,
    )


def test_a_letter_taken_by_a_watcher_that_died_is_taken_again_after_its_lease():
    taken, act = step(SILENCE, Standing(), Finding(SILENCE, after(minutes=-5)), T0)
    assert act is Act.TELL
    assert step(SILENCE, taken, Finding(SILENCE), after(minutes=4))[1] is Act.NOTHING
    assert step(SILENCE, taken, Finding(SILENCE), T0 + LEASE)[1] is Act.TELL


def test_silence_that_returns_before_its_all_clear_has_left_is_the_same_alarm():
    heard = told(SILENCE, step(SILENCE, Standing(), Finding(SILENCE, after(minutes=-5)), T0)[0], T0)
    over, act = step(SILENCE, heard, None, after(minutes=1))
    assert act is Act.ALL_CLEAR
    back, act = step(SILENCE, over, Finding(SILENCE), after(minutes=2))
    assert (act, back.cleared_at, back.next_at) == (Act.NOTHING, None, after(hours=6))
    assert told(SILENCE, over, after(minutes=2)) == Standing()


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_every_alarm_has_words_and_a_short_subject(kind):
    parts = alarm_words.paragraphs(Finding(kind, number=2, programs=1, detail="why"), "then", "https://x/operations/")
    assert "then" in parts[0]
    assert "https://x/operations/" in parts[-1]
    assert 0 < len(alarm_words.subject(kind)) < 78
    assert alarm_words.banner(kind, 1)
    if MANNERS[kind].all_clear:
        assert len(alarm_words.end_subject(kind)) < 78
        assert "from a to b" in alarm_words.end_paragraphs(kind, "a", "b")[0]


def test_refusals_that_differ_only_by_address_and_id_are_one_group():
    first = "The server refused it for good: 550 5.1.1 <ann@example.org> unknown (q8aF93-11)"
    second = "The server refused it for good: 550 5.1.1 <bob.b@example.com> unknown (zz8aF93-12)"
    assert alike(first) == "The server refused it for good: 550 5.1.1 (address) unknown (…)"
    assert group_key(first) == group_key(second) != group_key(first.replace("550 5.1.1", "552 5.2.2"))


@pytest.fixture
def boss(db):
    watchman.forget_what_was_seen()
    yield factories.user("boss", is_administrator=True, time_zone="Europe/Berlin")
    watchman.forget_what_was_seen()


def subjects():
    return [message.subject for message in mail.outbox]


def test_p23_a_dead_beat_is_mailed_once_then_after_six_hours_and_when_it_is_over(boss, at):
    factories.user("gone", is_administrator=True, is_active=False)
    factories.user("member")
    start = at("2026-01-22 10:00")
    tick()
    for seconds in (30, 90, 91, 120, 300, 3600):
        clock.move(start + dt.timedelta(seconds=seconds), speed=0)
        watch()
    assert subjects() == [alarm_words.subject(SILENCE)]
    letter = mail.outbox[0]
    assert letter.to == [boss.email]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "since Thu 22 Jan, 10:00 (Europe/Berlin)" in letter.body
    assert "/operations/" in letter.body
    clock.move(start + dt.timedelta(hours=6, seconds=91), speed=0)
    watch()
    watch()
    assert len(mail.outbox) == 2
    tick()
    watch()
    watch()
    assert subjects()[2:] == [alarm_words.end_subject(SILENCE)]
    assert Alarm.objects.get(kind=SILENCE).since is None


def test_p23_a_clock_that_was_set_back_is_noticed_too(boss, at):
    start = at("2026-01-22 10:00")
    tick()
    clock.move(start - dt.timedelta(hours=2), speed=0)
    assert [notice.kind for notice in watch()] == []  # found now; said when it has lasted three ticks
    clock.move(start - dt.timedelta(hours=2) + dt.timedelta(seconds=90), speed=0)
    assert [notice.kind for notice in watch()] == [SILENCE]
    assert "a clock was set back" in mail.outbox[0].body


def test_a_mail_server_that_refuses_the_alarm_is_asked_again_with_the_next_lease(boss, at, settings):
    start = at("2026-01-22 10:00")
    tick()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    clock.move(start + dt.timedelta(minutes=5), speed=0)
    watch()
    row = Alarm.objects.get(kind=SILENCE)
    assert row.error.startswith("ConnectionRefusedError")
    assert row.told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    watch()
    assert subjects() == []
    clock.move(start + dt.timedelta(minutes=10), speed=0)
    watch()
    assert subjects() == [alarm_words.subject(SILENCE)]
    assert Alarm.objects.get(kind=SILENCE).error == ""


def test_p13_held_reminders_faulty_programs_a_full_disk_and_an_absent_server_are_told(built, boss, at, monkeypatch):
    start = at("2026-01-22 10:00")
    tick()
    monkeypatch.setattr(disks.shutil, "disk_usage", lambda path: SimpleNamespace(free=30 * 1024 * 1024))
    Delivery.objects.update(state=State.HELD)
    ProgramPlan.objects.update(error="KeyError: role")
    EngineState.objects.update(circuit_failures=3, circuit_reason="refused")
    assert {notice.kind for notice in watch()} == {AlarmKind.HELD, AlarmKind.DISK}
    assert sorted(subjects()) == [alarm_words.subject(AlarmKind.DISK), alarm_words.subject(AlarmKind.HELD)]
    clock.move(start + dt.timedelta(minutes=61), speed=0)
    EngineState.objects.update(last_tick=clock.now())
    assert len(watch()) == 4
    assert sorted(subjects()[2:]) == [alarm_words.subject(AlarmKind.SERVER), alarm_words.subject(AlarmKind.FAULTY)]
    assert any("1 program" in message.body and "KeyError: role" in message.body for message in mail.outbox)
    assert str(Delivery.objects.count()) in mail.outbox[0].body + mail.outbox[1].body


@pytest.mark.django_db(transaction=True)
def test_p4_of_three_web_processes_that_find_a_silence_at_once_one_sends(monkeypatch):
    factories.user("boss", is_administrator=True)
    EngineState.objects.create(pk=1, last_tick=after(hours=-1))
    clock.move(T0, speed=0)
    together, faults = threading.Barrier(3), []
    real = watching._anything_to_do

    def all_have_looked(found, now):
        wanted = real(found, now)
        together.wait(10)
        return wanted

    monkeypatch.setattr(watching, "_anything_to_do", all_have_looked)

    def work():
        try:
            watch()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert subjects() == [alarm_words.subject(SILENCE)]
    assert Alarm.objects.get(kind=SILENCE).tries == 1


def test_pages_say_it_to_administrators_and_managers_from_memory(
    built, boss, at, monkeypatch, django_assert_num_queries
):
    start = at("2026-01-22 10:00")
    tick()
    watchman.look()
    assert Heartbeat.objects.get().kind == "web"
    pages = {person: sign_in(person) for person in (boss, built.manager, built.owner)}
    for client in pages.values():
        assert 'class="banner a"' not in client.get("/profile/").content.decode()
    clock.move(start + dt.timedelta(minutes=3), speed=0)
    Delivery.objects.update(state=State.HELD)
    watchman.look()
    seen = {person: client.get("/profile/").content.decode() for person, client in pages.items()}
    assert "Reminders are not going out, since Thu 22 Jan, 10:00." in seen[boss]
    assert "held for review" in seen[boss]
    assert "Reminders are not going out, since Thu 22 Jan, 10:00." in seen[built.manager]
    assert "held for review" not in seen[built.manager]
    assert "Reminders are not going out" not in seen[built.owner]
    with django_assert_num_queries(0):
        watchman.last_seen()
    monkeypatch.setattr(watchman, "watch", fails)
    watchman.look()  # the database is away: what was seen stays, nothing is raised
    assert watchman.last_seen()


def fails():
    raise DatabaseError


def test_the_thread_of_a_process_starts_once(monkeypatch):
    started = []
    monkeypatch.setattr(watchman, "_thread", None)
    monkeypatch.setattr(
        watchman.threading, "Thread", lambda **given: SimpleNamespace(start=lambda: started.append(given))
    )
    watchman.start()
    watchman.start(sender=None, signal=None)
    assert len(started) == 1
    assert started[0]["daemon"]
