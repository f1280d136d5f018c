"""The append-only record of what happened."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """Lowest app: everything may write an entry, it knows nobody."""

    name = "activity"
