"""Readings in numbers: files with a dry run, keys for monitoring systems."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Invalid
from core.htmx import render_page
from metrics import forms, policies, services
from metrics.domain import csvfile
from metrics.models import Metric, ReadingImport
from metrics.selectors import detail
from metrics.views._shared import Place, place

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
def import_file(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Check a file; nothing is stored before the next page's button."""
    at = place(request, program_slug)
    metrics = list(Metric.objects.filter(program=at.program))
    may = policies.may_import(at.actor, at.cast, metrics)
    may.require()
    staged: list[ReadingImport] = []

    def show(bound: Mapping[str, Form], status: int = 200, more: Mapping[str, Any] | None = None) -> HttpResponse:
        context = {
            "program": at.program,
            "tab": "metrics",
            "form": bound.get("import") or forms.ImportForm(),
            "metrics": metrics,
            "most": f"{csvfile.MOST_ROWS:,}",
            **(more or {}),
        }
        return render_page(request, "metrics/import.html", context, status=status)

    def act(form: Any) -> None:
        file = form.cleaned_data["file"]
        if file.size > csvfile.MOST_BYTES:
            raise Invalid(f"The file has more than {csvfile.MOST_BYTES // 1_000_000} MB.", field="file")
        staged.append(services.stage_import(actor=at.actor, program=at.program, name=str(file.name), data=file.read()))

    if request.method != "POST":
        return show({})
    form = forms.ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return show({form.name: form}, 422)
    try:
        act(form)
    except Invalid as error:
        form.add_error("file", str(error))
        return show(
            {form.name: form}, 422, {"faults": getattr(error, "faults", ()), "cut": getattr(error, "cut", False)}
        )
    return redirect("readings_staged", at.program.slug, staged[0].pk)


@BOTH
def staged_import(request: HttpRequest, program_slug: str, import_id: int) -> HttpResponse:
    """Show what a checked file would bring in; the button imports it, once."""
    at = place(request, program_slug)
    found = detail.find_import(at.program, import_id)
    metrics = list(Metric.objects.filter(program=at.program))
    may = policies.may_import(at.actor, at.cast, metrics)
    may.require()
    named = {metric.slug: metric for metric in metrics}

    def show(more: Mapping[str, Any], status: int = 200) -> HttpResponse:
        counts = [(named.get(slug, slug), count) for slug, count in found.summary["metrics"].items()]
        context = {"program": at.program, "tab": "metrics", "staged": found, "counts": counts, **more}
        return render_page(request, "metrics/staged.html", context, status=status)

    if request.method != "POST":
        return show({})
    try:
        done = services.finish_import(actor=at.actor, staged=found)
    except Invalid as error:
        return show(
            {"error": str(error), "faults": getattr(error, "faults", ()), "cut": getattr(error, "cut", False)}, 422
        )
    messages.success(request, f"{done.saved:,} readings imported.")
    return redirect("metrics", at.program.slug)


@never_cache
@BOTH
def tokens(request: HttpRequest, program_slug: str) -> HttpResponse:
    """List the keys of a program and make one; the key itself is shown in this one answer and never again."""
    at = place(request, program_slug)
    may = policies.may_connect(at.actor, at.cast)
    may.require()
    if request.method != "POST":
        return _tokens(at, {})
    form = forms.TokenForm(request.POST)
    if not form.is_valid():
        return _tokens(at, {"form": form}, 422)
    try:
        made = services.create_token(
            actor=at.actor, program=at.program, name=form.cleaned_data["title"], key=form.cleaned_data["key"]
        )
    except Invalid as error:
        form.add_error("title" if error.field == "name" else None, str(error))
        return _tokens(at, {"form": form}, 422)
    return _tokens(at, {"made": made})


@require_POST
def revoke(request: HttpRequest, program_slug: str, token_id: int) -> HttpResponse:
    """Make a key worthless."""
    at = place(request, program_slug)
    token = detail.find_token(at.program, token_id)
    policies.may_connect(at.actor, at.cast).require()
    services.revoke_token(actor=at.actor, token=token)
    messages.success(request, f"The key of {token.name} is revoked; it counts for nothing from now on.")
    return redirect("metric_tokens", at.program.slug)


def _tokens(at: Place, more: Mapping[str, Any], status: int = 200) -> HttpResponse:
    context = {
        "program": at.program,
        "tab": "metrics",
        "tokens": detail.tokens_of(at.program),
        "form": forms.TokenForm(),
        "address": at.request.build_absolute_uri(reverse("readings_api", args=[at.program.slug])),
        **more,
    }
    return render_page(at.request, "metrics/tokens.html", context, status=status)
