"""Mitigation actions: planned with an owner and a date, finished with what shows it (S58, G23)."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from programs.models import Role
from programs.selectors import cast_of
from risks import policies
from risks.models import MitigationAction, Risk
from risks.services.base import line, lock, of_program, record, same_version, still_open

TEXT_LIMIT = 300
PROOF_LIMIT = 500


@transaction.atomic
def add_action(
    *, actor: User, risk: Risk, text: str, owner_role: Role, due_date: dt.date, key: str = ""
) -> MitigationAction:
    """Plan an action against a risk. `key` makes a form sent twice one action.

    Errors: NotAllowed, Invalid (closed risk, no words, a role of another program, a day that has passed).
    """
    risk = lock(risk)
    policies.may_keep(actor, risk, cast_of(risk.program)).require()
    twin = MitigationAction.objects.filter(risk=risk, form_key=key).first() if key else None
    if twin is not None:
        return twin
    still_open(risk)
    of_program(owner_role, risk.program, "owner_role")
    last = risk.actions.aggregate(last=Max("position"))["last"]
    made = MitigationAction.objects.create(
        risk=risk,
        position=0 if last is None else last + 1,
        text=_text(text),
        owner_role=owner_role,
        due_date=_ahead(due_date, risk),
        added_at=clock.now(),
        form_key=key or None,
    )
    record(actor, Verb.RISK_ACTION_ADDED, risk, action=made.pk, due=due_date.isoformat(), text=made.text)
    return made


@transaction.atomic
def change_action(
    *,
    actor: User,
    action: MitigationAction,
    text: str,
    owner_role: Role,
    due_date: dt.date,
    version: int | None = None,
) -> MitigationAction:
    """Reword, hand on or re-date an open action; both values are on record. Sent twice is once.

    Errors: NotAllowed, Conflict, Invalid (finished: it may carry a lower score; a new day that has passed).
    """
    risk, action = _locked(action)
    policies.may_keep(actor, risk, cast_of(risk.program)).require()
    still_open(risk)
    of_program(owner_role, risk.program, "owner_role")
    new = {"text": _text(text), "owner_role_id": owner_role.pk, "due_date": due_date}
    differs = {name: value for name, value in new.items() if getattr(action, name) != value}
    if not differs:
        return action
    same_version(action.version, version, partial(_now, action))
    if action.done_at is not None:
        raise Invalid("This action is finished; what it showed stays as it is.")
    if "due_date" in differs:
        _ahead(due_date, risk)
    changed = {name: [_plain(getattr(action, name)), _plain(value)] for name, value in differs.items()}
    for name, value in differs.items():
        setattr(action, name, value)
    action.version += 1
    action.save(update_fields=[*differs, "version"])
    record(actor, Verb.RISK_ACTION_CHANGED, risk, action=action.pk, changed=changed)
    return action


@transaction.atomic
def date_action(*, actor: User, action: MitigationAction, due_date: dt.date) -> MitigationAction:
    """Agree when an action is due; G23 asks for a date at the first gate. Errors: NotAllowed, Invalid."""
    return change_action(actor=actor, action=action, text=action.text, owner_role=action.owner_role, due_date=due_date)


@transaction.atomic
def finish_action(*, actor: User, action: MitigationAction, proof: str) -> MitigationAction:
    """Mark an action done with what shows it; twice is once. Who did it is kept: somebody else lowers the score (G2).

    Errors: NotAllowed, Invalid (no proof, closed risk).
    """
    risk, action = _locked(action)
    policies.may_finish(actor, action, risk, cast_of(risk.program)).require()
    if action.done_at is not None:
        return action
    still_open(risk)
    said = line(proof, "proof", "Say what shows that it is done.", PROOF_LIMIT)
    action.done_at, action.done_by, action.proof = clock.now(), actor, said
    action.version += 1
    action.save(update_fields=["done_at", "done_by", "proof", "version"])
    record(actor, Verb.RISK_ACTION_DONE, risk, action=action.pk, reason=said)
    return action


def _locked(action: MitigationAction) -> tuple[Risk, MitigationAction]:
    """Lock the risk, then the action: always in this order."""
    risk = lock(action.risk)
    rows = MitigationAction.objects.select_related("owner_role").filter(pk=action.pk)
    return risk, locked(rows).get()


def _text(text: str) -> str:
    return line(text, "text", "Say in one line what is done.", TEXT_LIMIT)


def _ahead(due_date: dt.date, risk: Risk) -> dt.date:
    if due_date < clock.today(risk.program.time_zone):
        raise Invalid("That day has passed; choose today or later.", field="due_date")
    return due_date


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _now(action: MitigationAction) -> str:
    due = f"due {action.due_date}" if action.due_date else "no date yet"
    return f"{action.text} ({action.owner_role}, {due})"
