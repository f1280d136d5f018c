"""0001 to 0002 in one step for new installations, made of the very operations of those it replaces."""

from django.db import migrations

from core.migrating import folded, needed

REPLACED = (
    "0001_acceptances",
    "0002_ask_who_sits",
)


class Migration(migrations.Migration):
    """An installation that has applied some of them goes on with the rest, one by one."""

    initial = True
    replaces = [("ownership", name) for name in REPLACED]
    dependencies = needed("ownership", *REPLACED)
    operations = folded("ownership", *REPLACED)
