"""The program brief: draft, published version, acknowledgements. Decides nothing; services do."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from charter import forms, policies, services
from charter.domain.brief import SECTIONS, empty_sections
from charter.models import BriefAcknowledgement, BriefVersion
from charter.selectors.brief import acknowledgements, brief_versions, brief_words, draft_of, published_of
from charter.views._shared import Bound, CharterPage, Place, answer, place
from programs.models import StakeholderGroup
from programs.selectors import active


@require_http_methods(["GET", "HEAD", "POST"])
def brief(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the brief, who acknowledged it, and the draft; save the draft (S42, S43)."""
    at = place(request, program_slug)
    page = _page(at)
    if request.method != "POST":
        return page.show()
    return answer(
        page,
        forms.BriefForm(request.POST),
        lambda data: services.save_brief(
            actor=at.actor,
            program=at.program,
            words={name: data[name] for name in SECTIONS},
            reason=data["reason"],
            version=data["version"],
            number=data["number"],
        ),
        "Draft saved.",
        may=policies.may_write_brief(at.actor, at.cast),
        to=page.address,
    )


@require_POST
def publish(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Publish the draft as it was shown; every group that has to is asked anew."""
    at = place(request, program_slug)
    page = _page(at)
    return answer(
        page,
        forms.PublishForm(request.POST),
        lambda data: services.publish_brief(
            actor=at.actor, program=at.program, number=data["number"], version=data["version"]
        ),
        "Published. The groups are asked to acknowledge it.",
        may=policies.may_write_brief(at.actor, at.cast),
        to=page.address,
    )


@require_POST
def acknowledge(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Acknowledge the version that was on screen for a group."""
    at = place(request, program_slug)
    group = StakeholderGroup.objects.filter(program=at.program, slug=slug).first()
    if group is None:
        raise Http404("No such group")
    page = _page(at)
    return answer(
        page,
        forms.NumberForm(request.POST, name=f"acknowledge_{slug}"),
        lambda data: services.acknowledge(actor=at.actor, program=at.program, group=group, number=data["number"]),
        f"Acknowledged for {group.name}.",
        may=policies.may_acknowledge(at.actor, group, at.cast),
        to=page.address,
    )


def _page(at: Place) -> CharterPage:
    return CharterPage(at, "charter/brief.html", "brief", _brief, lambda: _version(at))


def _version(at: Place) -> int:
    draft = draft_of(brief_versions(at.program))
    return draft.version if draft else 0


def _brief(at: Place, bound: Bound) -> dict[str, Any]:
    versions = brief_versions(at.program)
    draft, now = draft_of(versions), published_of(versions)
    base = draft or now
    marks = {"version": draft.version if draft else 0, "number": draft.number if draft else 0}
    words = brief_words(base) if base else {}
    rows = acknowledgements(now)
    return {
        "versions": [row for row in versions if row.published_at is not None],
        "now": now,
        "sections": [(name, brief_words(now)[key]) for key, name in SECTIONS.items()] if now else [],
        "draft": draft,
        "empty": [SECTIONS[name].lower() for name in empty_sections(words)] if draft else [],
        "asked": [_asked(at, now, row, bound) for row in rows] if now else [],
        "waiting": sum(row.by_id is None for row in rows),
        "may_write": policies.may_write_brief(at.actor, at.cast),
        "form": bound.get("brief")
        or forms.BriefForm(initial={**words, "reason": draft.reason if draft else "", **marks}),
        "publish_form": bound.get("publish") or forms.PublishForm(initial=marks),
    }


def _asked(at: Place, now: BriefVersion, row: BriefAcknowledgement, bound: Bound) -> dict[str, Any]:
    name = f"acknowledge_{row.group.slug}"
    role = at.cast.by_slug.get(policies.speaker_of(row.group, at.cast))
    return {
        "row": row,
        "role": role,
        "speaker": (active(role.holder) or active(role.deputy)) if role else None,
        "may": policies.may_acknowledge(at.actor, row.group, at.cast),
        "form": bound.get(name) or forms.NumberForm(name=name, initial={"number": now.number}),
    }
