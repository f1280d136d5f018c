"""What a change does to waiting reminders, in the transaction of the change itself (rule 3).

Whatever surely lost its cause is cancelled with the reason; the program is then planned anew at the next tick, which
revives what still holds. Until then nothing of that program leaves. Must not plan here: a person is waiting.
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from accounts.models import User
from activity.enums import Verb
from activity.models import Entry
from core.locks import locked
from phases.models import Criterion, Task
from programs.domain.localtime import local_date
from programs.models import Program, Role
from reminders.domain.bounces import unreached
from reminders.domain.gone import PAUSED
from reminders.enums import Kind, RuleSlug, State
from reminders.models import Delivery, ProgramPlan
from reminders.services.preferences import want_updates_again
from reminders.services.rules import copy_default_rules
from risks.models import MitigationAction
from updates.models import Subscription

Waiting = QuerySet[Delivery]


def on_activity(entry: Entry) -> None:
    """Hear of one activity entry. Side effect: cancels rows and marks programs for planning (P11)."""
    handler = _HANDLERS.get(Verb(entry.verb))
    if handler is not None:
        handler(entry)


def _touch(programs: Q) -> None:
    """Ask for planning. Always before any delivery row is touched: the planner locks in the same order."""
    ProgramPlan.objects.filter(programs).update(dirty=True, retry_at=None)


def _waiting(**where: object) -> Waiting:
    """Everything that has not left; what is being sent is noticed by the sender before it speaks to the server."""
    rows = Delivery.objects.filter(state__in=[State.QUEUED, State.HELD, State.LEASED], **where)
    return rows.exclude(rule=RuleSlug.INVITATION)  # the app that plans invitations withdraws them


def _cancel(rows: Waiting, reason: str) -> None:
    # Locked in one order everywhere, so that no two writers deadlock.
    waiting = list(locked(rows).order_by("pk").values_list("pk", flat=True))
    still = Delivery.objects.filter(pk__in=waiting, state__in=[State.QUEUED, State.HELD, State.LEASED])
    still.update(state=State.CANCELLED, reason=reason)


def _launched(entry: Entry) -> None:
    copy_default_rules(Program.objects.get(pk=entry.subject_id))


def _stopped(entry: Entry) -> None:
    _touch(Q(program_id=entry.program_id))
    _cancel(_waiting(program_id=entry.program_id), PAUSED)


def _program_changed(entry: Entry) -> None:
    _touch(Q(program_id=entry.program_id))


def _item(reason: str) -> Callable[[Entry], None]:
    """A handler that cancels everything waiting about the entry's subject and has the program planned again."""

    def handle(entry: Entry) -> None:
        _touch(Q(program_id=entry.program_id))
        rows = _waiting(program_id=entry.program_id, item_kind=entry.subject_kind, item_id=entry.subject_id)
        _cancel(rows, _moved(entry) or reason)

    return handle


def _moved(entry: Entry) -> str:
    if entry.verb in (Verb.ITEM_REDATED, Verb.EVENT_REDATED) and entry.data.get("after"):
        return f"The date moved to {entry.data['after']}"
    return ""


def _action(reason: str) -> Callable[[Entry], None]:
    """The same for a mitigation action, which its risk's entry names by id."""

    def handle(entry: Entry) -> None:
        _touch(Q(program_id=entry.program_id))
        rows = _waiting(program_id=entry.program_id, item_kind=Kind.ACTION, item_id=entry.data["action"])
        _cancel(rows, reason)

    return handle


def _risk_gone(reason: str) -> Callable[[Entry], None]:
    """A risk is over: neither its review nor its actions are owed any more."""

    def handle(entry: Entry) -> None:
        _touch(Q(program_id=entry.program_id))
        actions = MitigationAction.objects.filter(risk_id=entry.subject_id).values("pk")
        review = Q(item_kind=Kind.RISK, item_id=entry.subject_id)
        owed = Q(item_kind=Kind.ACTION, item_id__in=actions)
        _cancel(_waiting(program_id=entry.program_id).filter(review | owed), reason)

    return handle


