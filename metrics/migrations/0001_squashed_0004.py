"""0001 to 0004 in one step for new installations, made of the very operations of those it replaces."""

from django.db import migrations

from core.migrating import folded, needed

REPLACED = (
    "0001_initial",
    "0002_alerts",
    "0003_readings",
    "0004_limit_changes_append_only",
)


class Migration(migrations.Migration):
    """An installation that has applied some of them goes on with the rest, one by one."""

    initial = True
    replaces = [("metrics", name) for name in REPLACED]
    dependencies = needed("metrics", *REPLACED)
    operations = folded("metrics", *REPLACED)
