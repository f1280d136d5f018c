"""App configuration of playbooks. The app has no tables: a playbook is a file, a program keeps its own copy."""

from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    """Launching a program from a playbook."""

    name = "playbooks"
