"""The database itself refuses to change or delete a status update and its acknowledgement (issue 5, P17)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from activity import triggers

TABLES = ("updates_statusupdate", "updates_acknowledgement")


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on both tables."""
    for table in TABLES:
        triggers.install(schema_editor, table)


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers off again."""
    for table in TABLES:
        triggers.remove(schema_editor, table)


class Migration(migrations.Migration):
    """Append-only status updates."""

    dependencies = [("updates", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
