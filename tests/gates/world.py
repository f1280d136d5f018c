"""A program with everything a gate needs, small enough to read: roles, gatekeepers, criteria, limits, a risk.

Built on the small program of `tests.factories`; dates: day 1 is 2026-01-05, gate 30 is due on 2026-02-03, gate 60 on
2026-03-05, the launch checkpoint (day 75) on 2026-03-20, gate 90 on 2026-04-06. Must not use the services it is for.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import User
from core import clock
from gates.domain.conditions import ConditionInput
from gates.domain.contents import DecisionInput
from gates.enums import View
from gates.models import Decision
from gates.services import deciding, reviews
from phases.enums import CriterionState, Outcome
from phases.models import Criterion, Event, Evidence, Phase
from playbooks.selectors import known_playbooks
from programs.domain.calendar import date_of_day
from programs.models import Program, Role
from risks.models import EscalationLevel, EscalationPath, MitigationAction, Risk
from tests import factories

PLAYBOOK = next(iter(known_playbooks().values()))
LIMITS = PLAYBOOK.limits.model_dump(mode="json")
SCORING = PLAYBOOK.scoring.model_dump(mode="json")
RISK_SCALE = PLAYBOOK.risk_scale.model_dump(mode="json")
GATE_DAY = dt.date(2026, 2, 3)
"""The day gate 30 is held: day 30."""
PROVEN_ON = dt.date(2026, 1, 24)


@dataclass
class World:
    """The program and its people; `built` knows the rest by slug."""

    built: factories.Built
    stranger: User
    executive: User
    administrator: User

    @property
    def program(self) -> Program:
        """The program, fresh from the database."""
        return Program.objects.get(pk=self.built.program.pk)

    def person(self, name: str) -> User:
        """Somebody by first name: sam decides, pat manages, mia owns, ivy verifies; rita, ben and fay keep gates."""
        return self.built.people[name]

    def role(self, slug: str) -> Role:
        """A role by slug."""
        return Role.objects.get(program=self.built.program, slug=slug)

    def event(self, slug: str) -> Event:
        """A gate or checkpoint, fresh."""
        return Event.objects.get(program=self.built.program, slug=slug)

    def criterion(self, slug: str) -> Criterion:
        """A criterion, fresh."""
        return Criterion.objects.get(program=self.built.program, slug=slug)


def world(**fields: Any) -> World:
    """Make the program: four events in three phases, risk lead Rita (deputy Rob), gatekeepers Rita, Ben and Fay."""
    values = {"limits": LIMITS, "scoring": SCORING, "risk_scale": RISK_SCALE, **fields}
    built = factories.program(**values)
    for name in ("rita", "rob", "ben", "fay"):
        built.people[name] = factories.user(f"{name}.{built.program.slug}")
    for slug, holder, deputy in (
        ("risk-governance-lead", "rita", "rob"),
        ("business-owner", "ben", None),
        ("finance-partner", "fay", None),
    ):
        built.roles[slug] = Role.objects.create(
            program=built.program,
            slug=slug,
            name=slug.replace("-", " ").capitalize(),
            position=len(built.roles),
            holder=built.people[holder],
            deputy=built.people[deputy] if deputy else None,
        )
    _third_phase(built)
    keepers = [built.roles[s] for s in ("risk-governance-lead", "business-owner", "finance-partner")]
    for slug in ("gate-30", "gate-60", "gate-90"):
        built.events[slug].gatekeepers.set(keepers)
    return World(
        built,
        stranger=factories.user(),
        executive=factories.user(is_executive_viewer=True),
        administrator=factories.user(is_administrator=True),
    )


def _third_phase(built: factories.Built) -> None:
    program = built.program
    phase = Phase.objects.create(
        program=program,
        slug="phase-3",
        name="Execute",
        position=3,
        question="Does it run?",
        start_day=61,
        end_day=90,
        start_date=date_of_day(program.start_date, 61),
        end_date=date_of_day(program.start_date, 90),
    )
    for slug, kind, day in (("cp-75", "checkpoint", 75), ("gate-90", "gate", 90)):
        due = program.calendar.next_working_day(date_of_day(program.start_date, day))
        built.events[slug] = Event.objects.create(
            program=program, phase=phase, slug=slug, kind=kind, name=slug, day=day, due_date=due, baseline_date=due
        )


def add(w: World, slug: str, event: str = "gate-30", *, proven: bool = False, **fields: Any) -> Criterion:
    """Add a criterion of the model owner, verified by the independent reviewer; `proven` verifies it on day 20."""
    on = w.built.events[event]
    values = {
        "dimension_slug": "assurance",
        "dimension_name": "Model assurance",
        "level": "must",
        "level_code": "M",
        "owner_role": w.built.roles["model-owner"],
        "verifier_role": w.built.roles["independent-reviewer"],
        "text": f"The {slug} holds.",
        "evidence_type": "document",
        "max_age_days": 60,
        "due_day": on.day - 4,
        "due_date": on.due_date - dt.timedelta(days=4),
        "baseline_date": on.due_date - dt.timedelta(days=4),
    }
    made = Criterion.objects.create(program=w.program, event=on, slug=slug, **{**values, **fields})
    w.built.criteria[slug] = made
    if proven:
        prove(w, slug)
    return made


def prove(
    w: World, slug: str, on: dt.date = dt.date(2026, 1, 24), *, verified: bool = True, version: str = "1"
) -> None:
    """Give a criterion evidence that describes `on` and, unless told otherwise, a second person's verification."""
    criterion = w.criterion(slug)
    at = dt.datetime.combine(on, dt.time(12), dt.UTC)
    Evidence.objects.create(
        criterion=criterion, kind="note", title="Proof", note="Seen.", effective_date=on, describes_version=version,
        added_by=w.person("mia"), added_at=at,
    )  # fmt: skip
    criterion.handed_in_by, criterion.handed_in_at = w.person("mia"), at
    criterion.state = CriterionState.HANDED_IN
    if verified:
        criterion.state = CriterionState.VERIFIED
        criterion.verified_by, criterion.verified_at = w.person("ivy"), at
    criterion.save()


