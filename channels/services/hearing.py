"""Turns what happened into posts, in the transaction in which it happened: a post exists exactly when the fact does.

Must not send, and must stay quick: a person is waiting. Facts nobody posts cost nothing.
"""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from activity.enums import Verb
from activity.models import Entry
from channels.domain.payloads import Post, post_of
from channels.enums import Topic
from channels.selectors.posting import channels_for
from channels.services.queueing import Wanted, queue
from escalation.models import Escalation
from phases.enums import Outcome
from phases.models import Event
from programs.models import Program
from risks.models import Risk
from risks.selectors import scale_of
from updates.models import StatusUpdate

Maker = Callable[[Entry, Program], Post | None]
CRITICAL = "critical"


def on_activity(entry: Entry) -> None:
    """Hear of one activity entry; queue what channels of its program are told of."""
    found = _MAKERS.get(Verb(entry.verb))
    if found is None or entry.program_id is None:
        return
    topic, make = found
    channels = channels_for(entry.program_id, topic)
    post = make(entry, channels[0].program) if channels else None
    if post is not None:
        queue(Wanted(channel, f"entry{entry.pk}", post) for channel in channels)


def link(path: str) -> str:
    """The full address of a page."""
    return f"{settings.SITE_URL}{path}"


def _decided(entry: Entry, program: Program) -> Post | None:
    event = Event.objects.get(pk=entry.subject_id)
    word = Outcome(entry.data["outcome"]).label
    page = link(reverse("gate", args=[program.slug, event.slug]))
    return post_of(Topic.GATE_DECIDED, program.name, f"{event.name}: {word}", [entry.data.get("reason", "")], page)


def _started(entry: Entry, program: Program) -> Post | None:
    lines = [f"Path: {entry.data.get('path', '')}", entry.data.get("reason", "")]
    title = f"Escalation started: {entry.subject_label}"
    return post_of(Topic.ESCALATION_STARTED, program.name, title, lines, _escalation(entry, program))


def _stopped(entry: Entry, program: Program) -> Post | None:
    what = "acknowledged" if entry.verb == Verb.ESCALATION_ACKNOWLEDGED else "ended"
    title = f"Escalation {what}: {entry.subject_label}"
    lines = [entry.data.get("reason", "")]
    return post_of(Topic.ESCALATION_STOPPED, program.name, title, lines, _escalation(entry, program))


def _escalation(entry: Entry, program: Program) -> str:
    row = Escalation(pk=entry.subject_id, program=program)
    return link(row.get_absolute_url())


def _published(entry: Entry, program: Program) -> Post | None:
    update = StatusUpdate.objects.get(pk=entry.subject_id)
    differs = f"The rules say {update.computed}: {update.computed_sentence}" if update.differs else ""
    lines = [f"Status: {update.colour}", differs, f"Way back: {update.way_back}" if update.way_back else ""]
    page = link(reverse("update", args=[program.slug, update.number]))
    return post_of(Topic.UPDATE_PUBLISHED, program.name, f"Status update: {update.verdict}", lines, page)


def _critical(entry: Entry, program: Program) -> Post | None:
    """Only when it becomes critical: a risk that was so before, or is not, is no news."""
    scale, data = scale_of(program), entry.data
    after = data.get("score_after", data.get("score"))
    before = data.get("score_before")
    if after is None or scale.band(after) != CRITICAL or (before is not None and scale.band(before) == CRITICAL):
        return None
    risk = Risk.objects.get(pk=entry.subject_id)
    page = link(reverse("risk", args=[program.slug, risk.slug]))
    lines = [f"Score {after}{f', before {before}' if before is not None else ''}", f"If so: {risk.impact}"]
    return post_of(Topic.RISK_CRITICAL, program.name, f"Critical risk: {risk.event}", lines, page)


_MAKERS: dict[Verb, tuple[Topic, Maker]] = {
    Verb.EVENT_DECIDED: (Topic.GATE_DECIDED, _decided),
    Verb.ESCALATION_STARTED: (Topic.ESCALATION_STARTED, _started),
    Verb.ESCALATION_ACKNOWLEDGED: (Topic.ESCALATION_STOPPED, _stopped),
    Verb.ESCALATION_ENDED: (Topic.ESCALATION_STOPPED, _stopped),
    Verb.UPDATE_POSTED: (Topic.UPDATE_PUBLISHED, _published),
    Verb.RISK_ADDED: (Topic.RISK_CRITICAL, _critical),
    Verb.RISK_RAISED: (Topic.RISK_CRITICAL, _critical),
    Verb.RISK_RESCORED: (Topic.RISK_CRITICAL, _critical),
}
