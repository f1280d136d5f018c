"""The plan: phases, gates, criteria, tasks, evidence."""

from django.apps import AppConfig

from metrics import listeners, marks


class PhasesConfig(AppConfig):
    """Phases app."""

    name = "phases"

    def ready(self) -> None:
        """Hear of readings in their transaction, so that proof follows them; lend the charts the dates of gates."""
        # Models exist only once all apps are loaded.
        from phases.selectors.metrics import gate_marks  # noqa: PLC0415
        from phases.services.series import on_readings  # noqa: PLC0415

        listeners.subscribe(on_readings)
        marks.provide(gate_marks)
