"""0001 to 0005 in one step for new installations, made of the very operations of those it replaces."""

from django.db import migrations

from core.migrating import folded, needed

REPLACED = (
    "0001_initial",
    "0002_acceptances",
    "0003_indicator_metric",
    "0004_register",
    "0005_score_history_append_only",
)


class Migration(migrations.Migration):
    """An installation that has applied some of them goes on with the rest, one by one."""

    initial = True
    replaces = [("risks", name) for name in REPLACED]
    dependencies = needed("risks", *REPLACED)
    operations = folded("risks", *REPLACED)