def risk(w: World, slug: str = "drift", *, likelihood: int = 5, impact: int = 5, dated: bool = False) -> Risk:
    """Add a risk of the model owner, raised from the first phase, above tolerance unless told otherwise."""
    path, made_now = EscalationPath.objects.get_or_create(
        program=w.program, slug="p", defaults={"name": "P", "trigger": "t"}
    )
    if made_now:
        rung = EscalationLevel.objects.create(path=path, position=1, unit="at_once")
        rung.roles.add(w.built.roles["sponsor"])
    made = Risk.objects.create(
        program=w.program, slug=slug, category="model", cause="c", event=f"The {slug} comes true", impact="i",
        inherent_likelihood=likelihood, inherent_impact=impact, current_likelihood=likelihood, current_impact=impact,
        response="mitigate", owner_role=w.built.roles["model-owner"], path=path, raise_from_phase="phase-1",
    )  # fmt: skip
    MitigationAction.objects.create(
        risk=made, position=0, text="Watch it", owner_role=w.built.roles["model-owner"],
        due_date=dt.date(2026, 3, 31) if dated else None,
    )  # fmt: skip
    return made


@contextmanager
def on(day: dt.date, hour: int = 10) -> Iterator[None]:
    """Hold the clock on a day (10:00 UTC unless told otherwise)."""
    with clock.frozen(dt.datetime.combine(day, dt.time(hour), dt.UTC)):
        yield


def open_round(w: World, slug: str = "gate-30", *, heard: bool = True) -> None:
    """Hand a gate in to review and, unless told otherwise, let every gatekeeper support it."""
    reviews.open_review(actor=w.person("pat"), event=w.event(slug))
    if heard:
        hear(w, slug)


def hear(w: World, slug: str = "gate-30", view: View = View.SUPPORT) -> None:
    """Let all gatekeepers of an event give the same view."""
    for role in w.event(slug).gatekeepers.all():
        if role.holder is not None:
            reviews.give_view(actor=role.holder, event=w.event(slug), role=role, view=view, text="Because.")


def go(**fields: Any) -> DecisionInput:
    """A complete Go."""
    return DecisionInput(**{**_next(), "word": Outcome.GO, "reason": "It is proven.", **fields})


def conditional(day: dt.date = GATE_DAY, **fields: Any) -> DecisionInput:
    """A complete Conditional Go with one condition due in ten days; it differs from the advice, so it is explained."""
    rows = (condition(day),)
    values = {**_next(), "word": Outcome.CONDITIONAL_GO, "reason": "Good enough.", "explanation": "Named debts."}
    return DecisionInput(**{**values, "conditions": rows, **fields})


def condition(day: dt.date = GATE_DAY, **fields: Any) -> ConditionInput:
    """A complete condition of the model owner."""
    values = {
        "text": "Repeat the bias test",
        "owner_role": "model-owner",
        "due_date": day + dt.timedelta(days=10),
        "exit_test": "No group worse than 2 points",
        "consequence": "Exposure is halved",
        "verifier_role": "independent-reviewer",
    }
    return ConditionInput(**{**values, **fields})


def hold(day: dt.date = GATE_DAY, **fields: Any) -> DecisionInput:
    """A complete Hold, reviewed after ten days."""
    values = {
        "word": Outcome.HOLD,
        "reason": "The regulator has not answered.",
        "explanation": "Nobody here can speed it up.",
        "hold_cause": "regulator",
        "waiting_for": "The regulator's letter",
        "keeps_running": "Mia keeps the pilot running",
        "review_date": day + dt.timedelta(days=10),
    }
    return DecisionInput(**{**values, **fields})


def recycle(*slugs: str, day: dt.date = GATE_DAY, **fields: Any) -> DecisionInput:
    """A complete Recycle of some criteria, decided again after ten days."""
    values = {
        "word": Outcome.RECYCLE,
        "reason": "Not there yet.",
        "explanation": "Redo it.",
        "redo": slugs,
        "new_date": day + dt.timedelta(days=10),
        "changes": "One more tester",
    }
    return DecisionInput(**{**values, **fields})


def stop(**fields: Any) -> DecisionInput:
    """A complete Stop."""
    values = {
        "word": Outcome.STOP,
        "reason": "The value is not there.",
        "explanation": "The case is gone.",
        "stop_reason": "value",
        "disposal": "Data deleted, keys withdrawn",
        "people_told": "All adjusters",
        "lessons": "Measure first",
        "cost_avoided": Decimal("120000"),
    }
    return DecisionInput(**{**values, **fields})


def decided(w: World, wanted: DecisionInput, slug: str = "gate-30", **options: Any) -> Decision:
    """Let the sponsor decide."""
    return deciding.decide(actor=w.person("sam"), event=w.event(slug), wanted=wanted, **options)


def _next() -> dict[str, Any]:
    return {
        "next_owner": "Pat",
        "next_budget": "180,000 EUR",
        "next_start": dt.date(2026, 2, 4),
        "next_end": dt.date(2026, 3, 5),
        "trade_off": "Speed over cost",
    }
