"""Risk register, mitigation and escalation paths."""

from django.apps import AppConfig


class RisksConfig(AppConfig):
    """Risks app."""

    name = "risks"
