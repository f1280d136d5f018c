"""Who may do what at a gate, and why not (G2, G22). Must not write.

Every function answers with its reason. Being an administrator or an executive viewer gives no right here: preparing is
the program manager's, deciding the sponsor's, approving a third person's.
"""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from gates.domain import quorum, separation
from gates.domain.facts import Kind
from gates.domain.limits import Limits
from gates.domain.waivers import approver_role
from gates.models import Condition, GateAlternate, Waiver
from phases.enums import CHECKPOINT_WORDS, Outcome
from phases.models import Criterion, Event
from phases.selectors.items import owners_of, responsible_for
from programs import policies as programs
from programs.enums import PROGRAM_MANAGER, RISK_LEAD, SPONSOR, ProgramState
from programs.models import Program, Role
from programs.selectors import Cast, active

INDEPENDENT_REVIEWER = "independent-reviewer"
ALIVE = (ProgramState.ACTIVE, ProgramState.RUNNING)


def may_open_review(actor: User, cast: Cast) -> Decision:
    """Hand a gate in to review: the program manager or the deputy, who prepare it."""
    return _alive(cast.program) and _in(actor, cast, PROGRAM_MANAGER, "hand a gate in to review")


def may_give_view(actor: User, role: Role, cast: Cast, alternate: GateAlternate | None) -> Decision:
    """Speak for a gatekeeping role: its holder, its deputy, or the alternate named for this gate (G22)."""
    closed = _alive(cast.program)
    if not closed:
        return closed
    held = cast.by_id[role.pk]
    stand_in = active(alternate.person) if alternate else None
    capacity = quorum.may_speak(
        actor.pk, holder=_id(active(held.holder)), deputy=_id(active(held.deputy)), alternate=_id(stand_in)
    )
    if capacity:
        return ALLOWED
    return refused(f"Only {held.name} ({active(held.holder) or 'nobody at present'}) or a named alternate may speak.")


def may_name_alternate(actor: User, role: Role, cast: Cast) -> Decision:
    """Name who speaks for an absent gatekeeper: the gatekeeper, the program manager or the sponsor."""
    closed = _alive(cast.program)
    if not closed:
        return closed
    held = cast.by_id[role.pk]
    if actor.pk == held.holder_id or programs.in_role(actor, cast, PROGRAM_MANAGER):
        return ALLOWED
    return _in(actor, cast, SPONSOR, f"name an alternate for {held.name}")


def may_decide(actor: User, kind: Kind, word: Outcome, cast: Cast) -> Decision:
    """Decide: the sponsor or deputy; only a checkpoint's plain words are the program manager's (G2)."""
    closed = _alive(cast.program)
    if not closed:
        return closed
    if kind in (Kind.CHECKPOINT, Kind.LAUNCH) and word in CHECKPOINT_WORDS:
        return _in(actor, cast, PROGRAM_MANAGER, "record a checkpoint")
    why = separation.why_not_decide(
        is_manager=programs.in_role(actor, cast, PROGRAM_MANAGER),
        sits_as_sponsor=programs.in_role(actor, cast, SPONSOR),
    )
    return refused(why) if why else ALLOWED


def may_stop(actor: User, cast: Cast) -> Decision:
    """End a program on purpose: the sponsor or deputy, any day (G10); a paused program as well."""
    if cast.program.state in (ProgramState.STOPPED, ProgramState.CLOSED):
        return refused(f"This program is {cast.program.state} already.")
    why = separation.why_not_decide(
        is_manager=programs.in_role(actor, cast, PROGRAM_MANAGER),
        sits_as_sponsor=programs.in_role(actor, cast, SPONSOR),
    )
    return refused(why) if why else ALLOWED


