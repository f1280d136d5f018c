"""Registers the app with Django. Must not do anything when it loads."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The pages members open first."""

    name = "dashboard"
