"""What mail providers report, and addresses nothing is sent to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables."""

    dependencies = [
        ("reminders", "0003_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MailEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=30)),
                ("event_id", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("soft", models.BooleanField(default=False)),
                ("address", models.EmailField(max_length=254)),
                ("words", models.CharField(blank=True, help_text="What the receiving server said.", max_length=300)),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("raw", models.TextField(help_text="The provider's own words, cut to a bounded length.")),
                ("processed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("processed_at__isnull", True)), fields=["id"], name="mail_event_waiting"
                    ),
                    models.Index(fields=["address", "-happened_at"], name="mail_event_of_address"),
                    models.Index(fields=["received_at"], name="mail_event_age"),
                ],
                "constraints": [models.UniqueConstraint(fields=("provider", "event_id"), name="mail_event_once")],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("bounced", "A mail came back: the address does not take mail"),
                            ("refused", "The mail server refused the address for good"),
                            ("complained", "A mail was reported as spam"),
                            ("repeated", "Mails came back 5 times within 14 days"),
                            ("unsubscribed", "The mail provider was told to send no more"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.CharField(blank=True, help_text="What the server said.", max_length=300)),
                ("since", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_because", models.CharField(blank=True, max_length=200)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suppressions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("user",),
                        name="suppression_one_open_per_person",
                    )
                ],
            },
        ),
    ]
