"""Brings the delivery rows of a program into line with what the planner says ought to exist (rules 1, 2, 3).

Planning twice, or by many at once, changes nothing: rows live under a unique key, a program is locked while it is
planned, and the locked row is skipped by everybody else. Must not send.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from core.locks import locked
from core.text import shorten
from programs.models import Program
from reminders.defaults import Limits, limits
from reminders.domain.facts import ProgramFacts
from reminders.domain.gone import OTHER, why_gone
from reminders.domain.intents import Intent
from reminders.domain.left_out import why_left_out
from reminders.domain.planner import plan
from reminders.domain.rules import Rule
from reminders.enums import RuleSlug, State
from reminders.models import Delivery, Mail, ProgramPlan
from reminders.selectors.facts import load_facts, load_rules

_log = logging.getLogger(__name__)

MISSED = "Nothing could be sent on its day, and it makes no sense later"
STORM = "Held: too many reminders at once for one program; an administrator can release them"


@dataclass
class PlanCount:
    """What planning did to delivery rows; `failed` counts programs that could not be planned."""

    planned: int = 0
    cancelled: int = 0
    held: int = 0
    failed: int = 0

    def add(self, other: "PlanCount") -> None:
        """Add up what another program gave."""
        self.planned += other.planned
        self.cancelled += other.cancelled
        self.held += other.held
        self.failed += other.failed


def plan_due(now: datetime) -> PlanCount:
    """Plan every program that changed or whose planned stretch runs out, oldest first, within the time allowed.

    One transaction per program. A program whose facts cannot be planned keeps its error, is tried again an hour
    later and holds up nobody else (P8).
    """
    bounds = limits()
    total = PlanCount()
    deadline = time.monotonic() + bounds.planning_seconds
    for program_id in _waiting(now, bounds).values_list("program_id", flat=True)[: bounds.programs_per_tick]:
        if time.monotonic() > deadline:
            break
        try:
            total.add(plan_program(program_id, now, waiting=_waiting(now, bounds)))
        except Exception as error:
            _log.exception("program %s cannot be planned", program_id)
            total.failed += 1
            ProgramPlan.objects.filter(pk=program_id).update(
                dirty=False, error=shorten(f"{type(error).__name__}: {error}", 300), retry_at=now + timedelta(hours=1)
            )
    return total


def behind(now: datetime) -> bool:
    """Whether some program's planned stretch has run out or never began: a mail of the day would be incomplete."""
    overdue = Q(planned_through__lte=now) | Q(planned_through=None, dirty=True)
    return ProgramPlan.objects.filter(overdue, error="").exists()


def _waiting(now: datetime, bounds: Limits) -> "QuerySet[ProgramPlan]":
    """Programs to plan: changed, running out, or planned far ahead by a clock that has since been set back."""
    runs_out = now + timedelta(hours=bounds.horizon_hours - bounds.replan_hours)
    too_far = now + timedelta(hours=bounds.horizon_hours + 1)
    wanted = Q(dirty=True) | Q(planned_through__lt=runs_out) | Q(planned_through__gt=too_far)
    plans = ProgramPlan.objects.filter(wanted).exclude(retry_at__gt=now)
    # Those never planned first, on every database: composing waits for them.
    return plans.order_by(F("planned_through").asc(nulls_first=True), "program_id")


@transaction.atomic
def plan_program(program_id: int, now: datetime, *, waiting: "QuerySet[ProgramPlan] | None" = None) -> PlanCount:
    """Plan one program up to the horizon. Returns what changed; nothing when another process is planning it.

    With `waiting` it is planned only if it is still one of those: another process may have been there already.
    """
    bounds = limits()
    plans = ProgramPlan.objects.all() if waiting is None else waiting.order_by()
    row = locked(plans.filter(pk=program_id), skip=True).first()
    if row is None:
        return PlanCount()
    program = Program.objects.get(pk=program_id)
    facts = load_facts(program)
    until = now + timedelta(hours=bounds.horizon_hours)
    # Starting where the last plan ended keeps reminders that were missed while nothing ran visible in the ledger.
    since = min(now, row.planned_through or now)
    rules = load_rules(program_id)
    intents = plan(facts, rules, since, until)
    count = _bring_into_line(facts, rules, intents, now, until, bounds)
    row.planned_through, row.dirty, row.error, row.retry_at = until, False, "", None
    row.save(update_fields=["planned_through", "dirty", "error", "retry_at"])
    return count


