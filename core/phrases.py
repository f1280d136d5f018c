"""Sentences that are put together in plain modules, ready for a catalogue of another language.

`domain` may not know Django, and translation belongs to it. These two have the names that extraction tools look for
and hand the sentence to whatever `speak_through` was given; without that a sentence stays as it is written.
Placeholders are named, `%(name)s`, so that a translator may move them. Must not import Django.
"""

from collections.abc import Callable

One = Callable[[str], str]
Many = Callable[[str, str, int], str]

_one: One = str
_many: Many | None = None


def gettext(sentence: str) -> str:
    """Return the sentence in the language of the moment."""
    return _one(sentence)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the sentence for `count` in the language of the moment; the number itself is a placeholder."""
    if _many is not None:
        return _many(one, many, count)
    return one if count == 1 else many


def speak_through(one: One, many: Many | None) -> None:
    """Choose who translates. Side effect: process-wide, once at the start."""
    global _one, _many
    _one, _many = one, many


def gettext_noop(sentence: str) -> str:
    """Mark a sentence of a table for translation; `gettext` is asked when it is used."""
    return sentence
