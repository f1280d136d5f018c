"""The gate pack from a stored document: what was decided on what grounds (G3, G11, S20). Pure.

Reads the document and nothing else. The order follows how a decision is taken: verdict, score, proof, permissions,
risks, people, dates.
"""

from collections.abc import Mapping
from typing import Any

from gates.domain.pack_marks import dates, marks, owners
from gates.domain.pack_more import more_sections
from gates.domain.pack_verdict import verdict
from gates.domain.sheet import (
    Block,
    Cell,
    Section,
    Sheet,
    Table,
    Text,
    cells,
    counted,
    day,
    facts,
    joined,
    moment,
    sentence,
    who,
)

Document = Mapping[str, Any]
PROOFS = {
    "verified_fresh": ("Verified", "green"),
    "evidence_unverified": ("Evidence, not verified", "amber"),
    "stale": ("Evidence past its age", "red"),
    "none": ("No evidence", "red"),
    "waived": ("Waived, not met", "amber"),
}
KINDS = {"review": "As handed in to review", "decision": "As decided", "now": "Preview, not frozen"}


def sheet(document: Document, *, full: bool = False) -> Sheet:
    """Return the gate pack; with `full` everything else the document holds as well.

    Errors: ValueError for a layout this version does not know.
    """
    if document["schema"] != 1:
        raise ValueError(f"layout {document['schema']} is not known here")
    event, program = document["event"], document["program"]
    zone = program["time_zone"]
    sections = [
        verdict(document, zone),
        _score(document),
        _criteria(document),
        _evidence(document, zone),
        _waivers(document, zone),
        _conditions(document),
        _risks(document),
        owners(document, zone),
        dates(document, zone),
        marks(document, zone),
        *(more_sections(document) if full else ()),
    ]
    return Sheet(
        title=f"{event['name']}, {program['name']}",
        subtitle=joined(program["portfolio"], event["phase"], f"tier {program['tier']}"),
        kind=KINDS[document["kind"]],
        taken=moment(document["taken_at"], zone),
        sections=tuple(section for section in sections if section.blocks),
    )


# ------------------------------------------------------------------ score, criteria, evidence


def _score(document: Document) -> Section:
    score, status = document["readiness"], document["status"]
    head = "No criterion counts here."
    if score["points"] is not None:
        head = f"Readiness {score['points']}, weakest: {score['weakest']} (average {score['average']})"
    blocks: list[Block] = [
        Text(head, big=True),
        facts(
            ("Verified average", score["verified_average"]),
            ("Pace", score["pace_text"]),
            ("Weighted", f"{decimal(score['credit'])} of {score['weight']}, due by then {score['weight_due']}"),
            ("Formula", f"version {score['version']}"),
            ("Not applicable", f"{score['not_applicable']}"),
            ("Active waivers", f"{status['waivers']}"),
            ("Open conditions", f"{status['conditions']}"),
        ),
        Table(
            "Score by dimension, weakest first",
            ("Dimension", "Criteria", "Left out", "Weight", "Credit", "Score", "Verified only"),
            tuple(
                cells(
                    row["name"], row["criteria"], row["not_applicable"], row["weight"], decimal(row["credit"]),
                    row["points"], row["verified_points"],
                )
                for row in score["dimensions"]
            ),
            numeric=(1, 2, 3, 4, 5, 6),
            widths=(6, 2, 2, 2, 2, 2, 2),
        ),
        Table(
            "Status, computed",
            ("Colour", "Rule that fired"),
            tuple(
                cells(Cell(sentence(rule["colour"]), mark=rule["colour"]), rule["sentence"]) for rule in status["rules"]
            )
            or (cells(Cell(sentence(status["colour"]), mark=status["colour"]), status["sentence"]),),
            widths=(2, 12),
        ),
    ]  # fmt: skip
    declared = status["declared"]
    if declared:
        blocks.append(Text(f"Declared {declared['colour']}: {declared['reason']}", by=who(declared["by"])))
    if document["late_flips"]["alarm"]:
        blocks.insert(1, Text("Late flip: " + document["late_flips"]["sentence"], tone="red"))
    return Section("score", "Readiness", tuple(blocks), f"formula version {score['version']}")


def decimal(text: object) -> str:
    """A stored fraction as a decimal with one place where it has a rest."""
    top, _, bottom = str(text).partition("/")
    return str(text) if not bottom else f"{int(top) / int(bottom):.1f}"


def _criteria(document: Document) -> Section:
    counting = [row for row in document["criteria"] if row["counts"]]
    met = sum(row["proof"] == "verified_fresh" for row in counting if row["applicable"])
    applicable = sum(row["applicable"] for row in counting)
    table = criteria_table(counting, "Criteria this gate looks at")
    return Section("criteria", "Criteria", (table,) if counting else (), f"{met} of {applicable} met")


def criteria_table(found: list[Mapping[str, Any]], caption: str) -> Table:
    """Criteria by dimension and level, must-meets first."""
    ordered = sorted(found, key=lambda row: (row["dimension_name"], row["level"] != "must"))
    return Table(
        caption,
        ("Criterion", "Proof", "Owner", "Verified by", "Agreed", "Slip"),
        tuple(_criterion(row) for row in ordered),
        numeric=(5,),
        widths=(16, 8, 7, 6, 8, 3),
    )


