"""Rules of chats and webhooks without a database: addresses, signatures, texts, answers, days (P20)."""

import datetime as dt
import json
import socket
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from channels.domain.answers import LONGEST_WAIT, of_status, wait_of
from channels.domain.gates import post_on
from channels.domain.payloads import Post, body_of, mrkdwn, post_of
from channels.domain.signing import as_secret, signed_headers
from channels.domain.targets import Allowance, fault, is_inside, shown
from channels.enums import Kind, Topic
from channels.services import http
from programs.domain.calendar import WorkCalendar
from reminders.enums import Outcome

NOW = dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)
INSIDE = [
    "127.0.0.1", "127.1", "0", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "017700000001",
    "0.0.0.0",  # noqa: S104 - nobody listens there; it must not be reached
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]",
    "100.64.0.1", "100.127.255.254", "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a00:1::]",
    "[2001::1]", "192.0.0.1", "192.88.99.1", "198.18.0.1", "224.0.0.1", "[ff02::1]", "240.0.0.1", "255.255.255.255",
    "localhost", "localhost.", "LOCALHOST", "a.localhost", "printer.local", "metadata.google.internal",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_p20_no_spelling_of_an_inside_address_is_taken_or_connected_to(host: str, settings, monkeypatch) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS, settings.WEBHOOK_ALLOWED_NETWORKS = [], []
    url = f"https://{host}/hook"
    assert http.fault_of(url)
    monkeypatch.setattr(http, "fault", lambda *_: "")  # as if it had slipped through when it was typed
    monkeypatch.setattr("urllib3.util.connection.create_connection", _never)
    answer = http.post(url, b"{}", {}, NOW)
    assert answer.outcome in (Outcome.PERMANENT, Outcome.UNREACHABLE), answer
    assert host.strip("[]") not in answer.text


def _never(*_: object, **__: object) -> socket.socket:
    raise AssertionError("somebody was connected to")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x", "ftp://example.org/x", "https://", "https:///x", "javascript:alert(1)", "example.org",
        "https://user@example.org/x", "https://user:pw@example.org/", "https://example.org:22/",
        "https://example.org:0/",
        "https://example.org:99999/", "https://example.org:x/", "https://exa mple.org/", "https://example.org\\@evil/",
        "https://example.org/\r\nX: y", "https://ex\u0430mple.org/", "https://example.org/#f",
        "https://e.org/" + "x" * 1000,
    ],
)  # fmt: skip
def test_p20_an_address_has_to_look_like_one(url: str) -> None:
    assert fault(url, Allowance())


def test_p20_what_the_operator_allows() -> None:
    good = ("https://hooks.slack.com/services/T0/B0/xyz", "https://example.org:8443/x", "https://EXAMPLE.org/?a=b")
    assert [fault(url, Allowance()) for url in good] == ["", "", ""]
    assert fault("http://example.org/", Allowance(http=True)) == ""
    assert fault("https://chat.local:9000/", Allowance(hosts=("chat.local:9000",))) == ""
    assert fault("https://chat.local:9001/", Allowance(hosts=("chat.local:9000",)))


def test_p20_of_an_address_only_the_host_is_shown() -> None:
    assert shown("https://hooks.slack.com/services/T0/B0/wxyz") == "hooks.slack.com/…"
    assert shown("https://example.org:8443/?key=wxyz") == "example.org/…"
    assert shown("") == ""


@given(st.ip_addresses(v=4))
def test_p20_every_ipv6_spelling_of_an_inside_ipv4_is_inside(address) -> None:
    number = int(address)
    assert is_inside(ip_address((0xFFFF << 32) | number)) == is_inside(address)
    assert is_inside(ip_address(f"::{address}"))
    assert is_inside(ip_address((0x64FF9B << 96) | number))
    assert is_inside(ip_address((0x2002 << 112) | (number << 80)))


def test_public_addresses_are_not_inside() -> None:
    assert not any(is_inside(ip_address(text)) for text in ("93.184.216.34", "2606:4700::1111", "8.8.8.8"))


def test_p20_a_name_is_resolved_once_and_the_connection_goes_where_it_was_judged(settings, monkeypatch) -> None:
    """DNS rebinding: public when judged, private a moment later."""
    real, asked, reached = socket.getaddrinfo, [], []

    def resolver(host, port, *args, **kwargs):
        if host != "rebind.example":
            return real(host, port, *args, **kwargs)
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address, *_args, **_kwargs):
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    settings.WEBHOOK_ALLOWED_HOSTS, settings.WEBHOOK_ALLOWED_NETWORKS = [], []
    answer = http.post("https://rebind.example/secret", b"{}", {}, NOW)
    assert (answer.outcome, asked, reached) == (Outcome.UNREACHABLE, ["rebind.example"], [("93.184.216.34", 443)])
    assert "secret" not in answer.text
    assert http.post("https://rebind.example/", b"{}", {}, NOW).outcome is Outcome.PERMANENT
    assert len(reached) == 1
    # A network the operator named is reached, pinned all the same.
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    http.post("https://rebind.example/", b"{}", {}, NOW)
    assert reached[1:] == [("127.0.0.1", 443)]


