"""The part of a page that criteria and tasks share: dates with slip, people, forms to move and to hand over."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.forms import Form

from phases import forms, policies
from phases.models import Criterion, Event, Task
from phases.selectors.history import kind_of, moves_of, why_moved
from phases.selectors.items import responsible_for
from phases.views._shared import Place
from phases.views.rows import people_of
from programs.selectors import active


def common(at: Place, item: Criterion | Task, bound: Mapping[str, Form], today: dt.date) -> dict[str, Any]:
    """Return the context both item pages need (one query, for the moved dates)."""
    role = item.owner_role
    found = responsible_for(item, at.cast)
    people = people_of(at.cast, item)
    holder, deputy = active(role.holder), active(role.deputy)
    initial = {"version": item.version}
    return {
        "program": at.program,
        "item": item,
        "kind": "criteria" if isinstance(item, Criterion) else "tasks",
        "tab": "plan",
        "today": today,
        "owner": people.get(found.person) if found.person is not None else None,
        "stand_in": people.get(found.stand_in) if found.stand_in is not None else None,
        "deputy": deputy,
        "holder": holder,
        "dates": dates(item, at, today),
        "moves": moves_of(kind_of(item), item),
        "may_forecast": policies.may_forecast(at.actor, item, at.cast),
        "may_redate": policies.may_redate(at.actor, item, at.cast),
        "may_reassign": policies.may_reassign(at.actor, item, at.cast),
        "may_delegate": policies.may_delegate(at.actor, item, at.cast),
        "can_delegate": deputy is not None and found.person != deputy.pk,
        "forecast_form": bound.get("forecast") or forms.ForecastForm(initial=initial),
        "redate_form": bound.get("redate") or forms.RedateForm(initial=initial),
        "reassign_form": bound.get("reassign")
        or forms.ReassignForm(people=at.cast.people, holder=str(holder or "nobody"), initial=initial),
        "delegate_form": bound.get("delegate") or forms.DelegateForm(initial=initial),
    }


def dates(item: Criterion | Task | Event, at: Place, today: dt.date) -> dict[str, Any]:
    """Return the three dates of a thing side by side with how far they slipped (promise 4)."""
    expected = item.forecast_date or item.due_date
    return {
        "baseline": item.baseline_date,
        "due": item.due_date,
        "forecast": item.forecast_date,
        "slip": (item.due_date - item.baseline_date).days,
        "expected_slip": (expected - item.due_date).days,
        "moved_from": item.moved_from,
        "moved_why": why_moved(at.program, item),
        "late": item.due_date < today,
        "days": (item.due_date - today).days,
    }
