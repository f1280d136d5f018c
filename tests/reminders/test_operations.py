"""The operator's page and what stands behind it: signs of life, refused mails by hand, restored copies, readiness."""

import datetime as dt
import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families

from core import clock
from core.version import VERSION
from programs.models import Program
from reminders import tasks
from reminders.enums import Process, State
from reminders.models import Attempt, Delivery, EngineState, Heartbeat, Mail, ProgramPlan, Tally
from reminders.selectors import disk as disks
from reminders.selectors import schema
from reminders.services import heartbeats, operating, tick
from reminders.services.heartbeats import forget, seen
from reminders.services.planning import plan_due
from reminders.services.watching import watch
from roadmap_site.celery import SENDER, app
from tests import factories
from tests.architecture.test_layers import ROOT
from tests.factories import sign_in

DUE_DAY = "2026-01-26 08:00"
MIA = "mia.claims@example.org"
TOKEN = "t0ken-of-the-tests-" * 2


@pytest.fixture
def boss(db):
    return factories.user("boss", is_administrator=True)


@pytest.fixture
def refused(built, at, sink):
    """Two mails of the day were refused for good, each in the server's own words."""
    at(DUE_DAY)
    sink.handler.rcpt[MIA] = [f"550 5.1.1 <{MIA}> unknown (q83hAA)"]
    tick()
    mail = Mail.objects.get(state=State.DEAD)
    twin = Mail.objects.get(pk=mail.pk)
    twin.pk, twin.key, twin.message_id = None, "twin", "twin"
    twin.reason = mail.reason.replace("q83hAA", "q77hBB")
    twin.save()
    return mail


def page(boss, query=""):
    return sign_in(boss).get(f"/operations/{query}").content.decode()


def test_refused_mails_are_grouped_and_tried_again_by_hand_once(refused, boss, sink):
    client = sign_in(boss)
    text = client.get("/operations/").content.decode()
    assert "The server refused it for good: 550 5.1.1 (address) unknown (…)" in text
    assert "2 mails · last Mon 26 Jan, 07:00" in text
    assert "Give up all 2" in text
    client.post(f"/operations/mails/{refused.pk}/retry/")
    refused.refresh_from_db()
    assert (refused.state, refused.attempts, refused.mime, refused.buried_at) == (State.QUEUED, 0, None, None)
    assert {row.state for row in refused.deliveries.all()} == {State.QUEUED}
    again = client.post(f"/operations/mails/{refused.pk}/retry/", follow=True)
    assert "it was dealt with already" in again.content.decode()
    assert tick().sent == 1
    assert [mail["Message-ID"] for mail in sink.mails][-1] == refused.message_id
    assert {row.state for row in refused.deliveries.all()} == {State.SENT}


def test_p2_a_retried_mail_that_a_server_may_have_taken_keeps_its_bytes(refused, boss):
    before = bytes(refused.mime)
    Attempt.objects.filter(mail=refused).update(outcome="uncertain")
    assert operating.retry_mail(actor=boss, mail_id=refused.pk) == 1
    refused.refresh_from_db()
    assert bytes(refused.mime) == before


def test_p11_a_retried_reminder_that_makes_no_sense_any_more_is_closed_instead(refused, boss):
    Program.objects.update(state="stopped")
    operating.retry_mail(actor=boss, mail_id=refused.pk)
    assert tick().sent == 0
    refused.refresh_from_db()
    assert refused.state == State.CANCELLED


def test_a_group_is_given_up_as_one_and_stays_refused_in_the_ledger(refused, boss):
    client = sign_in(boss)
    key = page(boss).split("/operations/refused/")[1].split("/")[0]
    client.post(f"/operations/refused/{key}/give-up/")
    assert set(Mail.objects.filter(user=refused.user).values_list("state", flat=True)) == {State.CANCELLED}
    assert Mail.objects.get(pk=refused.pk).reason.startswith("Given up by Boss; before: The server refused it")
    assert {row.state for row in refused.deliveries.all()} == {State.DEAD}
    assert "No mail was refused." in page(boss)


