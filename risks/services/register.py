"""A risk's life in the register: added, raised, changed, reviewed, closed, opened again (S29, S55-S58, S89)."""

import datetime as dt
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from programs.models import Program, Role
from programs.selectors import cast_of
from risks import policies
from risks.enums import Response
from risks.models import EscalationPath, Risk
from risks.services.acceptance import end_acceptance
from risks.services.base import hold, line, lock, of_program, record, same_version, scale_of, still_open, words

TEXT_LIMIT = 1000
LONGEST_REVIEW_DAYS = 365


@dataclass(frozen=True)
class RiskFacts:
    """What people say of a risk. The current score is no part of it; `services.rescore` changes that (G23)."""

    cause: str
    event: str
    impact: str
    category: str
    response: Response
    owner_role: Role
    path: EscalationPath
    target_likelihood: int | None = None
    target_impact: int | None = None


@transaction.atomic
def add_risk(
    *,
    actor: User,
    program: Program,
    facts: RiskFacts,
    likelihood: int,
    impact: int,
    raise_from_phase: str,
    key: str = "",
) -> Risk:
    """Write down a risk of the program's own; its first score is the inherent one. `key`: a form sent twice is one.

    `raise_from_phase` is the slug of a phase; a risk of a later one counts from its first day or once it is raised.
    Errors: NotAllowed, Invalid (a text missing or too long, off the scale, something of another program).
    """
    policies.may_add(actor, cast_of(program)).require()
    program = hold(program)
    twin = Risk.objects.filter(program=program, form_key=key).first() if key else None
    if twin is not None:
        return twin
    scale = scale_of(program)
    if not scale.holds(likelihood, impact):
        raise Invalid(f"Likelihood and impact go from {scale.minimum} to {scale.maximum}.", field="likelihood")
    today = clock.today(program.time_zone)
    made = Risk.objects.create(
        program=program,
        **_slug_and_place(program),
        **_content(program, facts),
        inherent_likelihood=likelihood,
        inherent_impact=impact,
        current_likelihood=likelihood,
        current_impact=impact,
        raise_from_phase=raise_from_phase,
        review_on=scale.next_review(likelihood * impact, today),
        added_at=clock.now(),
        form_key=key or None,
    )
    record(actor, Verb.RISK_ADDED, made, score=made.current_score, scale=scale.as_data())
    return made


@transaction.atomic
def change_risk(*, actor: User, risk: Risk, facts: RiskFacts, version: int | None = None) -> Risk:
    """Correct words, response, owner, path or target; both values are on record. Sent twice is once.

    Errors: NotAllowed, Conflict, Invalid.
    """
    risk = lock(risk)
    policies.may_keep(actor, risk, cast_of(risk.program)).require()
    still_open(risk)
    new = _content(risk.program, facts)
    differs = [name for name, value in new.items() if getattr(risk, name) != value]
    if not differs:
        return risk
    same_version(risk.version, version, partial(_now, risk))
    changed = {name: [str(getattr(risk, name)), str(new[name])] for name in differs}
    for name in differs:
        setattr(risk, name, new[name])
    risk.version += 1
    risk.save(update_fields=[*differs, "version"])
    record(actor, Verb.RISK_CHANGED, risk, changed=changed)
    return risk


@transaction.atomic
def review_risk(
    *, actor: User, risk: Risk, note: str, next_on: dt.date | None = None, version: int | None = None
) -> Risk:
    """Say that the risk was looked at and what was found; the next review follows by its band (S57).

    `next_on` may only be sooner than the band asks for. A form sent twice is once. Errors: NotAllowed, Conflict,
    Invalid (no note, a day that has passed or lies beyond the band's).
    """
    risk = lock(risk)
    policies.may_keep(actor, risk, cast_of(risk.program)).require()
    still_open(risk)
    today = clock.today(risk.program.time_zone)
    latest = scale_of(risk.program).next_review(risk.current_score, today)
    found = words(note, "note", "Say in a line what you found.")
    if next_on is not None and not today < next_on <= latest:
        by = f"{latest.day} {latest:%b %Y}"
        raise Invalid(f"Look at it again after today and by {by}: its score asks for that.", field="next_on")
    same_version(risk.version, version, partial(_now, risk))
    risk.reviewed_at, risk.reviewed_by, risk.review_on = clock.now(), actor, next_on or latest
    risk.version += 1
    risk.save(update_fields=["reviewed_at", "reviewed_by", "review_on", "version"])
    record(actor, Verb.RISK_REVIEWED, risk, next=risk.review_on.isoformat(), reason=found)
    return risk


