"""0001 to 0005 in one step for new installations, made of the very operations of those it replaces."""

from django.db import migrations

from core.migrating import folded, needed

REPLACED = (
    "0001_initial",
    "0002_all_decisions",
    "0003_tasks_after_the_end",
    "0004_evidence_result",
    "0005_metric_evidence",
)


class Migration(migrations.Migration):
    """An installation that has applied some of them goes on with the rest, one by one."""

    initial = True
    replaces = [("phases", name) for name in REPLACED]
    dependencies = needed("phases", *REPLACED)
    operations = folded("phases", *REPLACED)
