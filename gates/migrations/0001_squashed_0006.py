"""0001 to 0006 in one step for new installations, made of the very operations of those it replaces."""

from django.db import migrations

from core.migrating import folded, needed

REPLACED = (
    "0001_initial",
    "0002_append_only",
    "0003_snapshots",
    "0004_snapshots_append_only",
    "0005_self_approved_waivers",
    "0006_sustain",
)


class Migration(migrations.Migration):
    """An installation that has applied some of them goes on with the rest, one by one."""

    initial = True
    replaces = [("gates", name) for name in REPLACED]
    dependencies = needed("gates", *REPLACED)
    operations = folded("gates", *REPLACED)
