"""The verbs name their list instead of the values, so that a new one needs no migration."""

from django.db import migrations, models

import activity.models


class Migration(migrations.Migration):
    """Nothing changes in the database."""

    dependencies = [
        ("activity", "0002_append_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="verb",
            field=models.CharField(choices=activity.models.verbs, max_length=40),
        ),
    ]
