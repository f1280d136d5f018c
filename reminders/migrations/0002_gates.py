"""The kinds and rules of reminders about gates, and the day whose reading is kept."""

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ADDED = {
    "expiry": {"leads": [5, 1, 0], "audience": ["requester", "approver"]},
    "hold-review": {
        "leads": [5, 1, 0], "first": 1, "every": 2, "at_most": 5, "audience": ["program-manager", "sponsor"],
    },
    "view-wanted": {"first": 1, "every": 2, "audience": ["gatekeepers"]},
    "verify-wanted": {"first": 1, "every": 2, "audience": ["verifier"]},
}  # fmt: skip


def add_rules(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give programs that run already the rules that came with the gates."""
    plan, rule = apps.get_model("reminders", "ProgramPlan"), apps.get_model("reminders", "Rule")
    rows = [
        rule(program_id=program_id, slug=slug, definition=definition)
        for program_id in plan.objects.values_list("program_id", flat=True)
        for slug, definition in ADDED.items()
    ]
    rule.objects.bulk_create(rows, batch_size=500)
    plan.objects.update(dirty=True)


def drop_rules(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    apps.get_model("reminders", "Rule").objects.filter(slug__in=ADDED).delete()


class Migration(migrations.Migration):
    """Reminders about gates."""

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
        migrations.AlterField(
            model_name="delivery",
            name="item_kind",
            field=models.CharField(
                choices=[
                    ("criterion", "Criterion"),
                    ("task", "Task"),
                    ("event", "Event"),
                    ("area", "Area"),
                    ("condition", "Condition"),
                    ("waiver", "Waiver"),
                    ("acceptance", "Acceptance"),
                    ("status", "Status"),
                    ("hold", "Hold"),
                    ("view", "View"),
                    ("review", "Review"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="part",
            field=models.CharField(
                choices=[
                    ("responsible", "Responsible"),
                    ("verifier", "Verifier"),
                    ("gatekeeper", "Gatekeeper"),
                    ("sponsor", "Sponsor"),
                    ("program-manager", "Program manager"),
                    ("deputy", "Deputy"),
                    ("stand-in", "Stand in"),
                    ("requester", "Requester"),
                    ("approver", "Approver"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="rule",
            field=models.CharField(
                choices=[
                    ("gate-ahead", "Gate ahead"),
                    ("gate-overdue", "Gate overdue"),
                    ("checkpoint-ahead", "Checkpoint ahead"),
                    ("item-due", "Item due"),
                    ("item-overdue", "Item overdue"),
                    ("escalation", "Escalation"),
                    ("area-vacant", "Area vacant"),
                    ("expiry", "Expiry"),
                    ("hold-review", "Hold review"),
                    ("view-wanted", "View wanted"),
                    ("verify-wanted", "Verify wanted"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="rule",
            name="slug",
            field=models.CharField(
                choices=[
                    ("gate-ahead", "Gate ahead"),
                    ("gate-overdue", "Gate overdue"),
                    ("checkpoint-ahead", "Checkpoint ahead"),
                    ("item-due", "Item due"),
                    ("item-overdue", "Item overdue"),
                    ("escalation", "Escalation"),
                    ("area-vacant", "Area vacant"),
                    ("expiry", "Expiry"),
                    ("hold-review", "Hold review"),
                    ("view-wanted", "View wanted"),
                    ("verify-wanted", "Verify wanted"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="programplan",
            index=models.Index(fields=["day_kept"], name="plan_day_kept"),
        ),
        migrations.RunPython(add_rules, drop_rules),
    ]
