"""Start-up of the core: sets the clock for a rehearsal, and who translates. Must not import an app."""

import datetime as dt

from django.apps import AppConfig
from django.conf import settings
from django.utils import translation

from core import clock, phrases


class CoreConfig(AppConfig):
    """Registers template tags and moves the clock when `ROADMAP_NOW` asks for it."""

    name = "core"

    def ready(self) -> None:
        """Move the clock once per process (ROADMAP_NOW, ROADMAP_SPEED); let Django translate plain modules."""
        phrases.speak_through(translation.gettext, translation.ngettext)
        at: dt.datetime | None = settings.ROADMAP_NOW
        if at is not None:
            clock.move(at, speed=settings.ROADMAP_SPEED)
