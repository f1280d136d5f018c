"""Portfolio, program, roles and ownership."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """Programs app."""

    name = "programs"
