"""The status document: one pure function from facts to what every output prints (issue 5, G11, S22, S23).

Page, print, PDF, slides, workbook, badge and JSON read this document and nothing else; that is why they show the
same numbers. Numbers with a fraction are Decimals, dates are dates; `gates.domain.canonical` writes and hashes it.
"""

from typing import Any

from status_pages.domain import words
from status_pages.domain.areas import colours, reasons
from status_pages.domain.facts import AskFacts, RiskFacts, StatusFacts
from status_pages.enums import Area

SCHEMA = 1
TOP_RISKS = 3
COMING = 6
RESULTS = 5
Document = dict[str, Any]


def document(facts: StatusFacts) -> Document:
    """Return the document of a program at one instant; the same facts give the same document."""
    return {
        "schema": SCHEMA,
        "kind": "status",
        "taken": {"at": facts.at, "today": facts.today},
        "program": _program(facts),
        "verdict": _verdict(facts),
        "status": _status(facts),
        "asks": [_ask(ask) for ask in facts.asks],
        "areas": _areas(facts),
        "value": _value(facts),
        "risk": _risk(facts),
        "readiness": _readiness(facts),
        "results": _results(facts),
        "metrics": len(facts.results),
        "coming": [
            {"key": c.key, "on": c.on, "title": c.title, "kind": c.kind, "path": c.path}
            for c in sorted(facts.coming, key=lambda c: (c.on, c.key))[:COMING]
        ],
        "gates": [
            {"key": g.name, "name": g.name, "day": g.day, "due": g.due, "baseline": g.baseline, "state": g.state}
            for g in facts.gates
        ],
    }


def _program(facts: StatusFacts) -> Document:
    program = facts.program
    gate = facts.readiness.gate
    return {
        "name": program.name,
        "slug": program.slug,
        "portfolio": program.portfolio,
        "time_zone": program.time_zone,
        "start": program.start,
        "end": program.end,
        "state": program.state,
        "day": program.day,
        "days": (program.end - program.start).days + 1,
        "phase": program.phase,
        "phase_number": program.phase_number,
        "phases": program.phases,
        "manager": program.manager.as_data(),
        "sponsor": program.sponsor.as_data(),
        "next_gate": words.gate_words(gate, facts.today) if gate and not gate.decided else "",
    }


def _verdict(facts: StatusFacts) -> Document:
    """The manager's sentence while it is fresh, else the rules' own; both are there."""
    update = facts.update
    fresh = update is not None and update.age_days <= words.UPDATE_SPEAKS_DAYS
    found: Document = {
        "sentence": update.verdict if update is not None and fresh else facts.computed_verdict,
        "by_rules": facts.computed_verdict,
        "from_update": fresh,
        "update": None,
        "way_back": None,
    }
    if update is not None:
        found["update"] = {
            "number": update.number,
            "by": update.by.as_data(),
            "at": update.at,
            "age_days": update.age_days,
            "acknowledged": update.acknowledged,
            "path": f"updates/{update.number}/",
        }
        if update.way_back:
            found["way_back"] = {
                "text": update.way_back,
                "owner": update.way_back_owner.as_data(),
                "on": update.way_back_on,
            }
    return found


def _status(facts: StatusFacts) -> Document:
    """Computed and declared side by side; neither replaces the other."""
    declared = facts.declared
    return {
        "colour": facts.colour,
        "word": words.LABEL[facts.colour],
        "since": facts.since,
        "rules": [{"key": rule.slug, "colour": rule.colour, "sentence": rule.sentence} for rule in facts.rules],
        "declared": None
        if declared is None
        else {
            "colour": declared.colour,
            "word": words.LABEL[declared.colour],
            "reason": declared.reason,
            "by": declared.by.as_data(),
            "on": declared.on,
            "expires": declared.expires,
            "agreed": declared.agreed,
        },
        "differs": declared is not None and declared.colour != facts.colour,
        "how": words.how_set(facts),
    }


def _ask(ask: AskFacts) -> Document:
    return {
        "key": ask.key,
        "kind": ask.kind,
        "question": ask.question,
        "options": [
            {"key": name, "name": name, "effect": effect, "recommended": index == ask.recommended}
            for index, (name, effect) in enumerate(ask.options)
        ],
        "recommendation": ask.recommendation,
        "by": ask.by,
        "silence": ask.silence,
        "asked_on": ask.asked_on,
        "path": ask.path,
    }


