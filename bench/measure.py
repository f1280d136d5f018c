"""Timing helpers shared by the steps. Must not import Django."""

import http.client
import math
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Spread:
    """Milliseconds: the middle and the slow end of `count` timings."""

    p50: float
    p95: float
    count: int

    def as_json(self) -> dict[str, float]:
        """The figures by name."""
        return asdict(self)


def spread(milliseconds: list[float]) -> Spread:
    """Summarise timings. Errors: ValueError when there are none."""
    if not milliseconds:
        raise ValueError("nothing was measured")
    ordered = sorted(milliseconds)
    at = [ordered[min(len(ordered) - 1, math.ceil(len(ordered) * part) - 1)] for part in (0.5, 0.95)]
    return Spread(round(at[0], 2), round(at[1], 2), len(ordered))


def timed(act: Callable[[], object], *, times: int, warm: int = 5) -> Spread:
    """Time `act`, after some turns that do not count."""
    for _ in range(warm):
        act()
    found = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        found.append((time.perf_counter() - started) * 1000)
    return spread(found)


def over_loopback(port: int, path: str, cookie: str, *, clients: int, times: int) -> Spread:
    """Ask a running server `times` times per client over kept-open connections.

    Errors: RuntimeError for any answer but 200, so that an error page is never mistaken for a fast one.
    """
    found: list[float] = []
    faults: list[str] = []

    def one_client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for turn in range(times + 3):
            started = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                faults.append(f"{path}: {answer.status}")
                return
            if turn >= 3:
                found.append((time.perf_counter() - started) * 1000)
        connection.close()

    threads = [threading.Thread(target=one_client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return spread(found)
