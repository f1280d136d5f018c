"""Forms of one metric: define, change, limits, confirm, a reading, a correction, an acknowledgement."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.htmx import render_page
from metrics import forms, policies, services
from metrics.domain.limits import plain
from metrics.models import Metric
from metrics.selectors import detail
from metrics.views._shared import Place, answer, place
from metrics.views.pages import show_metric

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
def add(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Add a metric of one's own (S51)."""
    at = place(request, program_slug)
    may = policies.may_define(at.actor, at.cast)
    may.require()

    def show(bound: Mapping[str, Form], status: int = 200, more: Mapping[str, Any] | None = None) -> HttpResponse:
        form = bound.get("metric") or forms.AddMetricForm(roles=at.cast.roles)
        return _form(at, "Add a metric", form, reverse("metrics", args=[at.program.slug]), "Add it", status, more)

    if request.method != "POST":
        return show({})
    return answer(
        at,
        forms.AddMetricForm(request.POST, roles=at.cast.roles),
        lambda form: services.add_metric(
            actor=at.actor,
            program=at.program,
            what=form.definition(),
            limits=form.limits(),
            key=form.cleaned_data["key"],
        ),
        "Added. Its owner confirms it next.",
        may=may,
        show=show,
        to=reverse("metrics", args=[at.program.slug]),
    )


@BOTH
def change(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Change what is measured and who answers for it."""
    at = place(request, program_slug)
    found = detail.find_metric(at.program, slug)
    may = policies.may_change(at.actor, found, at.cast)
    may.require()

    def show(bound: Mapping[str, Form], status: int = 200, more: Mapping[str, Any] | None = None) -> HttpResponse:
        initial = {"version": found.version, **forms.definition_of(found)}
        form = bound.get("change") or forms.ChangeMetricForm(roles=at.cast.roles, initial=initial)
        return _form(at, f"Change {found.name}", form, found.get_absolute_url(), "Save", status, more)

    if request.method != "POST":
        return show({})
    initial = {"category": found.category}
    return answer(
        at,
        forms.ChangeMetricForm(request.POST, roles=at.cast.roles, initial=initial),
        lambda form: services.change_metric(
            actor=at.actor, metric=found, what=form.definition(), version=form.cleaned_data["version"]
        ),
        "Saved.",
        may=may,
        show=show,
        to=found.get_absolute_url(),
        version=lambda: _version(found),
    )


@BOTH
def limits(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Set other limits with a reason; the old ones are kept (G14, G20)."""
    at = place(request, program_slug)
    found = detail.find_metric(at.program, slug)
    may = policies.may_change(at.actor, found, at.cast) or policies.may_weaken(at.actor, found, at.cast)
    may.require()

    def show(bound: Mapping[str, Form], status: int = 200, more: Mapping[str, Any] | None = None) -> HttpResponse:
        initial = {"version": found.version, **forms.limits_of(found)}
        form = bound.get("limits") or forms.LimitsForm(initial=initial)
        more = {"weaken": policies.may_weaken(at.actor, found, at.cast) if found.confirmed else None, **(more or {})}
        return _form(at, f"Limits of {found.name}", form, found.get_absolute_url(), "Set these limits", status, more)

    if request.method != "POST":
        return show({})
    return answer(
        at,
        forms.LimitsForm(request.POST),
        lambda form: services.change_limits(
            actor=at.actor,
            metric=found,
            limits=form.limits(),
            why=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        ),
        "The new limits count. The old ones are kept with your reason.",
        may=may,
        show=show,
        to=found.get_absolute_url(),
        version=lambda: _version(found),
    )


@require_POST
def confirm(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Let the owner say that these numbers are ours (S51)."""
    at = place(request, program_slug)
    found = detail.find_metric(at.program, slug)
    return answer(
        at,
        forms.ConfirmForm(request.POST),
        lambda form: services.confirm_metric(
            actor=at.actor, metric=found, version=form.cleaned_data["version"] or found.version
        ),
        "Confirmed. It is no example any more.",
        may=policies.may_confirm(at.actor, found, at.cast),
        show=lambda bound, status, more: show_metric(at, found, bound, status, more),
        to=found.get_absolute_url(),
        version=lambda: _version(found),
    )


@require_POST
def add_reading(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Write one reading down."""
    at = place(request, program_slug)
    found = detail.find_metric(at.program, slug)
    return answer(
        at,
        forms.ReadingForm(request.POST, zone=at.program.time_zone, now=clock.now()),
        lambda form: services.add_reading(
            actor=at.actor,
            metric=found,
            measured_at=form.cleaned_data["measured_at"],
            value=form.cleaned_data["value"],
            note=form.cleaned_data["note"],
        ),
        "Reading added.",
        may=policies.may_measure(at.actor, found, at.cast),
        show=lambda bound, status, more: show_metric(at, found, bound, status, more),
        to=found.get_absolute_url(),
    )


@BOTH
def correct(request: HttpRequest, program_slug: str, slug: str, reading_id: int) -> HttpResponse:
    """Put a right value in the place of a wrong one; the wrong one stays on record."""
    at = place(request, program_slug)
    found = detail.find_metric(at.program, slug)
    reading = detail.find_reading(found, reading_id)
    may = policies.may_measure(at.actor, found, at.cast)
    may.require()

    def show(bound: Mapping[str, Form], status: int = 200, more: Mapping[str, Any] | None = None) -> HttpResponse:
        form = bound.get("correct") or forms.CorrectForm()
        more = {"reading": reading, "stored": plain(reading.value), "metric": found, **(more or {})}
        title = f"Correct a reading of {found.name}"
        return _form(at, title, form, found.get_absolute_url(), "Correct it", status, more)

    if request.method != "POST":
        return show({})
    return answer(
        at,
        forms.CorrectForm(request.POST),
        lambda form: services.correct_reading(
            actor=at.actor, reading=reading, value=form.cleaned_data["value"], why=form.cleaned_data["reason"]
        ),
        "Corrected. The value before stays on record with your reason.",
        may=may,
        show=show,
        to=found.get_absolute_url(),
    )


@require_POST
def acknowledge(request: HttpRequest, program_slug: str, slug: str, alert_id: int) -> HttpResponse:
    """Say "seen": who finds out why, and what happens first (S73)."""
    at = place(request, program_slug)
    found = detail.find_metric(at.program, slug)
    alert = detail.find_alert(found, alert_id)
    return answer(
        at,
        forms.AcknowledgeForm(request.POST, people=at.cast.people),
        lambda form: services.acknowledge(
            actor=at.actor,
            alert=alert,
            investigator=form.cleaned_data["investigator"],
            note=form.cleaned_data["note"],
        ),
        "Acknowledged. The clock stops.",
        may=policies.may_measure(at.actor, found, at.cast),
        show=lambda bound, status, more: show_metric(at, found, bound, status, more),
        to=found.get_absolute_url(),
    )


def _version(found: Metric) -> int:
    return Metric.objects.values_list("version", flat=True).get(pk=found.pk)


def _form(
    at: Place, title: str, form: Form, back: str, button: str, status: int, more: Mapping[str, Any] | None
) -> HttpResponse:
    context = {
        "program": at.program,
        "tab": "metrics",
        "title": title,
        "form": form,
        "back": back,
        "here": at.request.path,
        "button": button,
        **(more or {}),
    }
    return render_page(at.request, "metrics/form.html", context, partial="metrics", status=status)
