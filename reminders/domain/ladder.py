"""The escalation ladder: owner, deputy, program manager, sponsor; for gates the deputies, then red (G12).

Pure. A rung waits from the day the rung before it was really sent, so downtime slows the ladder and never lets it
skip or rush; one call yields at most the one rung that is next, unless a preview asks to assume every mail is sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reminders.domain.bounces import unreached
from reminders.domain.facts import MANAGER_ROLE, SPONSOR_ROLE, ProgramFacts
from reminders.domain.people import Addressee, asked_in_role, deputy_of, role_name
from reminders.domain.rules import Rung
from reminders.domain.waiting import Span, not_while_quiet, rung_day
from reminders.enums import Part

_AGAIN = frozenset({"red"})
"""Rungs that speak to people who were asked before, because the message itself is new."""

_SEVERAL = frozenset({"deputies"})
"""Rungs with more than one person."""


@dataclass(frozen=True)
class Step:
    """A rung that is to be climbed on `on`, to people not asked on an earlier rung."""

    rung: str
    on: date
    to: tuple[Addressee, ...]


def climb(
    program: ProgramFacts,
    rungs: tuple[Rung, ...],
    *,
    role: str,
    asked: frozenset[int],
    start: date,
    settled: Mapping[str, date],
    told: frozenset[tuple[str, int]] | None = None,
    assume_sent: bool = False,
    quiet: tuple[Span, ...] = (),
) -> Iterator[Step]:
    """The rungs to climb, given that the first people (`asked`) were mailed on `start`.

    `settled` tells on which local date each rung was sent. An empty rung hands its own date to the next one with
    the gap named; a rung whose people were all asked before sends nothing, but its wait counts. A rung with several
    people is sent as soon as one of them was told (their hours differ); `told` (rung and person) says who waits still.
    While somebody's acknowledgement holds (`quiet`) nothing climbs, and those days do not count as waited.
    """
    at, carried = start, False
    gaps: tuple[str, ...] = ()
    for rung in rungs:
        on = at if carried else rung_day(program.calendar, at, rung.wait, quiet)
        named, missing = _people(program, rung.to, role, on)
        gaps += missing
        if not named:
            at, carried = on, True
            continue
        fresh = tuple(who for who in named if rung.to in _AGAIN or who.user_id not in asked)
        asked |= {who.user_id for who in named}
        carried, at = False, on
        if not fresh:
            continue
        if rung.to in settled:
            waiting = tuple(who for who in fresh if told and rung.to in _SEVERAL and (rung.to, who.user_id) not in told)
            if waiting:
                yield Step(rung.to, on, tuple(_with_gaps(who, gaps) for who in waiting))
            at, gaps = settled[rung.to], ()
            continue
        at = on = not_while_quiet(on, quiet)
        yield Step(rung.to, on, tuple(_with_gaps(who, gaps) for who in fresh))
        if not assume_sent:
            return
        gaps = ()


def _people(program: ProgramFacts, to: str, role: str, on: date) -> tuple[tuple[Addressee, ...], tuple[str, ...]]:
    """The people of a rung and, where a place is empty, the gap in words."""
    if to in ("deputy", "deputies"):
        return _deputies(program, (role,) if to == "deputy" else (MANAGER_ROLE, SPONSOR_ROLE), on)
    slug = SPONSOR_ROLE if to == "red" else to
    found = asked_in_role(program, slug, on)
    return ((found,), ()) if found else ((), (f"{role_name(program, slug)} is vacant",))


def _deputies(program: ProgramFacts, roles: tuple[str, ...], on: date) -> tuple[tuple[Addressee, ...], tuple[str, ...]]:
    found, gaps = [], []
    for slug in roles:
        deputy = deputy_of(program, slug)
        if deputy is None:
            gaps.append(f"No deputy is named for {role_name(program, slug)}")
        elif deputy.no_mail_since is not None:
            gaps.append(unreached(deputy.name, deputy.no_mail_since))
        elif deputy.away_on(on):
            gaps.append(f"The deputy for {role_name(program, slug)} is away")
        else:
            found.append(Addressee(deputy.id, Part.DEPUTY, slug))
    return tuple(found), tuple(gaps)


def _with_gaps(who: Addressee, gaps: tuple[str, ...]) -> Addressee:
    return Addressee(who.user_id, who.part, who.role, who.gaps + gaps) if gaps else who
