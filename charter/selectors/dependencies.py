"""Reads dependencies and the map by team (S81). Must not write."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Count, Q
from django.http import Http404

from charter.domain.dependencies import TeamRow, Wait, team_map
from charter.enums import DependencyState
from charter.models import Dependency
from programs.models import Program
from programs.selectors import Cast

OPEN = [state.value for state in DependencyState if state.is_open]


def filters_on(today: dt.date) -> Mapping[str, tuple[str, Q]]:
    """The filters of the list on a day."""
    return {
        "open": ("Open", Q(state__in=OPEN)),
        "late": ("Late", Q(state__in=OPEN, needed_by__lt=today)),
        "settled": ("Delivered or dropped", ~Q(state__in=OPEN)),
        "all": ("All", Q()),
    }


def listed(program: Program, cast: Cast, condition: Q) -> list[Dependency]:
    """Return the dependencies of a filter, the next one first (one query)."""
    rows = list(Dependency.objects.filter(condition, program=program).select_related("logged_by"))
    for row in rows:
        row.program, row.owner_role = program, cast.by_id[row.owner_role_id]
    return rows


def counts(program: Program, today: dt.date) -> dict[str, int]:
    """Return how many dependencies each filter shows (one query)."""
    named = {name: Count("pk", filter=condition) for name, (_, condition) in filters_on(today).items() if name != "all"}
    return Dependency.objects.filter(program=program).aggregate(all=Count("pk"), **named)


def by_team(program: Program, today: dt.date) -> list[TeamRow]:
    """Return the map: one line a team (one query)."""
    rows = Dependency.objects.filter(program=program).order_by("number").values_list("team", "state", "needed_by")
    return team_map([Wait(team, DependencyState(state), day) for team, state, day in rows], today)


def find_dependency(program: Program, number: int, cast: Cast) -> Dependency:
    """Return one dependency. Errors: Http404."""
    found = Dependency.objects.filter(program=program, number=number).select_related("logged_by").first()
    if found is None:
        raise Http404("No such dependency")
    found.program, found.owner_role = program, cast.by_id[found.owner_role_id]
    return found
