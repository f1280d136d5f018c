"""Takes the pictures of the user guide from the running application, on a throw-away copy of the example portfolio.

`make screenshots`. Needs Chromium (CHROMIUM_PATH or on PATH). Must not touch the installation's data.
"""

import base64
import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from functools import cached_property
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
MANAGER = "mara.lindqvist@nordwind.example.com"
ADMINISTRATOR = "admin@example.org"
PROGRAM = "/programs/claims-triage-assistant/"
REPLAN_DAYS = 40  # past the example's second gate, whatever the day the pictures are taken on


def _later() -> dt.date:
    """A Wednesday after the second gate of the example, to move it to."""
    day = dt.date(*time.gmtime()[:3]) + dt.timedelta(REPLAN_DAYS)
    return day + dt.timedelta((2 - day.weekday()) % 7)


WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
BOARDROOM: ViewportSize = {"width": 1440, "height": 900}
COLOURS = 256
"""Of a picture: flat pages need no more, and the file is a third."""
SHARED = "shared"
"""Stands for the address of a share link, opened without an account; two screens of a phone of it are shown."""
MAIL, ANSWER = "mail", "answer"
"""Stand for a reminder mail as it is read, and for the page its link opens without an account."""
# Name, address, width, and how much of the page is shown (None: all of it; words: the first such part).
PICTURES = [
    ("portfolio", "/", WIDE, None),
    ("mission-control", PROGRAM, WIDE, 1250),
    ("mission-control-phone", PROGRAM, PHONE, 1700),
    ("plan", f"{PROGRAM}plan/", WIDE, 1300),
    ("criterion", f"{PROGRAM}criteria/g60-architecture-decided/", WIDE, None),
    ("gate", f"{PROGRAM}gates/gate-60/", WIDE, 1300),
    ("gate-proofs", f"{PROGRAM}gates/gate-30/?show=all", WIDE, 'section.card:has(h2:text-is("Data")):has(dl.meas)'),
    ("gate-pack", f"{PROGRAM}gates/gate-30/pack/", WIDE, 1300),
    ("replan", f"{PROGRAM}gates/gate-60/replan/?new_date={_later()}&cause=data", WIDE, 1000),
    ("risks", f"{PROGRAM}risks/", WIDE, 900),
    ("escalation-paths", f"{PROGRAM}escalations/paths/", WIDE, 720),
    ("owners", f"{PROGRAM}owners/", WIDE, 1100),
    ("raci", f"{PROGRAM}ownership/raci/", WIDE, 760),
    ("metric", f"{PROGRAM}metrics/m-input-drift/", WIDE, 720),
    ("charter", f"{PROGRAM}charter/", WIDE, 900),
    ("decisions", f"{PROGRAM}logs/decisions/", WIDE, 680),
    ("after-day-90", f"{PROGRAM}governance/", WIDE, 900),
    ("reminders", f"{PROGRAM}reminders/", WIDE, 1300),
    ("rules", f"{PROGRAM}reminders/rules/item-due/", WIDE, 900),
    ("my-reminders-phone", "/reminders/mine/", PHONE, 1400),
    ("calendars", f"{PROGRAM}calendars/", WIDE, None),
    ("channels", f"{PROGRAM}channels/", WIDE, 1000),
    ("operations", "/operations/", WIDE, None),
    ("mail-phone", MAIL, PHONE, 1180),
    ("answer-phone", ANSWER, PHONE, None),
    ("updates", f"{PROGRAM}updates/", WIDE, 1000),
    ("status", f"{PROGRAM}status/", BOARDROOM, 1300),
    ("status-phone", SHARED, PHONE, 2 * 844),
    ("my-work-phone", "/work/", PHONE, 1400),
    ("launch", "/programs/new/", WIDE, None),
]
UPDATE = """
import datetime as dt
from core import clock
from programs.models import Program
from status_pages.services.sharing import LinkInput, make_link
from status_pages.services.snapshots import keep_updates, keep_weekly
from updates.domain.rules import Ask, Option, UpdateInput
from updates.selectors import reading_of
from updates.services import post_update
program = Program.objects.get(slug="claims-triage-assistant")
mara, today = program.roles.get(slug="program-manager").holder, clock.today(program.time_zone)
keep_weekly()
options = (Option("Add Lyon", "Two weeks, 38,000 EUR; gate 2 keeps its date"), Option("Wait", "No cost; gate 2 moves"))
ask = Ask("May we add Lyon to the pilot?", options, 0, today + dt.timedelta(days=6), "Gate 2 moves by three weeks.")
sentence = "The pilot saves time, but one proof is late; a second labeller gets us to the gate."
way = {"way_back": "Second labeller starts", "way_back_owner": mara.pk, "way_back_on": today + dt.timedelta(days=9)}
wanted = UpdateInput(reading_of(program).status.colour, sentence, ask=ask, **way)
post_update(actor=mara, program=program, wanted=wanted, key="")
keep_updates()
print("TOKEN", make_link(actor=mara, program=program, wanted=LinkInput("The board")).token)
"""
LETTER = """
import base64, datetime as dt, re
from email import message_from_bytes, policy
from core import clock
from reminders.models import MailboxMessage
from reminders.services import tick
def letters():
    kept = [message_from_bytes(bytes(m.raw), policy=policy.default) for m in MailboxMessage.objects.all()]
    bodies = [body.get_content() for m in kept if (body := m.get_body(("html",)))]
    return sorted((html for html in bodies if "Acknowledge or be reminded later" in html), key=len)
noon = clock.now().replace(hour=12)
days = iter(range(8))
while not letters():  # on a weekend nothing leaves, so the first working morning after it is lived through
    with clock.frozen(noon + dt.timedelta(next(days))):
        tick()
html = letters()[0]
print("LETTER", base64.b64encode(html.encode()).decode())
print("ANSWER", re.search(r'href="([^"]+/r/[^"]+)"[^>]*>Acknowledge or', html)[1])
"""
LINK = """
from accounts.models import User
from accounts.services import sign_in_link
print("LINK", sign_in_link(User.objects.get(email="{email}")))
"""