def _areas(facts: StatusFacts) -> list[Document]:
    colour, reason = colours(facts), reasons(facts)
    sentence = {
        Area.VALUE: words.value_sentence(facts),
        Area.RISK: words.risk_sentence(facts.risks, facts.tolerance),
        Area.READINESS: words.readiness_sentence(facts),
        Area.OWNERSHIP: words.ownership_sentence(facts.readiness.vacant),
        Area.SCHEDULE: words.schedule_sentence(facts.readiness.gate, troubled=Area.SCHEDULE in reason),
        Area.COST: words.cost_sentence(facts),
    }
    path = {
        Area.RISK: "risks/",
        Area.OWNERSHIP: "owners/",
        Area.SCHEDULE: "plan/",
        Area.READINESS: "history/",
        Area.COST: "metrics/",
    }
    return [
        {
            "key": area.value,
            "name": area.label,
            "colour": colour[area].value,
            "word": words.LABEL[colour[area].value],
            "sentence": " ".join(filter(None, (reason.get(area), sentence[area]))),
            "path": path.get(area, ""),
        }
        for area in Area
    ]


def _value(facts: StatusFacts) -> Document:
    """The outcome with what is known of it; the grade is the charter's: A takes a second person."""
    value = facts.value
    return {
        "measure": value.measure,
        "unit": value.unit,
        "baseline": value.baseline,
        "target": value.target,
        "target_date": value.target_date,
        "now": value.now,
        "now_on": value.now_on,
        "planned": value.planned,
        "on_plan": value.on_plan,
        "confidence": value.grade,
        "confidence_words": value.grade_words,
        "ceiling": value.ceiling,
        "currency": value.currency,
    }


def _risk(facts: StatusFacts) -> Document:
    worst = sorted(facts.risks, key=lambda risk: (-risk.score, risk.key))[:TOP_RISKS]
    expiring = [r for r in facts.risks if r.accepted_until and (r.accepted_until - facts.today).days <= 14]
    actions = facts.actions
    return {
        "open": len(facts.risks),
        "above": sum(risk.above for risk in facts.risks),
        "tolerance": facts.tolerance,
        "accepted": sum(risk.accepted_until is not None for risk in facts.risks),
        "expiring": len(expiring),
        "actions_open": actions.open,
        "actions_late": actions.late,
        "actions_done": actions.done,
        "late_discoveries": facts.late_discoveries,
        "top": [_one_risk(risk) for risk in worst],
    }


def _one_risk(risk: RiskFacts) -> Document:
    return {
        "key": risk.key,
        "score": risk.score,
        "before": risk.before,
        "band": risk.band,
        "cause": risk.cause,
        "event": risk.event,
        "impact": risk.impact,
        "words": words.risk_words(risk),
        "owner": risk.owner.as_data(),
        "response": risk.response,
        "next_date": risk.next_date,
        "above": risk.above,
        "accepted_until": risk.accepted_until,
        "path": risk.path,
    }


def _readiness(facts: StatusFacts) -> Document:
    ready, gate = facts.readiness, facts.readiness.gate
    return {
        "formula": ready.version,
        "points": ready.points,
        "weakest": ready.weakest,
        "average": ready.average,
        "verified": ready.verified,
        "pace": ready.pace,
        "musts": ready.musts,
        "musts_met": ready.musts_met,
        "vacant": list(ready.vacant),
        "waivers": ready.waivers,
        "waivers_expired": ready.waivers_expired,
        "conditions": ready.conditions,
        "conditions_overdue": ready.conditions_overdue,
        "not_applicable": ready.not_applicable,
        "dimensions": [
            {"key": name, "name": name, "points": points, "verified": verified}
            for name, points, verified in ready.dimensions
        ],
        "gate": None
        if gate is None
        else {
            "name": gate.name,
            "date": gate.date,
            "forecast": gate.forecast,
            "slip": gate.slip,
            "decided": gate.decided,
            "path": gate.path,
        },
    }


def _results(facts: StatusFacts) -> list[Document]:
    """Breached ones first, then those that were read, then in the order of the program."""
    rank = {"critical": 0, "warning": 1}
    ordered = sorted(
        enumerate(facts.results), key=lambda pair: (rank.get(pair[1].level, 2), pair[1].value is None, pair[0])
    )
    return [
        {
            "key": result.key,
            "name": result.name,
            "value": result.value,
            "shown": words.result_words(result),
            "unit": result.unit,
            "target": result.target,
            "measured": result.measured,
            "level": result.level,
            "path": result.path,
        }
        for _, result in ordered[:RESULTS]
    ]
