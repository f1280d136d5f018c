"""Records decisions (G1-G6, G8-G11, G22). One round has one decision, whoever else sends one in the same second."""

from django.db import transaction

from accounts.models import User
from core import clock
from core.errors import Conflict, Invalid
from gates import policies
from gates.domain import contents
from gates.domain.contents import DecisionInput, Surroundings
from gates.domain.deciding import Verdict, verdict
from gates.domain.facts import GateFacts
from gates.domain.quorum import summary
from gates.domain.waivers import Fault
from gates.enums import Open, SnapshotKind
from gates.models import Decision, GateReview
from gates.selectors.attendance import attendance_of, views_of
from gates.selectors.facts import gate_facts, kind_of, next_gate_after, proofs_with_gates
from gates.selectors.ledger import Ledger, load_ledger
from gates.selectors.minigates import scope_of
from gates.services import applying, ending, snapshots
from gates.services.base import complete, lock_program, today_of
from phases.enums import UNLOCKING, EventState, Outcome
from phases.models import Event
from phases.selectors import Plan, load_plan
from phases.services.base import lock
from programs.enums import ProgramState
from programs.models import Program
from programs.selectors import Cast


class DecidedAlready(Conflict):
    """Somebody else decided this round first; `theirs` is on record, `yours` is what was sent."""

    def __init__(self, theirs: Decision, yours: DecisionInput) -> None:
        word = yours.word.value.replace("-", " ").capitalize()
        current = f"On record: {theirs.get_word_display()}, by {theirs.decided_by_name}: “{theirs.reason}”. "
        super().__init__(
            "This round was decided a moment ago; your decision was not recorded.",
            current=current + f"Yours: {word}: “{yours.reason.strip()}”.",
        )
        self.theirs, self.yours = theirs, yours


@transaction.atomic
def decide(*, actor: User, event: Event, wanted: DecisionInput, number: int | None = None, key: str = "") -> Decision:
    """Record what was decided about the round `number` (the open one when None).

    `key` is the form's own: the same form sent twice is one decision. Errors: NotAllowed (G2), DecidedAlready,
    Incomplete (every missing part with its field), Invalid (the word is not open, with the causes).
    Side effects: the event's result and date, conditions, the program's state, activity entries.
    """
    event = lock(event)
    plan = load_plan(event.program)
    event.program = plan.program
    kind = kind_of(event, plan)
    policies.may_decide(actor, kind, wanted.word, plan.cast).require()
    twin = Decision.objects.filter(key=key).first() if key else None
    if twin is not None and (twin.event_id, twin.decided_by_id) == (event.pk, actor.pk):
        return twin
    ledger = load_ledger(event.program, today_of(event.program))
    review = ledger.open_review(event)
    _first(event, ledger, review, wanted, number)
    rounds = [d.number for d in ledger.decisions_of(event)]
    this = review.number if review else max([*rounds, *_numbers(ledger, event)], default=0) + 1
    facts = gate_facts(event, plan, ledger, scope=scope_of(event))
    return _record(actor, event, plan, ledger, facts, wanted, number=this, review=review, key=key, old=None)


@transaction.atomic
def supersede(*, actor: User, decision: Decision, wanted: DecisionInput, key: str = "") -> Decision:
    """Correct a decision by a new one of the same round; the old one stays on record (G11).

    Only the decision that counts now can be corrected, and only while no later gate was decided.
    Errors: NotAllowed, Conflict (corrected already), Incomplete, Invalid.
    """
    event = lock(Event.objects.get(pk=decision.event_id))
    plan = load_plan(event.program)
    event.program = plan.program
    kind = kind_of(event, plan)
    policies.may_decide(actor, kind, wanted.word, plan.cast).require()
    twin = Decision.objects.filter(key=key).first() if key else None
    if twin is not None and (twin.event_id, twin.decided_by_id) == (event.pk, actor.pk):
        return twin
    ledger = load_ledger(event.program, today_of(event.program))
    current = ledger.current(event)
    if current is None or current.pk != decision.pk:
        newer = str(current) if current else ""
        raise Conflict("This decision is not the one that counts any more.", current=newer)
    if ledger.open_review(event) is not None:
        raise Invalid("The next round is open; decide that one.")
    _nothing_later(event, plan, ledger)
    review = next((r for r in ledger.reviews if r.pk == decision.review_id), None)
    facts = gate_facts(event, plan, ledger.before(decision), scope=scope_of(event))
    return _record(
        actor, event, plan, ledger, facts, wanted, number=decision.number, review=review, key=key, old=decision
    )


def _record(
    actor: User,
    event: Event,
    plan: Plan,
    ledger: Ledger,
    facts: GateFacts,
    wanted: DecisionInput,
    *,
    number: int,
    review: GateReview | None,
    key: str,
    old: Decision | None,
) -> Decision:
    found = verdict(facts)
    _available(found, wanted, facts)
    _complete(event, plan, facts, found, wanted, ledger)
    proofs = proofs_with_gates(plan, ledger, ledger.today)
    views = views_of(review, plan, ledger)
    decision = Decision.objects.create(
        program=event.program,
        event=event,
        review=review,
        number=number,
        word=wanted.word,
        reason=wanted.reason.strip(),
        recommendation={**found.as_json(), "views": summary(facts.seats), "explanation": wanted.explanation.strip()},
        opinions=views,
        attendance=attendance_of(actor, views, plan.cast),
        proofs={c.slug: proofs[c.pk].value for c in plan.criteria if c.applicable},
        decided_by=actor,
        decided_by_name=str(actor),
        decided_at=clock.now(),
        supersedes=old,
        key=key or None,
        **_own_fields(wanted),
    )
    _apply(actor, event, plan, decision, wanted, review)
    snapshots.take(event=event, kind=SnapshotKind.DECISION, actor=actor, decision=decision)
    return decision


