"""G2: who prepares does not decide, who owns does not verify, who asks does not approve. Pure."""

from collections.abc import Iterable


def why_not_decide(*, is_manager: bool, sits_as_sponsor: bool) -> str:
    """Say why a person may not decide a gate; empty when they may. Being an administrator gives no right to."""
    if is_manager:
        return "The program manager prepares a gate and cannot decide it (G2)."
    return "" if sits_as_sponsor else "Only the sponsor or the sponsor's deputy decides (G2)."


def why_not_verify(person: int, owners: Iterable[int | None], *, small_team: bool) -> str:
    """Say why a person may not verify: owners may only where the team is small and that is on record."""
    if person in set(owners) and not small_team:
        return "You own this or handed it in; somebody else has to verify it (G2)."
    return ""


def why_not_approve(person: int, requester: int, *, small_team: bool) -> str:
    """Say why a person may not approve what was requested."""
    if person == requester and not small_team:
        return "You asked for this; somebody else has to approve it (G2)."
    return ""
