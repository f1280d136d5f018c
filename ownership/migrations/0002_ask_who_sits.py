"""Programs that were launched before: whoever sits where an area belongs is asked to accept it."""

from django.db import migrations

from core import clock


def ask(apps, schema_editor):
    """One open nomination for each person on a seat that owns an area."""
    area_model = apps.get_model("programs", "OwnershipArea")
    nomination = apps.get_model("ownership", "Nomination")
    role_model = apps.get_model("programs", "Role")
    now = clock.now()
    roles = role_model.objects.filter(
        pk__in=area_model.objects.values("role_id"), program__state__in=["active", "paused", "running"]
    )
    nomination.objects.bulk_create(
        nomination(
            program_id=role.program_id,
            role_id=role.pk,
            seat=seat,
            person_id=person,
            effective_from=now.date(),
            nominated_at=now,
            nominated_on=now.date(),
        )
        for role in roles
        for seat, person in (("owner", role.holder_id), ("deputy", role.deputy_id))
        if person is not None
    )


class Migration(migrations.Migration):
    dependencies = [("ownership", "0001_acceptances")]
    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
