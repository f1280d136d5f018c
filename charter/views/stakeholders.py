"""Stakeholder groups: the list, one group with its contact log, and what is posted to it. Decides nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from charter import forms, policies, services
from charter.selectors import stakeholders as reads
from charter.selectors.stakeholders import GroupView
from charter.views._shared import Bound, CharterPage, Place, answer, place
from core import clock
from registers.policies import may_log


@require_safe
def stakeholders(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show every group with stance, rhythm and last contact; who has to be spoken to first (S41)."""
    at = place(request, program_slug)

    def build(at: Place, bound: Bound) -> dict[str, Any]:
        views = reads.groups(at.program, at.cast, clock.today(at.program.time_zone))
        return {
            "views": sorted(views, key=lambda view: not view.is_flagged),
            "flagged": sum(view.is_flagged for view in views),
        }

    return CharterPage(at, "charter/stakeholders.html", "stakeholders", build).show()


@require_safe
def group(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show one group: what it asks and gets, where it stands, every contact."""
    return _page(place(request, program_slug), slug).show()


@require_POST
def plan(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Say a group's stance, rhythm, owner and next contact."""
    at = place(request, program_slug)
    view = _find(at, slug)
    form = forms.GroupForm(request.POST, roles=at.cast.roles)
    return answer(
        _page(at, slug),
        form,
        lambda data: services.plan_group(actor=at.actor, group=view.group, kept=form.kept(), version=data["version"]),
        "Saved.",
        may=policies.may_plan_group(at.actor, view.owner_role, at.cast),
        to=_address(at, slug),
    )


@require_POST
def contact(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Write down that a group was spoken to."""
    at = place(request, program_slug)
    view = _find(at, slug)
    return answer(
        _page(at, slug),
        forms.ContactForm(request.POST),
        lambda data: services.log_contact(
            actor=at.actor, group=view.group, on=data["on"], note=data["note"], key=data["key"]
        ),
        "Contact written down.",
        may=may_log(at.actor, at.cast),
        to=_address(at, slug),
    )


def _find(at: Place, slug: str) -> GroupView:
    return reads.find_group(at.program, slug, at.cast, clock.today(at.program.time_zone))


def _address(at: Place, slug: str) -> str:
    return reverse("charter_stakeholder", args=[at.program.slug, slug])


def _page(at: Place, slug: str) -> CharterPage:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        view = _find(at, slug)
        kept = view.plan
        initial = {
            "version": view.version,
            "stance": view.stance.value,
            "cadence_days": view.cadence_days,
            "owner_role": view.owner_role.pk,
            "next_on": kept.next_on if kept else None,
            "note": kept.note if kept else "",
        }
        today = clock.today(at.program.time_zone)
        return {
            "view": view,
            "here": _address(at, slug),
            "contacts": reads.contacts(view.group),
            "may_log": may_log(at.actor, at.cast),
            "may_plan": policies.may_plan_group(at.actor, view.owner_role, at.cast),
            "plan_form": bound.get("group") or forms.GroupForm(roles=at.cast.roles, initial=initial),
            "contact_form": bound.get("contact") or forms.ContactForm(initial={"on": today}),
        }

    return CharterPage(at, "charter/stakeholder.html", "stakeholders", build, lambda: _find(at, slug).version)
