"""Follow every link of every page as four kinds of people: nothing leads nowhere, and htmx only helps along.

A crawl over a launched program. Each hx-get and hx-post has to sit on a link or form with the same address, so that
everything works without JavaScript; no inline script, style or handler may appear (strict CSP).
"""

import datetime as dt
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from core import clock
from programs.models import Program
from tests import factories

DAY_37 = dt.datetime(2026, 11, 17, 9, tzinfo=dt.UTC)
MOST = 60
"""Pages per person. Pages of one kind repeat each other; the first ones of each kind are followed."""
MOST_OF_A_KIND = 3
FORBIDDEN_ATTRIBUTES = ("on", "style", "hx-on", "hx-boost", "hx-ext", "hx-vals")


class Seen(HTMLParser):
    """What one page offers: links, addresses of forms, and what is wrong with its markup."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.posts: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect from one element."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            target = self.posts if given.get("method", "get").lower() == "post" else self.links
            target.append(given.get("action", ""))
        if tag == "script" and "src" not in given:
            self.faults.append("inline script")
        for name, value in given.items():
            if name in FORBIDDEN_ATTRIBUTES or name.startswith("on") or value.strip().startswith("js:"):
                self.faults.append(f"<{tag} {name}>")
        own = {"a": "href", "form": "action"}.get(tag)
        for name in ("hx-get", "hx-post"):
            if name in given and (own is None or given.get(own, "") != given[name]) and "data-live" not in given:
                self.faults.append(f"<{tag} {name}={given[name]!r}> without the same link or form")


def kind_of(path: str) -> str:
    """Return the name of the view behind a path, by which pages of a kind are counted."""
    return str(resolve(path).url_name)


def crawl(client: Client, start: list[str]) -> tuple[dict[str, str], set[str]]:
    """Open pages from `start` on. Return the faults by path and the kinds of page that were seen."""
    waiting, known, kinds, faults = deque(start), set(start), dict[str, int](), dict[str, str]()
    while waiting and len(known) < 2000 and sum(kinds.values()) < MOST:
        path = waiting.popleft()
        try:
            kind = kind_of(urlsplit(path).path)
        except Resolver404:
            faults[path] = "leads nowhere"
            continue
        if kinds.get(kind, 0) >= MOST_OF_A_KIND or kind in {"account_logout"}:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        response = client.get(path)
        if response.status_code not in {200, 302}:
            faults[path] = str(response.status_code)
        if response.streaming or "html" not in response.headers.get("Content-Type", ""):
            if response.streaming:  # the client has closed every other one; a second time would close the database
                response.close()
            continue
        seen = Seen()
        seen.feed(response.content.decode())
        if seen.faults:
            faults[path] = ", ".join(seen.faults)
        faults |= {f"{path} posts to {to}": "nowhere" for to in seen.posts if not leads_somewhere(path, to)}
        found = [urljoin(path, link) for link in seen.links if not link.startswith(("http", "mailto:", "#", "data:"))]
        for link in (part.split("#")[0] for part in found):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return faults, set(kinds)


def leads_somewhere(page: str, target: str) -> bool:
    """Whether a form's address belongs to a view."""
    try:
        resolve(urlsplit(urljoin(page, target)).path)
    except Resolver404:
        return False
    return True


@pytest.fixture
def program(db: None) -> Program:
    """The claims program as launched."""
    return factories.launched("claims-triage")


@pytest.mark.parametrize("who", ["program-manager", "model-owner", "sponsor", "administrator", "executive viewer"])
def test_every_link_leads_to_a_page(who: str, program: Program) -> None:
    if who == "administrator":
        person = factories.user("ada", is_administrator=True)
    elif who == "executive viewer":
        person = factories.user("exa", is_executive_viewer=True)
    else:
        holder = program.roles.get(slug=who).holder
        assert isinstance(holder, User)
        person = holder
    with clock.frozen(DAY_37):
        faults, kinds = crawl(factories.sign_in(person), ["/", "/work/", program.get_absolute_url()])
    assert faults == {}
    assert {"portfolio", "my_work", "mission_control", "plan", "criterion", "gate", "owners"} <= kinds


def test_the_crawl_finds_what_is_wrong() -> None:
    seen = Seen()
    seen.feed(
        '<a href="/nowhere/">x</a><div hx-get="/x/"></div><p style="color:red" onclick="x()"></p><script>1</script>'
    )
    assert seen.links == ["/nowhere/"]
    assert not leads_somewhere("/", "/nowhere/")
    assert seen.faults == [
        "<div hx-get='/x/'> without the same link or form",
        "<p style>",
        "<p onclick>",
        "inline script",
    ]
