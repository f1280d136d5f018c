"""From a fact to a receiver and back into the log: the same fence as mails (rule 6; P2, P7, P8, P11, P20)."""

import datetime as dt
import json

import pytest
from django.db import transaction
from standardwebhooks import Webhook

from activity import services as activity
from activity.enums import Verb
from channels.enums import Kind, Topic
from channels.models import Channel, ChannelAttempt, ChannelPost
from channels.selectors.log import entry
from channels.services import http, passing
from channels.services.managing import pause_channel, remove_channel, rotate_secret, send_again, send_test
from core import clock
from core.errors import Conflict, Invalid
from phases.models import Event
from programs.enums import ProgramState
from reminders.enums import Outcome, State
from reminders.models import EngineState
from reminders.services import tick
from reminders.services.restoring import after_restore
from tests import factories
from tests.channels.conftest import NOW
from tests.factories import sign_in


def only() -> ChannelPost:
    return ChannelPost.objects.get()


def later(**delta: float) -> None:
    clock.move(clock.now() + dt.timedelta(**delta), speed=0)


def said(receiver) -> list[str]:
    return [json.loads(body)["text"] for _, _, body in receiver.got]


def happened(built, verb: Verb, subject: object, **data: object) -> None:
    with transaction.atomic():
        activity.record(
            actor_id=None, verb=verb, subject_kind="x", subject_id=subject.pk, subject_label="Label",
            program_id=built.program.pk, data=data,
        )  # fmt: skip


@transaction.atomic
def undone(built, subject: object) -> None:
    happened(built, Verb.ESCALATION_STARTED, subject, path="Ladder")
    raise RuntimeError("the change failed, and so did its news")


def test_a_gate_is_posted_the_day_before_once_with_the_tick_of_the_mails(built, add, receiver):
    add(topics=[Topic.GATE_AHEAD, Topic.GATE_TODAY])
    add(topics=[Topic.GATE_DECIDED], name="Decisions only")
    tick()
    tick()
    assert said(receiver) == ["Alpha: Gate 1 is due tomorrow"]
    row = only()
    assert (row.state, row.reply, row.attempts) == (State.SENT, "200 ok", 1)
    clock.move(NOW + dt.timedelta(hours=18), speed=0)  # the day of the gate, but at night
    tick()
    clock.move(NOW + dt.timedelta(days=1), speed=0)
    tick()
    assert said(receiver)[1:] == ["Alpha: Gate 1 is due today"]


def test_p11_what_was_so_on_the_day_of_a_gate_is_not_said_again_on_another(built, add, receiver):
    channel = add(topics=[Topic.GATE_AHEAD])
    receiver.answers = [(400, {}, b"no")]
    tick()
    assert (only().state, entry(only()).may_again) == (State.DEAD, True)
    send_again(actor=built.manager, post=only())
    tick()
    assert (len(receiver.got), only().state) == (2, State.DEAD)
    later(days=2)  # the gate is overdue now, and "is due tomorrow" would be wrong
    post = only()
    post.channel = channel
    assert not entry(post).may_again
    with pytest.raises(Invalid, match="a day that is over"):
        send_again(actor=built.manager, post=post)


def test_p11_a_gate_that_was_decided_or_moved_meanwhile_is_not_posted(built, add, receiver):
    add(topics=[Topic.GATE_AHEAD])
    passing.plan_gates(clock.now())
    Event.objects.filter(slug="gate-30").update(due_date=dt.date(2026, 3, 2))
    tick()
    assert receiver.got == []
    assert (only().state, only().reason) == (State.CANCELLED, "The date moved to 2026-03-02")


def test_facts_are_posted_in_the_writers_transaction(built, add, receiver):
    add(kind=Kind.SIGNED)
    gate = built.events["gate-30"]
    happened(built, Verb.EVENT_DECIDED, gate, outcome="conditional-go", reason="Mail ann@example.org first")
    happened(built, Verb.ESCALATION_STARTED, gate, path="Ladder", reason="late")
    happened(built, Verb.ESCALATION_ENDED, gate, path="Ladder", reason="done")
    happened(built, Verb.TASK_DONE, gate)
    with pytest.raises(RuntimeError):
        undone(built, gate)
    assert set(ChannelPost.objects.values_list("topic", flat=True)) == {
        "gate.decided", "escalation.started", "escalation.stopped",
    }  # fmt: skip
    passing.send(clock.now())
    first = json.loads(receiver.got[0][2])
    assert first["data"]["title"] == "Gate 1: Conditional go"
    assert first["data"]["lines"] == ["Mail (address left out) first"]


