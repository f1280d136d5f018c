"""What the page of a gate shows, put together once for reading it and for every answer to its forms. No rights here."""

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest

from core import clock
from gates import forms, policies
from gates.domain.conditions import Standing, default_due
from gates.domain.deciding import Choice, Verdict
from gates.domain.deciding import verdict as judge
from gates.domain.facts import Kind
from gates.models import Condition, Opinion
from gates.selectors.facts import gate_facts, kind_of, next_gate_after
from gates.selectors.ledger import Ledger, load_ledger
from gates.selectors.minigates import scope_of
from gates.selectors.snapshots import snapshots_of
from phases import policies as plan_policies
from phases.enums import EventState, ItemKind, Outcome
from phases.models import Criterion, Event
from phases.selectors import Plan, find_event, load_plan
from phases.selectors.history import moves_of, timeline
from phases.views._item import dates
from phases.views._shared import Page, Place, place
from phases.views.rows import CriterionLook, CriterionRow, criterion_look, criterion_row, people_of
from programs.enums import SPONSOR
from programs.models import Role

GatePage = Page
MEANING = {
    Outcome.GO: "Ready; commit the next phase.",
    Outcome.CONDITIONAL_GO: "Ready enough; named debts with dates.",
    Outcome.HOLD: "Worth doing, cannot be decided now for an outside reason.",
    Outcome.RECYCLE: "Not there; redo named work in this phase.",
    Outcome.STOP: "End it on purpose.",
    Outcome.ON_TRACK: "The next gate date holds.",
    Outcome.AT_RISK: "A date or target slips unless the named action works.",
    Outcome.OFF_TRACK: "It will slip without help from above.",
    Outcome.CLEAR_TO_LAUNCH: "Real users may be exposed.",
    Outcome.LAUNCH_WITH_CONDITIONS: "Real users may be exposed; named debts with dates.",
    Outcome.DO_NOT_LAUNCH: "Nobody is exposed before the named work is done.",
}


@dataclass(frozen=True)
class Seat:
    """One gatekeeping role on the page: its people, its view, and the form when the reader may speak for it."""

    role: Role
    opinion: Opinion | None
    alternate: Any
    form: forms.ViewForm | None


@dataclass(frozen=True)
class Line:
    """A condition with where it stands and what the reader may do with it."""

    condition: Condition
    standing: Standing
    may_prove: Any
    may_close: Any


@dataclass(frozen=True)
class Option:
    """A decision on the page: open or not, with its causes, and whether the reader may take it."""

    choice: Choice
    meaning: str
    may: Any


def gate_page(request: HttpRequest, program_slug: str, slug: str) -> GatePage:
    """Return the page of a gate or checkpoint. Errors: Http404."""
    here = place(request, program_slug)

    def find(at: Place) -> Event:
        return find_event(at.program, slug)

    return Page(here, find(here), "gates/gate.html", context, find)


def verdict_of(event: Event, plan: Plan, ledger: Ledger) -> Verdict:
    """Which decisions are open at this event today."""
    return judge(gate_facts(event, plan, ledger, scope=scope_of(event)))


def context(at: Place, event: Event, bound: Mapping[str, Form]) -> dict[str, Any]:
    """Everything the page shows; `bound` holds a form that was refused, by its name."""
    today = clock.today(at.program.time_zone)
    plan = load_plan(at.program, at.cast, tasks=False)
    event = next(e for e in plan.events if e.pk == event.pk)
    ledger = load_ledger(at.program, today, plan.people)
    found = verdict_of(event, plan, ledger)
    pending = event.state == EventState.PENDING
    review = ledger.open_review(event)
    decision = ledger.current(event)
    initial = {"version": event.version}
    seats, options = _seats(at, event, ledger, bound), _options(at, event, plan, found)
    can_decide = any(option.may for option in options)
    return {
        "program": at.program,
        "event": event,
        "tab": "plan",
        "today": today,
        "pending": pending,
        "review": review,
        "decision": decision,
        "decisions": ledger.decisions_of(event),
        "recommended": found.recommended,
        "seats": seats,
        "conditions": [_line(at, c, s) for c, s in (ledger.standings(decision) if decision else [])],
        "options": options,
        "snapshots": snapshots_of(event),
        "dates": dates(event, at, today),
        "moves": moves_of(ItemKind.EVENT, event),
        "heard": sum(1 for seat in seats if seat.opinion is not None),
        "may_name": next(
            (may for s in seats if (may := policies.may_name_alternate(at.actor, s.role, at.cast))),
            policies.may_name_alternate(at.actor, seats[0].role, at.cast) if seats else None,
        ),
        "may_review": policies.may_open_review(at.actor, at.cast),
        "may_redate": plan_policies.may_redate(at.actor, event, at.cast),
        "review_form": bound.get("review") or forms.ReviewForm(initial=initial),
        "redate_form": bound.get("redate") or forms.RedateForm(initial=initial),
        "alternate_form": bound.get("alternate")
        or forms.AlternateForm(initial=initial, roles=_keepers(event, at), people=at.cast.people),
        "lines": timeline(ItemKind.EVENT, event.pk),
        "can_decide": can_decide,
        "takes_conditions": kind_of(event, plan) is not Kind.CHECKPOINT,
        **_criteria(at, event, plan, ledger),
        **(decision_forms(at, event, plan, ledger, found, bound) if can_decide or bound else {}),
    }


