"""What a post says, in the form each kind of channel takes. Pure.

Text that people typed can neither become markup nor mention anybody: Slack gets it as plain-text objects (and escaped
where a text has to be mrkdwn), Teams as text runs, which know no Markdown. No e-mail address leaves.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from channels.enums import Kind
from core.text import one_line, shorten

TITLE_MOST, LINE_MOST, LINES_MOST = 150, 500, 6
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")


@dataclass(frozen=True)
class Post:
    """A post before it has a form: the topic, one heading, a few lines, the page it is about."""

    topic: str
    program: str
    title: str
    lines: tuple[str, ...]
    url: str

    def as_data(self) -> dict[str, Any]:
        """Plain data, as it is kept with the row."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Post":
        """Read it back."""
        return cls(**{**data, "lines": tuple(data["lines"])})


def post_of(topic: str, program: str, title: str, lines: list[str], url: str) -> Post:
    """A post of cleaned, shortened texts without e-mail addresses; empty lines are left out."""
    kept = [shorten(text, LINE_MOST) for text in map(clean, lines) if text]
    return Post(topic, shorten(clean(program), 100), shorten(clean(title), TITLE_MOST), tuple(kept[:LINES_MOST]), url)


def clean(text: str) -> str:
    """One line without control characters and without e-mail addresses."""
    return _ADDRESS.sub("(address left out)", one_line(text))


def body_of(kind: str, post: Post, at: str) -> bytes:
    """The JSON document for a kind of channel; `at` is the instant of the fact (ISO), the same on every try."""
    made = {Kind.SLACK: _slack, Kind.TEAMS: _teams}.get(Kind(kind))
    document = made(post) if made else _plain(post, at)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def mrkdwn(text: str) -> str:
    """Escape a text for Slack's mrkdwn: no mention, no link and no style comes out of it."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Slack has no escape for its style marks; a character of no width beside them takes their effect.
    return re.sub(r"([*_~`])", "\u200b\\1\u200b", escaped)


def _slack(post: Post) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain_text(post.title)}]
    if post.lines:
        blocks.append({"type": "section", "text": _plain_text("\n".join(post.lines))})
    link = {"type": "mrkdwn", "text": f"<{post.url}|Open it> · {mrkdwn(post.program)}"}
    blocks.append({"type": "context", "elements": [link]})
    return {"text": mrkdwn(f"{post.program}: {post.title}"), "blocks": blocks, "unfurl_links": False}


def _plain_text(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": shorten(text, 2900), "emoji": False}


def _teams(post: Post) -> dict[str, Any]:
    rows = [_run(post.title, size="medium", weight="bolder"), *(_run(line) for line in post.lines)]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [*rows, _run(post.program, size="small", isSubtle=True)],
        "actions": [{"type": "Action.OpenUrl", "title": "Open it", "url": post.url}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _run(text: str, **style: Any) -> dict[str, Any]:
    # {{DATE(...)}} is the one thing a card's text can compute.
    inert = text.replace("{{", "{ {")
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": inert, **style}]}


def _plain(post: Post, at: str) -> dict[str, Any]:
    data = {"program": post.program, "title": post.title, "lines": list(post.lines), "url": post.url}
    return {"type": post.topic, "timestamp": at, "data": data}
