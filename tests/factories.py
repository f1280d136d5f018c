"""People and a small program, made by hand for tests, and a whole one launched from an example file.

The small one's rows are written directly, without services: a test of a service must not stand on that service.
Must not read the machine's clock: the small program starts on 2026-01-05.
"""

import datetime as dt
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from phases.models import Criterion, Event, Phase, Task, Workstream
from playbooks.domain.spec import parse_spec
from playbooks.selectors import default_playbook, known_playbooks
from playbooks.services import launch
from programs.domain.calendar import date_of_day
from programs.models import Portfolio, Program, Role

START = dt.date(2026, 1, 5)
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
_numbers = count(1)

# slug, name, holder (None: a gap), deputy
ROLES = [
    ("sponsor", "Executive sponsor", "sam", None),
    ("program-manager", "Program manager", "pat", "dee"),
    ("model-owner", "Model owner", "mia", "max"),
    ("monitoring-owner", "Monitoring and operations owner", None, None),
    ("independent-reviewer", "Independent reviewer", "ivy", None),
]


def user(name: str = "", **fields: Any) -> User:
    """Make a person with a proven address and no password; `sign_in` needs none."""
    name = name or f"person{next(_numbers)}"
    made = User.objects.create_user(fields.pop("email", f"{name}@example.org"), name=name.title(), **fields)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def sign_in(person: User | None = None) -> Client:
    """Return a browser in which `person` is signed in, or nobody. CSRF is off, as in Django's own client."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


@dataclass
class Built:
    """A small program and everything in it, by slug; `people` by first name."""

    program: Program
    people: dict[str, User]
    roles: dict[str, Role] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    criteria: dict[str, Criterion] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)

    @property
    def manager(self) -> User:
        """The program manager (Pat; deputy Dee)."""
        return self.people["pat"]

    @property
    def sponsor(self) -> User:
        """The sponsor, who keeps both gates (Sam)."""
        return self.people["sam"]

    @property
    def owner(self) -> User:
        """The model owner, who owns criterion `accuracy` and task `train` (Mia; deputy Max)."""
        return self.people["mia"]

    @property
    def verifier(self) -> User:
        """The independent reviewer, who verifies both criteria (Ivy)."""
        return self.people["ivy"]


def program(slug: str = "", **fields: Any) -> Built:
    """Make a program with two phases, two gates, five roles (monitoring vacant), two criteria and two tasks.

    Criterion `accuracy` (must, day 26) and task `train` (days 3 to 20) are the model owner's; criterion `alerts`
    (should, day 56) and task `dashboards` (days 33 to 50) are the vacant monitoring owner's.
    """
    slug = slug or f"program-{next(_numbers)}"
    own = {name: user(f"{name}.{slug}") for name in ("sam", "pat", "dee", "mia", "max", "ivy")}
    built = Built(_program(slug, fields), own)
    for position, (role, name, holder, deputy) in enumerate(ROLES):
        built.roles[role] = Role.objects.create(
            program=built.program,
            slug=role,
            name=name,
            position=position,
            holder=own[holder] if holder else None,
            deputy=own[deputy] if deputy else None,
            vacant_since=None if holder else built.program.start_date,
        )
    _phase(built, number=1, criterion="accuracy", task="train", owner="model-owner", level="must")
    _phase(built, number=2, criterion="alerts", task="dashboards", owner="monitoring-owner", level="should")
    return built


def launched(example: str = "claims-triage", *, now: dt.datetime | None = None) -> Program:
    """Launch a whole program (all roles, items and rules of its playbook) from a file in `examples/`.

    `now` is the instant of the launch: 08:00 UTC on the program's first day unless given.
    """
    spec = parse_spec((EXAMPLES / f"{example}.yaml").read_bytes(), known_playbooks())
    return launch(actor=None, spec=spec, now=now or dt.datetime.combine(spec.program.start_date, dt.time(8), dt.UTC))


def _program(slug: str, fields: dict[str, Any]) -> Program:
    start: dt.date = fields.pop("start_date", START)
    portfolio, _ = Portfolio.objects.get_or_create(slug="claims", defaults={"name": "Claims"})
    book = default_playbook()
    values: dict[str, Any] = {
        "slug": slug,
        "name": slug.replace("-", " ").capitalize(),
        "portfolio": portfolio,
        "start_date": start,
        "end_date": date_of_day(start, 90),
        "time_zone": "Europe/Berlin",
        "country": "DE",
        "weekend": [5, 6],
        "tier": 2,
        "playbook_slug": book.template.slug,
        "playbook_version": book.template.version,
        "limits": book.limits.model_dump(mode="json"),
        "scoring": book.scoring.model_dump(mode="json"),
        "risk_scale": book.risk_scale.model_dump(mode="json"),
        "launched_at": dt.datetime.combine(start, dt.time(8), dt.UTC),
    }
    return Program.objects.create(**{**values, **fields})


def _phase(built: Built, *, number: int, criterion: str, task: str, owner: str, level: str) -> None:
    program, last = built.program, 30 * number
    phase = Phase.objects.create(
        program=program,
        slug=f"phase-{number}",
        name=["Validate", "Prepare for production"][number - 1],
        position=number,
        question="Is it worth it?",
        start_day=last - 29,
        end_day=last,
        start_date=date_of_day(program.start_date, last - 29),
        end_date=date_of_day(program.start_date, last),
    )
    stream = Workstream.objects.create(
        program=program,
        phase=phase,
        slug=f"stream-{number}",
        name=f"Workstream {number}",
        position=number,
        lead_role=built.roles["program-manager"],
    )
    gate = Event.objects.create(
        program=program, phase=phase, slug=f"gate-{last}", kind="gate", name=f"Gate {number}", day=last,
        **_dates(program, last),
    )  # fmt: skip
    gate.gatekeepers.add(built.roles["sponsor"])
    built.events[gate.slug] = gate
    built.criteria[criterion] = Criterion.objects.create(
        program=program,
        event=gate,
        slug=criterion,
        dimension_slug="assurance",
        dimension_name="Model assurance",
        level=level,
        level_code="M" if level == "must" else "S",
        verifier_role=built.roles["independent-reviewer"],
        owner_role=built.roles[owner],
        text=f"The {criterion} is shown on a held-out sample.",
        evidence_type="report",
        max_age_days=60,
        due_day=last - 4,
        **_dates(program, last - 4),
    )
    built.tasks[task] = Task.objects.create(
        program=program,
        workstream=stream,
        slug=task,
        title=f"Do the {task}",
        deliverable="A report",
        start_day=last - 27,
        start_date=date_of_day(program.start_date, last - 27),
        owner_role=built.roles[owner],
        due_day=last - 10,
        **_dates(program, last - 10),
    )
    built.tasks[task].feeds.add(built.criteria[criterion])


def _dates(program: Program, day: int) -> dict[str, dt.date | None]:
    """Return the dates of a day as a launch sets them: the next working day, the nominal one kept when moved."""
    nominal = date_of_day(program.start_date, day)
    due = program.calendar.next_working_day(nominal)
    return {"due_date": due, "baseline_date": due, "moved_from": nominal if due != nominal else None}
