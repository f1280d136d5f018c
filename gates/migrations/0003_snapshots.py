"""Tables of frozen documents, daily readings and re-checks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gates.enums
from core.migrating import CreateTogether


class Migration(migrations.Migration):
    dependencies = [
        ("gates", "0002_append_only"),
        ("phases", "0002_all_decisions"),
        ("programs", "0002_running_and_small_team"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="RecheckRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seed", models.CharField(max_length=32)),
                        (
                            "share",
                            models.CharField(help_text="The playbook's share, as an exact fraction.", max_length=20),
                        ),
                        ("minimum", models.PositiveSmallIntegerField()),
                        (
                            "population",
                            models.JSONField(help_text="Slugs of the criteria that were verified at the draw."),
                        ),
                        ("drawn_at", models.DateTimeField()),
                        (
                            "drawn_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recheck_round",
                                to="phases.event",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recheck_rounds",
                                to="programs.program",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ReadingDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("date", models.DateField(help_text="In the program's time zone.")),
                        ("day", models.SmallIntegerField(help_text="Day of the program.")),
                        ("gate_slug", models.CharField(blank=True, help_text="The gate ahead.", max_length=60)),
                        ("gate_name", models.CharField(blank=True, max_length=160)),
                        ("formula_version", models.PositiveSmallIntegerField()),
                        (
                            "points",
                            models.PositiveSmallIntegerField(
                                help_text="The headline: the weakest dimension.", null=True
                            ),
                        ),
                        ("weakest", models.CharField(blank=True, max_length=80)),
                        ("average", models.PositiveSmallIntegerField(null=True)),
                        ("verified_average", models.PositiveSmallIntegerField(null=True)),
                        (
                            "pace",
                            models.CharField(
                                blank=True, help_text="An exact fraction; empty before anything is due.", max_length=20
                            ),
                        ),
                        ("colour", models.CharField(max_length=8)),
                        ("sentence", models.CharField(max_length=400)),
                        ("rules", models.JSONField(default=list)),
                        ("dimensions", models.JSONField(default=list)),
                        (
                            "proofs",
                            models.JSONField(
                                default=dict, help_text="Proof, dimension and level of each counted criterion by slug."
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reading_days",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["date"],
                        "constraints": [
                            models.UniqueConstraint(fields=("program", "date"), name="reading_once_per_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "result",
                            models.CharField(
                                blank=True, choices=[("passed", "Passed"), ("failed", "Failed")], max_length=6
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=1000)),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "checked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "criterion",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rechecks",
                                to="phases.criterion",
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rechecks",
                                to="gates.recheckround",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("round", "criterion"), name="recheck_criterion_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("checked_at__isnull", True), ("checked_by__isnull", True), ("result", "")
                                    ),
                                    models.Q(
                                        models.Q(("result", ""), _negated=True),
                                        ("checked_at__isnull", False),
                                        ("checked_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="recheck_result_has_person_and_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Snapshot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("review", "Handed in to review"), ("decision", "Decision")], max_length=10
                            ),
                        ),
                        ("schema_version", models.PositiveSmallIntegerField()),
                        ("document", models.TextField(help_text="Canonical JSON, exactly as it was hashed.")),
                        ("sha256", models.CharField(max_length=64)),
                        ("taken_at", models.DateTimeField()),
                        (
                            "decision",
                            models.OneToOneField(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="snapshot",
                                to="gates.decision",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="snapshots",
                                to="phases.event",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="snapshots",
                                to="programs.program",
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["event", "-id"], name="snapshot_event_newest")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decision__isnull", True), ("kind", gates.enums.SnapshotKind["REVIEW"])),
                                    models.Q(
                                        ("decision__isnull", False), ("kind", gates.enums.SnapshotKind["DECISION"])
                                    ),
                                    _connector="OR",
                                ),
                                name="snapshot_of_a_decision_names_it",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
