"""The day whose reading is kept; kinds, rules and parts name their lists instead of the values, with room to grow."""

from django.db import migrations, models

import reminders.models.lists


class Migration(migrations.Migration):
    """What gates brought to the reminders."""

    dependencies = [
        ("programs", "0002_running_and_small_team"),
        ("reminders", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="programplan",
            name="day_kept",
            field=models.DateField(help_text="The program's last day whose reading is kept.", null=True),
        ),
        migrations.AddIndex(
            model_name="programplan",
            index=models.Index(fields=["day_kept"], name="plan_day_kept"),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="item_kind",
            field=models.CharField(choices=reminders.models.lists.kinds, max_length=20),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="part",
            field=models.CharField(choices=reminders.models.lists.parts, max_length=20),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="rule",
            field=models.CharField(choices=reminders.models.lists.rules, max_length=30),
        ),
        migrations.AlterField(
            model_name="rule",
            name="slug",
            field=models.CharField(choices=reminders.models.lists.rules, max_length=30),
        ),
    ]
