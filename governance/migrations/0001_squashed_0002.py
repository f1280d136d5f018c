"""0001 to 0002 in one step for new installations, made of the very operations of those it replaces."""

from django.db import migrations

from core.migrating import folded, needed

REPLACED = (
    "0001_initial",
    "0002_after_day_90",
)


class Migration(migrations.Migration):
    """An installation that has applied some of them goes on with the rest, one by one."""

    initial = True
    replaces = [("governance", name) for name in REPLACED]
    dependencies = needed("governance", *REPLACED)
    operations = folded("governance", *REPLACED)
