"""What an executive should hear since they last looked: the biggest changes between two documents, with reasons. Pure.

Takes documents as they are read from JSON (dates are text).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from status_pages.domain.words import LABEL

SHOWN = 3
_ORDER = ("grey", "red", "amber", "green")
Doc = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change; `before` and `after` are colours when `is_colour`, else short texts."""

    weight: int
    subject: str
    before: str
    after: str
    reason: str
    is_colour: bool = False

    @property
    def words(self) -> tuple[str, str]:
        """Both ends as people read them."""
        return (LABEL[self.before], LABEL[self.after]) if self.is_colour else (self.before, self.after)


def changes(before: Doc, after: Doc) -> list[Change]:
    """Return what changed, biggest first; the page shows the first three and says how many there are."""
    found = [*_colours(before, after), *_asks(before, after), *_dates(before, after), *_numbers(before, after)]
    return sorted(found, key=lambda change: (-change.weight, change.subject))


def _colours(before: Doc, after: Doc) -> Iterator[Change]:
    old, new = before["status"], after["status"]
    if old["colour"] != new["colour"]:
        reason = new["rules"][0]["sentence"] if new["rules"] else "no rule for another colour applies any more."
        yield Change(100, "Overall status", old["colour"], new["colour"], reason, is_colour=True)
    was = {area["key"]: area for area in before["areas"]}
    for area in after["areas"]:
        then = was.get(area["key"])
        if then is not None and then["colour"] != area["colour"]:
            worse = _ORDER.index(area["colour"]) < _ORDER.index(then["colour"])
            weight = 80 if worse else 60
            yield Change(weight, area["name"], then["colour"], area["colour"], area["sentence"], is_colour=True)


def _asks(before: Doc, after: Doc) -> Iterator[Change]:
    old, new = ({ask["key"]: ask for ask in doc["asks"]} for doc in (before, after))
    for key, ask in new.items():
        if key not in old:
            yield Change(90, "Asked of you", "", "new", ask["question"])
    for key, ask in old.items():
        if key not in new:
            yield Change(50, "Asked of you", "open", "settled", ask["question"])


def _dates(before: Doc, after: Doc) -> Iterator[Change]:
    old, new = before["readiness"]["gate"], after["readiness"]["gate"]
    if old and new and old["name"] == new["name"]:
        if old["date"] != new["date"]:
            yield Change(85, new["name"], old["date"], new["date"], "its agreed date moved.")
        elif old["forecast"] != new["forecast"]:
            yield Change(70, f"Forecast of {new['name']}", old["forecast"], new["forecast"], _slip(new["slip"]))
    was = {gate["name"]: gate["state"] for gate in before["gates"]}
    for gate in after["gates"]:
        if gate["state"] != was.get(gate["name"], gate["state"]) and gate["state"] not in ("pending", "next"):
            yield Change(95, gate["name"], "open", gate["state"].replace("-", " "), "decided and on record.")


def _slip(days: int) -> str:
    return f"{days} days later than agreed." if days > 0 else "the agreed date holds."


def _numbers(before: Doc, after: Doc) -> Iterator[Change]:
    old, new = before["readiness"], after["readiness"]
    if old["points"] != new["points"] and (old["gate"] or {}).get("name") == (new["gate"] or {}).get("name"):
        reason = f"weakest is {new['weakest']}." if new["points"] is not None else "no criterion applies."
        yield Change(40, "Readiness", _text(old["points"]), _text(new["points"]), reason)
    if before["risk"]["above"] != after["risk"]["above"]:
        top = after["risk"]["top"]
        reason = f"worst: {top[0]['event']}" if top else "no open risk."
        yield Change(55, "Risks above tolerance", _text(before["risk"]["above"]), _text(after["risk"]["above"]), reason)
    gone, come = set(new["vacant"]) - set(old["vacant"]), set(old["vacant"]) - set(new["vacant"])
    for name in sorted(gone):
        yield Change(75, name, "owned", "vacant", "nobody owns it now.")
    for name in sorted(come):
        yield Change(45, name, "vacant", "owned", "it has an owner again.")


def _text(value: object) -> str:
    return "–" if value is None else str(value)