def test_signatures_are_what_the_specification_says_also_while_a_secret_is_renewed() -> None:
    old, new, other = (as_secret(bytes([number]) * 32) for number in (1, 2, 3))
    at, body = int(dt.datetime.now(dt.UTC).timestamp()), b'{"type":"test"}'
    headers = signed_headers("msg_1", at, body, [new, old])
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers) == {"type": "test"}
    for wrong in ({**headers, "webhook-id": "msg_2"}, {**headers, "webhook-timestamp": str(at + 1)}):
        with pytest.raises(WebhookVerificationError):
            Webhook(new).verify(body, wrong)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body + b" ", headers)


HOSTILE = "<!channel> <https://evil|click> *bold* & [x](https://evil) {{DATE(1)}} ann@example.org \u202e\r\n"


def _said(kind: Kind) -> str:
    post = post_of(
        Topic.RISK_CRITICAL, "Claims " + HOSTILE, HOSTILE * 20, [HOSTILE, "", *["x" * 900] * 9], "https://a/b"
    )
    return body_of(kind, Post.from_data(post.as_data()), NOW.isoformat()).decode()


@pytest.mark.parametrize("kind", list(Kind))
def test_texts_are_inert_short_and_without_addresses(kind: Kind) -> None:
    said = _said(kind)
    assert "ann@example.org" not in said
    assert "(address left out)" in said
    assert "\u202e" not in said
    assert len(said) < 8000
    document = json.loads(said)
    if kind is Kind.SLACK:
        marked = [document["text"]] + [e["text"] for b in document["blocks"] for e in b.get("elements", ())]
        assert not any("<!channel>" in text or "<https://evil" in text for text in marked)
        assert {b["text"]["type"] for b in document["blocks"] if "text" in b} == {"plain_text"}
    elif kind is Kind.TEAMS:
        card = document["attachments"][0]["content"]
        assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
        assert "{{" not in said
        assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open it", "url": "https://a/b"}]
    else:
        assert (document["type"], document["data"]["url"]) == ("risk.critical", "https://a/b")


def test_mrkdwn_escapes() -> None:
    assert mrkdwn("a & <b>") == "a &amp; &lt;b&gt;"
    assert "*b*" not in mrkdwn("*b*")


@pytest.mark.parametrize(
    ("status", "outcome", "gone"),
    [
        (200, Outcome.ACCEPTED, False), (204, Outcome.ACCEPTED, False), (301, Outcome.PERMANENT, False),
        (307, Outcome.PERMANENT, False), (400, Outcome.PERMANENT, False), (404, Outcome.PERMANENT, False),
        (408, Outcome.TEMPORARY, False), (410, Outcome.PERMANENT, True), (429, Outcome.TEMPORARY, False),
        (500, Outcome.TEMPORARY, False), (503, Outcome.TEMPORARY, False),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int, outcome: Outcome, gone: bool) -> None:
    answer = of_status(status, "", "", NOW)
    assert (answer.outcome, answer.gone) == (outcome, gone)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", dt.timedelta(seconds=120)), ("999999", LONGEST_WAIT), ("-5", None), ("soon", None), ("", None),
        ("Mon, 02 Feb 2026 09:10:00 GMT", dt.timedelta(minutes=10)), ("Mon, 02 Feb 2026 08:00:00 GMT", dt.timedelta(0)),
    ],
)  # fmt: skip
def test_retry_after(said: str, wait: dt.timedelta | None) -> None:
    assert wait_of(said, NOW) == wait


@pytest.mark.parametrize(
    ("today", "topic", "words"),
    [
        ("2026-02-05", None, ""),
        ("2026-02-06", Topic.GATE_AHEAD, "is due on Monday 9 Feb"),
        ("2026-02-08", None, ""),
        ("2026-02-09", Topic.GATE_TODAY, "is due today"),
        ("2026-02-10", Topic.GATE_OVERDUE, "is overdue by 1 working day"),
        ("2026-02-12", Topic.GATE_OVERDUE, "is overdue by 3 working days"),
        ("2026-02-14", None, ""),
        ("2026-02-16", Topic.GATE_OVERDUE, "is overdue by 5 working days, and red"),
    ],
)
def test_on_which_days_a_gate_is_posted(today: str, topic: Topic | None, words: str) -> None:
    found = post_on(dt.date(2026, 2, 9), dt.date.fromisoformat(today), WorkCalendar.build(country="DE"))
    assert (found and found.topic, found.words if found else "") == (topic, words)
