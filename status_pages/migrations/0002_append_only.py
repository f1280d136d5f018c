"""The database itself refuses to change or delete a status snapshot (G11, P17)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from activity import triggers


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on the snapshots."""
    triggers.install(schema_editor, "status_pages_statussnapshot")


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers off again."""
    triggers.remove(schema_editor, "status_pages_statussnapshot")


class Migration(migrations.Migration):
    """Append-only status snapshots."""

    dependencies = [("status_pages", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
