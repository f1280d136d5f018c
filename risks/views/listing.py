"""The register: list and heat map with inline scoring, and a new risk (S55, S87). Decides nothing; services do."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.htmx import render_page
from risks import forms, policies, services
from risks.domain.heat import heat_map, legend
from risks.domain.scale import Scale
from risks.models import EscalationPath
from risks.selectors import SHOWN, Register, RiskLine, load_register, moment_of, scale_of
from risks.services import RiskFacts
from risks.views._shared import Bound, Place, answer, place
from risks.views.scoring import citable_of, rescore_form

VIEWS = {"both": "Both", "table": "Table", "map": "Map"}
MOVES = (("up", "Rose"), ("down", "Fell"), ("new", "New"), ("gone", "Closed"))
FILTERS = ("open", "above", "flagged", "late", "later", "closed")


@dataclass(frozen=True)
class Row:
    """One line of the list: the risk, its score form while it is being edited, and the address that opens it."""

    line: RiskLine
    form: forms.RiskForm | None
    edit: str


@dataclass(frozen=True)
class Asked:
    """What the address asks to see; anything unknown is left out."""

    view: str = "both"
    show: str = "open"
    cell: tuple[int, int] | None = None
    edit: str = ""

    @classmethod
    def read(cls, query: QueryDict, scale: Scale) -> "Asked":
        """Read the query of the page."""
        view, show = query.get("view", ""), query.get("show", "")
        numbers = [int(text) if (text := query.get(name, "")).isdecimal() else 0 for name in ("likelihood", "impact")]
        return cls(
            view if view in VIEWS else "both",
            show if show in SHOWN else "open",
            (numbers[0], numbers[1]) if scale.holds(*numbers) else None,
            query.get("edit", ""),
        )

    def query(self, **other: Any) -> str:
        """The query of a link from here; what is the default is left out."""
        values = {"view": self.view, "show": self.show, "cell": self.cell, **other}
        cell = values.pop("cell")
        if cell:
            values |= {"likelihood": cell[0], "impact": cell[1]}
        kept = {name: value for name, value in values.items() if value and value not in ("both", "open")}
        return "?" + urlencode(kept)


@require_safe
def risks(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the register, worst current score first, beside its heat map; `edit` opens one score in place."""
    at = place(request, program_slug)
    return show_register(at, request.GET)


