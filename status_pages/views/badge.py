"""Draws the published status as a badge: shape, word and day, readable without colour. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

_FILL = {"green": "#16794C", "amber": "#B35F00", "red": "#C22F2E", "grey": "#6F727B"}
_LETTER = 6.6
"""Average width of a letter at the badge's size, in pixels; generous, so that no text is cut."""


def badge_svg(document: Mapping[str, Any]) -> SafeString:
    """Return the badge of a shared document; colours are attributes, for no style sheet reaches a picture."""
    program, status = document["program"], document["status"]
    left = str(program["name"])[:40]
    right = f"{status['word']}, day {program['day']}"
    first, second = round(len(left) * _LETTER) + 16, round(len(right) * _LETTER) + 16
    width = first + second
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="24" role="img" aria-label="{}: {}">'
        '<rect width="{}" height="24" rx="4" fill="#1A1C22"/><rect x="{}" width="{}" height="24" rx="4" fill="{}"/>'
        '<g fill="#FFFFFF" font-family="sans-serif" font-size="12">'
        '<text x="8" y="16">{}</text><text x="{}" y="16">{}</text></g></svg>',
        width, left, right, width, first, second, _FILL[status["colour"]], left, first + 8, right,
    )  # fmt: skip
