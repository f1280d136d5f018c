"""Keyed tokens: one purpose, one thing, one person, fourteen days; everything else is nothing at all."""

import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.redaction import TokenFilter, redact
from reminders import tokens
from reminders.tokens import Opened, Purpose

NOW = datetime(2026, 11, 27, 15, 30, 20, tzinfo=UTC)


def made(subject: int = 7, person: int = 3) -> str:
    return tokens.make(Purpose.ANSWER, subject=subject, person=person, at=NOW)


@given(subject=st.integers(1, 2**40), person=st.integers(1, 2**31), age=st.integers(0, 14 * 24 * 60 - 1))
def test_a_token_says_what_it_is_about_for_fourteen_days(subject, person, age) -> None:
    token = made(subject, person)
    assert tokens.read(token, Purpose.ANSWER, NOW + timedelta(minutes=age)) == Opened(subject, person)
    assert tokens.read(token, Purpose.ANSWER, NOW + tokens.LIFE) is None
    assert tokens.read(token, Purpose.ANSWER, NOW - timedelta(hours=1)) is None


def test_a_token_is_short_and_the_same_whenever_the_same_mail_is_made() -> None:
    assert len(made(2_000_000, 50_000)) <= 40
    assert made() == made()
    assert len({made(7, 3), made(3, 7), made(7, 4)}) == 3


@given(place=st.integers(0, 60), char=st.sampled_from("abcXYZ019-_"))
def test_a_changed_character_is_no_token(place, char) -> None:
    token = made()
    place %= len(token)
    forged = token[:place] + char + token[place + 1 :]
    assert forged == token or tokens.read(forged, Purpose.ANSWER, NOW) is None


@given(st.text(max_size=120))
def test_anything_else_is_no_token_and_raises_nothing(text) -> None:
    assert tokens.read(text, Purpose.ANSWER, NOW) is None


def test_another_purpose_or_another_key_opens_nothing(settings) -> None:
    token = made()
    assert tokens.read(token, SimpleNamespace(value=2), NOW) is None
    assert tokens.is_page_key(token, tokens.page_key(token))
    assert not tokens.is_page_key(token, tokens.page_key(made(8)))
    assert not tokens.is_page_key(token, "\ud800")
    assert tokens.page_key(token) not in token
    settings.SECRET_KEY = "another"
    assert tokens.read(token, Purpose.ANSWER, NOW) is None


@pytest.mark.parametrize("path", ["/r/{}/", "http://roadmap.example.org/r/{}/?x=1"])
def test_the_token_is_kept_out_of_logs(path) -> None:
    token = made()
    assert token not in redact(path.format(token))
    record = logging.LogRecord("django.request", 40, "", 0, "Not Found: %s", (path.format(token),), None)
    TokenFilter().filter(record)
    assert token not in record.getMessage()
    assert "[token]" in record.getMessage()
