"""Sets and removes the company's slide template (issue 5). The file is checked before it is opened, and tried."""

import hashlib

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.text import one_line
from status_pages import policies
from status_pages.deck import UnusableTemplate, try_template
from status_pages.domain.package import BYTES, Unfit, check_package
from status_pages.models import SlideTemplate


def set_template(*, actor: User, name: str, content: bytes) -> SlideTemplate:
    """Use a presentation for all slides from now on, in place of any other.

    Errors: NotAllowed; Invalid on `file`, with what is wrong with it (size, kind, macros, no usable layout).
    """
    policies.may_set_template(actor).require()
    if not name.lower().endswith(".pptx"):
        raise Invalid("Choose a PowerPoint presentation (.pptx).", field="file")
    try:
        check_package(content[: BYTES + 1])
        layout = try_template(content)
    except (Unfit, UnusableTemplate) as error:
        raise Invalid(str(error), field="file") from error
    with transaction.atomic():
        values = {
            "name": one_line(name)[-120:],
            "layout": one_line(layout)[:120],
            "content": content,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "uploaded_by": actor,
            "uploaded_at": clock.now(),
        }
        made, _ = SlideTemplate.objects.update_or_create(pk=SlideTemplate.ONLY, defaults=values)
        _record(actor, Verb.SLIDE_TEMPLATE_SET, made, sha256=made.sha256, size=made.size)
    return made


@transaction.atomic
def remove_template(*, actor: User) -> None:
    """Go back to our own slides; twice is once. Errors: NotAllowed."""
    policies.may_set_template(actor).require()
    found = SlideTemplate.objects.defer("content").first()
    if found is None:
        return
    _record(actor, Verb.SLIDE_TEMPLATE_REMOVED, found, sha256=found.sha256)
    found.delete()


def _record(actor: User, verb: Verb, template: SlideTemplate, **data: object) -> None:
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind="slide_template",
        subject_id=template.pk,
        subject_label=template.name,
        data=data,
    )
