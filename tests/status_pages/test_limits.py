"""Tries of tokens and passcodes are counted once each, by threads of one process and by processes on Redis (P15, P22).

Embedded mode is one process with threads, so its cache is that process's memory; production shares one Redis.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from status_pages.services import opening

TRIES, SIDES = 40, 8


def counted(monkeypatch: pytest.MonkeyPatch, connect: Callable[[], Any]) -> list[int]:
    """Count TRIES tries of one key from SIDES sides at once, each with a connection of its own."""
    sides = [connect() for _ in range(SIDES)]

    class Shared:
        def __init__(self) -> None:
            self.turn = 0

        def __getattr__(self, name: str) -> Any:
            self.turn += 1
            return getattr(sides[self.turn % SIDES], name)

    monkeypatch.setattr(opening, "cache", Shared())
    with ThreadPoolExecutor(SIDES) as pool:
        return sorted(pool.map(lambda _: opening._count("passcode:link:1"), range(TRIES)))


def test_threads_of_one_process_lose_no_try(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = LocMemCache("limits", {})
    cache.clear()
    assert counted(monkeypatch, lambda: cache) == list(range(1, TRIES + 1))


@pytest.mark.servers
def test_processes_on_redis_lose_no_try(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    assert counted(monkeypatch, lambda: RedisCache(redis_url, {})) == list(range(1, TRIES + 1))
