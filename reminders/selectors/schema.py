"""Whether the database has the tables this release expects. Must not write."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_current = False


def is_migrated() -> bool:
    """Whether every migration of this release is applied; a yes is kept for the life of the process.

    Reading all migration files takes a while, and no migration of our own code appears while we run.
    """
    global _current
    if not _current:
        executor = MigrationExecutor(connection)
        _current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _current
