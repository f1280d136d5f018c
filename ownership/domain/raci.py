"""The RACI rule: exactly one role accountable for an activity, at least one responsible. Pure."""

import hashlib
from collections.abc import Mapping

LETTERS = "ARCI"
"""Accountable, responsible, consulted, informed: the order in which a cell writes them."""
WORDS = {"A": "accountable", "R": "responsible", "C": "consulted", "I": "informed"}


def cell(text: str) -> str:
    """Return the letters of a cell in their order with a slash, as "A/R".

    Errors: ValueError naming what is no letter of RACI.
    """
    wanted = [letter for letter in text.upper() if letter not in " /,"]
    strange = [letter for letter in wanted if letter not in LETTERS]
    if strange:
        raise ValueError(f"“{strange[0]}” is not one of R, A, C and I")
    return "/".join(letter for letter in LETTERS if letter in wanted)


def faults(row: Mapping[str, str]) -> tuple[str, ...]:
    """Say what a row (role name to letters) breaks: no A, several A, no R; empty when it is in order."""
    accountable = [role for role, letters in row.items() if "A" in letters]
    found = []
    if not accountable:
        found.append("Nobody is accountable (A).")
    elif len(accountable) > 1:
        found.append(f"{len(accountable)} roles are accountable (A), exactly one may be: {', '.join(accountable)}.")
    if not any("R" in letters for letters in row.values()):
        found.append("Nobody is responsible (R).")
    return tuple(found)


def empty_seats(row: Mapping[str, str], vacant: frozenset[str]) -> tuple[str, ...]:
    """Name the roles that carry A or R in a row and have no holder: a gap behind a letter."""
    return tuple(role for role, letters in row.items() if role in vacant and ("A" in letters or "R" in letters))


def stamp(cells: Mapping[int, str]) -> str:
    """Return a short text that differs as soon as a row does: what a form was drawn from."""
    text = ",".join(f"{role}={letters}" for role, letters in sorted(cells.items()) if letters)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
