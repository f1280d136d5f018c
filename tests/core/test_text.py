"""Cleaning of typed text: what would break a mail header or mislead a reader goes, everything else stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import many_lines, one_line, shorten


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Claims   triage ", "Claims triage"),
        ("Gate\r\nBcc: all@example.com", "Gate Bcc: all@example.com"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("Elif Güney 🚀", "Elif Güney 🚀"),
        ("a\x00b", "a b"),
        ("", ""),
    ],
)
def test_one_line(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


@given(st.text())
def test_one_line_never_keeps_a_control_character_and_is_stable(typed: str) -> None:
    cleaned = one_line(typed)
    assert not any(unicodedata.category(c) == "Cc" for c in cleaned)
    assert one_line(cleaned) == cleaned


def test_many_lines_keeps_line_breaks_as_lf() -> None:
    assert many_lines(" a \r\nb\rc\n") == "a\nb\nc"


@given(st.text(min_size=1), st.integers(2, 60))
def test_shorten_never_exceeds_the_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


def test_shorten_cuts_at_a_word_and_says_so() -> None:
    assert shorten("Name on call for drift", 12) == "Name on…"
    assert shorten("short", 12) == "short"