def test_a_mail_that_is_tried_again_and_again_is_shown_and_given_up(built, at, sink, boss):
    at(DUE_DAY)
    sink.handler.rcpt[MIA] = ["451 greylisted"]
    tick()
    mail = Mail.objects.get(user=built.owner)
    assert "the server said: 451 greylisted" in page(boss)
    sign_in(boss).post(f"/operations/mails/{mail.pk}/give-up/")
    clock.move(clock.now() + dt.timedelta(minutes=10), speed=0)
    assert tick().sent == 0
    assert {row.state for row in mail.deliveries.all()} == {State.DEAD}
    Mail.objects.filter(pk=mail.pk).update(state=State.LEASED, lease_until=clock.now())
    assert "Stuck: its worker died" in page(boss)


def test_p18_a_restored_copy_sends_nothing_until_somebody_says_so(built, at, sink, boss):
    at("2026-01-22 10:00")
    tick()
    at("2026-01-25 10:00")
    backup = list(Delivery.objects.values_list("state", flat=True))
    assert State.QUEUED in backup
    at(DUE_DAY)
    Mail.objects.create(
        key="k", message_id="m", user=built.owner, address=MIA, local_date=clock.now().date(), not_before=clock.now(),
        created_at=clock.now(), state=State.LEASED, claim="c", lease_until=clock.now(), attempts=1, mime=b"x",
    )  # fmt: skip
    seen("worker@before", Process.WORKER)
    out = io.StringIO()
    call_command("engine", "--after-restore", stdout=out)
    told = json.loads(out.getvalue())
    assert told["paused"]
    assert told["held"] == Delivery.objects.filter(state=State.HELD).count() > 0
    assert not Heartbeat.objects.filter(name="worker@before").exists()
    assert not Mail.objects.filter(state__in=[State.QUEUED, State.LEASED]).exists()
    assert tick().sent == 0
    at("2026-01-26 08:10")
    assert [notice.kind for notice in watch()] == ["pause"]  # and no mail about the silence
    text = page(boss)
    assert "This copy was restored from a backup" in text
    assert "it may have been sent after the backup was made" in text
    client = sign_in(boss)
    client.post("/operations/resume/")
    assert EngineState.objects.get().restored_at is None
    at("2026-01-26 08:30")
    assert tick().sent == 0
    assert sink.mails == []
    client.post("/operations/held/release/")
    assert tick().sent > 0
    assert MIA in [mail["To"] for mail in sink.mails]


def test_p18_what_is_held_after_a_restore_is_discarded_with_its_mails(built, at, sink, boss):
    at(DUE_DAY)
    sink.handler.rcpt[MIA] = ["451 later"]
    tick()
    mail = Mail.objects.get(user=built.owner)
    Mail.objects.filter(pk=mail.pk).update(not_before=clock.now())
    call_command("engine", "--after-restore", stdout=io.StringIO())
    mail.refresh_from_db()
    assert mail.state == State.HELD
    assert {row.state for row in mail.deliveries.all()} == {State.HELD}
    operating.discard_held(actor=boss)
    mail.refresh_from_db()
    assert mail.state == State.CANCELLED
    assert {row.state for row in mail.deliveries.all()} == {State.EXPIRED}


def test_p1_what_is_released_after_its_mail_has_left_goes_into_another_one(built, at, sink, boss):
    """A held mail carried two programs; the other one was released first."""
    at(DUE_DAY)
    tick()
    mail = Mail.objects.get(user=built.owner)
    row = mail.deliveries.first()
    Delivery.objects.filter(pk=row.pk).update(state=State.HELD)
    assert operating.release_held(actor=boss, program_id=built.program.pk) == 1
    row.refresh_from_db()
    assert (row.state, row.mail) == (State.QUEUED, None)


