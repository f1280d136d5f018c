"""The portfolio: programs the actor may see, those that need somebody first. Must not write."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet
from django.utils.safestring import SafeString

from core import clock
from core.charts import progress_track
from core.templatetags.ui import shortday
from dashboard.domain.words import recently
from dashboard.models import Standing
from phases.domain.status import Colour
from programs.domain.calendar import day_of
from programs.models import Program
from status_pages.domain.portfolio import Line
from status_pages.domain.words import LABEL, short

PER_PAGE = 50
WORST = F("standing__need").desc(nulls_last=True)  # databases differ in where they put what is not there
ORDER = (Colour.RED, Colour.AMBER, Colour.GREY, Colour.GREEN)


@dataclass(frozen=True)
class Summary:
    """How many programs of each colour the actor sees."""

    total: int
    by_colour: dict[str, int]

    def words(self) -> str:
        """Write the summary line: "7 programs: 3 on track, 2 at risk"."""
        parts = [f"{self.by_colour[c.value]} {c.label.lower()}" for c in ORDER if self.by_colour.get(c.value)]
        return f"{self.total} program{'s' if self.total != 1 else ''}: {', '.join(parts)}."


@dataclass(frozen=True)
class Row:
    """One program as the page prints it."""

    name: str
    href: str
    colour: str
    state: str
    day: str
    track: SafeString
    gate: str
    gate_date: str
    gaps: int
    updated: str
    verdict: str
    is_example: bool
    portfolio: str


def summary(programs: QuerySet[Program]) -> Summary:
    """Count the actor's programs by colour (one query)."""
    counted = programs.order_by().values_list("standing__colour").annotate(Count("pk"))
    by_colour = {colour or Colour.GREY.value: number for colour, number in counted}
    return Summary(sum(by_colour.values()), by_colour)


def page_of(programs: QuerySet[Program], total: int, number: str, colour: str = "") -> Page[Program]:
    """Return one page of the programs, worst first (one query)."""
    lines = [f"standing__{field.name}" for field in Standing._meta.concrete_fields if not field.primary_key]
    found = (
        programs.select_related("standing", "portfolio")
        .order_by(WORST, "name", "pk")
        .only("slug", "name", "start_date", "time_zone", "state", "is_example", "portfolio__name", *lines)
    )
    if colour:
        found = found.filter(standing__colour=colour)
    paginator = Paginator(found, PER_PAGE)
    paginator.count = total  # the summary has counted already
    return paginator.get_page(number)


def row(program: Program) -> Row:
    """Return the printed values of one program with its standing loaded. No query."""
    reverse: Any = program  # whether mypy knows the reverse of Standing.program depends on its cache
    standing: Standing = reverse.standing
    today = clock.today(program.time_zone)
    day = day_of(program.start_date, today)
    gates = [(int(at), str(state)) for at, state in standing.gates]
    label = f"Day {day} of 90"
    if standing.gate_date:
        label += f", next {standing.gate_name} on {shortday(standing.gate_date)}"
    return Row(
        name=program.name,
        href=f"/programs/{program.slug}/",
        colour=standing.colour,
        state="" if program.is_active else program.get_state_display(),
        day=str(day) if 1 <= day <= 90 else ("starts " + shortday(program.start_date) if day < 1 else "over"),
        track=progress_track(day=day, days=90, gates=gates, label=label),
        gate=standing.gate_name,
        gate_date=shortday(standing.gate_date),
        gaps=standing.gaps,
        updated=recently(standing.updated_on, today) if standing.updated_on else "",
        verdict=standing.verdict,
        is_example=program.is_example,
        portfolio=program.portfolio.name,
    )


def file_lines(programs: QuerySet[Program], most: int) -> list[Line]:
    """Return the worst programs as the lines of a portfolio document, the same facts as the page's (one query)."""
    found = programs.filter(standing__isnull=False).select_related("standing").order_by(WORST, "name", "pk")
    return [_file_line(program) for program in found[:most]]


def _file_line(program: Program) -> Line:
    reverse: Any = program  # as in `row`
    standing: Standing = reverse.standing
    today = clock.today(program.time_zone)
    state = "" if program.is_active else str(program.get_state_display())
    day = day_of(program.start_date, today)
    return Line(
        program=program.name,
        colour="grey" if state else standing.colour,
        word=state or LABEL[standing.colour],
        sentence=standing.verdict,
        day=f"Day {day} of 90" if 1 <= day <= 90 else "",
        gate=" ".join(filter(None, (standing.gate_name, shortday(standing.gate_date)))),
        note=f"{standing.gaps} empty role{'s' if standing.gaps != 1 else ''}" if standing.gaps else "",
        as_of=short(today),
    )


def query(**params: str) -> str:
    """Return a query string of the parameters that are set, "?" included."""
    kept = {key: value for key, value in params.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"
