"""What every rendering of a status document shares: the values its template prints. Reads nothing but the document."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from core.charts import progress_track
from core.templatetags.ui import shortday
from programs.models import Program
from status_pages.domain import since
from status_pages.models import LastLook
from status_pages.selectors.live import read
from status_pages.selectors.snapshots import first_comparison

LOOKED, OPENED = "Since you last looked", "Since this link was last opened"
"""A link is often shared by several people, so it speaks of itself and not of "you"."""
_GATE = {"next": "next", "pending": ""}
Context = dict[str, Any]


def sheet(doc: Mapping[str, Any], *, before: Mapping[str, Any] | None, proof: str) -> Context:
    """Return the context of one document; `before` is what the reader saw last, `proof` where its paths lead.

    An empty `proof` prints no link at all: what is shared must not show where the team works.
    """
    changed = since.changes(before, doc) if before is not None else []
    return {
        "doc": doc,
        "proof": proof,
        "track": _track(doc),
        "ask": doc["asks"][0] if doc["asks"] else None,
        "more_asks": doc["asks"][1:],
        "changes": changed[: since.SHOWN],
        "changes_total": len(changed),
        "compared": before is not None,
    }


def since_last(row: LastLook, program: Program, *, live: bool, words: str) -> tuple[Any, Context]:
    """Return the document a reader saw last and how the page calls it: what was kept, on a first look (one query)."""
    if row.before:
        return read(row.before), {"since": words, "seen_at": row.before_at}
    kept = first_comparison(program, live=live)
    if kept is None:
        return None, {"since": words}
    called = f"Since {shortday(kept.taken_at.astimezone(ZoneInfo(program.time_zone)).date())}"
    return read(kept.document), {"since": called if live else f"{called}, the update before"}


def _track(doc: Mapping[str, Any]) -> SafeString:
    program = doc["program"]
    gates = [(gate["day"], _GATE.get(gate["state"], "done")) for gate in doc["gates"]]
    spoken = ", ".join(f"{gate['name']} on day {gate['day']}: {gate['state']}" for gate in doc["gates"])
    return progress_track(
        day=program["day"],
        days=program["days"],
        gates=gates,
        label=f"Day {program['day']} of {program['days']}. {spoken}.",
    )
