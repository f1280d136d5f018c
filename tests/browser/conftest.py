"""A real Chromium for this tier: the system's, else Playwright's own, else the tier is left out and counted.

Playwright's synchronous interface keeps an event loop alive in the thread that uses it, and Django refuses database
work in a thread with one. So the guard is off inside this folder (the work here is strictly one after the other),
and the browser belongs to a module: when its tests are over, the loop is gone and no other test ever sees it. That is
also why pytest-playwright's session-wide fixtures are not used.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from accounts.models import User
from tests.conftest import LEFT_OUT

WAIT_MS = 15_000  # for a machine that is busy with the other tests
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
# A font that renders the same at every zoom and no motion: pictures and measures of two runs agree.
STEADY = ["--force-color-profile=srgb", "--font-render-hinting=none"]


@pytest.fixture(scope="module", autouse=True)
def _database_work_beside_the_browser() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="module")
def browser(_database_work_beside_the_browser: None) -> Iterator[Browser]:
    """One Chromium for the tests of a module."""
    found = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    # Chromium's sandbox refuses to run as root; only there it is off.
    arguments = [*QUIET, *STEADY, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        if not found and not os.path.exists(playwright.chromium.executable_path):
            pytest.skip(f"{LEFT_OUT}Browser: no Chromium in CHROMIUM_PATH, on PATH or installed by Playwright")
        try:
            started = playwright.chromium.launch(executable_path=found, args=arguments)
        except Error as error:
            pytest.skip(f"{LEFT_OUT}Browser: {found or 'Chromium'} does not start: {error.message.splitlines()[0]}")
        expect.set_options(timeout=WAIT_MS)
        yield started
        started.close()


class Look(NamedTuple):
    """A width and a theme; `axe` says whether accessibility is looked at too."""

    width: int
    theme: Literal["light", "dark"]
    axe: bool


LOOKS = (Look(1440, "light", True), Look(390, "dark", True), Look(320, "light", False))
"""Both themes and both layouts once; 320 px is about reflow alone. Width and theme are matters of the style sheet."""


@dataclass
class Visitor:
    """A person with a browser window. What the page complains about in the console is collected as `faults`."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a path of the application and expect a page there."""
        answer = self.page.goto(f"{self.base}{path}")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        # Not "networkidle": it waits half a second on every page. What htmx fetches by itself is waited for.
        self.page.wait_for_function("document.querySelector('.htmx-request') === null")
        return self.page

    def faults_at(self, *looks: "Look") -> dict[str, list[str]]:
        """Return what is wrong with the open page at each width and theme: axe's findings, and what sticks out."""
        found: dict[str, list[str]] = {}
        for look in looks:
            self.page.set_viewport_size({"width": look.width, "height": 900})
            self.page.emulate_media(color_scheme=look.theme)
            faults = self.violations() if look.axe else []
            if (over := self.overflow()) > 0:
                faults.append(f"{over} px wider than the window")
            if faults:
                found[f"{look.width}, {look.theme}"] = faults
        return found

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def violations(self) -> list[str]:
        """Return what axe finds, with the elements."""
        found: list[dict[str, Any]] = Axe().run(self.page).response["violations"]
        return [f"{v['id']} ({v['impact']}): {[node['target'] for node in v['nodes']][:3]}" for v in found]


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Visit]:
    """Open a browser window for a person. After the test nothing may stand in a console: no CSP report, no error.

    `allowed` names what a test provokes on purpose, such as the 403 that the browser reports as a failed load.
    """
    contexts: list[BrowserContext] = []
    visitors: list[tuple[Visitor, tuple[str, ...]]] = []

    def opened(
        person: User | None = None,
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        scripts: bool = True,
        allowed: tuple[str, ...] = (),
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            locale="en-GB",
            timezone_id="Europe/Berlin",
        )
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        visitor = Visitor(context.new_page(), live_server.url)
        visitor.page.on("console", lambda message: _note(visitor, message.type, message.text))
        visitor.page.on("pageerror", lambda error: visitor.faults.append(f"exception: {error}"))
        visitors.append((visitor, allowed))
        return visitor

    yield opened
    for context in contexts:
        context.close()
    for visitor, allowed in visitors:
        assert [fault for fault in visitor.faults if not any(part in fault for part in allowed)] == []


def _note(visitor: Visitor, kind: str, text: str) -> None:
    if kind in {"error", "warning"} or "Content Security Policy" in text:
        visitor.faults.append(f"{kind}: {text}")
