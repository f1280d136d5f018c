"""Who is asked: responsible people, deputies in absence, and the program manager where nobody is named.

Pure. Nobody is ever dropped silently: whoever stands in gets the gap in words with the reminder (promise 5).
"""

from dataclasses import dataclass, replace
from datetime import date

from reminders.domain.bounces import unreached
from reminders.domain.facts import MANAGER_ROLE, SPONSOR_ROLE, ItemFacts, Person, ProgramFacts
from reminders.enums import Part


@dataclass(frozen=True)
class Addressee:
    """A person, the part and role they are asked in, and the gaps that led to them."""

    user_id: int
    part: Part
    role: str
    gaps: tuple[str, ...] = ()


_PARTS = {MANAGER_ROLE: Part.MANAGER, SPONSOR_ROLE: Part.SPONSOR}


def role_name(program: ProgramFacts, slug: str) -> str:
    """The role's name, or its slug when the program has no such role."""
    return program.roles[slug].name if slug in program.roles else slug


def holder_of(program: ProgramFacts, slug: str) -> Person | None:
    """The active holder of a role."""
    return _active(program, program.roles[slug].holder) if slug in program.roles else None


def deputy_of(program: ProgramFacts, slug: str) -> Person | None:
    """The active deputy of a role, unless the same person holds it."""
    if slug not in program.roles:
        return None
    deputy = _active(program, program.roles[slug].deputy)
    holder = holder_of(program, slug)
    return None if deputy and holder and deputy.id == holder.id else deputy


def asked_for_item(program: ProgramFacts, item: ItemFacts, on: date) -> Addressee | None:
    """Who is reminded of an item on `on`: its assignee, else its role's holder; the verifier once it is handed in.

    Away: the role's deputy. Nobody: the program manager with the gap named. An assignee who has left the program could
    not open the item: whoever is asked instead reads so. None only when no one at all is left.
    """
    role = item.verifier_role if item.handed_in and item.verifier_role else item.role
    part = Part.VERIFIER if item.handed_in and item.verifier_role else Part.RESPONSIBLE
    named = item.checker if part is Part.VERIFIER else item.assignee
    assignee = _active(program, named)
    person = _inside(program, assignee) or holder_of(program, role)
    if person is None:
        who = _stand_in(program, role, on, f"Nobody owns this: {role_name(program, role)} is vacant")
    else:
        who = _present(program, person, role, part, on)
    if who is None or assignee is None or _inside(program, assignee):
        return who
    gap = f"{assignee.name} is named for this and has no role in the program any more"
    return replace(who, gaps=(gap, *who.gaps))


def asked_in_role(program: ProgramFacts, role: str, on: date, part: Part | None = None) -> Addressee | None:
    """Who is reminded in a role on `on`: its holder; the deputy when away or vacant; else a stand-in, gap named."""
    part = part or _PARTS.get(role, Part.RESPONSIBLE)
    person = holder_of(program, role)
    if person is not None:
        return _present(program, person, role, part, on)
    gap = f"{role_name(program, role)} is vacant"
    deputy = deputy_of(program, role)
    if deputy is not None and not missing(deputy, on):
        return Addressee(deputy.id, Part.DEPUTY, role, (gap,))
    return _stand_in(program, role, on, gap)


def asked_by_name(program: ProgramFacts, user_id: int | None, role: str, on: date, part: Part) -> Addressee | None:
    """Who is reminded of what one person asked for, approved or speaks for: that person, else whoever has the role."""
    person = _inside(program, _active(program, user_id))
    return asked_in_role(program, role, on, part) if person is None else _present(program, person, role, part, on)


def _active(program: ProgramFacts, user_id: int | None) -> Person | None:
    person = program.people.get(user_id) if user_id is not None else None
    return person if person is not None and person.active else None


def _inside(program: ProgramFacts, person: Person | None) -> Person | None:
    return person if person is not None and program.open_to(person) else None


def missing(person: Person, on: date) -> str:
    """Why a person cannot be asked on `on`, in words: their address takes no mail, or they are away; else empty."""
    if person.no_mail_since is not None:
        return unreached(person.name, person.no_mail_since)
    return f"{person.name} is away" if person.away_on(on) else ""


def _present(program: ProgramFacts, person: Person, role: str, part: Part, on: date) -> Addressee | None:
    """The person, else their deputy, else a stand-in; whom mail does not reach is a gap that others read."""
    why = missing(person, on)
    if not why:
        return Addressee(person.id, part, role)
    deputy = deputy_of(program, role)
    unheard = (why,) if person.no_mail_since is not None else ()
    if deputy is None:
        gap = f"{why} and no deputy is named for {role_name(program, role)}"
    elif not (why_not := missing(deputy, on)):
        return Addressee(deputy.id, Part.DEPUTY, role, unheard)
    elif unheard or deputy.no_mail_since is not None:
        gap = f"{why}; {why_not}, who is deputy for {role_name(program, role)}"
    else:
        gap = f"{person.name} and the deputy for {role_name(program, role)} are both away"
    return _stand_in(program, role, on, gap) or Addressee(person.id, part, role, (gap,))


def _stand_in(program: ProgramFacts, role: str, on: date, gap: str) -> Addressee | None:
    """The program manager, else their deputy, the sponsor, the sponsor's deputy: the first who is there.

    Nobody there: the first whom mail reaches at all. Nobody reached: the first, so that the ledger shows what was due.
    """
    candidates = [
        person
        for slug in (MANAGER_ROLE, SPONSOR_ROLE)
        for person in (holder_of(program, slug), deputy_of(program, slug))
        if person is not None
    ]
    present = [p for p in candidates if not missing(p, on)]
    for person in present or [p for p in candidates if p.no_mail_since is None] or candidates:
        return Addressee(person.id, Part.STAND_IN, role, (gap,))
    return None
