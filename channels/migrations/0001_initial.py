"""Channels of programs, what is posted to them, and each try."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import channels.models.post
import reminders.enums
from core.migrating import CreateTogether


class Migration(migrations.Migration):
    """Three tables."""

    initial = True

    dependencies = [
        ("programs", "0003_area_acceptance"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Channel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("slack", "Slack"),
                                    ("teams", "Microsoft Teams"),
                                    ("signed", "Signed webhook"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "url",
                            models.CharField(blank=True, help_text="Secret: whoever has it can post.", max_length=1000),
                        ),
                        (
                            "secret",
                            models.CharField(blank=True, help_text="whsec_…, of a signed webhook.", max_length=100),
                        ),
                        ("old_secret", models.CharField(blank=True, max_length=100)),
                        ("old_until", models.DateTimeField(null=True)),
                        ("topics", models.JSONField(default=list)),
                        ("paused_at", models.DateTimeField(null=True)),
                        ("paused_because", models.CharField(blank=True, max_length=200)),
                        ("removed_at", models.DateTimeField(null=True)),
                        ("added_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="channels",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelPost",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=120, unique=True)),
                        ("number", models.CharField(max_length=60, unique=True)),
                        ("topic", models.CharField(choices=channels.models.post.topics, max_length=30)),
                        ("facts", models.JSONField()),
                        ("event_id", models.BigIntegerField(null=True)),
                        ("due_date", models.DateField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("leased", "Being sent"),
                                    ("sent", "Sent"),
                                    ("dead", "Refused"),
                                    ("cancelled", "Cancelled"),
                                    ("expired", "Expired"),
                                    ("held", "Held for review"),
                                ],
                                default=reminders.enums.State["QUEUED"],
                                max_length=10,
                            ),
                        ),
                        ("not_before", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("claim", models.CharField(blank=True, max_length=32)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("reply", models.CharField(blank=True, max_length=300)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="channels.channel"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelAttempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("started", "Started"),
                                    ("accepted", "Accepted"),
                                    ("temporary", "Temporary"),
                                    ("permanent", "Permanent"),
                                    ("unreachable", "Unreachable"),
                                    ("uncertain", "Uncertain"),
                                ],
                                default=reminders.enums.Outcome["STARTED"],
                                max_length=12,
                            ),
                        ),
                        ("reply", models.CharField(blank=True, max_length=300)),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tries",
                                to="channels.channelpost",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.AddIndex(
                    model_name="channel",
                    index=models.Index(
                        condition=models.Q(("removed_at", None)), fields=["program"], name="channel_living"
                    ),
                ),
                migrations.AddIndex(
                    model_name="channelpost",
                    index=models.Index(
                        condition=models.Q(("state", reminders.enums.State["QUEUED"])),
                        fields=["not_before"],
                        name="post_due",
                    ),
                ),
                migrations.AddIndex(
                    model_name="channelpost",
                    index=models.Index(
                        condition=models.Q(("state", reminders.enums.State["LEASED"])),
                        fields=["lease_until"],
                        name="post_leased",
                    ),
                ),
            ]
        )
    ]
