"""Turns a standard `StrEnum` into model choices, so that domain modules need no Django.

A list that grows with the product (verbs, kinds of reminders) is given to its field as a function that calls
`choices`: migrations then name the function and not the values, and a new value needs no migration.
"""

from enum import StrEnum


def choices(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """Return `(value, label)` pairs; the label is the member's `label` property if it has one, else its words."""
    return [(m.value, getattr(m, "label", m.value.replace("_", " ").replace("-", " ").capitalize())) for m in enum]