def _criterion(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    word, mark = PROOFS[row["proof"]] if row["applicable"] else ("Does not apply", "")
    level = {"must": "Must-meet", "should": "Should-meet"}[row["level"]]
    extra = joined(row["dimension_name"], level, "cannot be waived" if row["non_waivable"] else "", row["event_name"])
    verified = Cell(
        who(row["verified_by"]) if row["verified_by"] else "", "Self-verified" if row["self_verified"] else ""
    )
    slip = f"{row['slip_days']:+d} d" if row["slip_days"] else "0"
    forecast = f"forecast {day(row['forecast'])}" if row["forecast"] and row["forecast"] != row["due"] else ""
    reason = row["not_applicable_reason"] if not row["applicable"] else row["state_reason"]
    return cells(
        Cell(row["text"], extra),
        Cell(word, reason, mark),
        Cell(who(row["owner"]), row["owner_role"]),
        verified,
        Cell(day(row["due"]), forecast),
        slip,
    )


def _evidence(document: Document, zone: str) -> Section:
    found = [(row, proof) for row in document["criteria"] if row["counts"] for proof in row["evidence"]]
    table = Table(
        "Evidence with its hash and the day it describes",
        ("Evidence", "For", "Describes", "SHA-256"),
        tuple(
            cells(
                Cell(
                    proof["title"],
                    joined(
                        _measured(proof), sentence(proof["kind"]), proof["file_name"], proof["url"],
                        f"added by {who(proof['added_by'])} on {moment(proof['added_at'], zone)}",
                    ),
                ),
                row["slug"],
                Cell(
                    day(proof["effective_date"]),
                    f"version {proof['describes_version']}" if proof["describes_version"] else "",
                ),
                Cell(proof["sha256"] or "no file", code=bool(proof["sha256"])),
            )
            for row, proof in found
        ),
        widths=(6, 3, 3, 5),
    )  # fmt: skip
    blocks: tuple[Block, ...] = (table,) if found else (Text("No evidence was on record.", tone="red"),)
    return Section("evidence", "Evidence", blocks, counted(len(found), "proof"))


def _measured(proof: Mapping[str, Any]) -> str:
    """The number of a proof against its limit; documents frozen before proofs had one say nothing."""
    result, limit = proof.get("result", ""), proof.get("limit", "")
    return f"{result} (limit: {limit})" if result and limit else result


# ------------------------------------------------------------------ permissions, debts, risks


def _waivers(document: Document, zone: str) -> Section:
    found = document["waivers"]
    marks = {"approved": "amber", "expired": "red"}
    table = Table(
        "Waivers; waived is not met (G4)",
        ("Criterion", "State", "Until", "Instead", "Asked and approved"),
        tuple(
            cells(
                Cell(row["criterion_text"], row["reason"]),
                Cell(sentence(row["state"]), row["answer"], marks.get(row["state"], "grey")),
                day(row["expires_on"]),
                Cell(row["control"], row["control_evidence"]),
                Cell(
                    f"Asked: {who(row['requested_by'])}",
                    joined(
                        f"answered: {who(row['answered_by'])} {moment(row['answered_at'], zone)}".strip(),
                        "self-approved" if row["self_approved"] else "",
                    ),
                ),
            )
            for row in found
        ),
        widths=(6, 3, 3, 5, 4),
    )
    active = sum(row["state"] == "approved" for row in found)
    blocks: tuple[Block, ...] = (table,) if found else (Text("No waivers."),)
    return Section("waivers", "Waivers", blocks, counted(active, "active one"))


def _conditions(document: Document) -> Section:
    found = document["conditions"]
    marks = {"closed": "green", "open": "amber", "overdue": "red", "lapsed": "red"}
    table = Table(
        "Conditions of decisions",
        ("Condition", "Standing", "Owner", "Due", "Exit test", "If missed"),
        tuple(
            cells(
                Cell(row["text"], row["gate"]),
                Cell(sentence(row["standing"]), mark=marks[row["standing"]]),
                Cell(who(row["owner"]), row["owner_role"]),
                day(row["due_date"]),
                row["exit_test"],
                row["consequence"],
            )
            for row in found
        ),
        widths=(5, 3, 3, 3, 4, 4),
    )
    open_ = sum(row["standing"] != "closed" for row in found)
    blocks: tuple[Block, ...] = (table,) if found else (Text("No conditions."),)
    return Section("conditions", "Conditions", blocks, counted(open_, "open one"))


def _risks(document: Document) -> Section:
    above = [row for row in document["risks"] if row["above_tolerance"]]
    above.sort(key=lambda row: (-row["score"], row["slug"]))
    title = f"Risks above the tolerance of {document['tolerance']}"
    blocks: tuple[Block, ...] = (risk_table(above, title),) if above else (Text("No risk is above tolerance."),)
    return Section("risks", title, blocks, f"{len(above)} of {len(document['risks'])}")


def risk_table(found: list[Mapping[str, Any]], caption: str) -> Table:
    """Risks with score, response, owner and acceptance."""
    return Table(
        caption,
        ("Risk", "Score", "Response", "Owner", "Accepted"),
        tuple(
            cells(
                Cell(row["event"], joined(f"because {row['cause']}", f"so that {row['impact']}")),
                Cell(str(row["score"]), row["band"], "red" if row["above_tolerance"] else ""),
                Cell(sentence(row["response"]), _actions(row)),
                Cell(who(row["owner"]), row["owner_role"]),
                _accepted(row["acceptance"]),
            )
            for row in found
        ),
        widths=(8, 2, 5, 3, 3),
    )


def _actions(row: Mapping[str, Any]) -> str:
    done = sum(action["done"] for action in row["actions"])
    return f"{done} of {counted(len(row['actions']), 'action')} done" if row["actions"] else ""


def _accepted(signed: Mapping[str, Any] | None) -> Cell:
    if not signed:
        return Cell("no")
    return Cell(who(signed["by"]), f"score {signed['score']} until {day(signed['expires_on'])}: {signed['reason']}")
