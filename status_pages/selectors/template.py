"""Reads the company's slide template. Must not judge it."""

from status_pages.models import SlideTemplate


def template_bytes() -> bytes | None:
    """Return the template's file; None while ours is used (one query)."""
    found = SlideTemplate.objects.values_list("content", flat=True).first()
    return bytes(found) if found is not None else None


def template_facts() -> SlideTemplate | None:
    """Return what is known of the template without its file (one query)."""
    return SlideTemplate.objects.select_related("uploaded_by").defer("content").first()
