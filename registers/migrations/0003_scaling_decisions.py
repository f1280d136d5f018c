"""A fourth kind of architecture decision: how it scales and stays available (S47, S49)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0002_decision_log_append_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="decisionrecord",
            name="kind",
            field=models.CharField(
                choices=[
                    ("hosting", "Hosting: where it runs"),
                    ("access", "Access: who and what reaches it"),
                    ("integration", "Integration: how it plugs in"),
                    ("scaling", "Scaling: how it grows and stays available"),
                    ("other", "Something else"),
                ],
                max_length=12,
            ),
        ),
    ]