def _bring_into_line(
    facts: ProgramFacts,
    rules: tuple[Rule, ...],
    intents: tuple[Intent, ...],
    now: datetime,
    until: datetime,
    bounds: Limits,
) -> PlanCount:
    wanted = {intent.key: intent for intent in intents}
    rows = {
        row.key: row
        for row in Delivery.objects.filter(
            Q(program_id=facts.id, state__in=[State.QUEUED, State.HELD]) & ~Q(rule=RuleSlug.INVITATION)
            | Q(key__in=wanted)
        )
        if not row.is_again  # sent by hand: the planner neither wants nor cancels it
    }
    count = PlanCount()
    # First of all, as everywhere: mails are locked before reminders.
    under_way = _under_way(row for key, row in rows.items() if key in wanted and row.state == State.CANCELLED)
    fresh = [_row(intent, facts.id, now) for key, intent in wanted.items() if key not in rows and _kept(intent, now)]
    count.planned = sum(row.state == State.QUEUED for row in fresh)
    # In normal running a reminder is planned a day ahead; a burst that is due at once means an import, a clock that
    # jumped, or a fault of ours (P13).
    burst = [row for row in fresh if row.state == State.QUEUED and row.not_before <= now]
    if len(burst) > bounds.storm_rows:
        for row in burst:
            row.state, row.reason = State.HELD, STORM
        count.held = len(burst)
        count.planned -= count.held
    # Never ignore_conflicts: on SQLite it would also swallow other faults, and a reminder would be lost silently.
    Delivery.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["key"], update_fields=["item_label"], batch_size=500
    )
    for key, row in sorted(rows.items(), key=lambda pair: pair[1].pk):
        if key in wanted:
            count.planned += _refresh(row, wanted[key], now, under_way.get(row.mail_id or 0))
        elif row.state in (State.QUEUED, State.HELD) and row.expires_at > now and row.planned_for <= until:
            reason = why_gone(facts, row.item_kind, row.item_id, row.user_id, row.due_date)
            if reason == OTHER or row.rule == RuleSlug.MY_WEEK:
                reason = why_left_out(facts, rules, row.rule, row.occurrence, row.user_id) or reason
            count.cancelled += _cancel(row, reason)
    return count


def _kept(intent: Intent, now: datetime) -> bool:
    """What still makes sense, and leads that were missed; overdue steps that were missed collapse into the newest."""
    return intent.expires_at > now or intent.lead is not None


def _row(intent: Intent, program_id: int, now: datetime) -> Delivery:
    missed = intent.expires_at <= now
    return Delivery(
        key=intent.key,
        program_id=program_id,
        user_id=intent.user_id,
        item_kind=intent.kind,
        item_id=intent.item_id,
        item_slug=intent.item_slug,
        rule=intent.rule,
        occurrence=intent.occurrence,
        due_date=intent.due,
        alone=intent.alone,
        any_day=intent.any_day,
        not_before=intent.not_before,
        state=State.EXPIRED if missed else State.QUEUED,
        reason=MISSED if missed else "",
        created_at=now,
        **_volatile(intent),
    )


def _volatile(intent: Intent) -> dict[str, object]:
    """What may change while a reminder waits: names, hours, gaps, the part of its recipient."""
    return {
        "item_label": shorten(intent.label, 400),
        "part": intent.part,
        "role_slug": intent.role,
        "gaps": list(intent.gaps),
        "urgency": intent.urgency,
        "planned_on": intent.planned_on,
        "planned_for": intent.not_before,
        "expires_at": intent.expires_at,
    }


def _under_way(cancelled: Iterable[Delivery]) -> dict[int, Mail]:
    """The mails that cancelled reminders were in when they were handed over, and that are not at their end; locked.

    Their bytes may have been taken by a server that has not been heard since. No query when there are none.
    """
    ids = {row.mail_id for row in cancelled if row.mail_id is not None}
    unsaid = Mail.objects.filter(pk__in=ids, mime__isnull=False).exclude(state=State.SENT).defer("mime")
    return {mail.pk: mail for mail in locked(unsaid).order_by("pk")} if ids else {}


def _refresh(row: Delivery, intent: Intent, now: datetime, under_way: Mail | None) -> int:
    """Wake a cancelled row whose cause is back (a date that moved back), or keep a waiting one up to date."""
    volatile = _volatile(intent)
    changes = {name: value for name, value in volatile.items() if getattr(row, name) != value}
    if "planned_for" in changes:
        changes["not_before"] = intent.not_before
    if row.state == State.CANCELLED and intent.expires_at > now:
        changes |= {"state": State.QUEUED, "reason": "", "not_before": intent.not_before}
        return _wake(row, changes, under_way, now)
    if changes and row.state in (State.QUEUED, State.HELD):
        Delivery.objects.filter(pk=row.pk, state=row.state, mail__isnull=True).update(**changes)
    return 0


def _wake(row: Delivery, changes: dict[str, object], under_way: Mail | None, now: datetime) -> int:
    """Queue a cancelled reminder again; one that may have left goes out in the same bytes or not at all (P2)."""
    if under_way is None:
        changes["mail"] = None
    elif under_way.state == State.CANCELLED:
        Mail.objects.filter(pk=under_way.pk).update(state=State.QUEUED, reason="", not_before=now)
    elif under_way.state == State.DEAD:
        return 0
    return Delivery.objects.filter(pk=row.pk, state=State.CANCELLED).update(**changes)


def _cancel(row: Delivery, reason: str) -> int:
    open_ = Delivery.objects.filter(pk=row.pk, state__in=[State.QUEUED, State.HELD])
    return open_.update(state=State.CANCELLED, reason=reason)
