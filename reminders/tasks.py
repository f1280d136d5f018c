"""Celery's part: an alarm clock. Each task is a thin wrapper; losing one costs at most one tick. No logic here."""

from typing import Any

from celery import shared_task

from reminders import services
from reminders.services.heartbeats import task_seen


@shared_task(name="reminders.tick", bind=True)
def tick(self: Any) -> None:
    """Plan, compose and send once."""
    task_seen(self.request.hostname, self.request.headers)
    services.tick()


@shared_task(name="reminders.send", bind=True)
def send(self: Any) -> None:
    """Send what is composed: lets every worker help."""
    task_seen(self.request.hostname, self.request.headers)
    services.send_due()
