"""What people asked for about their own reminders."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Fewer kinds, quiet days, single mails, the weekly overview."""

    dependencies = [
        ("reminders", "0005_operations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quiet_days", models.JSONField(default=list)),
                (
                    "style",
                    models.CharField(
                        choices=[("digest", "Digest"), ("single", "Single")], default="digest", max_length=10
                    ),
                ),
                (
                    "week",
                    models.BooleanField(default=False, help_text="A weekly overview on the first morning of the week."),
                ),
                ("by_rule", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
    ]
