"""The commands and the Celery tasks: thin, and their JSON keeps its shape."""

import io
import json

from django.core.management import call_command

from reminders import tasks
from reminders.models import EngineState, Mail
from roadmap_site.celery import app

DUE_DAY = "2026-01-26 08:00"


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_tick_prints_what_it_did(built, at, sink):
    at(DUE_DAY)
    counts = json.loads(run("tick", "--json"))
    assert {"planned", "sent", "retried", "failed", "cancelled", "held"} <= set(counts)
    assert counts["sent"] == 1
    assert "sent 0" in run("tick")


def test_engine_once_is_one_pass(built, at, sink):
    at(DUE_DAY)
    assert json.loads(run("engine", "--once"))["sent"] == 1


def test_delivery_report_counts_by_state_and_reason(built, at, sink):
    at(DUE_DAY)
    sink.handler.rcpt["mia.claims@example.org"] = ["550 unknown"]
    run("tick")
    report = json.loads(run("delivery_report", "--json"))
    assert report["failed"] == Mail.objects.get().deliveries.count() > 0
    assert report["due"] == report["sent"] == 0
    assert report["oldest_due"] is None
    assert report["problem"] == ""
    assert "waiting:" in run("delivery_report")


def test_the_tasks_are_the_same_functions(built, at, sink):
    at(DUE_DAY)
    tasks.tick()
    assert len(sink.mails) == 1
    tasks.send()
    assert len(sink.mails) == 1
    assert EngineState.objects.get().last_send is not None


def test_no_message_outlives_its_period_and_nothing_is_planned_by_kind():
    assert {"reminders.tick", "reminders.send"} <= {entry["task"] for entry in app.conf.beat_schedule.values()}
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] < entry["schedule"]
    assert app.conf.task_ignore_result
    assert app.conf.task_acks_late
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_connection_max_retries is None
