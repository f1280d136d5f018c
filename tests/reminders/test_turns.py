"""From one mail to the next in one commit, and what becomes of a reminder that may have left already (P2, P11)."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.db.models import Count
from psycopg.errors import DeadlockDetected

from core import clock
from core.bulk import point_to
from phases.models import Task
from programs.models import Role
from reminders.enums import Outcome, State
from reminders.models import Attempt, Delivery, EngineState, Mail, ProgramPlan
from reminders.services import composing, copy_default_rules, freezing, planning, sending, tick, turns
from reminders.services.claiming import claim
from reminders.services.freezing import freeze, make
from reminders.services.outcomes import SendCount, record
from reminders.services.planning import plan_program
from reminders.services.transport import Reply
from tests import factories
from tests.reminders.quiet import without_updates

DUE_DAY = "2026-01-27 09:00"
KEPT = Reply(Outcome.ACCEPTED, "250 kept")
CUT = Reply(Outcome.UNCERTAIN, "cut after the bytes")


@pytest.fixture
def ready(built, at):
    """Mails that are claimed, frozen and made, in the order in which they will leave."""
    at(DUE_DAY)
    EngineState.objects.create(pk=1)
    planning.plan_due(clock.now())
    assert composing.compose(clock.now()) > 1
    return claimed()


def claimed():
    found = freeze(claim(clock.now(), 10), clock.now(), SendCount())
    assert all(make(one, clock.now(), SendCount()) for one in found)
    return found


def handed_over(one, reply=KEPT):
    return turns.Answered(one, turns.begin(one, clock.now()), reply, clock.now())


def later(**delta):
    clock.move(clock.now() + dt.timedelta(**delta), speed=0)


def left_behind():
    """Everything the two ways write."""
    mails = Mail.objects.order_by("pk").values_list(
        "pk", "state", "reply", "reason", "sent_at", "lease_until", "claim", "subject", "mime", "address", "attempts"
    )
    tries = Attempt.objects.order_by("pk").values_list("mail", "number", "started_at", "ended_at", "outcome", "reply")
    rows = Delivery.objects.order_by("pk").values_list("pk", "state", "reason", "mail", "sent_on")
    return [
        [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in q] for q in (mails, tries, rows)
    ]


@pytest.fixture(params=["as it is", "step by step"])
def way(request, monkeypatch):
    """The database's own way, and on PostgreSQL besides the one that SQLite has."""
    if request.param == "step by step":
        monkeypatch.setattr(turns, "connection", type("Other", (), {"vendor": "sqlite"})())
    return request.param


def test_p2_one_commit_records_an_acceptance_and_begins_the_next(ready, way):
    last, count = handed_over(ready[0]), SendCount()
    attempt = turns.turn(last, ready[1], clock.now(), count)
    assert count.sent == 1
    first, second = (Mail.objects.get(pk=one.mail.pk) for one in ready[:2])
    assert (first.state, first.reply, first.sent_at) == (State.SENT, "250 kept", clock.now())
    assert (first.claim, first.lease_until) == ("", None)
    about = set(first.deliveries.values_list("state", "sent_on", "reason"))
    assert about == {(State.SENT, dt.date(2026, 1, 27), "")}
    assert (second.state, bytes(second.mime), second.subject) == (
        State.LEASED,
        ready[1].mail.mime,
        ready[1].mail.subject,
    )
    assert set(second.deliveries.values_list("state", flat=True)) == {State.LEASED}
    assert list(Attempt.objects.values_list("mail", "outcome", "reply")) == [
        (first.pk, Outcome.ACCEPTED, "250 kept"),
        (second.pk, Outcome.STARTED, ""),
    ]
    assert attempt.pk == Attempt.objects.get(mail=second).pk


def test_both_ways_leave_the_same_rows(ready, monkeypatch):
    """On SQLite both are one; on PostgreSQL the statement is held against the steps."""
    found = []
    for vendor in (connection.vendor, "sqlite"):
        monkeypatch.setattr(
            turns, "connection", connection if vendor != "sqlite" else type("O", (), {"vendor": vendor})()
        )
        Attempt.objects.all().delete()
        Mail.objects.update(state=State.LEASED, claim=ready[0].mail.claim, reply="", sent_at=None, mime=None)
        Delivery.objects.filter(mail__isnull=False).update(state=State.LEASED, sent_on=None)
        turns.turn(handed_over(ready[0]), ready[1], clock.now(), SendCount())
        found.append(left_behind())
    assert found[0] == found[1]


