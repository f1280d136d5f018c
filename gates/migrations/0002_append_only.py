"""The database itself refuses to change or delete a decision (G11)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from activity import triggers


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on the table of decisions."""
    triggers.install(schema_editor, "gates_decision")


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers off again."""
    triggers.remove(schema_editor, "gates_decision")


class Migration(migrations.Migration):
    """Append-only decisions."""

    dependencies = [("gates", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
