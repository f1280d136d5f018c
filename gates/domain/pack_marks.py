"""The last part of a gate pack: people, dates, and what a reader has to know about the proof itself. Pure."""

from collections.abc import Mapping
from typing import Any

from gates.domain.sheet import (
    Block,
    Cell,
    Facts,
    Section,
    Table,
    Text,
    cells,
    counted,
    day,
    facts,
    moment,
    sentence,
    who,
)

Document = Mapping[str, Any]


def owners(document: Document, zone: str) -> Section:
    """Gatekeepers, ownership areas and what is vacant."""
    areas = Table(
        "Areas that need an owner after go-live",
        ("Area", "Holder", "Deputy", "Accepted"),
        tuple(
            cells(
                Cell(row["name"], row["role"]),
                Cell(who(row["holder"]), mark="" if row["holder"] else "red"),
                who(row["deputy"]),
                Cell(
                    who(row["accepted_by"]) if row["accepted_by"] else "not yet",
                    moment(row["accepted_at"], zone),
                ),
            )
            for row in document["areas"]
        ),
        widths=(5, 3, 3, 4),
    )
    keepers: Facts = facts(*((row["role"], who(row["holder"])) for row in document["event"]["gatekeepers"]))
    vacant = [row["name"] for row in document["roles"] if row["holder"] is None]
    blocks: list[Block] = [Text("Gatekeepers", big=True), keepers] if keepers.rows else []
    if document["areas"]:
        blocks.append(areas)
    if vacant:
        blocks.append(Text(f"Vacant: {', '.join(vacant)}.", tone="red"))
    return Section("owners", "Ownership", tuple(blocks), counted(len(vacant), "vacant role"))


def dates(document: Document, zone: str) -> Section:
    """Three dates of every gate side by side, and every move with its reason (honesty rule 7)."""
    table = Table(
        "Baseline, agreed and forecast dates",
        ("Gate or checkpoint", "Baseline", "Agreed", "Forecast", "Slip", "Moved"),
        tuple(
            cells(
                Cell(row["name"], sentence(row["outcome"])),
                day(row["baseline"]),
                day(row["due"]),
                day(row["forecast"]) or "–",
                f"{row['slip_days']:+d} d" if row["slip_days"] else "0",
                Cell(f"{row['moves']}×" if row["moves"] else "", mark="amber" if row["moves"] > 1 else ""),
            )
            for row in document["events"]
        ),
        numeric=(4, 5),
        widths=(6, 3, 3, 3, 2, 2),
    )
    moves = document["moves"]
    slipped = Table(
        "Every moved date",
        ("What", "From", "To", "Why", "Who"),
        tuple(
            cells(
                Cell(row["label"], f"{row['field']} date of a {row['item_kind']}"),
                day(row["old"]) or "–",
                day(row["new"]) or "–",
                row["reason"],
                Cell(who(row["by"]), moment(row["at"], zone)),
            )
            for row in moves
        ),
        widths=(6, 3, 3, 5, 4),
    )
    blocks: tuple[Block, ...] = (table, slipped) if moves else (table, Text("No date was moved."))
    return Section("dates", "Dates and slip", blocks, counted(len(moves), "moved date"))


def marks(document: Document, zone: str) -> Section:
    """Self-verified, tailoring, not-applicable and re-checks: what a reader has to know about the proof itself."""
    own = [row for row in document["criteria"] if row["self_verified"]]
    blocks: list[Block] = []
    if document["program"]["small_team"]:
        blocks.append(Text("Small team: owners may verify and requesters may approve here (G2).", tone="amber"))
    if own:
        names = ", ".join(row["slug"] for row in own)
        blocks.append(Text(f"Self-verified: {names}.", tone="amber"))
    alone = [row["criterion"] for row in document["waivers"] if row["self_approved"]]
    if alone:
        blocks.append(Text(f"Waivers approved by who asked: {', '.join(alone)}.", tone="amber"))
    if document["tailoring"]:
        blocks.append(
            Table(
                "Tailoring and what does not apply (G13, G14)",
                ("Change", "About", "Reason", "State", "Asked and answered"),
                tuple(
                    cells(
                        row["what"],
                        row["subject"],
                        row["reason"],
                        Cell(sentence(row["state"]), row["answer"]),
                        Cell(who(row["requested_by"]), f"answered: {who(row['answered_by'])}"),
                    )
                    for row in document["tailoring"]
                ),
                widths=(3, 5, 5, 3, 4),
            )
        )
    blocks += _rechecks(document["rechecks"], zone)
    return Section("marks", "Self-verified, tailoring and re-checks", tuple(blocks) or (Text("None."),))


def _rechecks(drawn: Mapping[str, Any] | None, zone: str) -> list[Block]:
    if drawn is None:
        return [Text("No verified criterion was looked at again.", tone="grey")]
    marks = {"passed": "green", "failed": "red", "": "grey"}
    seed = f"Drawn from {len(drawn['population'])} verified criteria with seed {drawn['seed']}"
    return [
        Text(f"{seed} by {who(drawn['drawn_by'])}, {moment(drawn['drawn_at'], zone)}."),
        Table(
            "Looked at again at random",
            ("Criterion", "Result", "Note", "By"),
            tuple(
                cells(
                    Cell(row["text"], row["criterion"]),
                    Cell(sentence(row["result"]) or "Not yet", mark=marks[row["result"]]),
                    row["note"],
                    Cell(who(row["checked_by"]) if row["checked_by"] else "", moment(row["checked_at"], zone)),
                )
                for row in drawn["rows"]
            ),
            widths=(7, 2, 5, 3),
        ),
    ]
