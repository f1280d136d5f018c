"""The charter: outcome details and measurements, problem, brief, data sources, stakeholders, dependencies."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import charter.enums
from core.migrating import CreateTogether


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("metrics", "0002_alerts"),
        ("programs", "0002_running_and_small_team"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="BriefVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("logged_at", models.DateTimeField()),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("scope", models.TextField(blank=True)),
                        ("limits", models.TextField(blank=True)),
                        ("risks", models.TextField(blank=True)),
                        ("timelines", models.TextField(blank=True)),
                        ("reason", models.TextField(blank=True, help_text="What is new; empty for the first version.")),
                        ("published_at", models.DateTimeField(null=True)),
                        (
                            "logged_by",
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
                                related_name="brief_versions",
                                to="programs.program",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-number"],
                    },
                ),
                migrations.CreateModel(
                    name="BriefAcknowledgement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="acknowledgements",
                                to="programs.stakeholdergroup",
                            ),
                        ),
                        (
                            "brief",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="acknowledgements",
                                to="charter.briefversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["group__position", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="DataSource",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("logged_at", models.DateTimeField()),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("name", models.CharField(max_length=200)),
                        ("holds", models.TextField(blank=True, help_text="What is in it and how often it comes.")),
                        ("owner", models.CharField(blank=True, max_length=200)),
                        ("access_route", models.CharField(blank=True, max_length=400)),
                        ("quality_keeper", models.CharField(blank=True, max_length=200)),
                        ("quality_limits", models.CharField(blank=True, max_length=400)),
                        ("rights", models.CharField(blank=True, max_length=400)),
                        ("retention", models.CharField(blank=True, max_length=400)),
                        (
                            "logged_by",
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
                                related_name="data_sources",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                    },
                ),
                migrations.CreateModel(
                    name="DataGap",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("logged_at", models.DateTimeField()),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("title", models.CharField(max_length=200)),
                        ("in_poc", models.TextField()),
                        ("in_live", models.TextField()),
                        (
                            "size",
                            models.CharField(
                                choices=[("small", "Small"), ("medium", "Medium"), ("large", "Large")], max_length=8
                            ),
                        ),
                        ("plan", models.TextField(blank=True)),
                        ("due_date", models.DateField(null=True)),
                        ("closed_on", models.DateField(null=True)),
                        ("resolution", models.TextField(blank=True)),
                        (
                            "logged_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner_role",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="data_gaps",
                                to="programs.role",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="data_gaps",
                                to="programs.program",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="gaps",
                                to="charter.datasource",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                    },
                ),
                migrations.CreateModel(
                    name="DataCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("logged_at", models.DateTimeField()),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("reliable", "Reliable"),
                                    ("representative", "Representative"),
                                    ("continuous", "Continuously available"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "finding",
                            models.CharField(
                                choices=[("yes", "Yes"), ("partly", "Partly"), ("no", "No")], max_length=8
                            ),
                        ),
                        ("proof", models.TextField()),
                        ("checked_on", models.DateField()),
                        (
                            "logged_by",
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
                                related_name="data_checks",
                                to="programs.program",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="checks",
                                to="charter.datasource",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-checked_on", "-number"],
                    },
                ),
                migrations.CreateModel(
                    name="Dependency",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("logged_at", models.DateTimeField()),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("team", models.CharField(max_length=120)),
                        ("what", models.CharField(max_length=300)),
                        ("needed_by", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "Asked"),
                                    ("agreed", "Agreed"),
                                    ("delivered", "Delivered"),
                                    ("dropped", "Dropped"),
                                ],
                                default=charter.enums.DependencyState["ASKED"],
                                max_length=10,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        (
                            "logged_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner_role",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="dependencies",
                                to="programs.role",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="dependencies",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["needed_by", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeDetail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "priority",
                            models.CharField(blank=True, help_text="The strategic priority it serves.", max_length=400),
                        ),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("measured", "Measured: there is a source and a period"),
                                    ("estimated", "Estimated: somebody's best guess"),
                                    ("none", "None: nobody knows yet"),
                                ],
                                default=charter.enums.Confidence["NONE"],
                                max_length=10,
                            ),
                        ),
                        (
                            "baseline_source",
                            models.CharField(
                                blank=True, help_text="Source and period of the baseline.", max_length=400
                            ),
                        ),
                        ("reason", models.TextField(help_text="Why there is a new version.")),
                        ("written_at", models.DateTimeField()),
                        ("verified_at", models.DateTimeField(null=True)),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        (
                            "metric",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="outcomes",
                                to="metrics.metric",
                            ),
                        ),
                        (
                            "statement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="detail",
                                to="programs.outcomestatement",
                            ),
                        ),
                        (
                            "verified_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OutcomeMeasurement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("logged_at", models.DateTimeField()),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        ("measured_on", models.DateField()),
                        ("value", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("note", models.TextField(help_text="How it was measured, and where the proof is.")),
                        ("verified_at", models.DateTimeField(null=True)),
                        (
                            "logged_by",
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
                                related_name="outcome_measurements",
                                to="programs.program",
                            ),
                        ),
                        (
                            "verified_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-measured_on", "-number"],
                    },
                ),
                migrations.CreateModel(
                    name="ProblemStatement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("logged_at", models.DateTimeField()),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        ("problem", models.TextField()),
                        ("affected", models.TextField()),
                        ("frequency", models.CharField(max_length=400)),
                        ("cost_today", models.CharField(max_length=400)),
                        ("if_nothing", models.TextField()),
                        ("measure", models.CharField(max_length=400)),
                        ("target", models.CharField(max_length=400)),
                        (
                            "reason",
                            models.TextField(blank=True, help_text="Why there is a new version; empty for the first."),
                        ),
                        (
                            "logged_by",
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
                                related_name="problem_statements",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-number"],
                    },
                ),
                migrations.CreateModel(
                    name="ProblemSignature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "seat",
                            models.CharField(
                                choices=[("business-owner", "Business owner"), ("sponsor", "Sponsor")], max_length=20
                            ),
                        ),
                        ("signed_at", models.DateTimeField(null=True)),
                        (
                            "signed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "statement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="signatures",
                                to="charter.problemstatement",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="StakeholderContact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("logged_at", models.DateTimeField()),
                        ("form_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
                        ("on", models.DateField()),
                        ("note", models.TextField()),
                        (
                            "group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="programs.stakeholdergroup",
                            ),
                        ),
                        (
                            "logged_by",
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
                                related_name="stakeholder_contacts",
                                to="programs.program",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-on", "-number"],
                    },
                ),
                migrations.CreateModel(
                    name="StakeholderPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stance",
                            models.CharField(
                                choices=[
                                    ("unknown", "Unknown"),
                                    ("supports", "Supports"),
                                    ("neutral", "Neutral"),
                                    ("worried", "Worried"),
                                    ("opposes", "Opposes"),
                                ],
                                default=charter.enums.Stance["UNKNOWN"],
                                max_length=10,
                            ),
                        ),
                        (
                            "cadence_days",
                            models.PositiveSmallIntegerField(help_text="Calendar days; empty: no rhythm.", null=True),
                        ),
                        ("next_on", models.DateField(help_text="The day agreed for the next contact.", null=True)),
                        ("note", models.TextField(blank=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "group",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="plan",
                                to="programs.stakeholdergroup",
                            ),
                        ),
                        (
                            "owner_role",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="stakeholder_plans",
                                to="programs.role",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="briefversion",
                    constraint=models.UniqueConstraint(fields=("program", "number"), name="brief_number_once"),
                ),
                migrations.AddConstraint(
                    model_name="briefversion",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", True)), fields=("program",), name="brief_one_draft"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="briefversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                                models.Q(
                                    ("scope", ""),
                                    ("limits", ""),
                                    ("risks", ""),
                                    ("timelines", ""),
                                    _connector="OR",
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="brief_published_complete",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="briefacknowledgement",
                    constraint=models.UniqueConstraint(fields=("brief", "group"), name="brief_group_once"),
                ),
                migrations.AddConstraint(
                    model_name="briefacknowledgement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("at__isnull", True), ("by__isnull", True)),
                            models.Q(("at__isnull", False), ("by__isnull", False)),
                            _connector="OR",
                        ),
                        name="brief_acknowledged_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="datasource",
                    constraint=models.UniqueConstraint(fields=("program", "number"), name="source_number_once"),
                ),
                migrations.AddConstraint(
                    model_name="datagap",
                    constraint=models.UniqueConstraint(fields=("program", "number"), name="data_gap_number_once"),
                ),
                migrations.AddConstraint(
                    model_name="datagap",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", True), ("resolution", "")),
                            models.Q(("closed_on__isnull", False), models.Q(("resolution", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="data_gap_closed_with_words",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="datacheck",
                    constraint=models.UniqueConstraint(fields=("program", "number"), name="data_check_number_once"),
                ),
                migrations.AddConstraint(
                    model_name="dependency",
                    constraint=models.UniqueConstraint(fields=("program", "number"), name="dependency_number_once"),
                ),
                migrations.AddConstraint(
                    model_name="outcomedetail",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(
                                ("verified_at__isnull", False),
                                ("verified_by__isnull", False),
                                models.Q(("verified_by", models.F("written_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="outcome_baseline_verified_by_another",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="outcomemeasurement",
                    constraint=models.UniqueConstraint(fields=("program", "number"), name="measurement_number_once"),
                ),
                migrations.AddConstraint(
                    model_name="outcomemeasurement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(
                                ("verified_at__isnull", False),
                                ("verified_by__isnull", False),
                                models.Q(("verified_by", models.F("logged_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="measurement_verified_by_another",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="problemstatement",
                    constraint=models.UniqueConstraint(fields=("program", "number"), name="problem_number_once"),
                ),
                migrations.AddConstraint(
                    model_name="problemstatement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("problem", ""),
                            ("affected", ""),
                            ("frequency", ""),
                            ("cost_today", ""),
                            ("if_nothing", ""),
                            ("measure", ""),
                            ("target", ""),
                            _connector="OR",
                            _negated=True,
                        ),
                        name="problem_statement_complete",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="problemsignature",
                    constraint=models.UniqueConstraint(fields=("statement", "seat"), name="problem_seat_once"),
                ),
                migrations.AddConstraint(
                    model_name="problemsignature",
                    constraint=models.UniqueConstraint(fields=("statement", "signed_by"), name="problem_person_once"),
                ),
                migrations.AddConstraint(
                    model_name="problemsignature",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at__isnull", True), ("signed_by__isnull", True)),
                            models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="problem_signed_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stakeholdercontact",
                    constraint=models.UniqueConstraint(fields=("program", "number"), name="contact_number_once"),
                ),
            ]
        ),
    ]
