"""Templates keep the rules of the house, so that pages work without scripts and under a strict security policy."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(p for p in TEMPLATES.rglob("*.html") if "mail" not in p.relative_to(TEMPLATES).parts[:1])
FORBIDDEN = {
    "hx-on": r"\bhx-on",
    "values from scripts": r"\bjs:|\bjavascript:",
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an event handler attribute": r"<[^>]*\son[a-z]+\s*=",
    "hx-boost": r"\bhx-boost",
    "hx-ext": r"\bhx-ext\b",
    "a trigger filter": r"hx-trigger=\"[^\"]*\[",
    "an address on another host": r"(?:src|href)=\"(?:https?:)?//",
    "safe": r"\|\s*safe\b",
}


def tags(text: str) -> Iterator[str]:
    """Yield opening tags; quotes inside template tags are made single so that attributes can be read."""
    plain = re.sub(r"{%.*?%}|{{.*?}}", lambda found: found[0].replace('"', "'").replace(">", ""), text)
    yield from re.findall(r"<[a-z][^<>]*>", plain)


def values(tag: str, name: str) -> list[str]:
    """Return every value of an attribute in a tag (several stand in branches of a template)."""
    return re.findall(rf'[\s}}]{name}="([^"]*)"', tag)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_nothing_forbidden_is_written(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text("utf-8"), flags=re.DOTALL)
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_each_request_of_htmx_is_a_link_or_form_with_the_same_address(path: Path) -> None:
    for tag in tags(path.read_text("utf-8")):
        own = values(tag, "href") if tag.startswith("<a ") else values(tag, "action")
        for verb in ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"):
            wanted = values(tag, verb)
            if wanted:
                assert verb in {"hx-get", "hx-post"}, tag
                assert tag.startswith(("<a ", "<form ")), tag
                assert wanted == own, tag


WITHOUT_A_SESSION = {"passcode.html", "unsubscribe.html"}
"""Forms that act for nobody: a passcode is its own secret; a token would bring a session into a shared page."""


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_every_form_that_writes_carries_the_token(path: Path) -> None:
    text = path.read_text("utf-8")
    for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL | re.IGNORECASE):
        if re.search(r"method=\"post\"", form, re.IGNORECASE):
            assert "{% csrf_token %}" in form or path.name in WITHOUT_A_SESSION, form[:200]


def test_only_the_body_uses_inheritance() -> None:
    users = [p.name for p in PAGES if ":inherited" in p.read_text("utf-8")]
    assert users == ["base.html"]


def test_the_rules_find_what_they_forbid() -> None:
    samples = {
        "hx-on": '<a hx-on:click="x">',
        "values from scripts": "<a hx-vals='js:{a: 1}'>",
        "a style attribute": '<p class="a" style="color: red">',
        "an inline script": "<script>alert(1)</script>",
        "an event handler attribute": '<button onclick="x()">',
        "a trigger filter": '<a hx-trigger="click[ctrlKey]">',
        "an address on another host": '<img src="//cdn.example/x.png">',
        "safe": "{{ text|safe }}",
    }
    for what, sample in samples.items():
        assert re.search(FORBIDDEN[what], sample), what
    assert not re.search(FORBIDDEN["an inline script"], '<script src="/static/app.js" defer></script>')
