"""Migrations: none missing, one straight line per app; the short way of a new installation ends where the long does."""

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState

from tests.architecture.test_layers import ROOT

OURS = sorted(config.label for config in apps.get_app_configs() if (ROOT / config.name).is_dir())


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    output = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=output)
    except SystemExit:
        pytest.fail(output.getvalue())


@pytest.mark.parametrize("app", OURS)
def test_migrations_of_an_app_form_one_line(app: str) -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    own = {key: migration for key, migration in loader.disk_migrations.items() if key[0] == app}
    parents = Counter(parent for migration in own.values() for parent in migration.dependencies if parent[0] == app)
    assert [key for key, children in parents.items() if children > 1] == [], "two migrations follow the same one"
    assert len(loader.graph.leaf_nodes(app)) == (1 if own else 0)


def test_squashed_migrations_end_at_the_state_of_those_they_replace() -> None:
    short = MigrationLoader(None, ignore_no_migrations=True).project_state()
    long = MigrationLoader(None, ignore_no_migrations=True, replace_migrations=False)
    squashed = {key for key, migration in long.disk_migrations.items() if migration.replaces}
    assert {app for app, _ in squashed} >= {"risks", "reminders", "gates"}
    state = long.project_state([key for key in long.graph.leaf_nodes() if key not in squashed])
    assert {label: _plain(model) for label, model in state.models.items()} == {
        label: _plain(model) for label, model in short.models.items()
    }


def _plain(model: ModelState) -> object:
    fields = {name: field.deconstruct()[1:] for name, field in model.fields.items()}
    return fields, {name: str(value) for name, value in model.options.items()}


def test_a_squashed_migration_stands_for_whole_beginning_of_its_app() -> None:
    """In order and without a gap, whatever came later: else a new installation would miss a step."""
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    for (app, name), migration in disk.items():
        if migration.replaces and app in OURS:
            line = sorted(key for key in disk if key[0] == app and not disk[key].replaces)
            assert migration.replaces == line[: len(migration.replaces)], (app, name)
            assert name == f"0001_squashed_{migration.replaces[-1][1][:4]}"


OLDER = """
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState
executor = MigrationExecutor(connection)
executor.loader = MigrationLoader(connection, replace_migrations=False)
executor.migrate([("programs", "0002_running_and_small_team"), ("activity", "0001_initial")])
"""


@pytest.mark.slow
def test_an_installation_of_an_older_release_ends_at_the_tables_of_a_new_one(tmp_path: Path) -> None:
    """Some apps stand in the middle of what is replaced, some have nothing yet: all end alike, triggers included."""
    older, new = tmp_path / "older", tmp_path / "new"
    _run(older, "-c", OLDER)
    before = _applied(older)
    for data in (older, new):
        _run(data, "manage.py", "migrate", "--verbosity", "0")
    assert ("programs", "0002_running_and_small_team") in before
    assert ("programs", "0003_area_acceptance") not in before
    assert not [name for _, name in before if "squashed" in name]
    assert _applied(older) == _applied(new)
    assert _tables(older) == _tables(new)


def _run(data: Path, *command: str) -> None:
    """Run Python on an installation of its own."""
    environment = {"PATH": os.environ["PATH"], "ROADMAP_DATA": str(data)}
    environment["DJANGO_SETTINGS_MODULE"] = "roadmap_site.settings"
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _rows(data: Path, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(data / "roadmap90.sqlite3")) as database:
        return database.execute(query).fetchall()


def _applied(data: Path) -> set[tuple[str, ...]]:
    return set(_rows(data, "SELECT app, name FROM django_migrations"))


def _tables(data: Path) -> dict[str, list[str]]:
    """Tables, indexes and triggers with their text; the order of a table's columns alone may differ."""
    found = _rows(data, "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master")
    return {name: sorted(text.replace(" (", ", ", 1).removesuffix(")").split(", ")) for name, text in found}
