"""Chats and webhooks of a program: list, add, change, test, pause, renew, remove, and the log. Decides nothing."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from channels import policies
from channels.forms import ChannelForm, TestForm
from channels.models import Channel
from channels.selectors import log
from channels.services import managing
from core import clock
from core.decisions import Decision
from core.errors import Conflict, Invalid
from core.htmx import render_page
from programs.models import Program
from programs.selectors import cast_of, get_program_for

PER_PAGE = 30


@never_cache
@sensitive_post_parameters("url")
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the channels of a program and their log; add one."""
    actor, program, may = _place(request, program_slug)
    if request.method != "POST":
        return _show(request, program, may)
    may.require()
    form = ChannelForm(request.POST)
    if form.is_valid():
        try:
            made = managing.add_channel(
                actor=actor, program=program, wanted=form.wanted(), key=form.cleaned_data["key"]
            )
        except Invalid as error:
            _put(form, error)
        else:
            return _show(request, program, may, made=made)
    return _show(request, program, may, form=form, status=422)


@never_cache
@sensitive_post_parameters("url")
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: HttpRequest, program_slug: str, channel_id: int) -> HttpResponse:
    """Change one channel."""
    actor, program, may = _place(request, program_slug)
    row = log.find_channel(program, channel_id)
    may.require()
    form, card = ChannelForm(request.POST if request.method == "POST" else None, channel=row), None
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            managing.change_channel(actor=actor, channel=row, wanted=form.wanted(), version=version)
        except Invalid as error:
            _put(form, error)
        except Conflict as error:
            card = {"message": str(error), "current": error.current, "mine": form.typed()}
            # What was typed stays; pressing again sets it over what is there now.
            row = log.find_channel(program, channel_id)
            form = ChannelForm(channel=row, initial={**form.cleaned_data, "version": row.version})
        else:
            messages.success(request, "Saved.")
            return redirect("channels", program_slug=program_slug)
    context = {"program": program, "tab": "reminders", "row": row, "form": form, "conflict": card}
    status = 409 if card else 422 if form.errors else 200
    return render_page(request, "channels/channel.html", context, status=status)


@require_POST
def test(request: HttpRequest, program_slug: str, channel_id: int) -> HttpResponse:
    """Queue a test message."""
    form = TestForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else uuid.uuid4().hex
    return _act(
        request,
        program_slug,
        channel_id,
        lambda actor, row: managing.send_test(actor=actor, channel=row, key=key),
        "The test message leaves with the next pass; the log below says what became of it.",
    )


@require_POST
def pause(request: HttpRequest, program_slug: str, channel_id: int) -> HttpResponse:
    """Hold a channel back."""
    act = lambda actor, row: managing.pause_channel(actor=actor, channel=row)  # noqa: E731 - one line, used once
    return _act(request, program_slug, channel_id, act, "Paused: what waits is held back, nothing new is posted.")


@require_POST
def resume(request: HttpRequest, program_slug: str, channel_id: int) -> HttpResponse:
    """Let a channel go on."""
    act = lambda actor, row: managing.resume_channel(actor=actor, channel=row)  # noqa: E731 - one line, used once
    return _act(request, program_slug, channel_id, act, "It goes on.")


@require_POST
def remove(request: HttpRequest, program_slug: str, channel_id: int) -> HttpResponse:
    """End a channel."""
    act = lambda actor, row: managing.remove_channel(actor=actor, channel=row)  # noqa: E731 - one line, used once
    return _act(request, program_slug, channel_id, act, "Removed. Its address is forgotten; the log stays.")


@never_cache
@require_POST
def rotate(request: HttpRequest, program_slug: str, channel_id: int) -> HttpResponse:
    """Give a signed webhook a new secret and show it once."""
    actor, program, may = _place(request, program_slug)
    row = log.find_channel(program, channel_id)
    try:
        made = managing.rotate_secret(actor=actor, channel=row)
    except Invalid as error:
        messages.error(request, str(error))
        return redirect("channels", program_slug=program_slug)
    return _show(request, program, may, made=made)


@require_POST
def again(request: HttpRequest, program_slug: str, post_id: int) -> HttpResponse:
    """Try a post again by hand."""
    actor, program, _ = _place(request, program_slug)
    post = log.find_post(program, post_id)
    try:
        managing.send_again(actor=actor, post=post)
    except Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It leaves again with the next pass.")
    return redirect(f"{reverse('channels', args=[program_slug])}#log")


def _act(
    request: HttpRequest, program_slug: str, channel_id: int, act: Callable[[User, Channel], object], done: str
) -> HttpResponse:
    actor, program, _ = _place(request, program_slug)
    try:
        act(actor, log.find_channel(program, channel_id))
    except Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("channels", program_slug=program_slug)


def _place(request: HttpRequest, program_slug: str) -> tuple[User, Program, Decision]:
    """Who asks, about which program, and whether they look after its channels. Errors: Http404."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    return actor, program, policies.may_configure(actor, cast_of(program))


def _put(form: ChannelForm, error: Invalid) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _show(
    request: HttpRequest,
    program: Program,
    may: Decision,
    *,
    form: ChannelForm | None = None,
    made: managing.Made | None = None,
    status: int = 200,
) -> HttpResponse:
    page = Paginator(log.log(program), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "program": program,
        "tab": "reminders",
        "rows": log.channels_of(program),
        "entries": [log.entry(row) for row in page],
        "page": page,
        "form": form or ChannelForm(),
        "may": may,
        "made": made,
        "now": clock.now(),
        "test_key": uuid.uuid4().hex,
        "switched_on": settings.WEBHOOKS,
        "zone": program.time_zone,
    }
    return render_page(request, "channels/channels.html", context, partial="log", status=status)
