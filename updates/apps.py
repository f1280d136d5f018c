"""Status updates: what the program manager says once a week, posted and never edited."""

from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    """Sits on gates, whose declared status it sets; knows nothing of mail or of the executive page."""

    name = "updates"
