"""What a program learns and decides between gates: assumptions, issues, scope, decisions, the challenge session."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Sits on the plan; knows nothing of gates' decisions."""

    name = "registers"
