"""What a snapshot holds beyond the gate pack: limits, all risks and roles, registers, the program's frame. Pure."""

from collections.abc import Mapping
from typing import Any

from gates.domain.sheet import (
    Block,
    Cell,
    Section,
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


def more_sections(document: Document) -> tuple[Section, ...]:
    """Return the further sections of the whole snapshot."""
    registers, zone = document["registers"], document["program"]["time_zone"]
    return (
        _later(document),
        _all_risks(document),
        _metrics(document),
        _roles(document, zone),
        _assumptions(registers),
        _issues(registers),
        _scope(registers),
        _log(registers),
        _challenge(registers["challenge"]),
        _earlier(document, zone),
        _frame(document),
    )


def _later(document: Document) -> Section:
    found = [row for row in document["criteria"] if not row["counts"]]
    table = Table(
        "Criteria that later gates look at",
        ("Criterion", "State", "Owner", "Agreed"),
        tuple(
            cells(
                Cell(row["text"], joined(row["dimension_name"], row["event_name"])),
                sentence(row["state"]) if row["applicable"] else "Does not apply",
                Cell(who(row["owner"]), row["owner_role"]),
                day(row["due"]),
            )
            for row in found
        ),
        widths=(9, 3, 4, 3),
    )
    return Section("later", "Criteria of other gates", (table,) if found else (), str(len(found)))


def _all_risks(document: Document) -> Section:
    table = Table(
        "Every open risk, worst first",
        ("Risk", "Score", "Before measures", "Response", "Owner"),
        tuple(
            cells(
                row["event"],
                Cell(str(row["score"]), row["band"]),
                row["inherent_score"],
                sentence(row["response"]),
                Cell(who(row["owner"]), row["owner_role"]),
            )
            for row in sorted(document["risks"], key=lambda row: (-row["score"], row["slug"]))
        ),
        widths=(8, 2, 2, 3, 4),
    )
    return Section("register", "Risk register", (table,) if document["risks"] else (), str(len(document["risks"])))


def _metrics(document: Document) -> Section:
    table = Table(
        "Metrics with their limits",
        ("Metric", "Target", "Warning", "Critical", "Owner"),
        tuple(
            cells(
                Cell(row["name"], joined(row["unit"], "" if row["confirmed"] else "limits not confirmed")),
                _ends(row["target"]),
                _ends(row["warning"]),
                _ends(row["critical"]),
                Cell(who(row["owner"]), row["owner_role"]),
            )
            for row in document["metrics"]
        ),
        widths=(6, 3, 3, 3, 4),
    )
    return Section("metrics", "Metrics and limits", (table,) if document["metrics"] else ())


def _ends(ends: Mapping[str, str]) -> str:
    low, high = ends.get("low"), ends.get("high")
    if low is not None and high is not None:
        return low if low == high else f"{low} to {high}"
    return f"from {low}" if low is not None else f"to {high}" if high is not None else "–"


def _roles(document: Document, zone: str) -> Section:
    table = Table(
        "Who held which role",
        ("Role", "Holder", "Deputy"),
        tuple(
            cells(
                row["name"],
                Cell(
                    who(row["holder"]),
                    f"since {day(row['vacant_since'])}" if row["vacant_since"] else "",
                    "" if row["holder"] else "red",
                ),
                who(row["deputy"]),
            )
            for row in document["roles"]
        ),
        widths=(5, 5, 5),
    )
    return Section("roles", "Roles", (table,))


def _assumptions(registers: Document) -> Section:
    found = registers["assumptions"]
    marks = {"holds": "green", "broken": "red", "unclear": "amber", "": "grey"}
    table = Table(
        "Assumptions",
        ("Assumption", "Rank", "Result", "Test"),
        tuple(
            cells(
                Cell(row["text"], row["consequence"]),
                row["rank"] or "–",
                Cell(sentence(row["result"]) or "Not tested", row["result_note"], marks[row["result"]]),
                Cell(row["test"], joined(day(row["tested_on"]), who(row["tested_by"]) if row["tested_by"] else "")),
            )
            for row in found
        ),
        widths=(7, 1, 4, 5),
    )
    return Section("assumptions", "Assumptions", (table,) if found else ())


def _issues(registers: Document) -> Section:
    found = registers["issues"]
    table = Table(
        "Issues",
        ("Issue", "Severity", "Found", "Cost", "State"),
        tuple(
            cells(
                Cell(row["title"], row["dimension"]),
                sentence(row["severity"]),
                Cell(
                    row["found_phase"],
                    f"late, belonged to {row['expected_phase']}" if row["late"] else "",
                    "amber" if row["late"] else "",
                ),
                joined(f"{row['effort_hours']} h", counted(row["delay_days"], "day") if row["delay_days"] else ""),
                Cell(f"Closed {day(row['closed_on'])}" if row["closed_on"] else "Open", row["resolution"]),
            )
            for row in found
        ),
        widths=(6, 2, 4, 3, 4),
    )
    return Section("issues", "Issues", (table,) if found else ())


def _scope(registers: Document) -> Section:
    found = registers["scope"]
    table = Table(
        "Scope changes",
        ("Change", "Effect", "State", "Who"),
        tuple(
            cells(
                Cell(row["title"], row["reason"]),
                Cell(row["effect_outcome"], joined(f"{row['effect_days']:+d} days", f"cost {row['effect_cost']}")),
                Cell(sentence(row["state"]), row["decision_reason"]),
                Cell(who(row["asked_by"]), f"answered: {who(row['decided_by'])}" if row["decided_by"] else ""),
            )
            for row in found
        ),
        widths=(6, 5, 4, 4),
    )
    return Section("scope", "Scope changes", (table,) if found else ())


def _log(registers: Document) -> Section:
    found = registers["log"]
    table = Table(
        "Decision log",
        ("Decision", "Chosen", "Why", "Who"),
        tuple(
            cells(
                Cell(row["title"], sentence(row["kind"])),
                row["chosen"],
                Cell(row["reason"], f"Dissent: {row['dissent']}" if row["dissent"] else ""),
                Cell(who(row["decided_by"]), day(row["decided_on"])),
            )
            for row in found
        ),
        widths=(5, 5, 5, 3),
    )
    return Section("log", "Decision log", (table,) if found else ())


def _challenge(session: Document) -> Section:
    if not session["held_on"]:
        return Section("challenge", "Challenge session", (Text("Not held yet.", tone="grey"),))
    present = ", ".join(row["name"] for row in session["present"])
    table = Table(
        "Hard questions and their answers",
        ("Question", "Answer"),
        tuple(cells(Cell(row["question"], sentence(row["theme"])), row["answer"] or "–") for row in session["asked"]),
        widths=(6, 8),
    )
    head = facts(
        ("Held on", day(session["held_on"])),
        ("Led by", who(session["led_by"])),
        ("Present", joined(present, session["also_present"])),
    )
    return Section("challenge", "Challenge session", (head, table))


def _earlier(document: Document, zone: str) -> Section:
    found = document["decisions"]
    table = Table(
        "Decisions up to this gate",
        ("Gate", "Decision", "Reason", "Who"),
        tuple(
            cells(
                Cell(row["gate"], f"round {row['number']}"),
                Cell(row["word_label"], "corrects an earlier one" if row["supersedes"] else ""),
                row["reason"],
                Cell("nobody, it lapsed" if row["lapsed"] else row["by"], moment(row["at"], zone)),
            )
            for row in found
        ),
        widths=(4, 3, 7, 4),
    )
    return Section("decisions", "Decisions so far", (table,) if found else ())


def _frame(document: Document) -> Section:
    program, outcome = document["program"], document["outcome"] or {}
    playbook = program["playbook"]
    blocks: list[Block] = [
        facts(
            ("Playbook", f"{playbook['slug']}, version {playbook['version']}"),
            ("Runs", f"{day(program['start_date'])} to {day(program['end_date'])}"),
            ("State", sentence(program["state"])),
            ("Strategic priority", program["strategic_priority"]),
            ("Cost ceiling", joined(program["cost_ceiling"], program["cost_currency"])),
            ("Outcome measured by", joined(outcome.get("measure"), outcome.get("unit"))),
            ("From, to", joined(outcome.get("baseline"), outcome.get("target"), day(outcome.get("target_date")))),
            ("Must not suffer", outcome.get("guardrail")),
            *((f"Profile: {key.replace('_', ' ')}", _answer(value)) for key, value in program["profile"].items()),
        )
    ]
    if document["triggers"]:
        blocks.append(
            Table(
                "What asks for a mini-gate after a decision",
                ("When", "Then"),
                tuple(cells(row["when"], row["then"]) for row in document["triggers"]),
                widths=(7, 7),
            )
        )
    return Section("frame", "Program, playbook and outcome", tuple(blocks))


def _answer(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return sentence(value) if isinstance(value, str) else str(value)
