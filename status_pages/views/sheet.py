"""What every rendering of a status document shares: the values its template prints. Reads nothing but the document."""

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString

from core.charts import progress_track
from status_pages.domain import since

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
