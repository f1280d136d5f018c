"""What is measured in production."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """Metrics app."""

    name = "metrics"