def decision_forms(
    at: Place, event: Event, plan: Plan, ledger: Ledger, found: Verdict, bound: Mapping[str, Any]
) -> dict[str, Any]:
    """The decision form with its rows of conditions; the form's own key makes sending it twice one decision."""
    gate = next_gate_after(event, plan)
    due = default_due(ledger.today, gate.due_date if gate else None, ledger.limits)
    open_ = [c for c in plan.open_criteria() if c.event.day <= event.day]
    review = ledger.open_review(event)
    form = bound.get("decision") or forms.DecisionForm(
        verdict=found,
        open_criteria=open_,
        initial={"number": review.number if review else None, "key": secrets.token_hex(16)},
    )
    rows = bound.get("conditions") or forms.condition_forms(None, roles=at.cast.roles, criteria=open_, due=due)
    return {"decision_form": form, "condition_forms": rows}


def _keepers(event: Event, at: Place) -> list[Role]:
    return [at.cast.by_id[role.pk] for role in event.gatekeepers.all() if role.slug != SPONSOR]


def _seats(at: Place, event: Event, ledger: Ledger, bound: Mapping[str, Form]) -> list[Seat]:
    review = ledger.open_review(event)
    views, alternates = ledger.opinions_of(review), ledger.alternates_of(event)
    found = []
    for role in _keepers(event, at):
        own, stand_in = views.get(role.pk), alternates.get(role.pk)
        form = None
        if review is not None and policies.may_give_view(at.actor, role, at.cast, stand_in):
            initial = {"version": event.version, "role": role.slug}
            if own is not None:
                initial |= {"view": own.view, "text": own.text, "dissent": own.dissent}
            refused = bound.get(f"view-{role.slug}")
            form = refused if isinstance(refused, forms.ViewForm) else forms.ViewForm(initial=initial)
        found.append(Seat(role, own, stand_in, form))
    return found


def _line(at: Place, condition: Condition, standing: Standing) -> Line:
    condition.program = at.program
    return Line(
        condition,
        standing,
        policies.may_prove_condition(at.actor, condition, at.cast),
        policies.may_close_condition(at.actor, condition, at.cast),
    )


def _options(at: Place, event: Event, plan: Plan, found: Verdict) -> list[Option]:
    kind = kind_of(event, plan)
    return [
        Option(choice, MEANING[choice.word], policies.may_decide(at.actor, kind, choice.word, at.cast))
        for choice in found.choices
    ]


def _criteria(at: Place, event: Event, plan: Plan, ledger: Ledger) -> dict[str, Any]:
    """The criteria of the event in cells and, as far as the chosen filter shows them, with their proofs."""
    people = people_of(at.cast)
    rows = [_row(c, at, plan, ledger.today, people) for c in plan.criteria_of(event)]
    applicable = [row for row in rows if row.criterion.applicable]
    shown = {show: [row for row in rows if chosen(row)] for show, chosen in FILTERS.items()}
    show = _show(at.request)
    return {
        "dimensions": _by_dimension(rows),
        "filters": [(name, FILTER_WORDS[name], len(found), name == show) for name, found in shown.items()],
        "show": show,
        "back": f"{event.get_absolute_url()}?show={show}#criteria",
        "parts": _parts(shown[show], plan, ledger, people),
        "met": sum(row.cell == "ok" for row in rows),
        "all": len(applicable),
        "musts": sum(row.criterion.is_must for row in applicable),
        "musts_open": sum(row.criterion.is_must and is_owed(row) for row in applicable),
        "blocking_open": sum(row.criterion.launch_blocking and is_owed(row) for row in applicable),
    }


def _show(request: HttpRequest) -> str:
    """Which filter is chosen; nonsense is the first one."""
    wanted = request.GET.get("show", "")
    return wanted if wanted in FILTERS else next(iter(FILTERS))


def _parts(rows: list[CriterionRow], plan: Plan, ledger: Ledger, people: Any) -> list[dict[str, Any]]:
    """The shown criteria by dimension, what is open first and must-meets before others; with proofs and waivers."""
    waived = ledger.active_waivers()

    def look(row: CriterionRow) -> CriterionLook:
        waiver = waived.get(row.criterion.pk)
        until = waiver.expires_on if waiver else None
        return criterion_look(row, plan.proven_by(row.criterion), ledger.today, people=people, waived_until=until)

    parts = _by_dimension(sorted(rows, key=lambda row: not is_owed(row)))
    return [{**part, "looks": [look(row) for row in part["rows"]]} for part in parts]


def _row(criterion: Criterion, at: Place, plan: Plan, today: dt.date, people: Any) -> CriterionRow:
    proofs = plan.proven_by(criterion)
    newest = max((proof.effective_date for proof in proofs), default=None)
    return criterion_row(criterion, at.actor, at.cast, today, people=people, newest=newest)


def is_owed(row: CriterionRow) -> bool:
    """Whether somebody still owes something for a criterion."""
    return row.criterion.applicable and row.cell != "ok"


FILTERS: dict[str, Callable[[CriterionRow], bool]] = {
    "open": is_owed,
    "mine": lambda row: row.mine and is_owed(row),
    "must": lambda row: row.criterion.is_must and row.criterion.applicable,
    "all": lambda row: True,
}
FILTER_WORDS = {"open": "Open", "mine": "Waiting for me", "must": "Must-meets", "all": "All"}


def _by_dimension(rows: list[CriterionRow]) -> list[dict[str, Any]]:
    found: dict[str, list[CriterionRow]] = {}
    for row in sorted(rows, key=lambda row: not row.criterion.is_must):
        found.setdefault(row.criterion.dimension_name, []).append(row)
    return [
        {
            "name": name,
            "rows": own,
            "met": sum(row.cell == "ok" for row in own),
            "all": sum(row.criterion.applicable for row in own),
        }
        for name, own in found.items()
    ]
