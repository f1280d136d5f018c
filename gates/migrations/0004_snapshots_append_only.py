"""The database itself refuses to change or delete a snapshot (G11, P17)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from activity import triggers


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on the table of snapshots."""
    triggers.install(schema_editor, "gates_snapshot")


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers off again."""
    triggers.remove(schema_editor, "gates_snapshot")


class Migration(migrations.Migration):
    """Append-only snapshots."""

    dependencies = [("gates", "0003_snapshots")]
    operations = [migrations.RunPython(install, remove)]
