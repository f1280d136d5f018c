"""Faults of a hand-written file: where, on which line, and what is wrong, all of them at once.

Must not decide anything: it only carries what the readers found, in a form a person can act on.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong. `place` is a path like ``people[0].email``; `line` is from 1, 0 for the whole file."""

    line: int
    place: str
    message: str

    def __str__(self) -> str:
        where = f" (line {self.line})" if self.line else ""
        return f"{self.place}: {self.message}{where}"


class FileFaultsError(ValueError):
    """A file was refused. `faults` holds every fault found, in the order of the file; never empty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__("; ".join(str(fault) for fault in self.faults))


def place_of(path: Path) -> str:
    """Write a path the way people read it: ``("people", 0, "email")`` becomes ``people[0].email``."""
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            written += f".{step}" if written else step
    return written or "file"
