"""Who asks, in which program, at which gate: what every page of a gate needs first. Must not decide rights."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest

from accounts.models import User
from phases.models import Event
from phases.selectors import find_event
from programs.models import Program
from programs.selectors import get_program_for


@dataclass(frozen=True)
class GatePlace:
    """The signed-in person at a gate of a program they may see."""

    request: HttpRequest
    actor: User
    program: Program
    event: Event


def gate_place(request: HttpRequest, program_slug: str, slug: str) -> GatePlace:
    """Return who asks and where. Errors: Http404 for a program the person may not see, or for no such gate."""
    actor = cast(User, request.user)  # LoginRequiredMiddleware lets nobody else in
    program = get_program_for(actor, program_slug)
    return GatePlace(request, actor, program, find_event(program, slug))
