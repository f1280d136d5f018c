"""0001 to 0003 in one step for new installations, made of the very operations of those it replaces."""

from django.db import migrations

from core.migrating import folded, needed

REPLACED = (
    "0001_initial",
    "0002_running_and_small_team",
    "0003_area_acceptance",
)


class Migration(migrations.Migration):
    """An installation that has applied some of them goes on with the rest, one by one."""

    initial = True
    replaces = [("programs", name) for name in REPLACED]
    dependencies = needed("programs", *REPLACED)
    operations = folded("programs", *REPLACED)
