"""Reads of the updates app."""

from updates.selectors.updates import by_mail_of, cadence_of, drafted, find_update, latest, reading_of, updates_of

__all__ = ["by_mail_of", "cadence_of", "drafted", "find_update", "latest", "reading_of", "updates_of"]
