"""Tables of the status pages."""

from status_pages.models.link import ShareLink
from status_pages.models.look import LastLook, StatusLook
from status_pages.models.snapshot import StatusSnapshot
from status_pages.models.template import SlideTemplate

__all__ = ["LastLook", "ShareLink", "SlideTemplate", "StatusLook", "StatusSnapshot"]
