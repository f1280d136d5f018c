"""The planner: which reminders ought to exist for one program, as a pure function of facts and rules.

It knows no database and no clock, so it can be run over thousands of generated calendars. It answers what is valid
at `from_` or becomes due up to `to`; storing, sending and cancelling are other modules' work.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from programs.domain.localtime import local_date, local_instant
from reminders.domain import (
    answers,
    around,
    charter,
    escalations,
    governance,
    ownership,
    risks,
    signals,
    updates,
    weeks,
)
from reminders.domain.facts import AreaFacts, EventFacts, ItemFacts, Past, ProgramFacts
from reminders.domain.intents import Intent, urgency
from reminders.domain.ladder import climb
from reminders.domain.late import late
from reminders.domain.occurrences import Occurrence, leads, repeats
from reminders.domain.people import Addressee, asked_for_item, asked_in_role, holder_of, role_name
from reminders.domain.preferences import LOOK_BACK, ahead_of_quiet, last_lead, wants
from reminders.domain.rules import Rule
from reminders.enums import Kind, Part, RuleSlug

OTHERS = (around, charter, governance, ownership, risks, signals, updates, answers, weeks)
"""Gates, charter, dates after day 90, owners, risks, metrics, updates, what was answered, weeks: each plans its own."""
_RUNG_STANDS = 10
"""Working days for which an escalation that could not leave yet still makes sense."""
_REACH = timedelta(days=2)
"""How far a recipient's calendar date may be from that of UTC, generously."""

Subject = tuple[Kind, int, str, str, date]
"""Kind, id, slug, label and due date of what a reminder is about."""


@dataclass
class _Run:
    """One run of the planner: the window, the program, and what was sent before, indexed."""

    program: ProgramFacts
    from_: datetime
    to: datetime
    assume_sent: bool
    only: int | None
    first_day: date = field(init=False)
    last_day: date = field(init=False)
    past: Mapping[tuple[Kind, int, str], list[Past]] = field(init=False)

    def __post_init__(self) -> None:
        self.first_day = local_date(self.from_, "UTC") - _REACH
        # A lead on somebody's quiet day is told some days ahead of its own.
        quiet = any(person.preferences.quiet for person in self.program.people.values())
        self.last_day = local_date(self.to, "UTC") + _REACH + timedelta(days=LOOK_BACK if quiet else 0)
        self.past = _indexed(self.program.past)

    def in_window(self, intent: Intent) -> bool:
        return (
            intent.expires_at > self.from_ and intent.not_before <= self.to and intent.not_before >= self.program.since
        )


def plan(
    program: ProgramFacts,
    rules: Iterable[Rule],
    from_: datetime,
    to: datetime,
    *,
    assume_sent: bool = False,
    only: int | None = None,
) -> tuple[Intent, ...]:
    """The reminders of one program that still make sense at `from_` or leave up to `to` (aware instants).

    Ordered by time and urgency; at most one per (subject, person, day). Escalations need to know what was really
    sent; a preview passes `assume_sent` to see the whole ladder. `only` makes those of one person (their id) and
    spares the others. An inactive program gets none (rule 3).
    """
    if not program.active:
        return ()
    run = _Run(program, from_, to, assume_sent, only)
    table = {rule.slug: rule for rule in rules if rule.enabled}
    found: list[Intent] = []
    for item in program.items:
        found.extend(_for_item(run, table, item))
    for event in program.events:
        found.extend(_for_event(run, table, event))
    for area in program.areas:
        found.extend(_for_area(run, table, area))
    found.extend(_others(run, table))
    found.extend(_ladders(run, table))
    found.extend(i for i in escalations.reminders(program, table) if only in (None, i.user_id))
    lasts = {slug: last_lead(rule) for slug, rule in table.items()}
    return _one_per_day(i for i in found if run.in_window(i) and _wanted(program, lasts, i))