def may_request(actor: User, criterion: Criterion, cast: Cast) -> Decision:
    """Ask for a waiver or for not-applicable: who answers for the criterion, the deputy, or the program manager."""
    closed = _alive(cast.program)
    if not closed:
        return closed
    found = responsible_for(criterion, cast)
    if actor.pk in (found.addressee, found.deputy) or programs.in_role(actor, cast, PROGRAM_MANAGER):
        return ALLOWED
    return refused("Only the criterion's owner, the deputy or the program manager may ask for this.")


def may_answer_waiver(actor: User, waiver: Waiver, cast: Cast, limits: Limits) -> Decision:
    """Approve or refuse: the sponsor if the linked risk is high or above, else the risk and governance lead (G7)."""
    closed = _alive(cast.program)
    if not closed:
        return closed
    score = waiver.risk.current_score if waiver.risk else None
    role = approver_role(score, limits, sponsor=SPONSOR, lead=RISK_LEAD)
    return _second(actor, waiver.requested_by_id, waiver.criterion, cast, role, "approve this waiver")


def may_withdraw(actor: User, requested_by_id: int, cast: Cast) -> Decision:
    """Take a request or a waiver back: who asked, or the program manager."""
    if actor.pk == requested_by_id:
        return _alive(cast.program)
    return _alive(cast.program) and _in(actor, cast, PROGRAM_MANAGER, "withdraw this")


def may_answer_request(actor: User, requested_by_id: int, criterion: Criterion | None, cast: Cast) -> Decision:
    """Approve not-applicable and tailoring: the risk and governance lead, never who asked (G13, G14)."""
    return _alive(cast.program) and _second(actor, requested_by_id, criterion, cast, RISK_LEAD, "answer this")


def may_tailor(actor: User, cast: Cast) -> Decision:
    """Change the list of criteria or a limit: the program manager proposes (G14)."""
    return _alive(cast.program) and _in(actor, cast, PROGRAM_MANAGER, "tailor the criteria")


def may_reopen(actor: User, criterion: Criterion, cast: Cast) -> Decision:
    """Reopen what was verified: its verifying role, the independent reviewer or the risk lead, never its owner."""
    closed = _alive(cast.program)
    if not closed:
        return closed
    if actor.pk in owners_of(criterion, cast):
        return refused("You own this criterion; somebody else reopens it (G2).")
    slugs = {cast.by_id[criterion.verifier_role_id].slug, "independent-reviewer", RISK_LEAD, SPONSOR}
    if slugs & cast.slugs_of(actor):
        return ALLOWED
    return refused("Only its verifier, the independent reviewer, the risk lead or the sponsor may reopen it.")


def may_prove_condition(actor: User, condition: Condition, cast: Cast) -> Decision:
    """Give evidence for a condition: its owner or the owning role's holder and deputy."""
    closed = _alive(cast.program)
    if not closed:
        return closed
    if actor.pk in _owners_of_condition(condition, cast):
        return ALLOWED
    return refused(f"Only the owner of the condition ({cast.by_id[condition.owner_role_id].name}) may do this.")


def may_close_condition(actor: User, condition: Condition, cast: Cast) -> Decision:
    """Close a condition or send its evidence back: the verifying role, never its owner or who gave the proof (G15)."""
    closed = _alive(cast.program)
    if not closed:
        return closed
    owners = {*_owners_of_condition(condition, cast), condition.evidence_by_id}
    why = separation.why_not_verify(actor.pk, owners, small_team=cast.program.small_team)
    if why:
        return refused(why)
    role = cast.by_id[condition.verifier_role_id]
    return _in(actor, cast, role.slug, "close this condition")


def may_raise_exception(actor: User, cast: Cast) -> Decision:
    """Raise an exception note: the program manager (G17)."""
    return _alive(cast.program) and _in(actor, cast, PROGRAM_MANAGER, "raise an exception")


def may_answer_exception(actor: User, cast: Cast) -> Decision:
    """Answer one: the sponsor."""
    return _alive(cast.program) and _in(actor, cast, SPONSOR, "answer an exception")