@pytest.mark.parametrize(
    "path", ["mails/1/retry", "mails/1/give-up", "refused/ab/retry", "held/release", "held/discard"]
)
def test_only_administrators_touch_mails_by_hand(db, path):
    client = sign_in(factories.user("member"))
    assert client.post(f"/operations/{path}/").status_code == 403
    assert client.get(f"/operations/{path}/").status_code == 405


def test_the_page_asks_as_often_with_one_row_as_with_three(refused, boss, settings, django_assert_num_queries):
    settings.WEBHOOKS = True  # what waits for chats is one more
    client = sign_in(boss)
    client.get("/operations/")
    for number in range(3):
        seen(f"worker{number}@host", Process.WORKER)
        if number not in (0, 2):
            continue
        Mail.objects.filter(user=refused.user).update(reason=f"{number}")
        with django_assert_num_queries(12):
            client.get("/operations/")
        for copy in range(3):
            mail = Mail.objects.get(pk=refused.pk)
            mail.pk, mail.key, mail.message_id = None, f"k{number}{copy}", f"m{number}{copy}"
            mail.state = (State.DEAD, State.QUEUED, State.LEASED)[copy]
            mail.attempts, mail.lease_until = 2, clock.now()
            mail.save()
            row = Delivery.objects.first()
            row.pk, row.key = None, f"d{number}{copy}"
            row.state = (State.HELD, State.CANCELLED, State.EXPIRED)[copy]
            row.save()
        ProgramPlan.objects.update(error="broken")
        with django_assert_num_queries(12):
            client.get("/operations/")


def test_what_has_been_due_for_a_minute_is_late_and_not_before(built, at, boss):
    at(DUE_DAY)
    EngineState.objects.create(pk=1)
    plan_due(clock.now())
    oldest = Delivery.objects.filter(state=State.QUEUED, not_before__lte=clock.now()).earliest("not_before").not_before
    clock.move(oldest + dt.timedelta(seconds=59), speed=0)
    assert "late</dd>" not in page(boss)
    clock.move(oldest + dt.timedelta(seconds=60), speed=0)
    assert "1\xa0minute late</dd>" in page(boss)


def test_htmx_gets_the_part_that_changes(boss):
    answer = sign_in(boss).get("/operations/", headers={"HX-Request": "true"})
    assert answer.content.decode().startswith('<div class="gmain" id="operations-now">')
    assert "tick from:body" in answer.content.decode()


def test_tasks_leave_signs_of_life_of_their_worker_and_of_the_beat_that_sent_them(built, at):
    at(DUE_DAY)
    tasks.tick.push_request(hostname="celery@w1", headers={"beat": "beat@b1"})
    try:
        tasks.tick.run()
    finally:
        tasks.tick.pop_request()
    assert dict(Heartbeat.objects.values_list("name", "kind")) == {"celery@w1": "worker", "beat@b1": "beat"}
    assert Heartbeat.objects.first().version == VERSION
    assert app.conf.beat_schedule["tick"]["options"]["headers"] == SENDER
    assert SENDER["beat"].startswith("beat@")
    seen("old", Process.WEB, now=clock.now() - dt.timedelta(days=31))
    forget(clock.now())
    assert Heartbeat.objects.count() == 2


def test_a_sign_of_life_that_cannot_be_left_costs_no_pass(built, at, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(heartbeats.Heartbeat.objects, "bulk_create", full)
    seen("x", Process.WORKER)
    assert Heartbeat.objects.count() == 0


def test_a_pass_keeps_its_counts_and_adds_them_up(built, at, sink):
    at(DUE_DAY)
    sink.handler.rcpt[MIA] = ["451 later"]
    done = tick()
    state = EngineState.objects.get()
    assert state.last_counts == done.as_json()
    assert state.last_tick_ms is not None
    clock.move(clock.now() + dt.timedelta(minutes=10), speed=0)
    tick()
    tallies = dict(Tally.objects.values_list("name", "number"))
    assert (tallies["retried"], tallies["sent"]) == (1, done.sent + 1)


def scrape(client, **headers):
    return client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}", **headers})