def test_a_signed_post_is_verified_by_the_libraries_of_receivers(built, add, receiver, monkeypatch):
    channel = add(kind=Kind.SIGNED)
    old = channel.secret
    new = rotate_secret(actor=built.manager, channel=channel).secret
    send_test(actor=built.manager, channel=channel, key="k")
    send_test(actor=built.manager, channel=channel, key="k")
    tick()
    ((path, headers, body),) = [got for got in receiver.got if json.loads(got[2])["type"] == "test"]
    assert path == "/hook/secret-path"
    monkeypatch.setattr("standardwebhooks.webhooks.Webhook._Webhook__verify_timestamp", lambda self, at: NOW)
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)["data"]["title"] == "Test message to Team chat"
    channel.refresh_from_db()
    assert channel.secrets(NOW + dt.timedelta(days=2)) == [new]


def test_p7_answers_and_what_follows(built, add, receiver):
    channel = add(topics=[Topic.GATE_DECIDED])
    send_test(actor=built.manager, channel=channel, key="k")
    receiver.answers = [(429, {"Retry-After": "600"}, b"slow down"), (503, {}, b""), (302, {"Location": "/x"}, b"")]
    tick()
    assert (only().state, only().reply) == (State.QUEUED, "429 slow down")
    assert only().not_before == clock.now() + dt.timedelta(seconds=600)
    later(seconds=601)
    tick()
    assert (only().reply, only().attempts) == ("503", 2)
    later(minutes=10)
    tick()
    assert only().state == State.DEAD
    assert "a redirect, which is not followed" in only().reason
    assert len(receiver.got) == 3  # nobody went where the redirect pointed
    send_again(actor=built.manager, post=only())
    with pytest.raises(Invalid):
        send_again(actor=built.manager, post=only())
    receiver.answers = [(410, {}, b"")]
    tick()
    channel.refresh_from_db()
    assert (only().state, channel.paused_because) == (State.DEAD, passing.GONE)
    assert len({headers["user-agent"] for _, headers, _ in receiver.got}) == 1
    assert list(ChannelAttempt.objects.values_list("outcome", flat=True)) == [
        Outcome.TEMPORARY, Outcome.TEMPORARY, Outcome.PERMANENT, Outcome.PERMANENT,
    ]  # fmt: skip


def test_p20_slow_dripping_and_huge_answers_hold_up_nobody(built, add, receiver, monkeypatch):
    channel = add(topics=[Topic.GATE_DECIDED])
    send_test(actor=built.manager, channel=channel, key="k")
    receiver.answers = [(200, {}, b"x" * 300_000)]
    tick()
    assert (only().state, only().reply.endswith("(an answer of more than 64 kB, cut)")) == (State.SENT, True)
    monkeypatch.setattr(http, "DEADLINE", 0.3)
    receiver.drip = True
    send_test(actor=built.manager, channel=channel, key="other")
    tick()
    row = ChannelPost.objects.get(key__endswith="other")
    assert (row.state, row.tries.get().outcome) == (State.QUEUED, Outcome.UNCERTAIN)
    assert "secret-path" not in row.reply


def test_p8_an_unreachable_receiver_holds_up_its_own_channel_only(built, add, receiver, settings):
    dead, alive = add(topics=[Topic.GATE_DECIDED], name="Dead"), add(topics=[Topic.GATE_DECIDED], name="Alive")
    settings.WEBHOOK_ALLOWED_HOSTS = [*settings.WEBHOOK_ALLOWED_HOSTS, "127.0.0.1:1"]
    Channel.objects.filter(pk=dead.pk).update(url="http://127.0.0.1:1/x")
    for channel in (dead, alive):
        for key in ("a", "b"):
            send_test(actor=built.manager, channel=channel, key=key)
    tick()
    assert {row.state for row in alive.posts.all()} == {State.SENT}
    assert {row.state for row in dead.posts.all()} == {State.QUEUED}
    assert ChannelAttempt.objects.filter(post__channel=dead).count() == 1  # the second was not even tried


def test_p2_killed_between_acceptance_and_record_it_is_repeated_under_the_same_number(
    built, add, receiver, monkeypatch
):
    channel = add(kind=Kind.SIGNED, topics=[Topic.GATE_DECIDED])
    send_test(actor=built.manager, channel=channel, key="k")

    def die(*_: object) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(passing, "record", die)
        with pytest.raises(SystemExit):
            passing.send(clock.now())
    assert only().state == State.LEASED
    assert passing.send(clock.now()) == 0  # under lease: nobody else takes it
    mine = only()
    later(minutes=6)
    assert passing.send(clock.now()) == 1
    numbers = [headers["webhook-id"] for _, headers, _ in receiver.got]
    assert numbers == [only().number] * 2
    assert len({body for _, _, body in receiver.got}) == 1
    assert list(only().tries.values_list("outcome", flat=True)) == [Outcome.UNCERTAIN, Outcome.ACCEPTED]
    # The worker that woke up late may not say what became of it.
    assert passing.settle(mine, state=State.DEAD) is False


