"""The mail itself: both parts say the same, links stay with us, the subject is short and urgent first (rule 9, P7).

Rows are made in memory and never saved, so that hundreds of titles cost no database.
"""

import re
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.parser import BytesParser
from html import unescape
from typing import ClassVar

import pytest
from django.conf import settings as site
from hypothesis import example, given
from hypothesis import settings as run
from hypothesis import strategies as st

from accounts.models import User
from core import phrases
from phases.models import Criterion, Event
from programs.models import Program, Role
from reminders.enums import Kind, Part, RuleSlug
from reminders.models import Delivery, Mail
from reminders.services.inlining import inlined
from reminders.services.rendering import render

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)
ME = User(pk=3, name="Mia Meyer", email="mia@example.org", time_zone="Europe/Berlin", reminder_hour=8)


def program(pk: int = 1, name: str = "Claims triage") -> Program:
    return Program(
        pk=pk, slug=f"claims-{pk}", name=name, country="DE", weekend=[5, 6], time_zone="Europe/Berlin",
        start_date=date(2026, 11, 2), end_date=date(2027, 1, 30),
    )  # fmt: skip


def row(
    title: str, *, pk: int = 1, of: Program | None = None, kind=Kind.TASK, rule=RuleSlug.ITEM_OVERDUE, **more
) -> Delivery:
    values = {
        "due_date": date(2026, 11, 24), "occurrence": "+1", "part": Part.RESPONSIBLE, "role_slug": "model-owner",
        "item_slug": "train", "urgency": pk, "gaps": [], "item_id": 40 + pk,
    }  # fmt: skip
    values |= {"user": ME, "item_label": title, "item_kind": kind, "rule": rule, "program": of or program()}
    return Delivery(pk=pk, **{**values, **more})


class Known:
    """What a batch of mails has looked up: one open criterion of every gate, and the manager's address."""

    events = {41: Event(pk=41)}
    again: ClassVar[dict[int, str]] = {}

    def role_name(self, row: Delivery) -> str:
        return "Model owner"

    def manager_address(self, program_id: int) -> str:
        return "pat@example.org"

    def unmet(self, event: Event) -> list[Criterion]:
        role = Role(pk=1, holder=ME)
        return [
            Criterion(text=f"Recall of {n} %", slug=f"c-{n}", owner_role=role, due_date=TODAY) for n in range(81, 92)
        ]


def mail(*rows: Delivery):
    parcel = Mail(pk=9, user=ME, address=ME.email, message_id="<abc123@example.org>")
    subject, raw = render(parcel, list(rows), NOW, Known())  # type: ignore[arg-type]
    return subject, raw, BytesParser(policy=policy.default).parsebytes(raw)


def parts(message) -> tuple[str, str]:
    return message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()


def words_of(html: str) -> str:
    body = html.split("<body", 1)[1]
    return unescape(re.sub(r"<[^>]*>", " ", "<body" + body))


def gate_and_more() -> list[Delivery]:
    other = program(2, "Invoice reading")
    return [
        row("Gate 30", kind=Kind.EVENT, rule=RuleSlug.GATE_AHEAD, due_date=date(2026, 12, 1), item_slug="gate-30"),
        row("Do the train", pk=2, gaps=["No deputy is named for Model owner"]),
        row("Costs within 4,500 euros", pk=3, kind=Kind.CRITERION, of=other, due_date=TODAY, rule=RuleSlug.ITEM_DUE),
    ]