def may_roll_out(actor: User, cast: Cast) -> Decision:
    """Plan, enter and leave steps of the rollout: the program manager (G18)."""
    return _alive(cast.program) and _in(actor, cast, PROGRAM_MANAGER, "run the rollout")


def may_halt(actor: User, cast: Cast) -> Decision:
    """Halt the rollout: anybody with a role in the program, without a meeting (G18)."""
    if cast.slugs_of(actor):
        return _alive(cast.program)
    return refused("Only somebody with a role in this program may halt its rollout.")


def may_declare(actor: User, cast: Cast) -> Decision:
    """Declare a status: the program manager."""
    return _alive(cast.program) and _in(actor, cast, PROGRAM_MANAGER, "declare a status")


def may_agree(actor: User, declared_by_id: int, cast: Cast) -> Decision:
    """Agree to a declared status that is better than computed: the sponsor."""
    why = separation.why_not_approve(actor.pk, declared_by_id, small_team=False)
    if why:
        return refused(why)
    return _alive(cast.program) and _in(actor, cast, SPONSOR, "agree to a better status")


def may_replan(actor: User, event: Event, cast: Cast) -> Decision:
    """Move a gate and what depends on it: the program manager."""
    return _alive(cast.program) and _in(actor, cast, PROGRAM_MANAGER, f"replan {event.name}")


def may_call_mini_gate(actor: User, cast: Cast) -> Decision:
    """Call a mini-gate: the program manager or the risk and governance lead (G21)."""
    closed = _alive(cast.program)
    if not closed or programs.in_role(actor, cast, PROGRAM_MANAGER):
        return closed
    return _in(actor, cast, RISK_LEAD, "call a mini-gate")


def may_set_team(actor: User, cast: Cast) -> Decision:
    """Relax separation for a very small team, on record: the sponsor (G2)."""
    return _alive(cast.program) and _in(actor, cast, SPONSOR, "change this setting")


def _second(actor: User, requester: int, criterion: Criterion | None, cast: Cast, role: str, what: str) -> Decision:
    small = cast.program.small_team
    why = separation.why_not_approve(actor.pk, requester, small_team=small)
    if not why and criterion is not None:
        owners = owners_of(criterion, cast)
        if actor.pk in owners and not small:
            why = "You own this criterion; somebody else has to approve it (G2)."
    return refused(why) if why else _in(actor, cast, role, what)


def _in(actor: User, cast: Cast, slug: str, what: str) -> Decision:
    if actor.is_active and programs.in_role(actor, cast, slug):
        return ALLOWED
    role, holder = cast.by_slug.get(slug), cast.holder(slug)
    name = role.name if role else slug.replace("-", " ").capitalize()
    return refused(f"Only {name} ({holder or 'nobody at present'}) or the deputy may {what}.")


def _alive(program: Program) -> Decision:
    return ALLOWED if program.state in ALIVE else refused(f"This program is {program.state}; nothing in it changes.")


def _owners_of_condition(condition: Condition, cast: Cast) -> set[int | None]:
    role = cast.by_id[condition.owner_role_id]
    if condition.owner_id is not None:
        return {condition.owner_id}
    people: set[int | None] = {_id(active(role.holder)), _id(active(role.deputy))}
    return people - {None}


def _id(person: User | None) -> int | None:
    return person.pk if person is not None else None


def may_recheck(actor: User, cast: Cast) -> Decision:
    """Look at verified criteria again before a gate: the independent reviewer or the deputy (honesty rule 6)."""
    return _alive(cast.program) and _in(actor, cast, INDEPENDENT_REVIEWER, "look at verified criteria again")


def may_sustain(actor: User, cast: Cast) -> Decision:
    """Decide to continue, change or retire a running system: the sponsor or the deputy (S79)."""
    return _alive(cast.program) and _in(actor, cast, SPONSOR, "decide to continue, change or retire")
