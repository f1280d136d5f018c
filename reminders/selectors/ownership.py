"""The open nominations of one program, as the planner's facts. Must not decide anything."""

from ownership.enums import Seat
from ownership.models import Nomination
from programs.selectors import Cast
from reminders.domain.facts import NominationFacts


def facts(rows: list[Nomination], cast: Cast) -> tuple[NominationFacts, ...]:
    """Nominations as the planner sees them."""
    return tuple(
        NominationFacts(row.pk, cast.by_id[row.role_id].slug, _label(row, cast), row.person_id, row.nominated_on)
        for row in rows
    )


def _label(row: Nomination, cast: Cast) -> str:
    name = cast.by_id[row.role_id].name
    return name if row.seat == Seat.OWNER else f"Deputy for {name}"
