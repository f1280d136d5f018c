"""The criterion page and what is posted to it: hand in, verify, send back. Decides nothing; services do."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core import clock
from phases import files, forms, policies, services
from phases.enums import CriterionState, ItemKind
from phases.models import Criterion, Evidence
from phases.selectors import find_criterion, responsible_for, verifiers_for
from phases.selectors.history import timeline
from phases.selectors.items import proofs_of, tasks_feeding
from phases.selectors.metrics import series_for
from phases.selectors.phase_plan import NEWEST, adopt
from phases.services.series import METRIC_SERIES
from phases.views._item import common
from phases.views._shared import Page, Place, answer, local, place
from phases.views.rows import criterion_look, criterion_row, is_stale, look, people_of, task_row
from programs.selectors import Cast


@require_safe
def criterion(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show one criterion: what must be true, where it stands, its proof, people, dates and history (G2, G19)."""
    return criterion_page(request, program_slug, slug).show()


@require_POST
def hand_in(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Ask the verifier to look."""
    page = criterion_page(request, program_slug, slug)
    verifier = next(iter(_verifiers(page.item, page.place.cast)), None)
    return answer(
        page,
        forms.HandInForm(request.POST),
        lambda data: services.hand_in(actor=page.place.actor, criterion=page.item, version=data["version"]),
        f"Handed in. {verifier} verifies it next." if verifier else "Handed in. Nobody can verify it yet.",
        may=policies.may_work_on(page.place.actor, page.item, page.place.cast),
    )


@require_POST
def verify(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Accept the proof; never by its owner (G2)."""
    page = criterion_page(request, program_slug, slug)
    return answer(
        page,
        forms.VerifyForm(request.POST),
        lambda data: services.verify(actor=page.place.actor, criterion=page.item, version=data["version"]),
        "Verified.",
        may=policies.may_verify(page.place.actor, page.item, page.place.cast),
    )


@require_POST
def send_back(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Return the proof with a reason."""
    page = criterion_page(request, program_slug, slug)
    return answer(
        page,
        forms.SendBackForm(request.POST),
        lambda data: services.send_back(
            actor=page.place.actor, criterion=page.item, reason=data["reason"], version=data["version"]
        ),
        "Sent back. The owner reads your reason.",
        may=policies.may_verify(page.place.actor, page.item, page.place.cast),
    )


def criterion_page(request: HttpRequest, program_slug: str, slug: str) -> Page:
    """Return the page of a criterion. Errors: Http404."""
    here = place(request, program_slug)

    def find(at: Place) -> Criterion:
        found = find_criterion(at.program, slug)
        found.event.program = at.program
        return adopt(found, at.program, at.cast, found.event)

    return Page(here, find(here), "phases/criterion.html", _context, find, _row)


def _context(at: Place, item: Criterion, bound: Mapping[str, Form]) -> dict[str, Any]:
    today = clock.today(at.program.time_zone)
    proofs = proofs_of(item)
    newest = max((e.effective_date for e in proofs if e.withdrawn_at is None), default=None)
    status, word, _ = look(item, today, newest)
    fresh = {"auto": {"version": item.version}, "today": {"effective_date": today}}
    return {
        **common(at, item, bound, today),
        "status": status,
        "word": word,
        "sentence": sentence(item, at.cast, today, newest),
        "evidence": [_shown(row, item, today) for row in proofs],
        "newest": newest,
        "stale": is_stale(item, today, newest),
        "verifiers": _verifiers(item, at.cast),
        "tasks": _fed_by(item, at, today),
        "lines": timeline(ItemKind.CRITERION, item.pk),
        "may_add": policies.may_work_on(at.actor, item, at.cast),
        "may_verify": policies.may_verify(at.actor, item, at.cast),
        "waiting": item.state == CriterionState.HANDED_IN,
        "can_hand_in": item.applicable and item.state in (CriterionState.OPEN, CriterionState.SENT_BACK),
        "evidence_form": bound.get("evidence") or forms.EvidenceForm(initial=fresh["today"]),
        "series_form": _series_form(at, item, bound),
        "hand_in_form": bound.get("hand_in") or forms.HandInForm(initial=fresh["auto"]),
        "verify_form": bound.get("verify") or forms.VerifyForm(initial=fresh["auto"]),
        "send_back_form": bound.get("send_back") or forms.SendBackForm(initial=fresh["auto"]),
        "withdraw_form": bound.get("withdraw"),
        "withdraw_id": getattr(bound.get("withdraw"), "evidence_id", None),
        "accepted": files.accepted(),
    }


def _series_form(at: Place, item: Criterion, bound: Mapping[str, Form]) -> Form | None:
    """The form to let a metric prove a criterion that readings prove; None for every other one."""
    if item.evidence_type != METRIC_SERIES or not item.applicable:
        return None
    return bound.get("series") or forms.SeriesForm(metrics=series_for(at.program))


def sentence(item: Criterion, cast: Cast, today: dt.date, newest: dt.date | None) -> str:
    """Say in one plain sentence where a criterion stands and who acts next."""
    if not item.applicable:
        return f"This does not apply here: {item.not_applicable_reason or 'no reason on record'}."
    people = people_of(cast, item)
    found = responsible_for(item, cast)
    owner = people[found.person].name or str(people[found.person]) if found.person in people else None
    who = owner or f"Nobody holds {item.owner_role.name}; {cast.manager or 'nobody'} stands in and"
    match item.state:
        case CriterionState.VERIFIED:
            done = f"{item.verified_by} verified this."
            return f"{done} The evidence has grown too old since." if is_stale(item, today, newest) else done
        case CriterionState.HANDED_IN:
            first = next(iter(_verifiers(item, cast)), None)
            return f"{item.handed_in_by} handed this in; {first or 'nobody'} verifies it next."
        case CriterionState.SENT_BACK:
            return f"This was sent back. {who} mends it and hands it in again."
    days = (item.due_date - today).days
    when = f"{-days} days late" if days < -1 else "one day late" if days == -1 else _ahead(days)
    if newest is None:
        return f"{who} owes evidence, {when}."
    return f"There is evidence. {who} has to hand it in, {when}."


def _ahead(days: int) -> str:
    return "due today" if days == 0 else "due tomorrow" if days == 1 else f"due in {days} days"


def _verifiers(item: Criterion, cast: Cast) -> list[User]:
    people = people_of(cast, item)
    return [people[pk] for pk in verifiers_for(item, cast) if pk in people]


def _shown(row: Evidence, item: Criterion, today: dt.date) -> dict[str, Any]:
    age = (today - row.effective_date).days
    return {"row": row, "age": age, "stale": age > item.max_age_days}


def _fed_by(item: Criterion, at: Place, today: dt.date) -> list[Any]:
    tasks = tasks_feeding(item, at.cast)
    return [task_row(task, at.actor, at.cast, today, people=people_of(at.cast, task), locked=False) for task in tasks]


def _row(page: Page, item: Criterion) -> HttpResponse:
    at = page.place
    newest = Criterion.objects.filter(pk=item.pk).aggregate(newest=NEWEST)["newest"]
    today = clock.today(at.program.time_zone)
    row = criterion_row(item, at.actor, at.cast, today, people=people_of(at.cast, item), newest=newest)
    back = local(at.request.POST.get("next", ""), item.get_absolute_url())
    if at.request.POST.get("look") == "proofs":
        proofs = item.evidence.filter(withdrawn_at__isnull=True)
        found = criterion_look(row, proofs, today, people=people_of(at.cast, item))
        return render(at.request, "phases/_criterion_look.html", {"look": found, "back": back, "focus": True})
    return render(at.request, "phases/_criterion_row.html", {"row": row, "back": back, "focus": True})