@pytest.mark.parametrize("gone", ["a reminder was cancelled", "a reminder was taken out", "the claim was lost"])
def test_p11_what_is_not_whole_any_more_does_not_begin_but_the_last_is_on_record(ready, way, gone):
    last, nxt = handed_over(ready[0]), ready[1]
    rows = Delivery.objects.filter(pk=nxt.rows[0])
    if gone == "a reminder was cancelled":
        rows.update(state=State.CANCELLED)
    elif gone == "a reminder was taken out":
        rows.update(mail=None)
    else:
        Mail.objects.filter(pk=nxt.mail.pk).update(claim="somebody else's")
    assert turns.turn(last, nxt, clock.now(), SendCount()) is None
    assert Mail.objects.get(pk=ready[0].mail.pk).state == State.SENT
    assert Mail.objects.get(pk=nxt.mail.pk).mime is None
    assert not Attempt.objects.filter(mail=nxt.mail).exists()


def test_rule_6_a_lost_claim_says_nothing_of_the_mail_but_what_was_in_it_has_left(ready, way):
    last = handed_over(ready[0])
    Mail.objects.filter(pk=ready[0].mail.pk).update(claim="somebody else's")
    Delivery.objects.filter(pk__in=ready[0].rows).update(state=State.CANCELLED, reason="Done")
    assert turns.turn(last, ready[1], clock.now(), SendCount())
    mail = Mail.objects.get(pk=ready[0].mail.pk)
    assert (mail.state, mail.claim) == (State.LEASED, "somebody else's")
    assert set(mail.deliveries.values_list("state", "reason")) == {(State.SENT, "")}


def test_p2_when_the_joint_step_fails_each_is_written_by_itself(built, at, sink, monkeypatch):
    """Two mails are locked in it, so it may be chosen as the victim of a deadlock."""

    def victim(*_):
        raise OperationalError("deadlock detected")

    at(DUE_DAY)
    monkeypatch.setattr(sending, "turn", victim)
    result = tick()
    assert result.sent == Mail.objects.filter(state=State.SENT).count() == len(sink.mails) > 1
    assert set(sink.copies.values()) == {1}
    assert not Attempt.objects.exclude(outcome=Outcome.ACCEPTED).exists()


# A reminder that was cancelled while its mail was under way, and is wanted again.


def called_off_and_wanted_again():
    """Cancel the reminders of the first mail and let the planner find their cause again."""
    Delivery.objects.filter(state=State.LEASED).update(state=State.CANCELLED, reason="paused")
    ProgramPlan.objects.update(dirty=True)


def test_p2_it_stays_in_its_mail_whose_bytes_are_repeated(ready, built, sink):
    one = ready[0]
    turns.begin(one, clock.now())  # and the worker is not heard of again
    called_off_and_wanted_again()
    assert plan_program(built.program.pk, clock.now()).planned > 0
    assert set(Delivery.objects.filter(pk__in=one.rows).values_list("state", "mail")) == {(State.QUEUED, one.mail.pk)}
    later(minutes=6)
    tick()
    (copy,) = [raw for _, raw in sink.handler.accepted if one.mail.message_id.encode() in raw]
    assert copy.replace(b"\r\n", b"\n").strip() == one.mail.mime.replace(b"\r\n", b"\n").strip()
    keys = set(Delivery.objects.filter(pk__in=one.rows).values_list("state", "mail"))
    assert keys == {(State.SENT, one.mail.pk)}


def test_p2_it_wakes_its_mail_that_was_called_off_after_it_may_have_left(ready, built, sink):
    one = ready[0]
    turns.begin(one, clock.now())
    Delivery.objects.filter(pk__in=one.rows).update(state=State.CANCELLED)
    later(minutes=6)
    sending.send_claimed(clock.now())
    assert Mail.objects.get(pk=one.mail.pk).state == State.CANCELLED
    plan_program(built.program.pk, clock.now())
    tick()
    assert Mail.objects.get(pk=one.mail.pk).state == State.SENT
    assert sink.copies[one.mail.message_id] == 1
    assert set(Delivery.objects.filter(pk__in=one.rows).values_list("mail", flat=True)) == {one.mail.pk}