def show_register(
    at: Place, query: QueryDict, bound: Bound | None = None, *, status: int = 200, saved: str = "", **more: Any
) -> HttpResponse:
    """Draw the register as its query asks. `bound` holds a refused score form, `saved` the risk just scored (slug)."""
    register = load_register(at.program)
    scale = register.at.scale
    asked = Asked.read(query, scale)
    form = next(iter((bound or {}).values()), None)
    rows = [line for line in register.shown(asked.show) if _in_cell(line, asked.cell)]
    context = {
        "program": at.program,
        "tab": "risks",
        "rows": [Row(line, _form(at, line, asked, form, scale), _edit(at, line, asked)) for line in rows],
        "totals": register.totals,
        "asked": asked,
        "here": asked.query(),
        "views": [(key, words, asked.query(view=key)) for key, words in VIEWS.items()],
        "filters": [
            (key, SHOWN[key][0], register.totals[key], asked.query(show=key, cell=None))
            for key in FILTERS
            if register.totals[key] or key in ("open", asked.show)
        ],
        "moves": [(key, words, register.totals[key], asked.query(show=key, cell=None)) for key, words in MOVES],
        "heat": heat_map(
            map(_place, register.shown("open")), scale, lambda cell: asked.query(show="open", cell=cell), asked.cell
        ),
        "legend": legend(scale),
        "without_cell": asked.query(cell=None),
        "tolerance": scale.tolerance,
        "unsigned": sum(line.acceptance is None for line in register.shown("above")),
        "ownerless": _ownerless(at, register),
        "worst": _worst(register, scale),
        "may_add": policies.may_add(at.actor, at.cast),
        "saved": saved,
        "today": register.at.today,
        **more,
    }
    return render_page(at.request, "risks/register.html", context, partial="risks", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_add(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Write a new risk down; everybody with a role may (S89)."""
    at = place(request, program_slug)
    may = policies.may_add(at.actor, at.cast)

    def show(bound: Bound | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
        form = (bound or {}).get("add") or _add_form(at)
        context = {"program": at.program, "tab": "risks", "form": form, "may": may, **more}
        return render_page(request, "risks/add.html", context, partial="risks", status=status)

    if request.method != "POST":
        may.require()
        return show()
    made: list[str] = []

    def act(data: dict[str, Any]) -> None:
        made.append(_add(at, data))

    to = reverse("risks", args=[program_slug])
    response = answer(at, _add_form(at, request.POST), act, "The risk is in the register.", may=may, show=show, to=to)
    if made and response.status_code == 302:
        response["Location"] = reverse("risk", args=[program_slug, made[0]])
    return response


def _add(at: Place, data: dict[str, Any]) -> str:
    row = services.add_risk(
        actor=at.actor,
        program=at.program,
        facts=facts_of(data),
        likelihood=data["likelihood"],
        impact=data["severity"],
        raise_from_phase=data["raise_from_phase"],
        key=data["key"],
    )
    return row.slug


def facts_of(data: dict[str, Any]) -> RiskFacts:
    """What a form says of a risk."""
    names = ("cause", "event", "impact", "category", "response", "owner_role", "path")
    return RiskFacts(
        **{name: data[name] for name in names},
        target_likelihood=data["target_likelihood"],
        target_impact=data["target_impact"],
    )


def paths_of(at: Place) -> list[EscalationPath]:
    """The escalation paths of a program (one query)."""
    return list(EscalationPath.objects.filter(program=at.program))


def _add_form(at: Place, data: QueryDict | None = None) -> forms.AddRiskForm:
    moment = moment_of(at.program)
    phases = [(phase.slug, phase.name) for phase in sorted(moment.phases, key=lambda phase: phase.position)]
    now = next((phase.slug for phase in moment.phases if phase.position == moment.reached), "")
    initial = {"raise_from_phase": now, "response": "mitigate"}
    return forms.AddRiskForm(
        data, scale=scale_of(at.program), roles=at.cast.roles, paths=paths_of(at), phases=phases, initial=initial
    )


def _edit(at: Place, line: RiskLine, asked: Asked) -> str:
    """The address that opens a line's score; empty for who may not change it."""
    may = line.is_open and policies.may_rescore(at.actor, line.risk, at.cast)
    return asked.query(edit=line.risk.slug) if may else ""


def _form(at: Place, line: RiskLine, asked: Asked, form: forms.RiskForm | None, scale: Scale) -> forms.RiskForm | None:
    """The score form of the one line that is being edited: the refused one, else a fresh one."""
    if form is not None and form.name == f"score-{line.risk.slug}":
        return form
    wanted = form is None and asked.edit == line.risk.slug and line.is_open
    if not wanted or not policies.may_rescore(at.actor, line.risk, at.cast):
        return None
    return rescore_form(line, scale, f"score-{line.risk.slug}", citable_of(line), back=asked.query())


def _place(line: RiskLine) -> tuple[int, int]:
    return line.risk.current_likelihood, line.risk.current_impact


def _in_cell(line: RiskLine, cell: tuple[int, int] | None) -> bool:
    return cell is None or _place(line) == cell


def _ownerless(at: Place, register: Register) -> int:
    vacant = {role.pk for role in at.cast.vacant}
    return sum(line.risk.owner_role_id in vacant for line in register.shown("open"))


def _worst(register: Register, scale: Scale) -> tuple[str, int]:
    """The name of the worst band and how many open risks lie in it."""
    name = max(scale.bands, key=lambda band: scale.bands[band][1])
    return name, sum(line.band == name for line in register.shown("open"))
