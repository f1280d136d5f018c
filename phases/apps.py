"""The plan: phases, gates, criteria, tasks, evidence."""

from django.apps import AppConfig

from activity.listeners import subscribe
from metrics import listeners, marks


class PhasesConfig(AppConfig):
    """Phases app."""

    name = "phases"

    def ready(self) -> None:
        """Hear of readings and of people who leave in their transaction; lend the charts the dates of gates."""
        # Models exist only once all apps are loaded.
        from phases.selectors.metrics import gate_marks  # noqa: PLC0415  (models load later)
        from phases.services.leaving import on_activity  # noqa: PLC0415  (models load later)
        from phases.services.series import on_readings  # noqa: PLC0415  (models load later)

        subscribe(on_activity)
        listeners.subscribe(on_readings)
        marks.provide(gate_marks)
