"""Fixtures for the whole suite: real servers, a clean clock and cache, a count of what was left out.

A tier whose server or browser is missing is skipped with its reason, and the closing summary counts it: never
silently. Must not hold anything that only one app needs; that belongs in the app's own conftest.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_django
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management.commands import migrate
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from core import clock
from rehearsal.services.stage import triggers
from reminders.services import watchman
from tests import servers

SERVER_FIXTURES = {"postgres_server", "postgres_url", "durable_postgres", "redis_server", "redis_url"}
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
LEFT_OUT = "left out: "


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database, a server or a browser by what it uses, so that no test can forget its marker."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if DATABASE_FIXTURES & used or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
        if SERVER_FIXTURES & used:
            item.add_marker(pytest.mark.servers)
        if "browser" in item.path.relative_to(item.config.rootpath).parts:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the tests of every tier that could not run on this machine."""
    reasons = Counter(
        report.longrepr[2].split(LEFT_OUT, 1)[1]
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and LEFT_OUT in report.longrepr[2]
    )
    for reason, count in reasons.items():
        terminalreporter.write_line(f"LEFT OUT {count} tests. {reason}", yellow=True, bold=True)


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """Make the tables from the models: walking through all migrations takes eight times as long per process.

    They are walked by the tests that start installations of their own, on both databases; that they end at the same
    tables is what `makemigrations --check` proves.
    """
    return False


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """Put on the tables what migrations alone do (triggers), and let the database say that all of them were applied."""
    known, command, installs = settings.MIGRATION_MODULES, migrate.Command, list(triggers())
    request.getfixturevalue("django_db_setup")
    # What pytest-django switches off for the making of tables is on again for the tests.
    settings.MIGRATION_MODULES, migrate.Command = known, command
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for install in installs:
                install(apps, editor)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for app, name in MigrationLoader(None).disk_migrations:
            recorder.record_applied(app, name)


@pytest.fixture(scope="session", autouse=True)
def _emptying_passes_append_only_tables() -> Iterator[None]:
    """Let a test with real transactions be cleaned up after on SQLite, which empties by DELETE.

    The append-only triggers refuse that, rightly. They are dropped for the emptying alone and put back as they were.
    """
    operations = DatabaseWrapper.ops_class
    plain = operations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            try:
                plain(self, sql_list)
            finally:
                for _, sql in triggers:
                    cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush)
        yield


@pytest.fixture(autouse=True)
def _clean_clock_and_cache() -> Iterator[None]:
    """Give every test the machine's own time, an empty cache (sign-in limits) and pages that have seen no trouble."""
    clock.reset()
    watchman.forget_what_was_seen()
    cache.clear()
    yield
    clock.reset()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    """A PostgreSQL of this test process."""
    try:
        with servers.postgres() as server:
            yield server
    except servers.ServerMissing as missing:
        pytest.skip(f"{LEFT_OUT}{missing}")


@pytest.fixture
def durable_postgres() -> Iterator[servers.Postgres]:
    """A PostgreSQL of this one test with fsync on; it may be crashed and started again."""
    try:
        with servers.postgres(durable=True) as server:
            yield server
    except servers.ServerMissing as missing:
        pytest.skip(f"{LEFT_OUT}{missing}")


@pytest.fixture(scope="session")
def _database_numbers() -> Iterator[int]:
    return iter(range(1, 100_000))


@pytest.fixture
def postgres_url(postgres_server: servers.Postgres, _database_numbers: Iterator[int]) -> str:
    """The DATABASE_URL of an empty PostgreSQL database of this test."""
    return postgres_server.database(f"roadmap_{next(_database_numbers)}")


@pytest.fixture
def redis_server() -> Iterator[servers.Redis]:
    """A Redis-protocol server of this one test; it may be killed and started again on its port."""
    try:
        with servers.redis() as server:
            yield server
    except servers.ServerMissing as missing:
        pytest.skip(f"{LEFT_OUT}{missing}")


@pytest.fixture
def redis_url(redis_server: servers.Redis) -> str:
    """The REDIS_URL of an empty server of this test."""
    return redis_server.url
