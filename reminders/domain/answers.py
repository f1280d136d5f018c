"""What people answered to a reminder, and what that does to the reminders that follow. Pure, a part of the planner.

The rules, from reminders.md ("a rung stops when the item is done, acknowledged or re-dated"):

- An acknowledgement is for one due date. It stops the ladder for everybody and the repeats for whoever gave it, at
  once and for a bounded number of working days, or until the day that was named if that is sooner. Then that person
  is asked again on that very day and the ladder goes on from where it was: acknowledged days do not count as waited.
- Each person may acknowledge a due date once, so no one can silence it for ever, and the next rung may do so too.
- A snooze moves one person's own reminders of one item to a day a little later: never past a due date that is ahead,
  never the last one before a gate or the mail of its own day, never an escalation, at most a few times per item and
  due date.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from programs.domain.calendar import WorkCalendar
from reminders.domain.answer_facts import AnswerFacts
from reminders.domain.around import Due, Subject
from reminders.domain.facts import ProgramFacts
from reminders.domain.intents import Intent
from reminders.domain.occurrences import Occurrence
from reminders.domain.open_subjects import open_subjects
from reminders.domain.people import Addressee, asked_by_name, deputy_of, holder_of
from reminders.domain.preferences import quiet_in
from reminders.domain.rules import Rule
from reminders.domain.waiting import Span
from reminders.enums import AnswerWord, Kind, Part, RuleSlug

LATE_RULE: Mapping[str, RuleSlug] = {
    Kind.CRITERION: RuleSlug.ITEM_OVERDUE,
    Kind.TASK: RuleSlug.ITEM_OVERDUE,
    Kind.ACTION: RuleSlug.ITEM_OVERDUE,
    Kind.CONDITION: RuleSlug.ITEM_OVERDUE,
    Kind.DATA_GAP: RuleSlug.ITEM_OVERDUE,
    Kind.DEPENDENCY: RuleSlug.ITEM_OVERDUE,
    Kind.EVENT: RuleSlug.GATE_OVERDUE,
    Kind.HOLD: RuleSlug.HOLD_REVIEW,
    Kind.RISK: RuleSlug.RISK_REVIEW,
    Kind.METRIC: RuleSlug.READING_OVERDUE,
    Kind.GOVERNANCE: RuleSlug.GOVERNANCE_OVERDUE,
    Kind.UPDATE: RuleSlug.UPDATE_MISSED,
}
"""What can be late and acknowledged here, with the rule that repeats while it is.

