"""What people asked for about their reminders, as values and as pages need it. Must not write."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from programs.enums import ProgramState
from programs.models import Role
from reminders.domain.preferences import PLAIN, Preferences, reason_why_not
from reminders.domain.rule_words import purpose, title
from reminders.enums import Choice, RuleSlug, Style
from reminders.models import Preference


def as_value(row: Preference | None) -> Preferences:
    """A row as the planner takes it; what another version of the product wrote and nobody knows is left out."""
    if row is None:
        return PLAIN
    chosen = row.by_rule.items()
    return Preferences(
        quiet=frozenset(day for day in row.quiet_days if day in range(7)),
        style=Style(row.style),
        week=row.week,
        choices={RuleSlug(s): Choice(c) for s, c in chosen if s in set(RuleSlug) and c in set(Choice)},
    )


def wishes_of(user_ids: Iterable[int]) -> dict[int, Preference]:
    """The wishes of people by id (one query); who never chose anything is left out."""
    return {row.user_id: row for row in Preference.objects.filter(user__in=list(user_ids))}


def wish_of(user: User) -> Preference:
    """A person's wishes, unsaved ones when they never chose anything."""
    return Preference.objects.filter(user=user).first() or Preference(user=user, version=0)


@dataclass(frozen=True)
class Fixed:
    """Reminders that always come, and why."""

    title: str
    purpose: str
    reason: str


def fixed() -> tuple[Fixed, ...]:
    """What nobody can make fewer; rules with one reason (ladder and path, two gaps of owners) are one line."""
    whole = [slug for slug in RuleSlug if reason_why_not(slug)]
    found = {reason_why_not(slug): Fixed(title(slug), purpose(slug), reason_why_not(slug)) for slug in reversed(whole)}
    return tuple(reversed(found.values()))


@dataclass(frozen=True)
class StandIn:
    """Who gets a person's mail in one role of one program on days away; `deputy` is empty where nobody is named."""

    program: str
    slug: str
    role: str
    deputy: str
    gap: str


def stand_ins(user: User) -> tuple[StandIn, ...]:
    """Who gets the person's mail while they are away, by program and role (one query)."""
    alive = (ProgramState.ACTIVE, ProgramState.RUNNING)
    rows = Role.objects.filter(holder=user, program__state__in=alive).select_related("program", "deputy")
    found = []
    for role in rows.order_by("program__name", "position"):
        deputy = role.deputy if role.deputy and role.deputy.is_active and role.deputy_id != user.pk else None
        gap = "" if deputy else "No deputy is named: the program manager is asked, else the sponsor"
        found.append(StandIn(role.program.name, role.program.slug, role.name, str(deputy or ""), gap))
    return tuple(found)