@transaction.atomic
def close_risk(*, actor: User, risk: Risk, reason: str, version: int | None = None) -> Risk:
    """Take a risk out of the register that counts; it stays readable. An acceptance ends with it. Twice is once.

    Never by its owner, and above tolerance by the sponsor alone: closing would otherwise be the easy way past a gate.
    Errors: NotAllowed, Conflict, Invalid (no reason).
    """
    risk = lock(risk)
    policies.may_close(actor, risk, cast_of(risk.program)).require()
    if risk.closed_at is not None:
        return risk
    why = words(reason, "reason", "Say why it is over.")
    same_version(risk.version, version, partial(_now, risk))
    end_acceptance(actor, risk, "The risk was closed.")
    _close(risk, clock.now(), why)
    record(actor, Verb.RISK_CLOSED, risk, score=risk.current_score, reason=why)
    return risk


@transaction.atomic
def reopen_risk(*, actor: User, risk: Risk, reason: str, version: int | None = None) -> Risk:
    """Open a closed risk again with the score it had. Twice is once. Errors: NotAllowed, Conflict, Invalid."""
    risk = lock(risk)
    policies.may_keep(actor, risk, cast_of(risk.program)).require()
    if risk.closed_at is None:
        return risk
    why = words(reason, "reason", "Say why it is not over.")
    same_version(risk.version, version, partial(_now, risk))
    _close(risk, None, "")
    record(actor, Verb.RISK_REOPENED, risk, score=risk.current_score, reason=why)
    return risk


@transaction.atomic
def raise_risk(*, program: Program, slug: str, reason: str, actor: User | None = None) -> Risk | None:
    """Raise a risk ahead of its phase, or because a rule found it (S29, S89): it counts from now on.

    Idempotent: a risk is raised once; whatever people make of it afterwards stands. Without `actor` the system raises,
    in any program that is at work; a closed risk is opened again then. None when the program has no such risk.
    Side effects: the review is due today. Errors: NotAllowed, Invalid (no reason, closed).
    """
    found = locked(Risk.objects.select_related("program").filter(program=program, slug=slug)).first()
    if found is None:
        return None
    if actor is not None:
        policies.may_keep(actor, found, cast_of(program)).require()
    if found.raised_at is not None:
        return found
    why = words(reason, "reason", "Say what you see coming.")
    if actor is not None:
        still_open(found)
    today = clock.today(found.program.time_zone)
    found.raised_at, found.raised_because, found.review_on = clock.now(), why, today
    found.closed_at, found.closed_because = None, ""
    found.version += 1
    found.save(update_fields=["raised_at", "raised_because", "review_on", "closed_at", "closed_because", "version"])
    record(actor, Verb.RISK_RAISED, found, score=found.current_score, reason=why)
    return found


def _close(risk: Risk, at: dt.datetime | None, why: str) -> None:
    risk.closed_at, risk.closed_because = at, why
    risk.version += 1
    risk.save(update_fields=["closed_at", "closed_because", "version"])


def _content(program: Program, facts: RiskFacts) -> dict[str, object]:
    of_program(facts.owner_role, program, "owner_role")
    if facts.path.program_id != program.pk:
        raise Invalid("Choose an escalation path of this program.", field="path")
    scale, target = scale_of(program), (facts.target_likelihood, facts.target_impact)
    if (target[0] is None) != (target[1] is None):
        raise Invalid("A target needs both likelihood and impact.", field="target_likelihood")
    if target[0] is not None and target[1] is not None and not scale.holds(target[0], target[1]):
        raise Invalid(f"A target goes from {scale.minimum} to {scale.maximum}.", field="target_likelihood")
    return {
        "cause": words(facts.cause, "cause", "Say what it comes from.", TEXT_LIMIT),
        "event": words(facts.event, "event", "Say what would happen.", TEXT_LIMIT),
        "impact": words(facts.impact, "impact", "Say what it would do.", TEXT_LIMIT),
        "category": line(facts.category, "category", "Choose a category.", 40),
        "response": Response(facts.response).value,
        "owner_role": facts.owner_role,
        "path": facts.path,
        "target_likelihood": facts.target_likelihood,
        "target_impact": facts.target_impact,
    }


def _slug_and_place(program: Program) -> dict[str, object]:
    rows = Risk.objects.filter(program=program)
    own = rows.filter(slug__startswith="own-").values_list("slug", flat=True)
    last = max((int(s.removeprefix("own-")) for s in own if s.removeprefix("own-").isdigit()), default=0)
    place = rows.aggregate(last=Max("position"))["last"]
    return {"slug": f"own-{last + 1}", "position": 0 if place is None else place + 1}


def _now(risk: Risk) -> str:
    state = "closed" if risk.closed_at else f"current score {risk.current_score}, {risk.get_response_display().lower()}"
    return f"{risk.event} ({risk.owner_role}, {state})"