def _for_item(run: _Run, table: Mapping[RuleSlug, Rule], item: ItemFacts) -> Iterator[Intent]:
    """Reminders of a criterion or task: ahead and on the day, overdue, and the ladder."""
    if item.finished:
        return
    subject: Subject = (item.kind, item.id, item.slug, item.label, item.due)
    if rule := table.get(RuleSlug.ITEM_DUE):
        for moment in _ahead(run, rule, item.due, any_day=False):
            who = asked_for_item(run.program, item, moment.on)
            yield from _intents(run, subject, rule.slug, moment, (who,))
    if item.due >= run.last_day:
        return
    rule = table.get(RuleSlug.ITEM_OVERDUE)
    if rule is None:
        return
    first: Occurrence | None = None
    asked: Addressee | None = None
    for moment in repeats(rule, item.due, run.program.calendar, until=run.last_day):
        who = asked_for_item(run.program, item, moment.on)
        if first is None:
            first, asked = moment, who
        if (moment.until or moment.on) >= run.first_day:
            yield from _intents(run, subject, rule.slug, moment, (who,))
    role = item.verifier_role if item.handed_in and item.verifier_role else item.role
    if first is not None:
        ladder = table.get(RuleSlug.ESCALATION)
        who_first = (asked,) if asked else ()
        yield from _escalate(run, subject, ladder, "item_rungs", rule.slug, role, first.on, who_first)


def _for_event(run: _Run, table: Mapping[RuleSlug, Rule], event: EventFacts) -> Iterator[Intent]:
    """Reminders of a gate (ahead, today, overdue, ladder) or a checkpoint (ahead)."""
    if event.decided:
        return
    subject: Subject = (Kind.EVENT, event.id, event.slug, event.label, event.due)
    rule = table.get(RuleSlug.GATE_AHEAD if event.is_gate else RuleSlug.CHECKPOINT_AHEAD)
    if rule is not None:
        for moment in _ahead(run, rule, event.due, any_day=event.is_gate):
            audience = _audience(run.program, rule, event, moment.on)
            yield from _intents(run, subject, rule.slug, moment, audience)
    rule = table.get(RuleSlug.GATE_OVERDUE)
    if rule is None or not event.is_gate or event.due >= run.last_day:
        return
    first: Occurrence | None = None
    for moment in repeats(rule, event.due, run.program.calendar, until=run.last_day):
        first = first or moment
        if (moment.until or moment.on) >= run.first_day:
            audience = _audience(run.program, rule, event, moment.on)
            yield from _intents(run, subject, rule.slug, moment, audience)
    if first is not None:
        ladder = table.get(RuleSlug.ESCALATION)
        asked = _audience(run.program, rule, event, first.on)
        yield from _escalate(run, subject, ladder, "gate_rungs", rule.slug, "", first.on, asked)


def _for_area(run: _Run, table: Mapping[RuleSlug, Rule], area: AreaFacts) -> Iterator[Intent]:
    """Reminders that an ownership area has nobody (promise 5)."""
    rule = table.get(RuleSlug.AREA_VACANT)
    role = run.program.roles.get(area.role)
    if rule is None or role is None or holder_of(run.program, area.role) is not None:
        return
    since = role.vacant_since
    if since is None:
        return
    subject: Subject = (Kind.AREA, area.id, area.slug, area.label, since)
    for moment in repeats(rule, since, run.program.calendar, until=run.last_day):
        if (moment.until or moment.on) < run.first_day:
            continue
        gap = f"{role_name(run.program, area.role)} is vacant"
        audience = [asked_in_role(run.program, slug, moment.on) for slug in rule.audience]
        named = [_with_gap(who, gap) for who in audience if who]
        yield from _intents(run, subject, rule.slug, moment, named)


def _others(run: _Run, table: Mapping[RuleSlug, Rule]) -> Iterator[Intent]:
    """Reminders of everything that stands in a file of its own."""
    for part in OTHERS:
        for found in part.reminders(run.program, table, run.first_day, run.last_day):
            yield from _intents(run, found.subject, found.rule, found.moment, found.audience)


