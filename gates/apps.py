"""Gates that decide: decisions, conditions, waivers, opinions, stop and close."""

from django.apps import AppConfig


class GatesConfig(AppConfig):
    """Sits on the plan; reads what `registers` records between gates."""

    name = "gates"
