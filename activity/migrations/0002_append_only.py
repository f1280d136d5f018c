"""The database itself refuses to change or delete what happened (P17)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from activity import triggers


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on the table of entries."""
    triggers.install(schema_editor, "activity_entry")


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers off again."""
    triggers.remove(schema_editor, "activity_entry")


class Migration(migrations.Migration):
    """Append-only entries."""

    dependencies = [("activity", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
