"""Celery's part: keeps the weekly snapshots and those that were missed. Losing a run costs nothing. No logic here."""

from celery import shared_task

from status_pages.services import snapshots


@shared_task(name="status_pages.keep")
def keep() -> None:
    """Keep whatever is due."""
    snapshots.keep_decisions()
    snapshots.keep_updates()
    snapshots.keep_weekly()
