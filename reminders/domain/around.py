"""What gates leave open between them: endings, holds to review, views and verifications that are waited for.

Pure, a part of the planner. Who is asked and on which dates; hours and keys are the planner's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from reminders.domain.facts import EndingFacts, HoldFacts, ItemFacts, ProgramFacts, RoundFacts
from reminders.domain.occurrences import Occurrence, leads, repeats
from reminders.domain.people import Addressee, asked_by_name, asked_for_item, asked_in_role
from reminders.domain.rules import Rule
from reminders.enums import Kind, Part, RuleSlug

Subject = tuple[Kind, int, str, str, date]
"""Kind, id, slug, label and due date of what a reminder is about."""


@dataclass(frozen=True)
class Due:
    """One reminder as the planner turns it into intents."""

    subject: Subject
    rule: RuleSlug
    moment: Occurrence
    audience: tuple[Addressee | None, ...]


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """Everything of this kind that may touch the days from `first` to `last`."""
    if rule := table.get(RuleSlug.EXPIRY):
        for ending in program.endings:
            yield from _ending(program, rule, ending, first, last)
    if rule := table.get(RuleSlug.HOLD_REVIEW):
        for hold in program.holds:
            yield from _hold(program, rule, hold, first, last)
    if rule := table.get(RuleSlug.VIEW_WANTED):
        for round_ in program.rounds:
            yield from _views(program, rule, round_, first, last)
    if rule := table.get(RuleSlug.VERIFY_WANTED):
        for item in program.items:
            yield from _verification(program, rule, item, first, last)


def _ending(program: ProgramFacts, rule: Rule, ending: EndingFacts, first: date, last: date) -> Iterator[Due]:
    """Ahead of the last day and on it, to who asked and who approved; afterwards it is over and told elsewhere."""
    subject: Subject = (ending.kind, ending.id, ending.slug, ending.label, ending.due)
    for moment in ahead(program, rule, ending.due, first, last):
        found = []
        if "requester" in rule.audience:
            found.append(asked_by_name(program, ending.requester, ending.requester_role, moment.on, Part.REQUESTER))
        if "approver" in rule.audience and ending.approver_role:
            found.append(asked_by_name(program, ending.approver, ending.approver_role, moment.on, Part.APPROVER))
        yield Due(subject, rule.slug, moment, _once(found))


def _hold(program: ProgramFacts, rule: Rule, hold: HoldFacts, first: date, last: date) -> Iterator[Due]:
    """Ahead of the review, on its day, and while nobody decides after it (G8)."""
    subject: Subject = (Kind.HOLD, hold.id, hold.slug, hold.label, hold.due)
    moments = [*ahead(program, rule, hold.due, first, last), *_after(program, rule, hold.due, first, last)]
    for moment in moments:
        asked = [asked_in_role(program, slug, moment.on) for slug in rule.audience]
        yield Due(subject, rule.slug, moment, _once(asked))


def _views(program: ProgramFacts, rule: Rule, round_: RoundFacts, first: date, last: date) -> Iterator[Due]:
    """From the working day after the opening until the round is decided, to each seat that is silent (G22)."""
    subject: Subject = (Kind.VIEW, round_.id, round_.slug, round_.label, round_.opened)
    for moment in _after(program, rule, round_.opened, first, last):
        asked = [
            asked_by_name(program, seat.alternate, seat.role, moment.on, Part.GATEKEEPER) for seat in round_.missing
        ]
        yield Due(subject, rule.slug, moment, _once(asked))


def _verification(program: ProgramFacts, rule: Rule, item: ItemFacts, first: date, last: date) -> Iterator[Due]:
    """From the working day after the hand-in until somebody verified it or sent it back."""
    if item.kind is not Kind.CRITERION or item.finished or not item.handed_in or item.asked_on is None:
        return
    subject: Subject = (Kind.REVIEW, item.id, item.slug, item.label, item.asked_on)
    for moment in _after(program, rule, item.asked_on, first, last):
        yield Due(subject, rule.slug, moment, (asked_for_item(program, item, moment.on),))


def ahead(program: ProgramFacts, rule: Rule, due: date, first: date, last: date) -> Iterator[Occurrence]:
    """The leads of a rule that touch the days from `first` to `last`; a far due date is not even looked at."""
    longest = max(rule.leads, default=0)
    if due < first - timedelta(days=7) or due > last + timedelta(days=3 * longest + 30):
        return
    for moment in leads(rule, due, program.calendar, any_day=False):
        if moment.on <= last and (moment.until or moment.on) >= first:
            yield moment


def _after(program: ProgramFacts, rule: Rule, since: date, first: date, last: date) -> Iterator[Occurrence]:
    for moment in repeats(rule, since, program.calendar, until=last):
        if (moment.until or moment.on) >= first:
            yield moment


def _once(found: list[Addressee | None]) -> tuple[Addressee | None, ...]:
    """Each person once, in the first part that was found for them."""
    people: dict[int, Addressee] = {}
    for who in found:
        if who is not None:
            people.setdefault(who.user_id, who)
    return tuple(people.values())