def test_rule_9_both_parts_say_the_same_and_lead_nowhere_else() -> None:
    _, raw, message = mail(*gate_and_more())
    text, html = parts(message)
    shown = words_of(html)
    assert set(re.findall(r"\d+", shown)) <= set(re.findall(r"\d+", text))
    links = set(re.findall(r'href="([^"]+)"', html))
    assert links
    assert all(link.startswith(f"{site.SITE_URL}/") for link in links)
    assert {unescape(link) for link in links} == set(re.findall(r"https?://\S+", text))
    for words in (
        "Gate in 2 working days",
        "Still open:",
        "and 3 more",
        "Gap: No deputy",
        "Due today",
        "Invoice reading",
    ):
        assert words in shown
        assert words in text
    assert len(raw) < 100_000
    assert not re.search(r"<img|<script|<link|url\(|@import|src=", html)
    assert re.search(r'<html lang="en">', html)
    assert all('role="presentation"' in table for table in re.findall(r"<table[^>]*>", html))
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    # The light colours stand at the elements, for readers that drop style sheets.
    assert re.search(r'<p class="pill pr" style="[^"]*background: ?#F9DCD6', html, re.I)
    assert "{%" not in html
    assert "dj" not in re.sub(r"[A-Za-z0-9_-]{20,}", "", html)


def test_what_can_be_answered_has_a_link_that_works_signed_out_and_the_rest_has_none() -> None:
    late = parts(mail(row("Late"))[2])[0]
    words = r"Acknowledge or be reminded later \(works without signing in, for 14 days\): http\S+/r/[\w-]+/"
    assert re.search(words, late)
    ahead = parts(mail(row("Ahead", rule=RuleSlug.ITEM_DUE, due_date=date(2026, 12, 2)))[2])[0]
    assert re.search(r"  Remind me later \(works", ahead)
    for kind, rule in ((Kind.ALERT, RuleSlug.LIMIT_BREACHED), (Kind.ESCALATION, RuleSlug.PATH_RUNG)):
        assert "/r/" not in parts(mail(row("Own page", kind=kind, rule=rule))[2])[0]
    today = row("Gate", kind=Kind.EVENT, rule=RuleSlug.GATE_AHEAD, due_date=TODAY)
    assert "/r/" not in parts(mail(today)[2])[0]
    assert "Why did I get this? http" in late


def test_rule_9_threads_digests_and_answers() -> None:
    first, second = mail(row("One"))[2], mail(row("One", rule=RuleSlug.ESCALATION, occurrence="sponsor"))[2]
    digest, later = mail(row("One"), row("Two", pk=2))[2], mail(row("Three", pk=3), row("Four", pk=4))[2]
    mixed = mail(*gate_and_more())[2]
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert digest["References"] == later["References"] != first["References"]
    assert mixed["References"] is None
    assert [message["Precedence"] for message in (first, digest, mixed)] == [None, "bulk", "bulk"]
    assert [message["Reply-To"] for message in (first, mixed)] == ["pat@example.org", None]
    assert digest["List-Id"] == "<claims-1.localhost>" or str(digest["List-Id"]).startswith("<claims-1.")


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.INVITATION, Kind.WEEK)])
def test_whatever_a_reminder_is_about_and_whichever_rule_wants_it_it_can_be_told(kind: Kind) -> None:
    """A rule that comes to a kind later must not meet a mail that cannot be made. Two kinds need the database."""
    for rule in RuleSlug:
        for days in (-3, 0, 3):
            subject, _, message = mail(
                row("Title", kind=kind, rule=rule, due_date=TODAY + timedelta(days), item_slug="12")
            )
            text = parts(message)[0]
            assert "Title" in text
            assert not re.search(r"None|\{|%\(", subject + text), (rule, subject)


URGENT = re.compile(r"(Overdue by|Escalated|Due|Gate|Red: gate|Ends|Reading overdue|Risk review)")