def _own_fields(wanted: DecisionInput) -> dict[str, object]:
    """The columns that belong to the chosen word; others stay empty even when a form sent them."""
    word = wanted.word
    fields: dict[str, object] = {"trade_off": wanted.trade_off.strip()}
    if word in UNLOCKING:
        fields |= {
            "next_owner": wanted.next_owner.strip()[:200],
            "next_budget": wanted.next_budget.strip()[:200],
            "next_start": wanted.next_start,
            "next_end": wanted.next_end,
        }
    if word is Outcome.HOLD:
        fields |= {
            "hold_cause": wanted.hold_cause,
            "waiting_for": wanted.waiting_for.strip()[:500],
            "keeps_running": wanted.keeps_running.strip()[:500],
            "review_date": wanted.review_date,
        }
    if word in (Outcome.RECYCLE, Outcome.DO_NOT_LAUNCH):
        fields |= {
            "redo": list(wanted.redo),
            "new_date": wanted.new_date,
            "changes": wanted.changes.strip()[:1000],
        }
    if word is Outcome.STOP:
        fields["stop_reason"] = wanted.stop_reason
    return fields


def _apply(
    actor: User, event: Event, plan: Plan, decision: Decision, wanted: DecisionInput, review: GateReview | None
) -> None:
    if review is not None and review.closed_at is None:
        review.closed_at = decision.decided_at
        review.save(update_fields=["closed_at"])
    applying.settle_event(actor, event, decision)
    if wanted.word in (Outcome.CONDITIONAL_GO, Outcome.LAUNCH_WITH_CONDITIONS):
        applying.set_conditions(actor, decision, wanted.conditions, plan.cast)
    program = lock_program(event.program)
    if wanted.word is Outcome.STOP:
        ending.stop(actor, program, wanted, plan)
    elif event.is_gate and next_gate_after(event, plan) is None:
        _hand_over(actor, program, wanted)
    event.program.state = program.state


def _hand_over(actor: User, program: Program, wanted: DecisionInput) -> None:
    """Go at the last gate hands over to running; a correction of it takes that back."""
    if wanted.word is Outcome.GO:
        ending.run(actor, program, wanted.reason)
    elif program.state == ProgramState.RUNNING:
        ending.run_no_more(actor, program, wanted.reason)


def _first(event: Event, ledger: Ledger, review: GateReview | None, wanted: DecisionInput, number: int | None) -> None:
    """Refuse what comes after somebody else's decision, showing both."""
    theirs = ledger.current(event)
    moved_on = number is not None and (review is None or review.number != number)
    if theirs is not None and (moved_on or (event.state == EventState.DECIDED and wanted.word is not Outcome.STOP)):
        if event.state == EventState.DECIDED or theirs.number == number:
            raise DecidedAlready(theirs, wanted)
        raise Conflict("Another round is open now.", current=str(review or theirs))


def _numbers(ledger: Ledger, event: Event) -> list[int]:
    return [review.number for review in ledger.reviews if review.event_id == event.pk]


def _available(found: Verdict, wanted: DecisionInput, facts: GateFacts) -> None:
    choice = found.of(wanted.word)
    if choice.state is Open.CLOSED:
        word = wanted.word.value.replace("-", " ").capitalize()
        raise Invalid(f"{word} is not open: {' '.join(choice.causes)}", field="word")


def _complete(
    event: Event, plan: Plan, facts: GateFacts, found: Verdict, wanted: DecisionInput, ledger: Ledger
) -> None:
    following = next_gate_after(event, plan)
    around = Surroundings(
        today=ledger.today,
        limits=ledger.limits,
        next_gate=following.due_date if following else None,
        non_waivable=frozenset(c.slug for c in plan.criteria if c.non_waivable),
        open_slugs=frozenset(c.slug for c in facts.failed),
    )
    complete([*contents.faults(wanted, found, around), *_unknown(wanted, plan.cast)])


def _unknown(wanted: DecisionInput, cast: Cast) -> list[Fault]:
    """Names in conditions that this program does not have, and owners who would verify themselves (G2)."""
    found = []
    people = {person.pk for person in cast.people}
    for index, row in enumerate(wanted.conditions):
        for name, slug in (("owner_role", row.owner_role), ("verifier_role", row.verifier_role)):
            if slug and slug not in cast.by_slug:
                found.append(Fault(f"conditions-{index}-{name}", f"There is no role {slug} here."))
        if row.owner_role and row.owner_role == row.verifier_role:
            text = f"Condition {index + 1}: its owner cannot verify it (G2)."
            found.append(Fault(f"conditions-{index}-verifier_role", text))
        if row.owner is not None and row.owner not in people:
            text = f"Condition {index + 1}: the owner has no role in this program."
            found.append(Fault(f"conditions-{index}-owner", text))
    return found


def _nothing_later(event: Event, plan: Plan, ledger: Ledger) -> None:
    later = [e for e in plan.events if e.is_gate and e.day > event.day and ledger.current(e) is not None]
    if event.is_gate and later:
        raise Invalid(f"{later[0].name} was decided since; a correction would rewrite what it stood on.")
