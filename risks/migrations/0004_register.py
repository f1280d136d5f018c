"""The register: target, reviews, raising, closing, and the history of each score."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the register brought to risks and their actions."""

    dependencies = [
        ("risks", "0003_indicator_metric"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="mitigationaction",
            name="added_at",
            field=models.DateTimeField(help_text="When somebody added it; empty for one of the library.", null=True),
        ),
        migrations.AddField(
            model_name="mitigationaction",
            name="done_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="mitigationaction",
            name="form_key",
            field=models.CharField(editable=False, max_length=40, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="mitigationaction",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="risk",
            name="added_at",
            field=models.DateTimeField(help_text="When somebody added it; empty for one of the library.", null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="closed_because",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="risk",
            name="form_key",
            field=models.CharField(editable=False, max_length=40, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="raised_at",
            field=models.DateTimeField(
                help_text="When it was raised ahead of its phase, or by a rule (S29).", null=True
            ),
        ),
        migrations.AddField(
            model_name="risk",
            name="raised_because",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="risk",
            name="review_on",
            field=models.DateField(help_text="The day by which somebody looks at it again (S57).", null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="reviewed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="reviewed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="risk",
            name="target_impact",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="target_likelihood",
            field=models.PositiveSmallIntegerField(help_text="Where the actions shall lead.", null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.CreateModel(
            name="RiskScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before_likelihood", models.PositiveSmallIntegerField()),
                ("before_impact", models.PositiveSmallIntegerField()),
                ("likelihood", models.PositiveSmallIntegerField()),
                ("impact", models.PositiveSmallIntegerField()),
                ("scale", models.JSONField(help_text="Minimum, maximum, bands and tolerance when it was scored.")),
                ("reason", models.CharField(max_length=500)),
                ("scored_at", models.DateTimeField()),
                (
                    "self_verified",
                    models.BooleanField(default=False, help_text="Whoever finished the action lowered it too (G2)."),
                ),
                (
                    "action",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The finished action that a lower score rests on.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="lowered",
                        to="risks.mitigationaction",
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="scores",
                        to="risks.risk",
                    ),
                ),
                (
                    "scored_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("action__isnull", False)), fields=("action",), name="risk_score_action_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("action__isnull", False),
                            django.db.models.lookups.GreaterThanOrEqual(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("likelihood"), "*", models.F("impact")
                                ),
                                django.db.models.expressions.CombinedExpression(
                                    models.F("before_likelihood"), "*", models.F("before_impact")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="risk_score_lower_with_action",
                    ),
                ],
            },
        ),
    ]
