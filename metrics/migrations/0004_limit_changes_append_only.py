"""The database itself refuses to change or delete what limits once were (G14, G20)."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from activity import triggers


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on the history of limits."""
    triggers.install(schema_editor, "metrics_limitchange")


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers off again."""
    triggers.remove(schema_editor, "metrics_limitchange")


class Migration(migrations.Migration):
    """Append-only history of limits."""

    dependencies = [("metrics", "0003_readings")]
    operations = [migrations.RunPython(install, remove)]