def test_metrics_need_the_token_of_the_operator(db, settings):
    client = sign_in()
    assert scrape(client).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for wrong in ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer bäd"):
        answer = client.get("/metrics", headers={"Authorization": wrong} if wrong else {})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert client.post("/metrics").status_code == 405


def test_metrics_are_what_the_database_says_and_name_no_person(refused, boss, settings, django_assert_num_queries):
    settings.METRICS_TOKEN = TOKEN
    seen("celery@w1", Process.WORKER)
    EngineState.objects.update(circuit_until=clock.now() + dt.timedelta(minutes=1), circuit_failures=2)
    clock.move(clock.now() + dt.timedelta(seconds=40), speed=0)
    answer = scrape(sign_in())
    text = answer.content.decode()
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["roadmap90_up",] == 1
    assert found["roadmap90_last_tick_age_seconds",] == 40
    assert found["roadmap90_refused_mails",] == 2
    assert found["roadmap90_circuit_open",] == 1
    assert found["roadmap90_process_seen_age_seconds", "celery@w1", "worker"] == 40
    assert found["roadmap90_done_total", "failed"] == 1
    assert found["roadmap90_queue", "mail", "now"] == 0
    assert any(key[0] == "roadmap90_build_info" and VERSION in key for key in found)
    assert "@example.org" not in text
    assert "claims" not in text.lower()
    assert answer["Content-Type"].startswith("text/plain")
    assert scrape(sign_in(), Accept="application/openmetrics-text; version=1.0.0").content.endswith(b"# EOF\n")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_p23_a_dead_database_is_told_and_the_process_stays_alive(db, settings, monkeypatch, error):
    settings.METRICS_TOKEN = TOKEN

    def away():
        raise error("the server closed the connection at 10.0.0.7")

    client = sign_in()
    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", away)
        patch.setattr(connection, "cursor", away)
        alive, ready, metrics = client.get("/healthz"), client.get("/readyz"), scrape(client)
    assert alive.status_code == 200
    assert (ready.status_code, ready.json()["problem"]) == (503, "The database does not answer.")
    assert metrics.status_code == 503


def test_p23_a_full_disk_and_pending_migrations_are_not_ready(built, at, monkeypatch):
    at(DUE_DAY)
    tick()
    client = sign_in()
    assert client.get("/readyz").status_code == 200
    with monkeypatch.context() as patch:
        patch.setattr(disks.shutil, "disk_usage", lambda path: SimpleNamespace(free=1024 * 1024))
        assert client.get("/readyz").json() == {"ready": False, "problem": "The disk is full: 1 MB left."}
        patch.setattr(disks.os, "access", lambda path, mode: False)
        assert client.get("/readyz").json()["problem"] == "The data folder cannot be written."
    monkeypatch.setattr(schema, "_current", False)
    monkeypatch.setattr(schema.MigrationExecutor, "migration_plan", lambda self, targets: ["reminders.9999"])
    assert "migrations are pending" in client.get("/readyz").json()["problem"]


def test_p23_a_fast_rehearsal_clock_does_not_look_like_silence(built, at, settings):
    now = at(DUE_DAY)
    tick()
    clock.move(now + dt.timedelta(minutes=10), speed=0)
    assert sign_in().get("/readyz").status_code == 503
    settings.ROADMAP_SPEED = 60.0
    assert sign_in().get("/readyz").status_code == 200


def test_the_report_says_more_than_before_and_keeps_its_keys(refused):
    out = io.StringIO()
    call_command("delivery_report", "--json", stdout=out)
    report = json.loads(out.getvalue())
    old = {
        "due",
        "sent",
        "waiting",
        "failed",
        "held",
        "cancelled",
        "expired",
        "mails_sent",
        "oldest_due",
        "last_tick",
        "problem",
    }
    assert old < set(report)
    assert sum(report["refused"].values()) == report["failed"]


def test_the_version_is_the_one_of_the_project():
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
