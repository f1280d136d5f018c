"""The challenge session: one page with the questions, the answers and who was there. Decides nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from core import clock
from registers import forms, policies, services
from registers.models import ChallengeSession
from registers.selectors.challenge import ChallengeRecord, challenge_record
from registers.views._shared import Bound, Page, Place, answer, place


@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the session as it stands; take answers and who was there (S31)."""
    at = place(request, program_slug)
    page = Page(at, "registers/challenge.html", "challenge", _session, lambda: _version(at))
    if request.method != "POST":
        return page.show()
    form = _form(at, challenge_record(at.program), request.POST)
    return answer(
        page,
        form,
        lambda data: services.record_session(
            actor=at.actor,
            program=at.program,
            held_on=data["held_on"],
            led_by=data["led_by"],
            present=list(data["present"]),
            answers=form.answers(),
            also_present=data["also_present"],
            version=data["version"],
        ),
        "Session recorded.",
        may=policies.may_hold_session(at.actor, at.cast),
        to=page.address,
    )


def _session(at: Place, bound: Bound) -> dict[str, Any]:
    record = challenge_record(at.program)
    form: Any = bound.get("session") or _form(at, record)
    return {
        "record": record,
        "form": form,
        "may_hold": policies.may_hold_session(at.actor, at.cast),
        "themes": [
            (theme, [(row, form[f"answer_{row.question.position}"]) for row in rows]) for theme, rows in record.themes
        ],
    }


def _form(at: Place, record: ChallengeRecord, data: Any = None) -> forms.SessionForm:
    session = record.session
    initial: dict[str, Any] = {
        "version": session.version if session else 0,
        "held_on": session.held_on if session else clock.today(at.program.time_zone),
        "led_by": session.led_by_id if session else None,
        "present": [person.pk for person in record.present],
        "also_present": session.also_present if session else "",
        **{f"answer_{row.question.position}": row.text for row in record.asked},
    }
    questions = [row.question for row in record.asked]
    return forms.SessionForm(data, people=at.cast.people, questions=questions, initial=initial)


def _version(at: Place) -> int:
    session = ChallengeSession.objects.filter(program=at.program).first()
    return session.version if session else 0
