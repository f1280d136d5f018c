"""The server fixtures: they start, they recover, they leave folder permissions alone, and they say what is missing."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import servers


def test_a_database_is_empty_and_of_its_own(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row == (0,)


def test_a_crashed_server_recovers_what_was_committed(durable_postgres: servers.Postgres) -> None:
    durable_postgres.execute("CREATE TABLE kept (n int)")
    durable_postgres.execute("INSERT INTO kept VALUES (90)")
    durable_postgres.stop(immediate=True)
    durable_postgres.start()
    with psycopg.connect(durable_postgres.url()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchall() == [(90,)]


def test_redis_answers_and_is_empty_after_a_kill(redis_server: servers.Redis) -> None:
    assert redis_server.ask("SET a 1") == "+OK\r\n"
    redis_server.kill()
    redis_server.start()
    assert redis_server.ask("GET a") == "$-1\r\n"


def test_binaries_in_a_private_folder_are_used_without_opening_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        binaries = servers.postgres_binaries()
    except servers.ServerMissing as missing:
        pytest.skip(f"left out: {missing}")
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "postgresql").symlink_to(binaries.parent)
    monkeypatch.setenv("POSTGRES_BIN", str(private / "postgresql" / "bin"))
    with servers.postgres() as server:
        server.execute("SELECT 1")
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert not server.folder.exists()


def test_without_postgres_the_run_is_left_out_with_its_reason(tmp_path: Path) -> None:
    """An empty PATH, no wheel and no distribution folder: the run ends well and says why it did nothing."""
    code = "import sys; from tests import servers; servers._package = lambda name: None; "
    code += "servers.shutil.which = lambda name: None; servers.Path.glob = lambda self, pattern: []; "
    code += "sys.exit(servers.main(['false']))"
    root = Path(servers.__file__).parents[1]
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stdout.startswith("PostgreSQL run left out. PostgreSQL: no initdb in POSTGRES_BIN")
