"""G20: what changed since a decision, and whether the change asks for a mini-gate. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

Watched = Mapping[str, Mapping[str, object]]
"""What is watched, by kind (risk, limit, owner, version) and name, with its value."""

MATERIAL = frozenset({"limit", "version"})
"""Kinds whose change is one of the playbook's triggers: limits and what is in production."""


@dataclass(frozen=True)
class Change:
    """One difference: before or after is None for something new or gone."""

    kind: str
    name: str
    before: object
    after: object

    @property
    def material(self) -> bool:
        """Whether it asks for a mini-gate."""
        return self.kind in MATERIAL or (self.kind == "risk" and _grew(self.before, self.after))

    @property
    def sentence(self) -> str:
        """The difference in words."""
        if self.before is None:
            return f"{self.name} ({self.kind}) is new: {self.after}."
        if self.after is None:
            return f"{self.name} ({self.kind}) is gone; it was {self.before}."
        return f"{self.name} ({self.kind}) was {self.before} and is {self.after} now."


def changed_since(then: Watched, now: Watched) -> tuple[Change, ...]:
    """Return every difference in what is watched, in a fixed order."""
    found = []
    for kind in sorted({*then, *now}):
        before, after = then.get(kind, {}), now.get(kind, {})
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                found.append(Change(kind, name, before.get(name), after.get(name)))
    return tuple(found)


def asks_for_mini_gate(changes: tuple[Change, ...]) -> bool:
    """Whether any change is material."""
    return any(change.material for change in changes)


def _grew(before: object, after: object) -> bool:
    return isinstance(after, int) and (not isinstance(before, int) or after > before)
