"""Who wants updates by mail: everybody who may see the program decides for themselves."""

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from programs.models import Program
from programs.selectors import get_program_for
from updates.enums import ByMail
from updates.models import Subscription


@transaction.atomic
def subscribe(*, actor: User, program: Program, by_mail: ByMail) -> None:
    """Set how `actor` gets published updates of a program they may see; twice is once. Errors: Http404.

    The entry belongs to the person, not to the program: it must not pass for an update of the program (G12).
    """
    program = get_program_for(actor, program.slug)
    rows = Subscription.objects.filter(program=program, user=actor)
    if by_mail is ByMail.NO:
        rows.delete()
    else:
        values = {"at_once": by_mail is ByMail.AT_ONCE}
        Subscription.objects.update_or_create(program=program, user=actor, defaults=values)
    activity.record(
        actor_id=actor.pk,
        verb=Verb.UPDATE_SUBSCRIBED,
        subject_kind="subscription",
        subject_id=actor.pk,
        subject_label=str(program),
        data={"program": program.pk, "by_mail": by_mail.value},
    )
