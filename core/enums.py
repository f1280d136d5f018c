"""Turns a standard `StrEnum` into model choices, so that domain modules need no Django."""

from enum import StrEnum


def choices(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """Return `(value, label)` pairs; the label is the member's `label` property if it has one, else its words."""
    return [(m.value, getattr(m, "label", m.value.replace("_", " ").replace("-", " ").capitalize())) for m in enum]
