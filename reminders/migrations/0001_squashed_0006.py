"""0001 to 0006 in one step for new installations, made of the very operations of those it replaces."""

from django.db import migrations

from core.migrating import folded, needed

REPLACED = (
    "0001_initial",
    "0002_gates",
    "0003_answers",
    "0004_addresses",
    "0005_operations",
    "0006_preferences",
)


class Migration(migrations.Migration):
    """An installation that has applied some of them goes on with the rest, one by one."""

    initial = True
    replaces = [("reminders", name) for name in REPLACED]
    dependencies = needed("reminders", *REPLACED)
    operations = folded("reminders", *REPLACED)
