"""Mail templates with their style at the elements, made once per process instead of once per mail.

Mail programs drop style sheets, so the rules go into `style` attributes; the dark ones stay in a sheet. Doing that to
each rendered mail took half of its time. Here the template itself is treated: its tags hide in comments, which an HTML
parser keeps wherever they stand, also between rows of a table, and come back afterwards. Must not know a mail.
"""

import re
from functools import cache
from typing import Any

import css_inline
from django.template import engines
from django.template.loader import get_template

_TAG = re.compile(r"\{%.*?%\}", re.S)
_VALUE = re.compile(r"\{\{.*?\}\}", re.S)
_HIDDEN = re.compile(r"<!--dj(\d+)-->|dj(\d+)jd")


@cache
def mail_template(name: str) -> Any:
    """Return the compiled HTML template `name` with its style inlined. Errors: ValueError for a tag inside an element.

    A `{% tag %}` may stand between elements or in text, a `{{ value }}` also in an attribute; a class that depends on
    a value would be missed, so classes are written out.
    """
    return engines["django"].from_string(inlined(get_template(name).template.source))  # type: ignore[attr-defined]  # Django's backend has it


def inlined(source: str) -> str:
    """Return the source of a template with the rules of its style sheet at the elements; at-rules stay."""
    hidden: list[str] = []

    def comment(found: re.Match[str]) -> str:
        hidden.append(found[0])
        return f"<!--dj{len(hidden) - 1}-->"

    def word(found: re.Match[str]) -> str:
        hidden.append(found[0])
        return f"dj{len(hidden) - 1}jd"

    plain = _VALUE.sub(word, _TAG.sub(comment, source))
    if re.search(r"<[a-z][^<>]*<!--dj", plain):
        raise ValueError("a template tag stands inside an element; its class could not be inlined")
    inliner = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
    made = _HIDDEN.sub(lambda found: hidden[int(found[1] or found[2])], inliner.inline(plain))
    if not all(piece in made for piece in hidden):
        raise ValueError("the parser dropped a part of the template")
    return made
