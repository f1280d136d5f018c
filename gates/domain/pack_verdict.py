"""The first part of a gate pack: decision, computed recommendation and opinions, three records apart (G3). Pure."""

from collections.abc import Mapping
from typing import Any

from gates.domain.sheet import Block, Cell, Section, Table, Text, cells, day, facts, joined, moment, sentence, who

Document = Mapping[str, Any]


def verdict(document: Document, zone: str) -> Section:
    """Return decision, recommendation and opinions as three records, in this order."""
    decision = document["decision"]
    aside = decision["word_label"] if decision else "no decision yet"
    blocks: list[Block] = [
        Text(document["event"]["question"], big=True),
        *_decision(decision, zone),
        *_recommendation(document),
        *_views(document, zone),
    ]
    return Section("verdict", "Decision, recommendation and opinions", tuple(blocks), aside)


def _decision(decision: Mapping[str, Any] | None, zone: str) -> list[Block]:
    if decision is None:
        return [Text("No decision is on record in this snapshot.", tone="grey")]
    label = decision["word_label"]
    by = f"{who(decision['decided_by'])}, {moment(decision['decided_at'], zone)}"
    if decision["lapsed"]:
        by = f"Nobody chose this: a condition was missed, {moment(decision['decided_at'], zone)}"
    heading = f"Decision: {label}, round {decision['number']}"
    return [
        Text(heading, big=True),
        Text(decision["reason"], by=by),
        facts(
            ("Why differently", decision["recommendation"].get("explanation")),
            ("Corrects", "an earlier decision" if decision["supersedes"] else ""),
            ("Trade-off", decision["trade_off"]),
            ("Next phase", decision["next_owner"]),
            ("Budget", decision["next_budget"]),
            ("Runs", joined(day(decision["next_start"]), day(decision["next_end"]))),
            ("Cause of the hold", sentence(decision["hold_cause"])),
            ("Waiting for", decision["waiting_for"]),
            ("Keeps running", decision["keeps_running"]),
            ("Review on", day(decision["review_date"])),
            ("To redo", ", ".join(decision["redo"])),
            ("New date", day(decision["new_date"])),
            ("What changes", decision["changes"]),
            ("Reason to stop", sentence(decision["stop_reason"])),
            ("Present", "; ".join(_present(row) for row in decision["attendance"])),
        ),
    ]


def _present(row: object) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    capacity = row.get("as", "")
    roles = ", ".join(word.replace("-", " ") for word in row.get("roles", []))
    given_as = f" as {capacity}" if capacity not in ("", "holder") else ""
    return f"{row.get('name', '')}{given_as}" + (f" ({roles})" if roles else "")


def _recommendation(document: Document) -> list[Block]:
    given = (document["decision"] or {}).get("recommendation") or document["recommendation"]
    choices = given.get("choices", [])
    advised = sentence(given.get("recommended")) or "none at a checkpoint"
    marks = {"open": "green", "explain": "amber", "closed": "grey"}
    words = {"open": "Open", "explain": "Open with an explanation", "closed": "Not open"}
    return [
        Text(f"Recommendation, computed: {advised}", big=True),
        Table(
            "Which decisions were open",
            ("Decision", "State", "Why"),
            tuple(
                cells(
                    sentence(row["word"]),
                    Cell(words[row["state"]], mark=marks[row["state"]]),
                    "\n".join(row["causes"]),
                )
                for row in choices
            ),
            widths=(4, 5, 14),
        ),
    ]


def _views(document: Document, zone: str) -> list[Block]:
    review = document["review"]
    if review is None:
        return [Text("Not handed in to review yet, so nobody gave a view.", tone="grey")]
    handed_in = f"Handed in by {who(review['opened_by'])}, {moment(review['opened_at'], zone)}"
    marks = {"support": "green", "with-conditions": "amber", "oppose": "red"}
    table = Table(
        "Opinions of the gatekeepers",
        ("Gatekeeper", "Opinion", "Words"),
        tuple(
            cells(
                Cell(row["role"], joined(who(row["person"]), row["given_as"] if row["given_as"] != "holder" else "")),
                Cell(row["view_label"], "Dissent on record" if row["dissent"] else "", marks.get(row["view"], "grey")),
                row["text"],
            )
            for row in review["views"]
        ),
        widths=(4, 3, 7),
    )
    blocks: list[Block] = [Text(f"Opinions, round {review['number']}", big=True), Text(handed_in)]
    return [*blocks, table if review["views"] else Text("No view was given.", tone="grey")]