def _ladders(run: _Run, table: Mapping[RuleSlug, Rule]) -> Iterator[Intent]:
    """The ladders of what is late besides items and gates; their reminders are planned in files of their own."""
    for owed in late(run.program, table):
        due = owed.subject[-1]
        if due >= run.last_day:
            continue
        first = run.program.calendar.add_working_days(due, owed.rule.first)
        asked = asked_in_role(run.program, owed.role, first)
        who = (asked,) if asked else ()
        ladder = table.get(RuleSlug.ESCALATION)
        yield from _escalate(run, owed.subject, ladder, "item_rungs", owed.rule.slug, owed.role, first, who)


def _ahead(run: _Run, rule: Rule, due: date, *, any_day: bool) -> Iterator[Occurrence]:
    """The leads that may touch the window; a due date that is far away is not even looked at."""
    longest = max(rule.leads, default=0)
    if due < run.first_day - timedelta(days=7) or due > run.last_day + timedelta(days=3 * longest + 30):
        return
    for moment in leads(rule, due, run.program.calendar, any_day=any_day):
        if moment.on <= run.last_day and (moment.until or moment.on) >= run.first_day:
            yield moment


def _audience(program: ProgramFacts, rule: Rule, event: EventFacts, on: date) -> list[Addressee]:
    """The people of an event's rule on a date, each once, all their gaps kept."""
    found: list[Addressee | None] = []
    for word in rule.audience:
        if word == "gatekeepers":
            found.extend(asked_in_role(program, role, on, Part.GATEKEEPER) for role in event.gatekeepers)
        elif word == "unmet-owners":
            found.extend(asked_for_item(program, item, on) for item in unmet_criteria(program, event))
        else:
            found.append(asked_in_role(program, word, on))
    merged: dict[int, Addressee] = {}
    for who in found:
        if who is not None:
            known = merged.get(who.user_id)
            merged[who.user_id] = _with_gap(known, *who.gaps) if known else who
    return list(merged.values())


def unmet_criteria(program: ProgramFacts, event: EventFacts) -> tuple[ItemFacts, ...]:
    """The open criteria an event looks at: a gate's own, a mini-gate's list, for a checkpoint all that is due by it."""
    if event.listed is not None:
        return tuple(i for i in program.items if i.kind is Kind.CRITERION and not i.finished and i.id in event.listed)
    return tuple(
        item
        for item in program.items
        if item.kind is Kind.CRITERION
        and not item.finished
        and (item.event_id == event.id or (not event.is_gate and item.due <= event.due))
    )


def _escalate(
    run: _Run,
    subject: Subject,
    ladder: Rule | None,
    field: str,
    first_rule: RuleSlug,
    role: str,
    first_on: date,
    asked: Iterable[Addressee],
) -> Iterator[Intent]:
    """The next rung of the ladder, counted from when the first overdue mail was really sent."""
    if ladder is None:
        return
    kind, item_id, _, _, due = subject
    # Some rules speak ahead of the day as well; only what left after it was an overdue mail.
    started = [past for past in run.past.get((kind, item_id, first_rule), ()) if past.due == due < past.on]
    if not started and not run.assume_sent:
        return
    begun = min((past.on for past in started), default=first_on)
    first_people = {past.user_id for past in started if past.on == begun} or {who.user_id for who in asked}
    settled: dict[str, date] = {}
    climbed = [past for past in run.past.get((kind, item_id, RuleSlug.ESCALATION), ()) if past.due == due]
    for past in climbed:
        settled[past.occurrence] = min(past.on, settled.get(past.occurrence, past.on))
    steps = climb(
        run.program,
        ladder.item_rungs if field == "item_rungs" else ladder.gate_rungs,
        role=role,
        asked=frozenset(first_people),
        start=begun,
        settled=settled,
        told=frozenset((past.occurrence, past.user_id) for past in climbed),
        assume_sent=run.assume_sent,
        quiet=answers.quiet_days(run.program.answers, kind, item_id, due),
    )
    for step in steps:
        until = run.program.calendar.add_working_days(step.on, _RUNG_STANDS)
        moment = Occurrence(step.rung, step.on, None, until)
        yield from _intents(run, subject, ladder.slug, moment, step.to)


