"""The problem statement: versions and signatures. Decides nothing; services do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from charter import forms, policies, services
from charter.domain.limits import problem_signed_by_day
from charter.domain.problem import FIELDS, is_risk
from charter.enums import Seat
from charter.models import ProblemSignature, ProblemStatement
from charter.selectors.problem import problem_versions, problem_words
from charter.views._shared import Bound, CharterPage, Place, answer, place
from core import clock
from programs.domain.calendar import day_of
from registers.policies import may_log


@require_http_methods(["GET", "HEAD", "POST"])
def problem(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the problem statement with who signed it; take a new version (S27, S28)."""
    at = place(request, program_slug)
    page = _page(at)
    if request.method != "POST":
        return page.show()
    # What was on screen counts: the first version's form, pressed twice, has no reason either time.
    return answer(
        page,
        forms.ProblemForm(request.POST, first=request.POST.get("base") == "0"),
        lambda data: services.write_problem(
            actor=at.actor,
            program=at.program,
            words={name: data[name] for name in FIELDS},
            reason=data.get("reason", ""),
            base=data["base"],
            key=data["key"],
        ),
        "Written. The business owner and the sponsor are asked to sign.",
        may=policies.may_write_outcome(at.actor, at.cast),
        to=page.address,
    )


@require_POST
def sign(request: HttpRequest, program_slug: str, seat: str) -> HttpResponse:
    """Sign the version that was on screen, in one of the two seats (S28)."""
    at = place(request, program_slug)
    page = _page(at)
    row = next(iter(problem_versions(at.program)), None)
    may = policies.may_sign(at.actor, row, Seat(seat), at.cast) if row else may_log(at.actor, at.cast)
    return answer(
        page,
        forms.NumberForm(request.POST, name=f"sign_{seat}"),
        lambda data: services.sign_problem(actor=at.actor, program=at.program, seat=Seat(seat), number=data["number"]),
        "Signed.",
        may=may,
        to=page.address,
    )


def _page(at: Place) -> CharterPage:
    return CharterPage(at, "charter/problem.html", "problem", _problem, lambda: _newest(at))


def _newest(at: Place) -> int:
    newest = ProblemStatement.objects.filter(program=at.program).order_by("-number").first()
    return newest.number if newest else 0


def _problem(at: Place, bound: Bound) -> dict[str, Any]:
    versions = problem_versions(at.program)
    now = versions[0] if versions else None
    day = day_of(at.program.start_date, clock.today(at.program.time_zone))
    by_day = problem_signed_by_day(at.program.limits)
    signed = now is not None and all(one.signed_by_id for one in now.signatures.all())
    initial = {**problem_words(now), "base": now.number} if now else {"base": 0}
    return {
        "versions": versions,
        "now": now,
        "fields": [(words, problem_words(now)[name]) for name, words in FIELDS.items()] if now else [],
        "signed": signed,
        "late": is_risk(day, by_day, signed=signed),
        "by_day": by_day,
        "seats": [_seat(at, now, one, bound) for one in now.signatures.all()] if now else [],
        "may_write": policies.may_write_outcome(at.actor, at.cast),
        "form": bound.get("problem") or forms.ProblemForm(first=now is None, initial=initial),
    }


def _seat(at: Place, now: ProblemStatement, one: ProblemSignature, bound: Bound) -> dict[str, Any]:
    seat = Seat(one.seat)
    name = f"sign_{seat.value}"
    return {
        "row": one,
        "seat": seat,
        "holder": at.cast.holder(seat.value),
        "may": policies.may_sign(at.actor, now, seat, at.cast),
        "form": bound.get(name) or forms.NumberForm(name=name, initial={"number": now.number}),
    }