def _role(entry: Entry) -> None:
    """A role changed hands: what was addressed through it is asked of others now."""
    _touch(Q(program_id=entry.program_id))
    slug = Role.objects.filter(pk=entry.subject_id).values_list("slug", flat=True).first()
    rows = _waiting(program_id=entry.program_id, role_slug=slug)
    before = entry.data.get("before")
    if before:
        rows = rows | _waiting(program_id=entry.program_id, user_id=before)
    _cancel(rows, "The role changed hands")


def _person(entry: Entry) -> None:
    """A person's hour, zone, absence, account or rights changed: plan every program they have a part in or follow."""
    user_id = entry.subject_id if entry.subject_kind == "user" else entry.data.get("user", entry.subject_id)
    roles = Role.objects.filter(Q(holder_id=user_id) | Q(deputy_id=user_id)).values("program_id")
    criteria = Criterion.objects.filter(assignee_id=user_id).values("program_id")
    tasks = Task.objects.filter(assignee_id=user_id).values("program_id")
    follows = Subscription.objects.filter(user_id=user_id).values("program_id")
    parts = (roles, criteria, tasks, follows)
    _touch(Q(*(("program_id__in", part) for part in parts), _connector=Q.OR))
    if entry.verb == Verb.USER_DEACTIVATED:
        _cancel(_waiting(user_id=user_id), "The account was deactivated")


def _unreached(entry: Entry) -> None:
    """Mails to a person come back: whatever waits for them is asked of others with the next planning (P7)."""
    waiting = _waiting(user_id=entry.subject_id)
    _touch(Q(program_id__in=list(waiting.values_list("program_id", flat=True))))
    _person(entry)
    person = User.objects.get(pk=entry.subject_id)
    _cancel(waiting, unreached(str(person), local_date(entry.at, person.time_zone)))


def _posted(entry: Entry) -> None:
    """A status update is there: nobody has to write it any more, and subscribers want to read it."""
    _touch(Q(program_id=entry.program_id))
    _cancel(_waiting(program_id=entry.program_id, item_kind=Kind.UPDATE), "Posted")


def _subscribed(entry: Entry) -> None:
    if entry.data["by_mail"] != "no":
        want_updates_again(entry.subject_id)
    _touch(Q(program_id=entry.data["program"]))


def _wishes(entry: Entry) -> None:
    """A person asked for other reminders, or can be reached again: plan every program that mails or may mail them."""
    _touch(Q(program_id__in=_waiting(user_id=entry.subject_id).values("program_id")))
    _person(entry)


