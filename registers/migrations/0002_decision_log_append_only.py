"""The database itself refuses to change or delete a decision on record (S20)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from activity import triggers


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on the decision log."""
    triggers.install(schema_editor, "registers_decisionrecord")


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers off again."""
    triggers.remove(schema_editor, "registers_decisionrecord")


class Migration(migrations.Migration):
    """Append-only decision log."""

    dependencies = [("registers", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