Alerts and escalation paths are acknowledged on their own pages and are not in it.
"""

_ALWAYS = (1, 0)
"""Leads of a gate that no answer keeps back: its last reminder before the day, and the one on the day."""

LATEST = timedelta(days=14)
"""How much later than the end of an answer somebody with quiet days is asked again, at most."""

_SINCE = frozenset({Kind.AREA, Kind.VIEW, Kind.REVIEW, Kind.NOMINATION, Kind.BRIEF, Kind.SIGNATURE, Kind.CONTACT})
"""Kinds whose date tells since when something is asked; they have no due date that a snooze could pass."""

_NEVER_SNOOZED = frozenset(
    {
        RuleSlug.ESCALATION,
        RuleSlug.PATH_RUNG,
        RuleSlug.LIMIT_BREACHED,
        # News, an overview and a calendar entry ask for nothing that could be put off.
        RuleSlug.UPDATE_PUBLISHED,
        RuleSlug.MY_WEEK,
        RuleSlug.INVITATION,
    }
)

_BY_ROLE = (Part.RESPONSIBLE, Part.DEPUTY, Part.MANAGER, Part.SPONSOR)
"""Parts that go with a seat; whoever has left it is not asked again."""


def may_acknowledge(kind: str, rule: str, part: str, due: date, today: date) -> bool:
    """Whether somebody who got this reminder can acknowledge it: it is late, and it is theirs to answer for."""
    if kind not in LATE_RULE or today <= due:
        return False
    late = rule in (LATE_RULE[kind], RuleSlug.ESCALATION)
    return late or (kind != Kind.EVENT and part == Part.RESPONSIBLE)


def acknowledged_until(on: date, named: date | None, calendar: WorkCalendar, most: int) -> date:
    """The working day on which an acknowledgement of `on` ends: the day named, at most `most` working days later."""
    end = calendar.add_working_days(on, most)
    return end if named is None else min(end, calendar.next_working_day(named))


def snooze_days(
    kind: str, rule: str, due: date, today: date, calendar: WorkCalendar, *, most: int, until: date | None = None
) -> tuple[date, ...]:
    """The days to which a reminder can be put off on `today`, the soonest first; none when it cannot.

    Tomorrow, three working days on, next Monday: each a working day, at most `most` working days away and not past a
    due date that is ahead, a gate's not past its last reminder. `until` is the day of a snooze that runs already; only
    later days are worth offering.
    """
    if rule in _NEVER_SNOOZED or (today == due and kind not in _SINCE):
        return ()
    last = calendar.add_working_days(today, most)
    if today < due and kind not in _SINCE:
        last = min(last, _latest(rule, due, calendar))
    monday = calendar.next_working_day(today + timedelta(days=7 - today.weekday()))
    found = {calendar.add_working_days(today, 1), calendar.add_working_days(today, 3), monday}
    return tuple(day for day in sorted(found) if day <= last and (until is None or day > until))


def may_snooze(kind: str, rule: str, due: date, today: date, calendar: WorkCalendar) -> bool:
    """Whether `snooze_days` would offer anything, without working the days out: asked for every line of every mail."""
    if rule in _NEVER_SNOOZED or (today == due and kind not in _SINCE):
        return False
    return kind in _SINCE or due < today or calendar.add_working_days(today, 1) <= _latest(rule, due, calendar)


def _latest(rule: str, due: date, calendar: WorkCalendar) -> date:
    """The last day to which something ahead may be put off."""
    return calendar.add_working_days(due, -1) if rule == RuleSlug.GATE_AHEAD else due


def stilled(answers: Iterable[AnswerFacts], intent: Intent) -> bool:
    """Whether an answer keeps a planned reminder back; the last before a gate and that of its own day always leave."""
    if intent.rule is RuleSlug.GATE_AHEAD and intent.lead in _ALWAYS:
        return False
    return any(
        _about(answer, intent) and intent.planned_on < answer.until and _stills(answer, intent) for answer in answers
    )


def _about(answer: AnswerFacts, intent: Intent) -> bool:
    return (answer.kind, answer.item_id, answer.due) == (intent.kind, intent.item_id, intent.due)


def _stills(answer: AnswerFacts, intent: Intent) -> bool:
    if answer.word is AnswerWord.SNOOZED:
        return answer.user_id == intent.user_id and intent.rule not in _NEVER_SNOOZED
    # The ladder itself counts acknowledged days as not waited; a rung is never lost by being dropped here.
    return answer.user_id == intent.user_id and intent.rule is LATE_RULE.get(intent.kind)


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """The reminder on the day on which an answer ends, to whoever gave it, if it is still theirs and still open."""
    if not program.answers:
        return
    still = open_subjects(program)
    for answer in program.answers:
        label = still.get((answer.kind, answer.item_id, answer.due))
        rule = table.get(answer.rule)
        if label is None or rule is None or not first - LATEST <= answer.until <= last:
            continue
        who = _asked_again(program, answer)
        on = _told_on(program, who, answer.until) if who is not None else answer.until
        if who is not None and first <= on <= last:
            subject: Subject = (answer.kind, answer.item_id, label[0], label[1], answer.due)
            pause = rule.every if answer.until > answer.due else 1
            ends = program.calendar.add_working_days(on, max(1, pause))
            moment = Occurrence(f"back-{answer.until.isoformat()}", on, None, ends)
            yield Due(subject, rule.slug, moment, (who,))


def _told_on(program: ProgramFacts, who: Addressee, until: date) -> date:
    """The first day from `until` on that is worked and not one of their quiet days, on which it would only wait."""
    quiet = quiet_in(program.people[who.user_id].preferences.quiet, program.calendar)
    days = (until + timedelta(days=ahead) for ahead in range(LATEST.days))
    free = (day for day in days if program.calendar.is_working_day(day) and day.weekday() not in quiet)
    return next(free, until)


def _asked_again(program: ProgramFacts, answer: AnswerFacts) -> Addressee | None:
    """The person who answered, their deputy while they are away; nobody when it is not theirs any more."""
    person = program.people.get(answer.user_id)
    seats = [seat(program, answer.role) for seat in (holder_of, deputy_of)]
    named = {item.assignee for item in program.items if (item.kind, item.id) == (answer.kind, answer.item_id)}
    if person is None or (person not in seats and person.id not in named and answer.part in _BY_ROLE):
        return None
    return asked_by_name(program, answer.user_id, answer.role, answer.until, answer.part)


def quiet_days(answers: Iterable[AnswerFacts], kind: str, item_id: int, due: date) -> tuple[Span, ...]:
    """The spans in which the ladder of one due date does not climb, in order."""
    return tuple(
        sorted(
            (answer.on, answer.until)
            for answer in answers
            if answer.word is AnswerWord.ACKNOWLEDGED
            and (answer.kind, answer.item_id, answer.due) == (kind, item_id, due)
        )
    )


@dataclass(frozen=True)
class Holding:
    """An acknowledgement that holds, as the program's page shows it."""

    label: str
    who: str
    answer: AnswerFacts


def holding(program: ProgramFacts, today: date) -> list[Holding]:
    """Acknowledgements that keep a ladder still on `today`, the one that ends first first."""
    still = open_subjects(program)
    found = [
        Holding(still[place][1], program.people[answer.user_id].name, answer)
        for answer in program.answers
        if answer.word is AnswerWord.ACKNOWLEDGED
        and answer.until > today
        and (place := (answer.kind, answer.item_id, answer.due)) in still
    ]
    return sorted(found, key=lambda one: (one.answer.until, one.label))
