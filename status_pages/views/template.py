"""The slide template of the installation: see what is used, choose another, go back to ours. Administrators only."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from core.errors import Invalid
from core.htmx import render_page
from status_pages import policies
from status_pages.forms import TemplateForm
from status_pages.selectors.template import template_facts
from status_pages.services.template import remove_template, set_template


@require_http_methods(["GET", "HEAD", "POST"])
def slide_template(request: HttpRequest) -> HttpResponse:
    """Show which slides are used, and take a presentation to make them from."""
    actor = cast(User, request.user)
    policies.may_set_template(actor).require()
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = set_template(actor=actor, name=form.cleaned_data["file"].name, content=form.content())
        except Invalid as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, f"Slides are made from {made.name} now.")
            return redirect("slide_template")
    context = {"form": form, "template": template_facts()}
    return render_page(request, "status_pages/template.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Go back to our own slides."""
    remove_template(actor=cast(User, request.user))
    messages.success(request, "Slides are made from the built-in template again.")
    return redirect("slide_template")
