"""The measured step about the executive page: its files, the first time and again, and the poll that changes nothing.

Imported by `bench.steps` after Django is set up. A first call pays for libraries and fonts that are loaded on demand;
it is what somebody waits for who asks a fresh process.
"""

import re
import time
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.measure import timed

KINDS = {"print": "", "PDF": "status.pdf", "slides": "status.pptx", "workbook": "status.xlsx"}
TIMES = 20
HTMX = {"HX-Request": "true"}


def measured(client: Client, page: str) -> dict[str, Any]:
    """Return for each output the first call, later ones and its size, and the same for a poll without news.

    Errors: RuntimeError for any answer but the expected one, so that no refusal is mistaken for a fast file.
    """
    found = {name: _file(client, page + path) for name, path in KINDS.items()}
    version = _version(client, page)
    with CaptureQueriesContext(connection) as queries:
        _poll(client, page, version)
    poll = {"queries": len(queries), **timed(lambda: _poll(client, page, version), times=TIMES).as_json()}
    return {"files": found, "poll": poll}


def lines(found: dict[str, Any]) -> list[str]:
    """Return the lines of the table."""
    head = f"{'one program as':<14}{'first call':>11}{'p50':>8}{'p95':>8}{'kB':>6}"
    rows = [
        f"{name:<14}{row['first']:>11.1f}{row['p50']:>8.1f}{row['p95']:>8.1f}{row['kilobytes']:>6}"
        for name, row in found["files"].items()
    ]
    poll = found["poll"]
    return ["", head, *rows, f"poll without news: 204, {poll['queries']} queries, p50 {poll['p50']:.1f} ms"]


def _file(client: Client, path: str) -> dict[str, Any]:
    started = time.perf_counter()
    size = _get(client, path)
    first = round((time.perf_counter() - started) * 1000, 1)
    again = timed(lambda: _get(client, path), times=TIMES, warm=1).as_json()
    return {"first": first, "kilobytes": round(size / 1024), **again}


def _get(client: Client, path: str) -> int:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return len(answer.content)


def _version(client: Client, page: str) -> str:
    """Read from the page what its next poll would ask with."""
    found = re.search(r'hx-get="[^"]*[?]v=([^"]+)"', client.get(page).content.decode())
    if found is None:
        raise RuntimeError(f"{page}: nothing there polls")
    return found[1]


def _poll(client: Client, page: str, version: str) -> None:
    answer = client.get(page, {"v": version}, headers=HTMX)
    if answer.status_code != 204:
        raise RuntimeError(f"{page}: a poll without news answered {answer.status_code}")
