"""The calendar after day 90."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Governance app."""

    name = "governance"