def test_paused_removed_switched_off_and_inactive_channels_are_silent(built, add, receiver, settings):
    gate, channel = built.events["gate-30"], add()
    send_test(actor=built.manager, channel=channel, key="k")
    pause_channel(actor=built.manager, channel=channel)
    happened(built, Verb.ESCALATION_STARTED, gate, path="Ladder")
    tick()
    assert (receiver.got, ChannelPost.objects.count()) == ([], 1)
    later(days=4)
    tick()
    assert only().state == State.EXPIRED
    removed = remove_channel(actor=built.manager, channel=channel)
    assert (removed.url, removed.secret, removed.shown) == ("", "", "")
    with pytest.raises(Conflict):
        pause_channel(actor=built.manager, channel=channel)
    other = add(name="Other")
    built.program.state = ProgramState.PAUSED
    built.program.save(update_fields=["state"])
    happened(built, Verb.ESCALATION_STARTED, gate, path="Ladder")
    built.program.state = ProgramState.ACTIVE
    built.program.save(update_fields=["state"])
    settings.WEBHOOKS = False
    happened(built, Verb.ESCALATION_STARTED, gate, path="Ladder")
    tick()
    assert not other.posts.exists()


def test_p11_a_channel_that_is_removed_or_paused_under_a_lease_gets_nothing_more(built, add, receiver, monkeypatch):
    gone, still = (add(topics=[Topic.GATE_DECIDED], name=name) for name in ("Gone", "Paused"))
    for channel in (gone, still):
        send_test(actor=built.manager, channel=channel, key="k")
    claim = passing.claim

    def meanwhile(now, count):
        posts = claim(now, count)
        if posts:
            remove_channel(actor=built.manager, channel=gone)
            pause_channel(actor=built.manager, channel=still)
        return posts

    monkeypatch.setattr(passing, "claim", meanwhile)
    tick()
    assert receiver.got == []
    assert [(p.state, p.reason) for p in ChannelPost.objects.order_by("pk")] == [
        (State.CANCELLED, "The channel was removed"),
        (State.QUEUED, ""),
    ]


def test_the_operator_sees_what_waits_for_chats_on_the_page_and_in_the_metrics(built, add, receiver, settings):
    settings.METRICS_TOKEN = "t" * 24
    send_test(actor=built.manager, channel=add(), key="k")
    send_test(actor=built.manager, channel=add(name="Paused"), key="k")
    Channel.objects.filter(name="Paused").update(paused_at=clock.now())
    boss = factories.user("boss", is_administrator=True)
    client = sign_in(boss)
    page = client.get("/operations/").content.decode()
    assert "no mails, 1 post<" in page
    text = client.get("/metrics", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"}).content.decode()
    assert 'roadmap90_queue{due="now",what="post"} 1.0' in text
    settings.WEBHOOKS = False
    assert "no mails<" in client.get("/operations/").content.decode()


def test_p18_a_restored_copy_posts_nothing_by_itself(built, add, receiver):
    gate, channel = built.events["gate-30"], add(topics=[Topic.ESCALATION_STARTED, Topic.GATE_AHEAD])
    happened(built, Verb.ESCALATION_STARTED, gate, path="Ladder")
    after_restore()
    # What waited, and what the original may have queued and posted since the backup was made.
    assert sorted(ChannelPost.objects.values_list("topic", "state")) == [
        ("escalation.started", State.HELD),
        ("gate.tomorrow", State.HELD),
    ]
    EngineState.objects.update(paused=False, restored_at=None)
    tick()
    assert receiver.got == []
    waiting = next(entry(row) for row in channel.posts.all() if row.topic == Topic.ESCALATION_STARTED)
    assert waiting.may_again
    send_again(actor=built.manager, post=waiting.row)
    tick()
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("verb", "data", "posted"),
    [
        (Verb.RISK_ADDED, {"score": 20}, True),
        (Verb.RISK_ADDED, {"score": 12}, False),
        (Verb.RISK_RESCORED, {"score_before": 12, "score_after": 20}, True),
        (Verb.RISK_RESCORED, {"score_before": 20, "score_after": 25}, False),
        (Verb.RISK_RESCORED, {"score_before": 20, "score_after": 12}, False),
    ],
)
def test_only_a_risk_that_becomes_critical_is_news(built, add, monkeypatch, verb, data, posted):
    add(topics=[Topic.RISK_CRITICAL])
    risk = type("Stub", (), {"pk": 1, "slug": "r-drift", "event": "Drift", "impact": "Wrong answers"})()
    monkeypatch.setattr("channels.services.hearing.Risk.objects", type("Rows", (), {"get": lambda self, pk: risk})())
    happened(built, verb, risk, **data)
    assert ChannelPost.objects.exists() is posted