def _intents(
    run: _Run, subject: Subject, rule: RuleSlug, moment: Occurrence, audience: Iterable[Addressee | None]
) -> Iterator[Intent]:
    kind, item_id, slug, label, due = subject
    for who in audience:
        if who is None or run.only not in (None, who.user_id):
            continue
        if _sent_before_the_move(run, subject, rule, moment, who.user_id):
            continue
        person = run.program.people[who.user_id]
        gate_today = rule is RuleSlug.GATE_AHEAD and moment.lead == 0
        on = moment.on
        quiet = person.preferences.quiet
        if quiet and moment.lead is not None and not gate_today and rule is not RuleSlug.LIMIT_BREACHED:
            on = ahead_of_quiet(on, quiet, run.program.calendar, person.absences)
        # A lead makes sense on its own local day only; everything else until the next occurrence takes over.
        ends, hour = (moment.until, person.hour) if moment.until else (moment.on + timedelta(days=1), 0)
        yield Intent(
            kind=kind,
            item_id=item_id,
            item_slug=slug,
            label=label,
            rule=rule,
            occurrence=moment.name,
            due=due,
            user_id=who.user_id,
            part=who.part,
            role=who.role,
            gaps=who.gaps,
            planned_on=on,
            not_before=local_instant(on, person.hour, person.zone, fallback=run.program.zone),
            expires_at=local_instant(ends, hour, person.zone, fallback=run.program.zone),
            urgency=urgency(rule, moment.lead),
            lead=moment.lead,
            any_day=gate_today,
        )


def _sent_before_the_move(run: _Run, subject: Subject, rule: RuleSlug, moment: Occurrence, user_id: int) -> bool:
    """Whether this lead already left for another due date and the move is not longer than the lead (rule 3)."""
    kind, item_id, _, _, due = subject
    if moment.lead is None:
        return False
    earlier = [
        past
        for past in run.past.get((kind, item_id, rule), ())
        if past.occurrence == moment.name and past.user_id == user_id and past.due != due
    ]
    if not earlier:
        return False
    latest = max(earlier, key=lambda past: past.on)
    return abs(run.program.calendar.working_days_between(latest.due, due)) <= moment.lead


def _wanted(program: ProgramFacts, lasts: Mapping[RuleSlug, int], intent: Intent) -> bool:
    """Whether it is neither answered nor left out by its recipient, who may ask for fewer of some rules, never more.

    `lasts` has the last lead of each rule.
    """
    if answers.stilled(program.answers, intent):
        return False
    preferences = program.people[intent.user_id].preferences
    return wants(preferences, intent.rule, intent.lead, lasts[intent.rule])


def _with_gap(who: Addressee, *gaps: str) -> Addressee:
    fresh = tuple(gap for gap in gaps if gap not in who.gaps)
    return Addressee(who.user_id, who.part, who.role, who.gaps + fresh) if fresh else who


def _one_per_day(intents: Iterable[Intent]) -> tuple[Intent, ...]:
    """The most urgent reminder per subject, person and day, in the order in which they leave."""
    best: dict[tuple[Kind, int, int, date, date | None], Intent] = {}
    for intent in intents:
        # Being asked to verify and being reminded of the same criterion are one reminder.
        about = Kind.CRITERION if intent.kind is Kind.REVIEW else intent.kind
        # Dates of one event of the calendar are things of their own: the last one late says nothing of the next.
        own = intent.due if intent.kind is Kind.GOVERNANCE else None
        place = (about, intent.item_id, intent.user_id, intent.planned_on, own)
        if place not in best or intent.urgency < best[place].urgency:
            best[place] = intent
    return tuple(sorted(best.values(), key=lambda i: (i.not_before, i.urgency, i.kind, i.item_id, i.user_id)))


def _indexed(past: Iterable[Past]) -> dict[tuple[Kind, int, str], list[Past]]:
    index: dict[tuple[Kind, int, str], list[Past]] = {}
    for entry in past:
        index.setdefault((entry.kind, entry.item_id, entry.rule), []).append(entry)
    return index
