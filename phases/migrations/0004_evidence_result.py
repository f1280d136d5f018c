"""A proof says its number and the limit it has to stay within, so that a gate reads them before it opens a file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("phases", "0003_tasks_after_the_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="limit",
            field=models.CharField(blank=True, help_text="What it has to stay within.", max_length=60),
        ),
        migrations.AddField(
            model_name="evidence",
            name="result",
            field=models.CharField(blank=True, help_text="What was measured, with its unit.", max_length=60),
        ),
    ]