_HANDLERS: dict[Verb, Callable[[Entry], None]] = {
    Verb.PROGRAM_LAUNCHED: _launched,
    Verb.PROGRAM_PAUSED: _stopped,
    Verb.PROGRAM_STOPPED: _stopped,
    Verb.PROGRAM_CLOSED: _stopped,
    Verb.PROGRAM_RESUMED: _program_changed,
    Verb.ROLE_FILLED: _role,
    Verb.ROLE_VACATED: _role,
    Verb.ROLE_DEPUTY_SET: _role,
    Verb.EVIDENCE_ADDED: _program_changed,
    Verb.EVIDENCE_WITHDRAWN: _program_changed,
    Verb.CRITERION_HANDED_IN: _item("Handed in; the verifier is asked now"),
    Verb.CRITERION_VERIFIED: _item("Verified"),
    Verb.CRITERION_SENT_BACK: _item("Sent back; the owner is asked again"),
    Verb.TASK_DONE: _item("Done"),
    Verb.TASK_REOPENED: _program_changed,
    Verb.ITEM_REDATED: _item("The date moved"),
    Verb.ITEM_REASSIGNED: _item("Somebody else answers for it now"),
    Verb.ITEM_DELEGATED: _item("Somebody else answers for it now"),
    Verb.EVENT_DECIDED: _item("Decided"),
    Verb.EVENT_REDATED: _item("The date moved"),
    Verb.USER_DEACTIVATED: _person,
    Verb.USER_REACTIVATED: _person,
    Verb.USER_CHANGED: _person,
    Verb.ABSENCE_CHANGED: _person,
    Verb.MAIL_UNREACHABLE: _unreached,
    Verb.MAIL_REACHABLE: _wishes,
    Verb.REMINDER_RULE_CHANGED: _program_changed,
    Verb.REVIEW_OPENED: _program_changed,
    Verb.VIEW_GIVEN: _program_changed,
    Verb.ALTERNATE_NAMED: _program_changed,
    Verb.DECISION_LAPSED: _program_changed,
    Verb.GATE_REPLANNED: _program_changed,
    Verb.CONDITION_SET: _program_changed,
    Verb.CONDITION_EVIDENCE: _item("There is evidence; the verifier is asked now"),
    Verb.CONDITION_SENT_BACK: _item("Sent back; the owner is asked again"),
    Verb.CONDITION_CLOSED: _item("Closed"),
    Verb.CRITERION_REOPENED: _program_changed,
    Verb.WAIVER_APPROVED: _program_changed,
    Verb.WAIVER_WITHDRAWN: _item("Withdrawn"),
    Verb.WAIVER_EXPIRED: _item("It has ended"),
    Verb.APPLICABILITY_ANSWERED: _program_changed,
    Verb.TAILORING_ANSWERED: _program_changed,
    Verb.STATUS_DECLARED: _program_changed,
    Verb.STATUS_AGREED: _program_changed,
    Verb.STATUS_ENDED: _item("It has ended"),
    Verb.PROGRAM_RUNNING: _program_changed,
    Verb.MINI_GATE_CALLED: _program_changed,
    Verb.GOVERNANCE_ADDED: _program_changed,
    Verb.GOVERNANCE_CHANGED: _item("The calendar was changed"),
    Verb.GOVERNANCE_DONE: _item("Held"),
    Verb.GOVERNANCE_DEFERRED: _item("Put off"),
    Verb.TRIGGER_HAPPENED: _program_changed,
    Verb.OWNERSHIP_NOMINATED: _program_changed,
    Verb.OWNERSHIP_ACCEPTED: _program_changed,
    Verb.OWNERSHIP_DECLINED: _program_changed,
    Verb.OWNERSHIP_WITHDRAWN: _program_changed,
    Verb.RISK_ACTION_ADDED: _program_changed,
    Verb.RISK_ACTION_CHANGED: _action("It was changed"),
    Verb.RISK_ACTION_DONE: _action("Done"),
    Verb.RISK_REVIEWED: _item("Reviewed"),
    Verb.RISK_RESCORED: _item("Scored anew; the review moved"),
    Verb.RISK_CHANGED: _item("The risk was changed"),
    Verb.RISK_ADDED: _program_changed,
    Verb.RISK_RAISED: _item("Raised; it is looked at today"),
    Verb.RISK_CLOSED: _risk_gone("The risk was closed"),
    Verb.RISK_REOPENED: _program_changed,
    Verb.RISK_ACCEPTED: _program_changed,
    Verb.RISK_ACCEPTANCE_ENDED: _program_changed,
    Verb.PROBLEM_WRITTEN: _program_changed,
    Verb.PROBLEM_SIGNED: _program_changed,
    Verb.BRIEF_PUBLISHED: _program_changed,
    Verb.BRIEF_ACKNOWLEDGED: _program_changed,
    Verb.GAP_ADDED: _program_changed,
    Verb.GAP_CHANGED: _program_changed,
    Verb.GAP_CLOSED: _program_changed,
    Verb.STAKEHOLDER_PLANNED: _program_changed,
    Verb.STAKEHOLDER_CONTACTED: _program_changed,
    Verb.DEPENDENCY_ADDED: _program_changed,
    Verb.DEPENDENCY_CHANGED: _program_changed,
    Verb.METRIC_BREACHED: _program_changed,
    Verb.METRIC_RECOVERED: _item("Back inside its limits"),
    Verb.ALERT_ACKNOWLEDGED: _item("Acknowledged"),
    Verb.METRIC_REPORTED: _program_changed,
    Verb.ESCALATION_RUNG_REACHED: _program_changed,
    Verb.ESCALATION_ACKNOWLEDGED: _item("Acknowledged"),
    Verb.ESCALATION_ENDED: _item("The escalation has ended"),
    Verb.UPDATE_POSTED: _posted,
    Verb.UPDATE_SUBSCRIBED: _subscribed,
    Verb.REMINDER_PREFERENCES_CHANGED: _wishes,
}
