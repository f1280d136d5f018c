"""Rehearsals: a whole program in fast motion, through the real engine, on data that is thrown away."""

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    """Rehearsal app; it has no tables."""

    name = "rehearsal"
