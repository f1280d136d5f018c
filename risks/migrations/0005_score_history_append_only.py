"""The database itself refuses to change or delete an entry of a score's history (G23)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from activity import triggers


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on the history of scores."""
    triggers.install(schema_editor, "risks_riskscore")


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers off again."""
    triggers.remove(schema_editor, "risks_riskscore")


class Migration(migrations.Migration):
    """Append-only history of scores."""

    dependencies = [("risks", "0004_register")]
    operations = [migrations.RunPython(install, remove)]
