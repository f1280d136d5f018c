"""Where nobody stands behind something: the gaps of ownership areas and people, each with the one act that mends it.

Pure: values in, values out. An area counts as owned only when a present person accepted it, the day has come, and a
deputy accepted as well (promise 5, S59-S61, S93). An absence or a person on too much is a warning: neither can be
proven to stop the work, so neither closes a gate.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from ownership.enums import Act, GapKind, Severity

Span = tuple[dt.date, dt.date]
"""First and last day, both included."""

MOST_ROLES = 3
"""Roles one person may hold before it is a gap, where the program's own limits do not say (`most_roles_per_person`)."""
WINDOW_DAYS = 5
"""Calendar days before a gate that count as its window, where the limits do not say (`gate_window_days`)."""
SHORT = {
    GapKind.NOBODY: "nobody",
    GapKind.DEACTIVATED: "the account is deactivated",
    GapKind.NOT_ACCEPTED: "not accepted",
    GapKind.NOT_YET: "not in effect yet",
    GapKind.NO_DEPUTY: "no deputy",
    GapKind.DEPUTY_NOT_ACCEPTED: "deputy has not accepted",
    GapKind.AWAY: "away in a gate window",
    GapKind.TOO_MANY: "one person on too many",
    GapKind.UNREACHED: "mail comes back",
}
"""A gap in a few words, to stand in brackets behind a name."""


@dataclass(frozen=True)
class Person:
    """A person as the rules see them; `no_mail_since` while mails to them come back."""

    id: int
    name: str
    active: bool = True
    no_mail_since: dt.date | None = None


@dataclass(frozen=True)
class Holding:
    """An ownership area as it stands. `accepted` and `deputy_accepted` are about the very people named here."""

    slug: str
    name: str
    role: str
    role_name: str
    owner: Person | None = None
    deputy: Person | None = None
    accepted: bool = False
    effective_from: dt.date | None = None
    deputy_accepted: bool = False


@dataclass(frozen=True)
class Gap:
    """One gap: what it is about (`slug` of an area or a role), how loud, in words, and what mends it."""

    kind: GapKind
    severity: Severity
    slug: str
    name: str
    role: str
    sentence: str
    act: Act

    @property
    def short(self) -> str:
        """The name with the gap in brackets."""
        return f"{self.name} ({SHORT[self.kind]})"


def area_gaps(holding: Holding, today: dt.date) -> tuple[Gap, ...]:
    """Return what keeps an area from being owned on `today`, the owner's gap first; empty when it is owned."""
    found = [_owner_gap(holding, today), _deputy_gap(holding)]
    return tuple(gap for gap in found if gap is not None)


def is_owned(holding: Holding, today: dt.date) -> bool:
    """Whether somebody present accepted it, it is in effect, and a present deputy accepted too."""
    return not area_gaps(holding, today)


def unowned(holdings: Iterable[Holding], today: dt.date) -> tuple[Gap, ...]:
    """Return the first gap of each area that is not owned, in the order of the areas (S59)."""
    firsts = (area_gaps(holding, today)[:1] for holding in holdings)
    return tuple(gap for first in firsts for gap in first)


def _owner_gap(area: Holding, today: dt.date) -> Gap | None:
    owner = area.owner
    if owner is None:
        return _blocks(area, GapKind.NOBODY, f"Nobody owns {area.name}: {area.role_name} is empty.", Act.NOMINATE_OWNER)
    if not owner.active:
        words = f"{owner.name}, who owns {area.name}, has no account any more."
        return _blocks(area, GapKind.DEACTIVATED, words, Act.NOMINATE_OWNER)
    if not area.accepted:
        return _blocks(area, GapKind.NOT_ACCEPTED, f"{owner.name} has not accepted {area.name}.", Act.ACCEPT)
    if area.effective_from is not None and area.effective_from > today:
        words = f"{owner.name} accepted {area.name} from {area.effective_from:%d %b %Y} on."
        return _blocks(area, GapKind.NOT_YET, words, Act.WAIT)
    return None


