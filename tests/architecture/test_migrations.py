"""Migrations: none missing, one straight line per app."""

from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

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
