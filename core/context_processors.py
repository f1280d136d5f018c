"""What every page may show about the installation. Must not query."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import clock


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the rehearsal banner's facts and whether mail stays in the app's own mailbox."""
    return {
        "rehearsal": settings.ROADMAP_REHEARSAL,
        "rehearsal_now": clock.now() if settings.ROADMAP_REHEARSAL else None,
        "mail_embedded": settings.MAIL_EMBEDDED,
    }
