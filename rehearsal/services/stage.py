"""Sets up the throw-away database of a rehearsal: the tables as they are today, without the way they came about.

Walking through every migration took a third of a rehearsal's time and ends at the same tables; that it does is what
the checks of models against migrations prove. Must only be used on a database that is thrown away.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython


def set_up() -> None:
    """Make all tables from the models, and what migrations put on them: the triggers of append-only tables.

    Side effect: migrations are switched off for the rest of this process, which must be one of its own.
    """
    found = list(triggers())
    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    with connection.schema_editor() as editor:
        for install in found:
            install(apps, editor)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")  # the data is thrown away; waiting for the disk is not needed


def triggers() -> Iterator[Any]:
    """What puts a trigger on a table: the functions called `install` that migrations run."""
    for migration in MigrationLoader(None).disk_migrations.values():
        for operation in () if migration.replaces else migration.operations:  # what replaces others runs theirs
            if isinstance(operation, RunPython) and getattr(operation.code, "__name__", "") == "install":
                yield operation.code
