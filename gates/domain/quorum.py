"""G22: no approval by silence. Pure."""

from collections.abc import Iterable

from gates.domain.facts import Seat
from gates.enums import View


def silent(seats: Iterable[Seat]) -> tuple[str, ...]:
    """Return the gatekeeping roles that gave no view; the round has a quorum when there is none."""
    return tuple(seat.role for seat in seats if seat.view is None)


def why_no_quorum(seats: Iterable[Seat]) -> str:
    """Say whose view is missing, empty when the round has a quorum."""
    missing = silent(seats)
    if not missing:
        return ""
    verb = "has" if len(missing) == 1 else "have"
    return f"{_list(missing)} {verb} not given a view; an absent gatekeeper needs a named alternate (G22)."


def summary(seats: Iterable[Seat]) -> dict[str, int]:
    """Count the views by word; abstaining counts as heard, never as support."""
    heard = [seat.view for seat in seats if seat.view is not None]
    return {view.value: heard.count(view) for view in View}


def may_speak(person: int, *, holder: int | None, deputy: int | None, alternate: int | None) -> str:
    """Say in which capacity a person speaks for a role: holder, deputy or alternate; empty for nobody."""
    for capacity, who in (("holder", holder), ("alternate", alternate), ("deputy", deputy)):
        if who is not None and who == person:
            return capacity
    return ""


def _list(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
