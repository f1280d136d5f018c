"""Two at once, forced into the narrow places with events: claiming, planning, and an approval during sending."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection, transaction

from core import clock
from phases import services as phases
from reminders.enums import Outcome, State
from reminders.models import Attempt, Delivery, EngineState, Mail, MailboxMessage, ProgramPlan
from reminders.services import composing, copy_default_rules, outbox, planning, sending, tick, turns
from reminders.services.claiming import claim
from reminders.services.freezing import freeze, make
from reminders.services.outcomes import SendCount
from reminders.services.planning import plan_program
from reminders.services.transport import Reply
from tests import factories
from tests.factories import Built

DUE = dt.datetime(2026, 1, 27, 8, tzinfo=dt.UTC)


@pytest.fixture
def committed(transactional_db) -> Built:
    """The small program on a database whose commits are real, the clock at a moment with several mails due."""
    made = factories.program("claims", start_date=dt.date(2026, 1, 5))
    copy_default_rules(made.program)
    clock.move(DUE, speed=0)
    EngineState.objects.create(pk=1)
    return made


def in_thread(work):
    """Run `work` on a connection of its own; returns the started thread and where its result will be."""
    found = []

    def run():
        try:
            found.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def test_p4_two_workers_claiming_at_the_same_moment_share_nothing(committed, monkeypatch):
    """The first is held between choosing and marking; the second claims meanwhile (or waits, on SQLite)."""
    planning.plan_due(DUE)
    assert composing.compose(DUE) > 1
    chosen, go_on = threading.Event(), threading.Event()
    real = uuid.uuid4

    def held_up():
        if not chosen.is_set():
            chosen.set()
            go_on.wait(2)
        return real()

    monkeypatch.setattr(outbox.uuid, "uuid4", held_up)
    first, first_found = in_thread(lambda: [mail.pk for mail in claim(DUE, 10)])
    assert chosen.wait(5)
    second, second_found = in_thread(lambda: [mail.pk for mail in claim(DUE, 10)])
    second.join(1)
    go_on.set()
    first.join(20)
    second.join(20)
    assert not set(first_found[0]) & set(second_found[0])
    assert len(first_found[0]) + len(second_found[0]) == Mail.objects.count()


def test_p3_two_composers_share_the_people_and_nobody_gets_two_mails(committed, monkeypatch):
    """The first is held with somebody in its hands; the second goes on to the others (or waits, on SQLite)."""
    planning.plan_due(DUE)
    monkeypatch.setattr(composing, "AT_ONCE", 1)
    held, go_on = threading.Event(), threading.Event()
    real = composing._people

    def held_up(user_ids):
        if not held.is_set():
            held.set()
            go_on.wait(5)
        return real(user_ids)

    monkeypatch.setattr(composing, "_people", held_up)
    first, first_made = in_thread(lambda: composing.compose(DUE))
    assert held.wait(5)
    second, second_made = in_thread(lambda: composing.compose(DUE))
    second.join(1 if connection.vendor == "sqlite" else 20)
    assert connection.vendor == "sqlite" or second_made[0] > 0, "it waited for the first"
    go_on.set()
    first.join(20)
    second.join(20)
    assert first_made[0] + second_made[0] == Mail.objects.count() == Mail.objects.values("user").distinct().count() > 1
    assert not Delivery.objects.filter(state=State.QUEUED, mail=None, not_before__lte=DUE).exists()


def test_p3_three_planners_at_once_make_each_row_once(committed):
    ready = threading.Barrier(3)

    def work():
        ready.wait(5)
        return plan_program(committed.program.pk, DUE).planned

    threads = [in_thread(work) for _ in range(3)]
    for thread, _ in threads:
        thread.join(30)
    total = sum(found[0] for _, found in threads)
    assert total == Delivery.objects.filter(state=State.QUEUED).count() > 0
    assert ProgramPlan.objects.get().dirty is False


def test_p11_work_finished_while_its_mail_is_about_to_be_sent_is_left_out(committed, monkeypatch, settings):
    """The mail is frozen already; the finish is noticed before the server is spoken to."""
    settings.EMAIL_BACKEND = "reminders.backends.MailboxBackend"
    real, task = sending._turn, committed.tasks["train"]

    def finish_first(last, one, current):
        if one.mail.user_id == committed.owner.pk and task.pk:
            phases.complete_task(actor=committed.owner, task=task)
            task.pk = None
        return real(last, one, current)

    monkeypatch.setattr(sending, "_turn", finish_first)
    tick()
    rows = Delivery.objects.filter(item_kind="task", item_slug="train", user=committed.owner)
    assert {row.state for row in rows} == {State.CANCELLED}
    kept = MailboxMessage.objects.get(recipient=committed.owner.email)  # the gate ahead is hers as well
    assert b"Do the train" not in bytes(kept.raw)


def test_p11_who_cancels_while_a_mail_begins_waits_and_finds_that_it_has_begun(committed):
    """Either the look finds the cancellation, or the cancellation finds the attempt; there is nothing between."""
    planning.plan_due(DUE)
    composing.compose(DUE)
    ready = freeze(claim(DUE, 10), DUE, SendCount())
    assert all(make(one, DUE, SendCount()) for one in ready)
    last = turns.Answered(ready[0], turns.begin(ready[0], DUE), Reply(Outcome.ACCEPTED, "250 kept"), DUE)
    begun, commit = threading.Event(), threading.Event()

    def begin():
        with transaction.atomic():
            turns.turn(last, ready[1], DUE, SendCount())
            begun.set()
            commit.wait(5)

    def cancel():
        Delivery.objects.filter(pk__in=ready[1].rows).update(state=State.CANCELLED)
        return Attempt.objects.filter(mail=ready[1].mail).count()

    sender, _ = in_thread(begin)
    assert begun.wait(5)
    canceller, seen = in_thread(cancel)
    canceller.join(0.5)
    assert seen == []
    commit.set()
    sender.join(20)
    canceller.join(20)
    assert seen == [1]


def test_p5_no_change_in_a_request_speaks_to_a_broker_or_a_mail_server(committed, monkeypatch):
    tick()

    def refuse(*_args, **_more):
        raise AssertionError("a request reached for the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    phases.complete_task(actor=committed.owner, task=committed.tasks["train"])
    phases.redate(actor=committed.manager, item=committed.tasks["dashboards"], new_date=dt.date(2026, 3, 2), reason="x")