def test_p2_it_stays_cancelled_when_its_mail_was_given_up(ready, built, sink):
    one = ready[0]
    turns.begin(one, clock.now())
    Delivery.objects.filter(pk__in=one.rows).update(state=State.CANCELLED)
    Mail.objects.filter(pk=one.mail.pk).update(state=State.DEAD)
    plan_program(built.program.pk, clock.now())
    assert set(Delivery.objects.filter(pk__in=one.rows).values_list("state", flat=True)) == {State.CANCELLED}


def test_p1_it_goes_into_a_new_mail_when_no_server_can_have_seen_the_old_one(ready, built, sink):
    one = ready[0]
    Delivery.objects.filter(pk__in=one.rows).update(state=State.CANCELLED)
    assert plan_program(built.program.pk, clock.now()).planned > 0
    assert set(Delivery.objects.filter(pk__in=one.rows).values_list("state", "mail")) == {(State.QUEUED, None)}


def test_what_is_closed_before_the_bytes_are_made_is_not_in_the_mail(built, at):
    """So whoever is in a mail was in it when it was handed over."""
    at(DUE_DAY)
    EngineState.objects.create(pk=1)
    planning.plan_due(clock.now())
    composing.compose(clock.now())
    mail = Mail.objects.annotate(number=Count("deliveries")).filter(number__gt=1).first()
    closed = mail.deliveries.order_by("pk").first()
    Delivery.objects.filter(pk=closed.pk).update(state=State.CANCELLED)
    claimed()
    assert Delivery.objects.get(pk=closed.pk).mail is None
    assert mail.deliveries.count() == mail.number - 1


def test_p2_a_repeat_that_is_taken_tells_of_everything_in_its_bytes(ready):
    """Also of what was closed since: the ledger says what the reader has seen."""
    one = next(one for one in ready if len(one.rows) > 1)
    record(one, turns.begin(one, clock.now()), CUT, clock.now(), SendCount())
    Delivery.objects.filter(pk=one.rows[0]).update(state=State.CANCELLED, reason="Done")
    later(minutes=6)
    (again,) = [other for other in claimed() if other.mail.pk == one.mail.pk]
    assert again.repeated
    assert one.rows[0] not in again.rows
    record(again, turns.begin(again, clock.now()), KEPT, clock.now(), SendCount())
    assert set(Delivery.objects.filter(pk__in=one.rows).values_list("state", "reason")) == {(State.SENT, "")}


# What helps several workers.


def test_p3_a_planner_does_not_repeat_what_another_has_just_planned(built, at):
    at(DUE_DAY)
    waiting = planning._waiting(clock.now(), planning.limits())
    assert plan_program(built.program.pk, clock.now(), waiting=waiting).planned > 0
    ProgramPlan.objects.update(error="a mark that planning would take away")
    assert plan_program(built.program.pk, clock.now(), waiting=waiting) == planning.PlanCount()
    assert ProgramPlan.objects.get().error
    plan_program(built.program.pk, clock.now())
    assert not ProgramPlan.objects.get().error


def test_links_are_written_for_the_rows_that_are_named_and_no_others(db):
    built = factories.program("claims", start_date=dt.date(2026, 1, 5))
    train, dashboards = built.tasks["train"], built.tasks["dashboards"]
    other = factories.user("other")
    before = dashboards.assignee_id
    field = Task._meta.get_field("assignee")
    point_to(field, {train.pk: other.pk})
    assert Task.objects.get(pk=train.pk).assignee_id == other.pk
    assert Task.objects.get(pk=dashboards.pk).assignee_id == before
    point_to(field, {})
    assert Task.objects.get(pk=train.pk).assignee_id == other.pk


