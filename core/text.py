"""Cleaning of text that people type. Must not decide what a field means."""

import re
import unicodedata
from decimal import Decimal

_BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"))


def one_line(text: str) -> str:
    """Return `text` without control and bidirectional-override characters, white space collapsed.

    Used when saving and again when a mail header is built: an unclean name would become a mail that can never be
    sent (CR, LF) or a subject that reads backwards.
    """
    kept = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text.translate(_BIDI))
    return re.sub(r"\s+", " ", kept).strip()


def many_lines(text: str) -> str:
    """Like `one_line`, keeping line breaks (as LF) for longer texts."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(one_line(line) for line in lines).strip()


def shorten(text: str, limit: int) -> str:
    """Return `text` cut to `limit` characters at a word, with an ellipsis when something was cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return head.rstrip(" ,;:.") + "…"


def plain_number(value: Decimal) -> str:
    """Write a number without zeros that say nothing: 12.50 is "12.5", 4.00 is "4", 12000 is "12,000"."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
