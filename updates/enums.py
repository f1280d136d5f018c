"""Closed lists of the updates app. Must not import Django."""

from enum import StrEnum


class ByMail(StrEnum):
    """How somebody gets published updates."""

    AT_ONCE = "at-once"
    DIGEST = "digest"
    NO = "no"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {"at-once": "At once", "digest": "With my daily mail", "no": "Not by mail"}[self.value]
