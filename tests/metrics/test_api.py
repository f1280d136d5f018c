"""Readings over HTTP: by key alone, all or nothing, the same twice is once (issue 4)."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics import services
from metrics.models import Alert, ApiToken, Reading
from tests.metrics.world import NOW, World, world

ONE = {"metric": "m-recall", "measured_at": "2026-01-20T08:00:00Z", "value": 71.5}


@pytest.fixture
def key(w: World) -> str:
    """A living key of the program."""
    return services.create_token(actor=w.manager, program=w.program, name="Grafana").secret


def send(w: World, key: str, document: Any, **headers: str) -> Any:
    data = document if isinstance(document, bytes) else json.dumps(document)
    if key:
        headers["Authorization"] = f"Bearer {key}"
    client = Client(enforce_csrf_checks=True)
    path = reverse("readings_api", args=[w.program.slug])
    return client.post(path, data, content_type="application/json", headers=headers)


def batch(count: int, day: int = 1) -> list[dict[str, Any]]:
    """Readings of one day, a second apart."""
    return [
        {
            "metric": "m-recall",
            "measured_at": f"2026-01-{day:02}T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z",
            "value": 70,
        }
        for n in range(count)
    ]


def test_a_reading_is_stored_once_however_often_it_is_sent(w: World, key: str) -> None:
    first, again = send(w, key, {"readings": [ONE]}), send(w, key, [ONE])
    assert (first.status_code, first.json()) == (200, {"stored": 1, "unchanged": 0})
    assert (again.status_code, again.json()) == (200, {"stored": 0, "unchanged": 1})
    row = Reading.objects.get()
    assert (row.source, row.token.name, row.received_at) == ("api", "Grafana", NOW)
    assert ApiToken.objects.get().last_used_at == NOW
    assert "Set-Cookie" not in first
    assert "no-store" in first["Cache-Control"]


def test_s72_a_breach_over_http_opens_the_alert_in_the_same_transaction(w: World, key: str) -> None:
    send(w, key, [{**ONE, "value": 10}])
    assert Alert.objects.get().level == "critical"


@pytest.mark.parametrize("given", ["", "r90m_wrong", "x"])
def test_without_a_living_key_401(w: World, key: str, given: str) -> None:
    answer = send(w, given, [ONE])
    assert (answer.status_code, answer["WWW-Authenticate"].split()[0]) == (401, "Bearer")
    services.revoke_token(actor=w.manager, token=ApiToken.objects.get())
    assert send(w, key, [ONE]).status_code == 401
    assert Reading.objects.count() == 0


def test_a_key_opens_its_own_program_only(w: World, key: str) -> None:
    beta = world("beta")
    assert send(beta, key, [ONE]).status_code == 403
    w.program.state = "paused"
    w.program.save()
    answer = send(w, key, [ONE])
    assert (answer.status_code, "paused" in answer.json()["error"]) == (403, True)
    assert Reading.objects.count() == 0


def test_faults_are_named_by_reading_and_nothing_of_the_batch_is_kept(w: World, key: str) -> None:
    answer = send(w, key, [ONE, {**ONE, "metric": "m-other"}, {**ONE, "value": 9}])
    assert answer.status_code == 422
    assert [(f["reading"], f["field"]) for f in answer.json()["faults"]] == [(2, "metric"), (3, "measured_at")]
    assert send(w, key, [ONE, {**ONE, "value": "x"}]).json()["faults"][0]["reading"] == 2
    assert send(w, key, b"{").status_code == 422
    assert Reading.objects.count() == 0


def test_too_much_at_once_is_413(w: World, key: str) -> None:
    assert send(w, key, [ONE] * 10_001).status_code == 413
    assert send(w, key, b" " * 3_000_000).status_code == 413
    assert Reading.objects.count() == 0


def test_ten_thousand_readings_cost_the_queries_of_one(w: World, key: str) -> None:
    counts = []
    for count, day in ((1, 1), (1, 2), (400, 3)):
        with CaptureQueriesContext(connection) as found:
            assert send(w, key, batch(count, day)).status_code == 200
        counts.append(len(found) - sum('INSERT INTO "metrics_reading"' in q["sql"] for q in found))
    # SQLite takes few parameters an INSERT, so its number of INSERTs is left out; the first batch ever is news.
    assert counts[1] == counts[2]


@pytest.mark.slow
def test_a_full_batch_is_stored(w: World, key: str) -> None:
    assert send(w, key, batch(10_000)).json() == {"stored": 10_000, "unchanged": 0}
    assert send(w, key, batch(10_000)).json() == {"stored": 0, "unchanged": 10_000}


def test_other_methods_are_405(w: World) -> None:
    assert Client().get(reverse("readings_api", args=[w.program.slug])).status_code == 405
