"""Which decisions are open at an event, why the others are not, and which one is advised (G1, G3-G6, G8, G9, G22).

Pure. The advice looks at the substance alone; a missing view or round closes a decision but does not change it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gates.domain.facts import GateFacts, Kind
from gates.domain.quorum import why_no_quorum
from gates.domain.risks import why_risks_block
from gates.enums import Open
from phases.enums import CHECKPOINT_WORDS, GATE_WORDS, LAUNCH_WORDS, Outcome

LISTED = 5


@dataclass(frozen=True)
class Choice:
    """One decision: open, open with an explanation, or closed; always with the causes."""

    word: Outcome
    state: Open
    causes: tuple[str, ...] = ()

    @property
    def available(self) -> bool:
        """Whether it can be chosen."""
        return self.state is not Open.CLOSED


@dataclass(frozen=True)
class Verdict:
    """All decisions of an event in their order, and the advised one (None at a plain checkpoint)."""

    choices: tuple[Choice, ...]
    recommended: Outcome | None

    def of(self, word: Outcome) -> Choice:
        """The choice for a word; a word the event does not take is closed."""
        found = next((choice for choice in self.choices if choice.word is word), None)
        return found or Choice(word, Open.CLOSED, ("This word does not belong here.",))

    def as_json(self) -> dict[str, object]:
        """Plain JSON for the record (G3)."""
        return {
            "recommended": self.recommended.value if self.recommended else "",
            "choices": [{"word": c.word.value, "state": c.state.value, "causes": list(c.causes)} for c in self.choices],
        }


def words_of(kind: Kind) -> tuple[Outcome, ...]:
    """The words an event takes; the launch checkpoint carries the plain ones as well."""
    if kind is Kind.CHECKPOINT:
        return CHECKPOINT_WORDS
    return (*LAUNCH_WORDS, *CHECKPOINT_WORDS) if kind is Kind.LAUNCH else GATE_WORDS


def verdict(facts: GateFacts) -> Verdict:
    """Compute which decisions are open and which one is advised."""
    substance = {word: _judge(word, facts) for word in words_of(facts.kind)}
    formal = {word: _formal(word, facts) for word in substance}
    choices = tuple(_close(choice, formal[word]) for word, choice in substance.items())
    return Verdict(choices, _advise(facts.kind, substance))


def _close(choice: Choice, causes: tuple[str, ...]) -> Choice:
    return Choice(choice.word, Open.CLOSED, (*causes, *choice.causes)) if causes else choice


def _formal(word: Outcome, facts: GateFacts) -> tuple[str, ...]:
    """What has to be in order whatever the substance; Stop and the plain checkpoint words need nothing."""
    if word is Outcome.STOP or word in CHECKPOINT_WORDS:
        return ()
    missing = why_no_quorum(facts.seats)
    opened = () if facts.in_review else (f"{facts.name} has not been handed in to review.",)
    return (*opened, *((missing,) if missing else ()))


def _advise(kind: Kind, substance: Mapping[Outcome, Choice]) -> Outcome | None:
    if kind is Kind.CHECKPOINT:
        return None
    order = LAUNCH_WORDS if kind is Kind.LAUNCH else (*GATE_WORDS[:2], Outcome.RECYCLE, Outcome.HOLD, Outcome.STOP)
    for wanted in (Open.OPEN, Open.EXPLAIN):
        for word in order[:2]:
            if substance[word].state is wanted:
                return word
    return next(word for word in order[2:] if substance[word].available)


def _judge(word: Outcome, facts: GateFacts) -> Choice:
    judge = _JUDGES.get(word)
    return judge(word, facts) if judge else Choice(word, Open.OPEN)


def _passing(word: Outcome, facts: GateFacts) -> Choice:
    """Go and Clear to launch: hard needs first, then what has to be explained."""
    unmet = facts.unmet_musts
    causes = [*_sequence(facts)]
    if unmet:
        causes.append(f"{_musts(len(unmet))} not verified with fresh evidence: {_names([c.slug for c in unmet])}.")
    if facts.active_waivers:
        causes.append(f"{_count(facts.active_waivers, 'waiver is', 'waivers are')} active; waived is not met (G4).")
    causes += _expired(facts)
    causes += why_risks_block(facts.risks, facts.limits, first_gate=facts.first_gate, today=facts.today)
    causes += _unowned(facts)
    return _settle(word, causes, facts)


def _conditional(word: Outcome, facts: GateFacts) -> Choice:
    """Conditional Go and Launch with conditions: unmet must-meets all waived, few, and none of the untouchable (G5)."""
    unmet = facts.unmet_musts
    causes = [*_sequence(facts)]
    fixed = [c.slug for c in unmet if c.non_waivable]
    if fixed:
        causes.append(f"{_names(fixed)} cannot be waived or replaced by a condition (G6).")
    bare = [c.slug for c in unmet if not c.waived and not c.non_waivable]
    if bare:
        causes.append(f"{_musts(len(bare))} neither met nor waived: {_names(bare)} (G5).")
    launch = facts.kind is Kind.LAUNCH
    most = facts.limits.max_waived_must_launch if launch else facts.limits.max_waived_must_conditional_go
    waived = [c.slug for c in unmet if c.waived]
    if len(waived) > most:
        causes.append(f"{len(waived)} must-meets are waived, at most {most} may be (G5).")
    causes += _expired(facts)
    causes += why_risks_block(facts.risks, facts.limits, first_gate=facts.first_gate, today=facts.today)
    causes += _unowned(facts)
    if _review_passed(facts):
        causes.append("The hold's review date has passed: choose Go, Recycle or Stop (G8).")
    return _settle(word, causes, facts)


def _hold(word: Outcome, facts: GateFacts) -> Choice:
    if facts.holds >= facts.limits.max_holds:
        return Choice(word, Open.CLOSED, (f"There were {facts.holds} holds already; a further one is refused (G8).",))
    if _review_passed(facts):
        return Choice(word, Open.CLOSED, ("The hold's review date has passed: choose Go, Recycle or Stop (G8).",))
    return Choice(word, Open.OPEN, ("Needs a cause outside the team's control.",))


def _recycle(word: Outcome, facts: GateFacts) -> Choice:
    if facts.recycles >= facts.limits.max_recycles_per_gate:
        text = f"This gate was recycled {facts.recycles} times already; choose Hold or Stop (G9)."
        return Choice(word, Open.CLOSED, (text,))
    if not facts.failed:
        return Choice(word, Open.CLOSED, ("No criterion has failed, so there is nothing to redo.",))
    return Choice(word, Open.OPEN)


def _settle(word: Outcome, causes: list[str], facts: GateFacts) -> Choice:
    if causes:
        return Choice(word, Open.CLOSED, tuple(causes))
    explain = _to_explain(facts)
    return Choice(word, Open.EXPLAIN if explain else Open.OPEN, explain)


def _to_explain(facts: GateFacts) -> tuple[str, ...]:
    shoulds = [c for c in facts.criteria if not c.must]
    found = []
    if shoulds:
        share, least = Fraction(sum(c.met for c in shoulds), len(shoulds)), facts.limits.should_meet_explain_below
        if share < least:
            found.append(f"Only {_percent(share)} of the should-meets are verified; {_percent(least)} are expected.")
    floor = facts.limits.dimension_explain_below
    weak = [name for name, score in facts.dimensions.items() if score < floor]
    if weak:
        found.append(f"Under {floor}: {_names(weak)}.")
    return tuple(found)


def _sequence(facts: GateFacts) -> list[str]:
    return [f"{name} comes first and has not been passed (G1)." for name in facts.earlier_open]


def _expired(facts: GateFacts) -> list[str]:
    return [f"The waiver of {slug} expired and its proof is still missing (G7)." for slug in facts.expired_waivers]


def _unowned(facts: GateFacts) -> list[str]:
    """Each area without an accepting owner and deputy, by name; no waiver or condition stands in for one (S59, G6)."""
    return [f"{words} No way on without an owner who accepted (S59)." for words in facts.unowned]


def _review_passed(facts: GateFacts) -> bool:
    return facts.hold_review is not None and facts.hold_review < facts.today


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.0f} %"


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:LISTED])
    return shown + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _musts(number: int) -> str:
    return _count(number, "must-meet criterion is", "must-meet criteria are")


_JUDGES: dict[Outcome, Callable[[Outcome, GateFacts], Choice]] = {
    Outcome.GO: _passing,
    Outcome.CLEAR_TO_LAUNCH: _passing,
    Outcome.CONDITIONAL_GO: _conditional,
    Outcome.LAUNCH_WITH_CONDITIONS: _conditional,
    Outcome.HOLD: _hold,
    Outcome.RECYCLE: _recycle,
}
