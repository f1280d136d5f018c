"""Who was heard in a round, frozen as words for the record (G11, G22). Must not write."""

from accounts.models import User
from gates.models import GateReview
from gates.selectors.ledger import Ledger
from phases.selectors import Plan
from programs.selectors import Cast


def views_of(review: GateReview | None, plan: Plan, ledger: Ledger) -> list[dict[str, object]]:
    """Return the views of a round as plain JSON, in the order of the roles."""
    found = ledger.opinions_of(review)
    rows = [(plan.cast.by_id[role_id], opinion) for role_id, opinion in found.items()]
    return [
        {
            "role": role.slug,
            "role_name": role.name,
            "person": opinion.person_id,
            "name": str(opinion.person),
            "given_as": opinion.given_as,
            "view": opinion.view,
            "text": opinion.text,
            "dissent": opinion.dissent,
            "given_at": opinion.given_at.isoformat(),
        }
        for role, opinion in sorted(rows, key=lambda row: row[0].position)
    ]


def attendance_of(actor: User, views: list[dict[str, object]], cast: Cast) -> list[dict[str, object]]:
    """Return who took part: the decider first, then everybody whose view was heard."""
    roles = sorted(cast.slugs_of(actor))
    decider = {"person": actor.pk, "name": str(actor), "as": "decider", "roles": roles}
    heard = [{"person": v["person"], "name": v["name"], "as": v["given_as"], "roles": [v["role"]]} for v in views]
    return [decider, *heard]
