"""The system in run: continue, change or retire, and the mini-gates on the way (S79, G21)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gates import policies
from gates.enums import Sustain
from gates.forms_sustain import SustainForm
from gates.selectors import sustain as reads
from gates.selectors.steering import closure_of, mini_gates_of
from gates.services.sustaining import SustainInput, decide_sustain
from governance.selectors.calendar import load_book
from governance.views._shared import Bound, Page, Place, answer, offered, place
from programs.enums import ProgramState


@require_http_methods(["GET", "HEAD", "POST"])
def sustain(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show what the decision stands on; a POST records it."""
    at = place(request, program_slug)
    page = Page(at, "gates/sustain.html", "sustain", _build, reverse("sustain", args=[at.program.slug]))
    if request.method != "POST":
        return page.show()
    names = ("reason", "changes", "next_on", "lessons", "people_told", "disposal", "cost_avoided")
    return answer(
        page,
        SustainForm(request.POST),
        lambda data: decide_sustain(
            actor=at.actor,
            program=at.program,
            wanted=SustainInput(word=Sustain(data["word"]), **{name: data[name] for name in names}),
            key=data["key"],
        ),
        "Decided, and on record.",
        may=policies.may_sustain(at.actor, at.cast),
    )


def _build(at: Place, bound: Bound) -> dict[str, Any]:
    if at.request.method == "POST":
        # It may just have been closed by this very form.
        at.program.refresh_from_db(fields=["state"])
    book = load_book(at.program)
    decisions = reads.decisions_of(at.program)
    may = policies.may_sustain(at.actor, at.cast)
    running = at.program.state == ProgramState.RUNNING
    due = reads.due_date_of(book)
    return {
        "in_run": running,
        "next_on": reads.next_decision(at.program, book, decisions),
        "due": due,
        "basis": reads.basis_of(at.program, book),
        "decisions": decisions,
        "minis": mini_gates_of(at.program),
        "may_mini": policies.may_call_mini_gate(at.actor, at.cast),
        "closure": None if running else closure_of(at.program),
        "may_decide": may,
        "form": offered(may, bound, "sustain", SustainForm) if running else None,
    }
