"""Real processes, killed while they send (P1, P2, P4): nothing lost, doubles only inside the one known window.

The sink's own record is the only truth about what left. It answers late, so that a kill falls between a mail's
acceptance and its record; a run in which no kill fell there proves nothing and says so.
"""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.reminders.faults.installation import Installation
from tests.reminders.sink import Sink
from tests.servers import Postgres

pytestmark = pytest.mark.slow
PEOPLE = 200
ANSWER_SECONDS = 0.03
_numbers = count(1)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that takes a mail at once and says so a moment later."""
    with Sink(delay=ANSWER_SECONDS) as server:
        yield server


@pytest.fixture(scope="module")
def seeded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled SQLite installation, to be copied: filling one takes longer than sending its mails."""
    folder = tmp_path_factory.mktemp("seeded")
    Installation(folder).seed(PEOPLE)
    return folder


@pytest.fixture(scope="module")
def seeded_database(postgres_server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a filled PostgreSQL database, to be copied."""
    name = "roadmap_seeded"
    Installation(tmp_path_factory.mktemp("seeding"), database=postgres_server.database(name)).seed(PEOPLE)
    return name


@pytest.fixture
def embedded(tmp_path: Path, sink: Sink, seeded_folder: Path) -> Iterator[Installation]:
    """An installation on SQLite."""
    shutil.copytree(seeded_folder, tmp_path / "data")
    made = Installation(tmp_path / "data", sink)
    yield made
    made.stop()


@pytest.fixture
def production(
    tmp_path: Path, sink: Sink, postgres_server: Postgres, seeded_database: str, redis_url: str
) -> Iterator[Installation]:
    """An installation on PostgreSQL and Redis."""
    name = f"roadmap_faults_{next(_numbers)}"
    postgres_server.execute(f"CREATE DATABASE {name} TEMPLATE {seeded_database}")
    made = Installation(tmp_path, sink, postgres_server.url(name), redis_url)
    yield made
    made.stop()


def assert_nothing_lost(installation: Installation, kills: int) -> None:
    """The ledger equals what the sink took; doubles at most one per kill, same Message-ID, same bytes."""
    copies = installation.sink.copies
    report = installation.report()
    assert report["mails"] == {"sent": PEOPLE}, report
    assert report["rows"] == {"sent": PEOPLE, "queued": PEOPLE}, report  # queued: tomorrow's, already planned
    assert set(report["ids"]) == set(copies)
    assert sum(copies.values()) - PEOPLE <= kills
    for key in [key for key, number in copies.items() if number > 1]:
        assert len({raw for _, raw in installation.sink.handler.accepted if key.encode() in raw}) == 1
    assert report["tries"].get("uncertain", 0) == kills, "no kill fell while a mail was being handed over"


def all_arrived(installation: Installation) -> bool:
    return len(installation.sink.copies) == PEOPLE


def all_recorded(installation: Installation) -> bool:
    return installation.report()["mails"] == {"sent": PEOPLE}


def test_p1_p2_sigkill_in_the_middle_of_200_mails_on_sqlite(embedded: Installation) -> None:
    for accepted in (40, 110):
        process = embedded.engine()
        embedded.until(lambda wanted=accepted: len(embedded.sink.handler.accepted) >= wanted, "mails before the kill")
        embedded.kill(process)
        embedded.leases_run_out()
    embedded.engine()
    embedded.until(lambda: all_arrived(embedded), "all mails")
    embedded.until(lambda: all_recorded(embedded), "all records")
    assert_nothing_lost(embedded, kills=2)


def test_p1_p2_sigkill_of_a_celery_worker_on_postgresql_and_redis(production: Installation) -> None:
    production.beat(1)
    worker = production.worker()
    production.until(lambda: len(production.sink.handler.accepted) >= 60, "mails before the kill")
    production.kill(worker)
    production.leases_run_out()
    production.worker()
    production.until(lambda: all_arrived(production), "all mails")
    production.until(lambda: all_recorded(production), "all records")
    assert_nothing_lost(production, kills=1)


def test_p4_three_engines_at_once_on_sqlite_send_everything_once(embedded: Installation) -> None:
    for _ in range(3):
        embedded.engine()
    embedded.until(lambda: all_arrived(embedded), "all mails")
    embedded.until(lambda: all_recorded(embedded), "all records")
    assert_nothing_lost(embedded, kills=0)


def test_p4_two_beats_and_three_workers_at_once_send_everything_once(production: Installation) -> None:
    production.sink.handler.delay = 0.1
    for number in (1, 2):
        production.beat(number)
    for _ in range(3):
        production.worker()
    production.until(lambda: all_arrived(production), "all mails")
    production.until(lambda: all_recorded(production), "all records")
    assert_nothing_lost(production, kills=0)
