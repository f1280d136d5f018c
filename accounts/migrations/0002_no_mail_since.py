"""Since when no mail reaches a person's address; empty for everybody whose mail arrives."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that is loaded with the person, so that every page can tell them without a further query."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="no_mail_since",
            field=models.DateTimeField(
                help_text="Since when no mail reaches the address; empty when it does.", null=True
            ),
        ),
    ]
