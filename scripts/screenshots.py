"""Takes the pictures of the user guide from the running application, on a throw-away copy of the example portfolio.

`make screenshots`. Needs Chromium (CHROMIUM_PATH or on PATH). Must not touch the installation's data.
"""

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
MANAGER = "mara.lindqvist@nordwind.example.com"
PROGRAM = "/programs/claims-triage-assistant/"
REPLAN_DAYS = 40  # past the example's second gate, whatever the day the pictures are taken on


def _later() -> dt.date:
    """A Wednesday after the second gate of the example, to move it to."""
    day = dt.date(*time.gmtime()[:3]) + dt.timedelta(REPLAN_DAYS)
    return day + dt.timedelta((2 - day.weekday()) % 7)


WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
BOARDROOM = {"width": 1440, "height": 900}
SHARED = "shared"
"""Stands for the address of a share link, opened without an account; two screens of a phone of it are shown."""
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
    ("reminders", f"{PROGRAM}reminders/", WIDE, 1100),
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


def _take(browser: Browser, site: str, environment: dict[str, str]) -> None:
    context = browser.new_context(viewport=WIDE, device_scale_factor=1, color_scheme="light")
    page = context.new_page()
    token = ""
    _sign_in(page, environment)
    chosen = sys.argv[1:] or [name for name, *_ in PICTURES]
    for name, address, size, height in PICTURES:
        if name not in chosen:
            continue
        if name.startswith("status") and not token:  # only now: the pictures before show what can be posted
            token = _told(UPDATE, "TOKEN", environment)
        if address == SHARED:
            page = browser.new_context(device_scale_factor=1, color_scheme="light").new_page()
            address = f"/s/{token}/"
        elif page.context is not context:
            page = context.new_page()
        page.set_viewport_size(size)
        page.goto(site + address)
        page.wait_for_load_state("networkidle")
        target = IMAGES / f"{name}.png"
        if isinstance(height, str):
            page.screenshot(path=target, full_page=True, clip=page.locator(height).first.bounding_box())
        elif height is None:
            page.screenshot(path=target, full_page=True)
        else:
            clip = {"x": 0, "y": 0, "width": size["width"], "height": height}
            page.screenshot(path=target, full_page=True, clip=clip)
        print(target.relative_to(ROOT))


def _sign_in(page: Page, environment: dict[str, str]) -> None:
    """Come in as the example's program manager by a one-time link."""
    page.goto(_told(LINK.format(email=MANAGER), "LINK", environment))
    page.click("main button")
    page.wait_for_load_state("networkidle")


def _told(code: str, word: str, environment: dict[str, str]) -> str:
    """Run code in the application's shell and return what it prints after `word`."""
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v", "0", "-c", code]
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return next(line.split(" ", 1)[1] for line in output.splitlines() if line.startswith(f"{word} "))


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
