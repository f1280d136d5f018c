"""The page of chats and webhooks: what it takes, what it never shows again, who may do what (P14, P16, P20)."""

import re

import pytest

from channels.enums import CHOOSABLE, Kind
from channels.models import Channel, ChannelPost
from channels.services.managing import MOST, pause_channel, send_test
from reminders.enums import State
from reminders.services import tick
from tests import factories
from tests.factories import sign_in

PAGE = "/programs/alpha/channels/"


def typed(receiver, **more: object) -> dict[str, object]:
    topics = [topic.value for topic in CHOOSABLE]
    return {"name": "Team chat", "kind": "slack", "url": receiver.url, "topics": topics, "key": "k" * 32, **more}


def test_a_channel_is_added_tested_and_its_secrets_are_shown_once_or_never(built, receiver):
    manager = sign_in(built.manager)
    made = manager.post(PAGE, typed(receiver, kind="signed"))
    assert made["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", made.content.decode())
    assert "whsec" not in manager.post(PAGE, typed(receiver, kind="signed")).content.decode()  # the form sent twice
    channel = Channel.objects.get()
    assert channel.secret == secret
    one = f"{PAGE}{channel.pk}/"
    assert manager.post(f"{one}test/", {"key": "t"}).status_code == 302
    tick()
    page = manager.get(PAGE).content.decode()
    assert "Test message to Team chat" in page
    assert "Sent" in page
    renewed = manager.post(f"{one}rotate/").content.decode()
    (second,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", renewed)
    assert second != secret
    for shown in (page, manager.get(one).content.decode(), manager.get(PAGE).content.decode()):
        assert not re.search(r"whsec_|secret-path", shown)
    assert "127.0.0.1/…" in page
    assert "127.0.0.1/…" not in sign_in(built.owner).get(PAGE).content.decode()


def test_an_empty_address_keeps_the_one_there_is_and_a_lost_race_is_told(built, add, receiver):
    channel = add()
    manager, one = sign_in(built.manager), f"{PAGE}{channel.pk}/"
    kept = typed(receiver, url="", name="Renamed", topics=["gate.decided"], version=1)
    assert manager.post(one, kept).status_code == 302
    assert manager.post(one, kept).status_code == 302, "pressed twice is once"
    channel.refresh_from_db()
    assert (channel.url, channel.name, channel.topics) == (receiver.url, "Renamed", ["gate.decided"])
    lost = manager.post(one, {**kept, "name": "Other"})
    assert lost.status_code == 409
    page = lost.content.decode()
    assert "secret-path" not in page
    assert "<p>Other, told of: A gate is decided, a checkpoint recorded</p>" in page
    assert ('name="name" value="Other"' in page, 'name="version" value="2"' in page) == (True, True)
    # The two sides are on the page with what was typed, so pressing again sets it.
    assert manager.post(one, {**kept, "name": "Other", "version": 2}).status_code == 302


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "Give it a name"),
        ({"url": ""}, "Enter the address to post to"),
        ({"url": "https://169.254.169.254/latest"}, "inside the network"),
        ({"url": "https://u:p@example.org/"}, "name or password in front"),
        ({"topics": []}, "Choose at least one"),
        ({"kind": "carrier pigeon"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_kept(built, receiver, more, words):
    answer = sign_in(built.manager).post(PAGE, typed(receiver, **more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Channel.objects.exists()


def test_switched_off_the_page_says_why_and_takes_nothing(built, add, receiver, settings):
    add()
    for number in range(MOST - 1):
        add(name=f"c{number}")
    settings_off = sign_in(built.manager)
    assert "at most 10 channels" in settings_off.post(PAGE, typed(receiver)).content.decode()
    settings.WEBHOOKS = False
    page = settings_off.get(PAGE).content.decode()
    assert "WEBHOOKS=on" in page
    assert "Add a channel" not in page
    assert settings_off.post(PAGE, typed(receiver)).status_code == 422


def test_it_asks_as_often_for_one_row_as_for_three(built, add, django_assert_num_queries):
    manager, other = sign_in(built.manager), factories.program("beta")
    manager.get(PAGE)
    for size in (1, 3):
        while Channel.objects.count() < size:
            channel = add(kind=Kind.SIGNED)
            send_test(actor=built.manager, channel=channel, key="k")
        with django_assert_num_queries(7):
            assert manager.get(PAGE).status_code == 200
    ChannelPost.objects.update(state=State.DEAD)
    pause_channel(actor=built.manager, channel=Channel.objects.first())
    page = manager.get(PAGE).content.decode()
    assert page.count("Send again") == 3
    assert "Paused by" in page
    # Another program's manager cannot reach them by their numbers.
    stranger, there = sign_in(other.manager), "/programs/beta/channels/"
    assert stranger.post(f"{there}{Channel.objects.first().pk}/remove/").status_code == 404
    assert stranger.post(f"{there}posts/{ChannelPost.objects.first().pk}/again/").status_code == 404