def test_p8_a_fault_with_one_person_leaves_the_others_their_mails(built, at, monkeypatch, caplog):
    at(DUE_DAY)
    planning.plan_due(clock.now())
    due = set(composing._due(clock.now()).values_list("user_id", flat=True))
    real = composing._mail_key

    def broken(row, person, now):
        if row.user_id == built.owner.pk:
            raise ValueError("a wish that cannot be read")
        return real(row, person, now)

    monkeypatch.setattr(composing, "_mail_key", broken)
    assert composing.compose(clock.now()) == len(due) - 1 > 0
    assert set(Mail.objects.values_list("user_id", flat=True)) == due - {built.owner.pk}
    assert f"no mail can be composed for person {built.owner.pk}" in caplog.text
    monkeypatch.setattr(composing, "_mail_key", real)
    assert composing.compose(clock.now()) == 1  # and it comes as soon as it can


def test_p8_a_victim_of_a_deadlock_is_composed_again(built, at, monkeypatch):
    at(DUE_DAY)
    planning.plan_due(clock.now())
    due = set(composing._due(clock.now()).values_list("user_id", flat=True))
    real, victims = composing._attach, []

    def victim(filled, now):
        if not victims:
            victims.append(len(filled))
            raise OperationalError("deadlock detected") from DeadlockDetected()
        return real(filled, now)

    monkeypatch.setattr(composing, "_attach", victim)
    assert composing.compose(clock.now()) == len(due) > 1
    assert set(Mail.objects.values_list("user_id", flat=True)) == due


@pytest.mark.parametrize("words", ["database is locked", "database or disk is full", "server closed the connection"])
def test_p7_what_the_database_lacks_is_no_fault_of_a_mail_or_a_person(built, at, sink, monkeypatch, words):
    """Nothing is buried for it and nobody is tried alone: the pass ends, and the next one begins where this one was."""
    at(DUE_DAY)
    asked = []

    def lacking(*_):
        asked.append(1)
        raise OperationalError(words)

    for module, name in ((composing, "_attach"), (freezing, "Lookups")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, lacking)
            with pytest.raises(OperationalError):
                tick()
        assert asked.pop() == 1
        assert not asked
    later(minutes=6)
    assert tick().sent == Mail.objects.filter(state=State.SENT).count() == Mail.objects.count() > 1


def test_p8_a_mail_that_cannot_be_settled_blocks_nobody_and_is_final(built, at, sink, monkeypatch):
    at(DUE_DAY)
    real = freezing.Lookups

    def broken(rows):
        rows = list(rows)
        if any(row.user_id == built.owner.pk for row in rows):
            raise ValueError("a row that cannot be read")
        return real(rows)

    monkeypatch.setattr(freezing, "Lookups", broken)
    result = tick()
    assert (result.failed, result.sent) == (1, Mail.objects.count() - 1)
    mail = Mail.objects.get(user=built.owner)
    assert (mail.state, mail.reason) == (State.DEAD, "Could not be settled: ValueError: a row that cannot be read")
    assert set(mail.deliveries.values_list("state", flat=True)) == {State.DEAD}


def test_rules_3_and_4_whoever_waits_for_a_plan_waits_with_everything(built, at, sink):
    """Somebody edits a program between planning and composing; its reminders must not miss the mail of the day."""
    at(DUE_DAY)
    EngineState.objects.create(pk=1)
    other = factories.program("pricing", start_date=dt.date(2026, 1, 5))
    copy_default_rules(other.program)
    without_updates(other.program)
    Role.objects.filter(program=other.program, slug="model-owner").update(holder=built.owner)
    planning.plan_due(clock.now())
    mine = Delivery.objects.filter(user=built.owner, state=State.QUEUED, not_before__lte=clock.now())
    assert mine.values("program").distinct().count() == 2
    ProgramPlan.objects.filter(program=other.program).update(dirty=True)
    assert composing.compose(clock.now()) > 0  # the others get theirs
    assert not Mail.objects.filter(user=built.owner).exists()
    tick()
    (mail,) = Mail.objects.filter(user=built.owner)
    assert mail.deliveries.values("program").distinct().count() == 2
    assert mail.state == State.SENT


def test_p7_an_international_domain_is_told_to_the_server_in_its_ascii_form(built, at, sink):
    at(DUE_DAY)
    built.owner.email = "mia@bücher.example"
    built.owner.save(update_fields=["email"])
    tick()
    assert Mail.objects.get(user=built.owner).state == State.SENT
    assert ["mia@xn--bcher-kva.example"] in [to for to, _ in sink.handler.accepted]
    built.owner.refresh_from_db()
    assert built.owner.no_mail_since is None