@run(max_examples=60, deadline=None)
@example(title="0" * 26 + "\u00a1", name="", rule=RuleSlug.RISK_REVIEW, due=-2, more=1)  # long, and not ASCII
@given(
    title=st.text(min_size=1, max_size=400),
    name=st.text(max_size=60),
    rule=st.sampled_from([RuleSlug.ITEM_OVERDUE, RuleSlug.ITEM_DUE, RuleSlug.ESCALATION, RuleSlug.RISK_REVIEW]),
    due=st.integers(-30, 30),
    more=st.integers(0, 3),
)
def test_p7_every_subject_is_short_and_clean_with_the_urgent_word_first(title, name, rule, due, more) -> None:
    rows = [
        row(title, pk=n + 1, of=program(name=name), rule=rule, due_date=TODAY + timedelta(days=due), gaps=[title[:200]])
        for n in range(more + 1)
    ]
    subject, raw, message = mail(*rows)
    assert str(message["Subject"]) == subject
    assert b"\r\nSubject: \r\n" not in raw
    assert len(subject) < 78
    assert not re.search("[\r\n\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f]", subject)
    assert URGENT.match(subject)
    assert (f" and {more} more" in subject) == bool(more) or str(more) in title
    assert [str(value) for value in message.get_all("To")] == ["mia@example.org"]
    assert message["Bcc"] is None
    assert {part.get_content_type() for part in message.iter_parts()} == {"text/plain", "text/html"}
    assert len(raw) < 100_000


def test_a_template_that_cannot_be_inlined_is_refused_when_it_is_loaded() -> None:
    style = "<style>.a { color: red }</style>"
    with pytest.raises(ValueError, match="stands inside an element"):
        inlined(f'{style}<p class="{{% if x %}}a{{% endif %}}">x</p>')
    assert '<p class="a" style="color: red' in inlined(f'{style}<p class="a">{{{{ x }}}}</p>')


def test_a_catalogue_is_asked_for_every_sentence(monkeypatch) -> None:
    """Not one sentence of a line is put together where a translator could not reach it."""
    monkeypatch.setattr(phrases, "_one", lambda text: f"«{text}»")
    monkeypatch.setattr(phrases, "_many", lambda one, many, count: f"«{many}»")
    text, _ = parts(mail(row("Title"))[2])
    line = next(part for part in text.splitlines() if part.startswith("* "))
    assert line == "* «Overdue by «3 working days»»: Title"
    assert "«You get this because it is yours (Model owner).»" in text
    assert "«Acknowledge or be reminded later»" in text


def test_phrases_without_a_translator_stay_as_written(monkeypatch) -> None:
    monkeypatch.setattr(phrases, "_many", None)
    assert phrases.ngettext("one", "many", 1) == "one"
    assert phrases.ngettext("one", "many", 2) == "many"
    assert phrases.gettext_noop("x") == "x"


def test_a_mail_that_would_be_cut_off_names_the_least_urgent_in_one_line_each() -> None:
    """Some mail programs show about 100 kB and hide the rest (engine.md)."""
    rows = [row(f"Task number {at} " + "with many words " * 20, pk=at) for at in range(1, 131)]
    _, raw, message = mail(*rows)
    assert len(raw) <= 98_000
    for part in parts(message):
        assert all(f"Task number {at} " in part for at in range(1, 131))
        assert 0 < part.count("Why did I get this?") < 130
    text, html = parts(message)
    assert "Why did I get this?" in text[: text.index("Task number 2 ")]  # the most urgent is told in full
    links = {unescape(link) for link in re.findall(r'href="([^"]+)"', html)}
    assert links == set(re.findall(r"https?://\S+", text))
    _, _, small = mail(*rows[:10])
    assert parts(small)[0].count("Why did I get this?") == 10


def test_who_is_only_asked_to_take_something_over_is_not_led_to_a_page_they_may_not_see() -> None:
    nomination = row("Data", kind=Kind.NOMINATION, rule=RuleSlug.OWNERSHIP_WAITING, item_slug="data")
    text, html = parts(mail(nomination)[2])
    program_page = f"{site.SITE_URL}/programs/claims-1/"
    assert program_page not in text.splitlines()
    assert f'href="{program_page}"' not in html
    assert program_page in parts(mail(nomination, row("Do the train", pk=2))[2])[0].splitlines()


def test_rule_8_even_the_longest_mail_says_why_it_was_sent() -> None:
    """Also when all lines in brief are more than a mail ought to be."""
    rows = [row(f"Task number {at} " + "with many words " * 20, pk=at) for at in range(1, 301)]
    for part in parts(mail(*rows)[2]):
        assert part.count("Why did I get this?") == 1
        assert all(f"Task number {at} " in part for at in range(1, 301))
