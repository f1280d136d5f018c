"""What a change does to invitations, in the transaction of the change itself. Must not decide who is asked."""

from django.db.models import Q

from activity.enums import Verb
from activity.models import Entry
from calendars.models import Invitation, ProgramInvitations
from calendars.services.inviting import bring_into_line
from programs.models import Role

_PROGRAM = frozenset(
    {
        Verb.PROGRAM_PAUSED,
        Verb.PROGRAM_RESUMED,
        Verb.PROGRAM_STOPPED,
        Verb.PROGRAM_CLOSED,
        Verb.PROGRAM_RUNNING,
        Verb.ROLE_FILLED,
        Verb.ROLE_VACATED,
        Verb.ROLE_DEPUTY_SET,
        Verb.OWNERSHIP_ACCEPTED,
        Verb.ITEM_REDATED,
        Verb.ITEM_REASSIGNED,
        Verb.ITEM_DELEGATED,
        Verb.APPLICABILITY_ANSWERED,
        Verb.TAILORING_ANSWERED,
        Verb.CRITERION_TAILORED,
        Verb.CRITERION_REOPENED,
        Verb.EVENT_DECIDED,
        Verb.EVENT_REDATED,
        Verb.ALTERNATE_NAMED,
        Verb.DECISION_LAPSED,
        Verb.EARLY_GATE_CALLED,
        Verb.MINI_GATE_CALLED,
        Verb.GATE_REPLANNED,
        Verb.INVITATIONS_SET,
        Verb.REVIEW_TIME_SET,
    }
)
# Reachable again: what could not leave meanwhile is planned anew.
_PERSON = frozenset({Verb.USER_DEACTIVATED, Verb.USER_REACTIVATED, Verb.INVITATIONS_CHOSEN, Verb.MAIL_REACHABLE})


def on_activity(entry: Entry) -> None:
    """Hear of one entry. Side effect: invitations of the programs it touches are withdrawn and planned."""
    if entry.verb in _PROGRAM and entry.program_id is not None:
        bring_into_line(entry.program_id)
    elif entry.verb in _PERSON:
        for program_id in _programs_of(entry.subject_id):
            bring_into_line(program_id)


def _programs_of(user_id: int) -> list[int]:
    """Programs with a switch in which a person has a role or a copy of an event, in one order everywhere."""
    roles = Role.objects.filter(Q(holder=user_id) | Q(deputy=user_id)).order_by().values("program_id")
    copies = Invitation.objects.filter(user=user_id).order_by().values("event__program_id")
    rows = ProgramInvitations.objects.filter(Q(pk__in=roles) | Q(pk__in=copies))
    return list(rows.order_by("pk").values_list("pk", flat=True))
