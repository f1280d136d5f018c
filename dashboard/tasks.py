"""Celery's part: computes portfolio lines before anybody waits for them. Losing a run costs nothing. No logic here."""

from celery import shared_task

from dashboard import services
from programs.models import Program

AT_ONCE = 500  # lines a run; after midnight thousands of programs take a few runs


@shared_task(name="dashboard.refresh_lines")
def refresh_lines() -> None:
    """Compute the lines that are out of date."""
    services.refresh(services.stale(Program.objects.order_by("pk"))[:AT_ONCE])
