"""Celery: the alarm clock of the engine, and nothing else. The database is the queue.

Why these settings: no result is ever read; a message may be lost or repeated without harm, so every schedule entry
expires before the next one; the socket options are what makes a worker notice a half-dead connection to Redis.
"""

import os
import socket

from celery import Celery, beat
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roadmap_site.settings")

TICK_SECONDS = 30
SEND_SECONDS = 10
LINES_SECONDS = 60
STATUS_SECONDS = 300
# A beat has no database to leave a sign of life in; the ticks it sends carry its name to a worker, who has.
SENDER = {"beat": f"beat@{socket.gethostname()}"}

app = Celery("roadmap_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    accept_content=["json"],
    task_acks_late=True,
    task_retry_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=30,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    timezone="UTC",
    beat_schedule={
        "tick": {
            "task": "reminders.tick",
            "schedule": TICK_SECONDS,
            "options": {"expires": TICK_SECONDS - 5, "headers": SENDER},
        },
        "send": {"task": "reminders.send", "schedule": SEND_SECONDS, "options": {"expires": SEND_SECONDS - 2}},
        "lines": {
            "task": "dashboard.refresh_lines",
            "schedule": LINES_SECONDS,
            "options": {"expires": LINES_SECONDS - 5},
        },
        "status": {
            "task": "status_pages.keep",
            "schedule": STATUS_SECONDS,
            "options": {"expires": STATUS_SECONDS - 5},
        },
    },
)
if str(app.conf.broker_url).startswith("memory://"):
    app.conf.update(broker_transport_options={"polling_interval": 0.2}, worker_pool="solo")
else:
    app.conf.update(
        broker_transport_options={
            "visibility_timeout": 600,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 10,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 10,
        }
    )
app.autodiscover_tasks(["reminders", "dashboard", "status_pages"])


@beat_init.connect
def tick_at_once(sender: beat.Service, **_: object) -> None:
    """Begin with a tick: beat waits a whole period before its first, and health checks wait for that."""
    if sender.app is app:
        app.send_task("reminders.tick", expires=TICK_SECONDS, headers=SENDER)
