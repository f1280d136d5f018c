"""What other apps' news does to escalations, inside the writer's transaction. Must not tell rungs; ticks do."""

from collections.abc import Callable

from django.db.models import Q

from activity.enums import Verb
from activity.models import Entry
from escalation.enums import Subject
from escalation.services import answering
from escalation.services.starting import start_for_breach
from programs.models import Role


def on_activity(entry: Entry) -> None:
    """Hear of one activity entry. Side effect: starts, acknowledges or ends escalations."""
    handler = _HANDLERS.get(Verb(entry.verb))
    if handler is not None:
        handler(entry)


def _breached(entry: Entry) -> None:
    if entry.subject_kind == Subject.ALERT:
        start_for_breach(entry.subject_id)


def _recovered(entry: Entry) -> None:
    if entry.subject_kind == Subject.ALERT:
        answering.end_about(Subject.ALERT, entry.subject_id, "The metric is back inside its limits.")


def _acknowledged(entry: Entry) -> None:
    if entry.subject_kind == Subject.ALERT:
        answering.alert_acknowledged(entry.subject_id)


def _action_done(entry: Entry) -> None:
    action = entry.data.get("action")
    if isinstance(action, int):
        answering.end_about(Subject.ACTION, action, "The action is finished.")


def _issue_closed(entry: Entry) -> None:
    answering.end_about(Subject.ISSUE, entry.subject_id, "The issue is closed.")


def _over(entry: Entry) -> None:
    if entry.program_id is not None:
        answering.end_all(entry.program_id, "The program is over.")


def _role(entry: Entry) -> None:
    answering.wake(program=entry.program_id)


def _person(entry: Entry) -> None:
    held = Q(holder=entry.subject_id) | Q(deputy=entry.subject_id)
    answering.wake(program__in=Role.objects.filter(held).values("program"))


_HANDLERS: dict[Verb, Callable[[Entry], None]] = {
    Verb.METRIC_BREACHED: _breached,
    Verb.METRIC_RECOVERED: _recovered,
    Verb.ALERT_ACKNOWLEDGED: _acknowledged,
    Verb.RISK_ACTION_DONE: _action_done,
    Verb.ISSUE_CLOSED: _issue_closed,
    Verb.PROGRAM_STOPPED: _over,
    Verb.PROGRAM_CLOSED: _over,
    Verb.ROLE_FILLED: _role,
    Verb.ROLE_VACATED: _role,
    Verb.ROLE_DEPUTY_SET: _role,
    Verb.USER_DEACTIVATED: _person,
    Verb.USER_REACTIVATED: _person,
}