def _deputy_gap(area: Holding) -> Gap | None:
    deputy = area.deputy
    if deputy is None or not deputy.active or (area.owner is not None and deputy.id == area.owner.id):
        return _blocks(area, GapKind.NO_DEPUTY, f"{area.name} has no deputy.", Act.NOMINATE_DEPUTY)
    if not area.deputy_accepted:
        words = f"{deputy.name} has not accepted to be deputy for {area.name}."
        return _blocks(area, GapKind.DEPUTY_NOT_ACCEPTED, words, Act.ACCEPT_DEPUTY)
    return None


def _blocks(area: Holding, kind: GapKind, words: str, act: Act) -> Gap:
    return Gap(kind, Severity.BLOCKS, area.slug, area.name, area.role, words, act)


@dataclass(frozen=True)
class Post:
    """A role with the days on which its people are away; ids tell people apart, None is nobody present."""

    slug: str
    name: str
    holder: Person | None = None
    deputy: Person | None = None
    holder_away: tuple[Span, ...] = ()
    deputy_away: tuple[Span, ...] = ()


def overlap(one: Span, other: Span) -> Span | None:
    """Return the days two spans share, None when there is none."""
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def uncovered(away: Iterable[Span], stand_in: Iterable[Span] | None, window: Span) -> tuple[dt.date, ...]:
    """Return the days of `window` on which somebody is away and the stand-in is too (None: there is no stand-in)."""
    missing = _days(away, window)
    absent = missing if stand_in is None else _days(stand_in, window)
    return tuple(sorted(missing & absent))


def _days(spans: Iterable[Span], window: Span) -> set[dt.date]:
    found: set[dt.date] = set()
    for span in spans:
        shared = overlap(span, window)
        if shared:
            found.update(shared[0] + dt.timedelta(days=n) for n in range((shared[1] - shared[0]).days + 1))
    return found


def gate_window(gate_day: dt.date, days: int = WINDOW_DAYS) -> Span:
    """Return the window of a gate: the `days` calendar days before it and the day itself."""
    return gate_day - dt.timedelta(days=days), gate_day


def away_gaps(posts: Iterable[Post], gate: str, window: Span) -> tuple[Gap, ...]:
    """Return one warning per role whose holder is away in a gate's window, saying whether the deputy is there."""
    found = []
    for post in posts:
        if post.holder is None or not _days(post.holder_away, window):
            continue
        alone = uncovered(post.holder_away, post.deputy_away if post.deputy else None, window)
        after = f"{post.deputy.name} stands in" if post.deputy and not alone else "nobody stands in"
        words = f"{post.holder.name} ({post.name}) is away before {gate}; {after}."
        found.append(Gap(GapKind.AWAY, Severity.WARNS, post.slug, post.name, post.slug, words, Act.COVER))
    return tuple(found)


def crowded(posts: Iterable[Post], most: int = MOST_ROLES) -> tuple[Gap, ...]:
    """Return one warning per person who holds more than `most` roles; being a deputy is not counted."""
    held: dict[int, list[Post]] = {}
    for post in posts:
        if post.holder is not None:
            held.setdefault(post.holder.id, []).append(post)
    found = []
    for posts_of in held.values():
        if len(posts_of) > most:
            name, last = posts_of[0].holder, posts_of[-1]
            words = f"{name.name if name else ''} holds {len(posts_of)} roles, more than {most}: "
            words += ", ".join(post.name for post in posts_of) + "."
            found.append(Gap(GapKind.TOO_MANY, Severity.WARNS, last.slug, last.name, last.slug, words, Act.SPREAD))
    return tuple(found)


def unreached(posts: Iterable[Post]) -> tuple[Gap, ...]:
    """Return one warning per seat whose person no mail reaches, saying who gets the reminders instead (P7)."""
    found = []
    for post in posts:
        for person, other in ((post.holder, post.deputy), (post.deputy, None)):
            if person is None or person.no_mail_since is None:
                continue
            since = f"{person.no_mail_since.day} {person.no_mail_since:%b %Y}"
            seat = post.name if person is post.holder else f"deputy, {post.name}"
            heard = other is not None and other.no_mail_since is None
            after = f"; {other.name} gets the reminders" if other and heard else "; nobody gets them instead"
            words = f"No mail reaches {person.name} ({seat}) since {since}{after if person is post.holder else ''}."
            found.append(Gap(GapKind.UNREACHED, Severity.WARNS, post.slug, post.name, post.slug, words, Act.COVER_MAIL))
    return tuple(found)
