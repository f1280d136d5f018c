"""Reads stakeholder groups with stance, rhythm and contacts (S41). Must not write."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Max
from django.http import Http404

from charter.domain.stakeholders import Standing, days_in_words, standing
from charter.enums import Stance
from charter.models import StakeholderContact, StakeholderPlan
from phases.models import Phase
from programs.models import Program, Role, StakeholderGroup
from programs.selectors import Cast


@dataclass(frozen=True)
class GroupView:
    """A group with what the team keeps about it; where nothing is kept the playbook's words count."""

    group: StakeholderGroup
    plan: StakeholderPlan | None
    owner_role: Role
    cadence_days: int | None
    last: dt.date | None
    standing: Standing

    @property
    def stance(self) -> Stance:
        """Where the group stands, unknown until somebody says."""
        return Stance(self.plan.stance) if self.plan else Stance.UNKNOWN

    @property
    def version(self) -> int:
        """The version of what is kept, 0 for nothing yet."""
        return self.plan.version if self.plan else 0

    @property
    def is_flagged(self) -> bool:
        """Whether somebody has to act: overdue, or without contact and plan (S41)."""
        return self.standing.is_overdue or self.standing.unplanned


def groups(program: Program, cast: Cast, today: dt.date) -> list[GroupView]:
    """Return all groups in the playbook's order (two queries)."""
    begins = dict(Phase.objects.filter(program=program).values_list("slug", "start_date"))
    rows = StakeholderGroup.objects.filter(program=program).select_related("plan")
    found = list(rows.annotate(last=Max("contacts__on")))
    return group_views(program, cast, today, found, begins, {group.pk: group.last for group in found})


def group_views(
    program: Program,
    cast: Cast,
    today: dt.date,
    rows: Iterable[StakeholderGroup],
    begins: Mapping[str, dt.date],
    last: Mapping[int, dt.date | None],
) -> list[GroupView]:
    """Groups that are loaded already with their plans, by phases' first days and last contacts (no query)."""
    in_order = sorted(rows, key=lambda group: (group.position, group.pk))
    return [_view(program, group, cast, begins, last.get(group.pk), today) for group in in_order]


def find_group(program: Program, slug: str, cast: Cast, today: dt.date) -> GroupView:
    """Return one group (two queries). Errors: Http404."""
    found = next((view for view in groups(program, cast, today) if view.group.slug == slug), None)
    if found is None:
        raise Http404("No such group")
    return found


def contacts(group: StakeholderGroup) -> list[StakeholderContact]:
    """Return the contact log of a group, newest first (one query)."""
    return list(group.contacts.select_related("logged_by"))


def _view(
    program: Program,
    group: StakeholderGroup,
    cast: Cast,
    begins: Mapping[str, dt.date],
    last: dt.date | None,
    today: dt.date,
) -> GroupView:
    group.program = program
    plan: StakeholderPlan | None = getattr(group, "plan", None)
    cadence = plan.cadence_days if plan else days_in_words(group.cadence)
    stands = standing(
        begins=begins.get(group.phase_slug, program.start_date),
        cadence=cadence,
        last=last,
        planned=plan.next_on if plan else None,
        today=today,
    )
    owner = cast.by_id[plan.owner_role_id if plan else group.owner_role_id]
    return GroupView(group, plan, owner, cadence, last, stands)
