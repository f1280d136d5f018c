"""Celery's part: an alarm clock. Each task is a thin wrapper; losing one costs at most one tick. No logic here."""

from celery import shared_task

from reminders import services


@shared_task(name="reminders.tick")
def tick() -> None:
    """Plan, compose and send once."""
    services.tick()


@shared_task(name="reminders.send")
def send() -> None:
    """Send what is composed: lets every worker help."""
    services.send_due()