def main() -> int:
    """Take every picture, or those named on the command line; return 0, or 1 without a browser or an answer."""
    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("screenshots: no Chromium in CHROMIUM_PATH or on PATH", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="roadmap-pictures-") as data:
        environment = {**os.environ, "ROADMAP_DATA": data, "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
        environment["WEBHOOKS"] = "on"  # so that the page about them can be shown; none of them is ever told anything
        server = subprocess.Popen([sys.executable, "-m", "roadmap_site.serve"], cwd=ROOT, env=environment)
        try:
            _wait(f"http://127.0.0.1:{port}/readyz")
            with sync_playwright() as playwright:
                root = ["--no-sandbox"] if os.geteuid() == 0 else []
                browser = playwright.chromium.launch(executable_path=chromium, args=root)
                _take(browser, f"http://127.0.0.1:{port}", environment)
        finally:
            server.terminate()
            server.wait(10)
    return 0


class Desk:
    """A browser with a window for each person, and what has to be asked of the application once."""

    def __init__(self, browser: Browser, site: str, environment: dict[str, str]) -> None:
        self.site = site
        self._browser = browser
        self._environment = environment
        self._windows: dict[str, BrowserContext] = {}

    def page(self, who: str, size: ViewportSize) -> Page:
        """Return a new page of that wide a window; `who` is signed in, nobody when it is empty."""
        if who not in self._windows:
            self._windows[who] = self._browser.new_context(viewport=WIDE, device_scale_factor=1, color_scheme="light")
            if who:
                _sign_in(self._windows[who].new_page(), who, self._environment)
        page = self._windows[who].new_page()
        page.set_viewport_size(size)
        return page

    @cached_property
    def shared(self) -> str:
        """The path of a share link. Only now: the pictures before show what can be posted."""
        return f"/s/{_told(UPDATE, self._environment)['TOKEN']}/"

    @cached_property
    def letter(self) -> dict[str, str]:
        """A reminder mail (`LETTER`, coded) and the address to answer it (`ANSWER`)."""
        return _told(LETTER, self._environment)

    def opened(self, name: str, address: str, size: ViewportSize) -> Page:
        """Open what a picture shows."""
        if address in (SHARED, MAIL, ANSWER):
            page = self.page("", size)
        else:
            page = self.page(ADMINISTRATOR if name == "operations" else MANAGER, size)
        if name.startswith("status"):
            shared = self.shared  # posts the update that both pictures show
            address = shared if address == SHARED else address
        if address == MAIL:
            page.set_content(base64.b64decode(self.letter["LETTER"]).decode())
        else:
            page.goto(self.letter["ANSWER"] if address == ANSWER else self.site + address)
        page.wait_for_load_state("networkidle")
        if name in DONE_FIRST:
            DONE_FIRST[name](page)
            page.wait_for_load_state("networkidle")
        return page


def _open_mail(page: Page) -> None:
    page.locator(".ahead .linkbtn", has_text="Mara").first.click()
    page.locator(".ahead .ev h3").wait_for()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def _look_ahead(page: Page) -> None:
    page.get_by_label("Working days before").fill("10, 5, 1, 0")
    page.get_by_role("button", name="Show what changes").click()


def _subscribe(page: Page) -> None:
    for label in ("Outlook at work", "Phone"):
        page.get_by_label("Which calendar it is for").fill(label)
        page.get_by_role("button", name="Make the address").click()
        page.wait_for_load_state("networkidle")
    page.goto(page.url)


def _connect(page: Page) -> None:
    for name, kind in (("Claims pilot chat", "teams"), ("Portfolio office", "signed")):
        page.get_by_label("Name").fill(name)
        page.get_by_label("What it is").select_option(kind)
        page.get_by_label("Address to post to").fill(f"https://hooks.example.com/{kind}/claims")
        page.get_by_role("button", name="Add the channel").click()
        page.wait_for_load_state("networkidle")
    page.goto(page.url)


DONE_FIRST = {"reminders": _open_mail, "rules": _look_ahead, "calendars": _subscribe, "channels": _connect}
"""What somebody does on the page before the picture is taken."""


def _take(browser: Browser, site: str, environment: dict[str, str]) -> None:
    desk = Desk(browser, site, environment)
    chosen = sys.argv[1:] or [name for name, *_ in PICTURES]
    for name, address, size, height in PICTURES:
        if name not in chosen:
            continue
        page = desk.opened(name, address, size)
        target = IMAGES / f"{name}.png"
        if isinstance(height, str):
            page.screenshot(path=target, full_page=True, clip=page.locator(height).first.bounding_box())
        elif height is None:
            page.screenshot(path=target, full_page=True)
        else:
            clip: FloatRect = {"x": 0, "y": 0, "width": size["width"], "height": height}
            page.screenshot(path=target, full_page=True, clip=clip)
        Image.open(target).convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(target, optimize=True)
        print(target.relative_to(ROOT))
        page.close()


def _sign_in(page: Page, who: str, environment: dict[str, str]) -> None:
    """Come in as that person by a one-time link."""
    page.goto(_told(LINK.format(email=who), environment)["LINK"])
    page.click("main button")
    page.wait_for_load_state("networkidle")


def _told(code: str, environment: dict[str, str]) -> dict[str, str]:
    """Run code in the application's shell and return what it prints: after each word in capitals, the rest."""
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v", "0", "-c", code]
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    lines = (line.partition(" ") for line in output.splitlines())
    return {word: rest for word, _space, rest in lines if word.isupper()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server on loopback
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("screenshots: the application did not become ready within two minutes")


if __name__ == "__main__":
    sys.exit(main())
