"""The four sections of a program brief (S43). Pure."""

from collections.abc import Mapping

SECTIONS = {"scope": "Scope", "limits": "Limits", "risks": "Risks", "timelines": "Timelines"}


def empty_sections(words: Mapping[str, str]) -> list[str]:
    """Return which of the four sections say nothing; a brief publishes only when this is empty."""
    return [name for name in SECTIONS if not words.get(name, "").strip()]
