"""Signs of life, alarms and tallies; what the last pass did; when a mail was given up; two small indexes."""

from django.db import migrations, models
from django.db.models import Q

import reminders.models.lists
from core.migrating import CreateTogether


class Migration(migrations.Migration):
    """What the operator's page brought to the reminders."""

    dependencies = [
        ("reminders", "0004_addresses"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Alarm",
                    fields=[
                        (
                            "kind",
                            models.CharField(
                                choices=reminders.models.lists.alarms, max_length=10, primary_key=True, serialize=False
                            ),
                        ),
                        ("since", models.DateTimeField(null=True)),
                        (
                            "next_at",
                            models.DateTimeField(help_text="When the next mail about it is due.", null=True),
                        ),
                        (
                            "tries",
                            models.PositiveIntegerField(default=0, help_text="Mails that were tried since it began."),
                        ),
                        (
                            "told_at",
                            models.DateTimeField(help_text="When a mail about it last left.", null=True),
                        ),
                        (
                            "cleared_at",
                            models.DateTimeField(
                                help_text="It is over; the mail that says so has not left yet.", null=True
                            ),
                        ),
                        (
                            "error",
                            models.CharField(
                                blank=True, help_text="Why the last mail about it did not leave.", max_length=300
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, unique=True)),
                        ("kind", models.CharField(choices=reminders.models.lists.processes, max_length=10)),
                        ("seen_at", models.DateTimeField()),
                        ("version", models.CharField(max_length=40)),
                    ],
                ),
                migrations.CreateModel(
                    name="Tally",
                    fields=[
                        ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("number", models.PositiveBigIntegerField(default=0)),
                    ],
                    options={"verbose_name_plural": "tallies"},
                ),
            ]
        ),
        migrations.AddField(
            model_name="enginestate",
            name="last_counts",
            field=models.JSONField(help_text="What the last pass did, by name.", null=True),
        ),
        migrations.AddField(
            model_name="enginestate",
            name="last_tick_ms",
            field=models.PositiveIntegerField(help_text="How long the last pass took.", null=True),
        ),
        migrations.AddField(
            model_name="enginestate",
            name="restored_at",
            field=models.DateTimeField(help_text="When this copy was made ready after a restore (P18).", null=True),
        ),
        migrations.AddField(
            model_name="mail",
            name="buried_at",
            field=models.DateTimeField(help_text="When it was refused for good or given up.", null=True),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["program"], name="delivery_held", condition=Q(state="held")),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["planned_for"], name="delivery_unsent", condition=Q(state__in=["cancelled", "expired"])
            ),
        ),
    ]
