"""The outcome statement: versions, plan line, measurements. Decides nothing; services do."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter import forms, policies, services
from charter.models import OutcomeMeasurement
from charter.selectors.outcome import OutcomeReading, Yardstick, find_version, outcome_reading
from charter.views._shared import Bound, CharterPage, Place, answer, place
from core import clock
from core.planline import planline
from core.text import plain_number
from metrics.models import Metric
from registers.policies import may_log


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the outcome against its plan line; take a new version while it is not frozen (S32)."""
    at = place(request, program_slug)
    page = _page(at)
    if request.method != "POST":
        return page.show()
    form = forms.OutcomeForm(request.POST, metrics=_metrics(at))
    return answer(
        page,
        form,
        lambda data: services.write_outcome(
            actor=at.actor,
            program=at.program,
            words=form.words(),
            reason=data["reason"],
            base=data["base"],
            key=data["key"],
        ),
        "New version written.",
        may=policies.may_write_outcome(at.actor, at.cast),
        to=page.address,
    )


@require_safe
def version(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Show one version and what it changed against the one before it."""
    at = place(request, program_slug)

    def build(at: Place, bound: Bound) -> dict[str, Any]:
        reading = outcome_reading(at.program)
        shown, changes = find_version(reading, number)
        return {"reading": reading, "version": shown, "changes": changes}

    return CharterPage(at, "charter/outcome_version.html", "outcome", build).show()


@require_POST
def verify(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Verify the baseline of the newest version as a second person (G2)."""
    at = place(request, program_slug)
    page = _page(at)
    newest = outcome_reading(at.program).current
    detail = newest.detail if newest else None
    may = policies.may_verify_baseline(at.actor, detail, at.cast) if detail else may_log(at.actor, at.cast)
    return answer(
        page,
        forms.NumberForm(request.POST, name="verify"),
        lambda data: services.verify_baseline(actor=at.actor, program=at.program, number=data["number"]),
        "Baseline verified.",
        may=may,
        to=page.address,
    )


@require_POST
def measure(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Take a measurement of the outcome."""
    at = place(request, program_slug)
    page = _page(at)
    return answer(
        page,
        forms.MeasurementForm(request.POST),
        lambda data: services.add_measurement(
            actor=at.actor,
            program=at.program,
            measured_on=data["measured_on"],
            value=data["value"],
            note=data["note"],
            key=data["key"],
        ),
        "Measurement written down. Somebody else verifies it.",
        may=may_log(at.actor, at.cast),
        to=page.address,
    )


@require_POST
def verify_measured(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Verify a measurement as a second person (G2)."""
    at = place(request, program_slug)
    row = OutcomeMeasurement.objects.filter(program=at.program, number=number).select_related("logged_by").first()
    if row is None:
        raise Http404("No such measurement")
    page = _page(at)
    return answer(
        page,
        forms.NumberForm({"number": number}, name=f"verify_{number}"),
        lambda data: services.verify_measurement(actor=at.actor, measurement=row),
        "Measurement verified.",
        may=policies.may_verify_measurement(at.actor, row, at.cast),
        to=page.address,
    )


def _metrics(at: Place) -> list[Metric]:
    return list(Metric.objects.filter(program=at.program).only("pk", "name", "program_id"))


def _page(at: Place) -> CharterPage:
    return CharterPage(at, "charter/outcome.html", "outcome", _outcome, lambda: _newest(at))


def _newest(at: Place) -> int:
    current = outcome_reading(at.program).current
    return current.number if current else 0


def _outcome(at: Place, bound: Bound) -> dict[str, Any]:
    reading = outcome_reading(at.program)
    today = clock.today(at.program.time_zone)
    may_write = policies.may_write_outcome(at.actor, at.cast)
    detail = reading.current.detail if reading.current else None
    writable = bool(may_write) and not reading.is_frozen
    form = bound.get("outcome") or (_fresh(at, reading) if writable else None)
    return {
        "reading": reading,
        "charts": [(stick, _chart(stick)) for stick in reading.yardsticks],
        "may_write": may_write,
        "may_log": may_log(at.actor, at.cast),
        "may_verify": policies.may_verify_baseline(at.actor, detail, at.cast) if detail else None,
        "form": form if not reading.is_frozen else None,
        "refused": form if reading.is_frozen and form is not None and form.errors else None,
        "verify_form": bound.get("verify") or forms.NumberForm(name="verify"),
        "measurement_form": bound.get("measurement") or forms.MeasurementForm(initial={"measured_on": today}),
        "measured": [(row, policies.may_verify_measurement(at.actor, row, at.cast)) for row in reading.rows],
        "scope_address": reverse("logs_scope", args=[at.program.slug]),
    }


def _chart(stick: Yardstick) -> str:
    row, line = stick.version.statement, stick.line
    said = f"{row.measure}: planned from {plain_number(line.baseline)} to {plain_number(line.target)} {row.unit}"
    if stick.progress is not None:
        said += f", now {plain_number(stick.progress.now)}"
    return planline(
        start=(line.start, line.baseline),
        end=(line.end, line.target),
        points=[(one.on, one.value) for one in stick.values],
        label=said,
    )


def _fresh(at: Place, reading: OutcomeReading) -> forms.OutcomeForm:
    now = reading.current
    initial: dict[str, Any] = {"base": 0, "confidence": "none", "priority": at.program.strategic_priority}
    if now is not None:
        names = ("problem", "affected", "measure", "unit", "guardrail", "target_date")
        row = now.statement
        figures = {
            name: plain_number(value).replace(",", "")
            for name, value in (("baseline", row.baseline), ("target", row.target))
            if value is not None
        }
        initial = {
            **{name: getattr(row, name) for name in names},
            **figures,
            "base": now.number,
            "priority": now.priority,
            "confidence": now.confidence.value,
            "baseline_source": now.detail.baseline_source if now.detail else "",
            "metric": now.metric.pk if now.metric else None,
        }
    return forms.OutcomeForm(metrics=_metrics(at), initial=initial)
