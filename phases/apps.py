"""The plan: phases, gates, criteria, tasks, evidence."""

from django.apps import AppConfig


class PhasesConfig(AppConfig):
    """Phases app."""

    name = "phases"
