"""What happened to one thing, as sentences: its timeline and its moved dates. Must not write or decide who may see."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import User
from activity.enums import Verb
from activity.models import Entry
from activity.selectors import of_subject
from core.gathering import PreparedRows
from phases.domain.words import in_words
from phases.enums import ItemKind
from phases.models import Criterion, DateChange, Event, PlanItem
from programs.models import Program

LONGEST = 60
WORDS = {
    Verb.EVIDENCE_ADDED: "added evidence",
    Verb.EVIDENCE_WITHDRAWN: "withdrew evidence",
    Verb.CRITERION_HANDED_IN: "handed it in",
    Verb.CRITERION_VERIFIED: "verified it",
    Verb.CRITERION_SENT_BACK: "sent it back",
    Verb.TASK_DONE: "marked it done",
    Verb.TASK_REOPENED: "reopened it",
    Verb.ITEM_REDATED: "moved the agreed date",
    Verb.ITEM_FORECAST: "gave a forecast",
    Verb.ITEM_REASSIGNED: "reassigned it",
    Verb.ITEM_DELEGATED: "delegated it",
    Verb.EVENT_DECIDED: "recorded the outcome",
    Verb.EVENT_REDATED: "moved the agreed date",
    Verb.REVIEW_OPENED: "handed it in to review",
    Verb.VIEW_GIVEN: "gave a view",
    Verb.ALTERNATE_NAMED: "named an alternate",
    Verb.DECISION_LAPSED: "turned the decision into Hold",
    Verb.EARLY_GATE_CALLED: "called it early",
    Verb.MINI_GATE_CALLED: "called it as a mini-gate",
    Verb.GATE_REPLANNED: "replanned it",
    Verb.RECHECK_DRAWN: "drew criteria to look at again",
    Verb.CRITERION_REOPENED: "reopened it",
    Verb.CRITERION_TAILORED: "tailored it",
    Verb.CRITERION_RECHECKED: "looked at it again",
}
MARKS = {
    Verb.CRITERION_VERIFIED: "green",
    Verb.TASK_DONE: "green",
    Verb.CRITERION_SENT_BACK: "red",
    Verb.EVIDENCE_WITHDRAWN: "amber",
    Verb.ITEM_REDATED: "amber",
    Verb.ITEM_FORECAST: "amber",
    Verb.EVENT_REDATED: "amber",
    Verb.DECISION_LAPSED: "red",
    Verb.GATE_REPLANNED: "amber",
    Verb.CRITERION_REOPENED: "amber",
}


@dataclass(frozen=True)
class Line:
    """One line of a timeline: who did what, the detail, the reason given, when, and the shape beside it."""

    at: dt.datetime
    who: str
    what: str
    detail: str
    reason: str
    mark: str


_ENTRIES = PreparedRows(lambda kind, subject: of_subject(kind, subject)[:LONGEST])


def timeline(kind: ItemKind, subject_id: int) -> list[Line]:
    """Return the newest entries of one thing as lines, with the people's names (two queries)."""
    entries = _ENTRIES.rows(kind.value, subject_id)
    ids = {i for e in entries for i in (e.actor_id, *_people(e)) if i is not None}
    names = {person.pk: str(person) for person in User.objects.filter(pk__in=ids)}
    return [_line(entry, names) for entry in entries]


def _people(entry: Entry) -> list[int | None]:
    if entry.verb in (Verb.ITEM_REASSIGNED, Verb.ITEM_DELEGATED):
        return [entry.data.get("before"), entry.data.get("after")]
    return []


def _line(entry: Entry, names: Mapping[int, str]) -> Line:
    verb = Verb(entry.verb)
    who = "Roadmap 90" if entry.actor_id is None else names.get(entry.actor_id, "somebody who left")
    words = WORDS.get(verb, verb.value.replace(".", " ").replace("_", " "))
    reason = str(entry.data.get("reason", ""))
    return Line(entry.at, who, words, _detail(verb, entry.data, names), reason, MARKS.get(verb, "key"))


def _detail(verb: Verb, data: Mapping[str, object], names: Mapping[int, str]) -> str:
    if verb in (Verb.EVIDENCE_ADDED, Verb.EVIDENCE_WITHDRAWN):
        return f"“{data.get('title', '')}”"
    if verb in (Verb.ITEM_REDATED, Verb.ITEM_FORECAST, Verb.EVENT_REDATED):
        old, new = (_day(data.get(key)) for key in ("before", "after"))
        return f"from {old} to {new}" if old else f"for {new}"
    if verb in (Verb.ITEM_REASSIGNED, Verb.ITEM_DELEGATED):
        after = data.get("after")
        return f"to {names.get(after, 'somebody who left')}" if isinstance(after, int) else "back to the role's holder"
    if verb is Verb.EVENT_DECIDED:
        return str(data.get("outcome", "")).replace("-", " ").capitalize()
    return ""


def _day(text: object) -> str:
    return in_words(dt.date.fromisoformat(str(text))) if text else ""


_MOVES = PreparedRows(
    lambda kind, item: DateChange.objects.filter(item_kind=kind, item_id=item).select_related("changed_by")
)


def moves_of(kind: ItemKind, item: PlanItem | Event) -> list[DateChange]:
    """Return every move of a thing's dates, newest first, with who moved it (one query)."""
    return _MOVES.rows(kind.value, item.pk)


def why_moved(program: Program, item: PlanItem | Event) -> str:
    """Say why a date left the playbook's day ("Saturday", a holiday's name); empty when it did not."""
    return (program.calendar.why_off(item.moved_from) or "") if item.moved_from else ""


def kind_of(item: PlanItem) -> ItemKind:
    """Return which kind an item is."""
    return ItemKind.CRITERION if isinstance(item, Criterion) else ItemKind.TASK
