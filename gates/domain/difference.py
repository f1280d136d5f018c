"""G20: what differs between two snapshot documents, as named facts with before and after. Pure.

People are compared by id, so that a new name is no change of owner; everything else is compared as it is printed.
A fact is material when it touches what the playbook's triggers are about: limits, risk, the version that was judged,
proof that fell away, ownership after go-live, permissions that ended, the frame of the program.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Document = Mapping[str, Any]
Row = Mapping[str, Any]


class FactKind(StrEnum):
    """What a difference is about; the order is the order on the page."""

    CRITERION = "criterion"
    EVIDENCE = "evidence"
    WAIVER = "waiver"
    CONDITION = "condition"
    RISK = "risk"
    LIMIT = "limit"
    OWNER = "owner"
    ROLE = "role"
    DATE = "date"
    FRAME = "frame"

    @property
    def label(self) -> str:
        """Heading on screen."""
        return {
            "criterion": "Criteria",
            "evidence": "Evidence",
            "waiver": "Waivers",
            "condition": "Conditions",
            "risk": "Risks",
            "limit": "Limits",
            "owner": "Owners of items",
            "role": "Roles and ownership",
            "date": "Dates",
            "frame": "Program",
        }[self.value]


@dataclass(frozen=True)
class Fact:
    """One difference. `before` and `after` are words as printed, empty for something new or gone.

    `why` says why it is material, empty when it is not.
    """

    kind: FactKind
    subject: str
    label: str
    what: str
    before: str
    after: str
    why: str = ""

    @property
    def material(self) -> bool:
        """Whether it asks for a mini-gate."""
        return bool(self.why)


def difference(then: Document, now: Document) -> tuple[Fact, ...]:
    """Return every difference between two documents of the same program, by kind and in a fixed order.

    Errors: ValueError for documents of two programs, or of a layout this version does not know how to compare.
    """
    if then["schema"] != now["schema"]:
        raise ValueError("documents of different layouts are not compared")
    if then["program"]["slug"] != now["program"]["slug"]:
        raise ValueError("documents of two programs are not compared")
    found = [fact for look in _LOOKS for fact in look(then, now)]
    order = list(FactKind)
    return tuple(sorted(found, key=lambda fact: order.index(fact.kind)))


def material(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Return the facts that ask for a mini-gate."""
    return tuple(fact for fact in facts if fact.material)


# ------------------------------------------------------------------ criteria and their evidence


def _criteria(then: Document, now: Document) -> Iterator[Fact]:
    for slug, old, new in _pairs(then["criteria"], now["criteria"], "slug"):
        label = _either(old, new)["text"]
        if old is None or new is None:
            why = "A criterion was taken away." if new is None else ""
            yield Fact(FactKind.CRITERION, slug, label, "Criterion", _there(old), _there(new), why)
            continue
        for key, what in (("proof", "Proof"), ("state", "State"), ("level", "Level"), ("applicable", "Applies")):
            if old[key] != new[key]:
                why = _weaker(key, old, new)
                yield Fact(FactKind.CRITERION, slug, label, what, words(old[key]), words(new[key]), why)
        if _who(old["owner"]) != _who(new["owner"]):
            yield Fact(FactKind.OWNER, slug, label, "Owner", _name(old["owner"]), _name(new["owner"]))
        yield from _evidence(slug, label, old, new)


def _weaker(key: str, old: Row, new: Row) -> str:
    if key == "proof" and old["proof"] == "verified_fresh":
        return "Proof that the decision stood on no longer holds."
    if key == "level" and (old["level"], new["level"]) == ("must", "should"):
        return "A must-meet became a should-meet."
    if key == "applicable" and old["applicable"]:
        return "A criterion no longer counts."
    return ""


def _evidence(slug: str, label: str, old: Row, new: Row) -> Iterator[Fact]:
    for _, was, is_ in _pairs(old["evidence"], new["evidence"], "id"):
        title = _either(was, is_)["title"]
        if was is None or is_ is None:
            withdrawn = "It was withdrawn after it had been looked at." if is_ is None else ""
            what = "Evidence withdrawn" if is_ is None else "Evidence added"
            yield Fact(FactKind.EVIDENCE, slug, label, what, title if was else "", title if is_ else "", withdrawn)
            continue
        for key, what, why in (
            ("sha256", "Hash", "The file is not the one that was looked at."),
            ("describes_version", "Version", "Another version than the one that was judged."),
            ("effective_date", "Effective date", ""),
        ):
            if was[key] != is_[key]:
                yield Fact(FactKind.EVIDENCE, slug, label, f"{what} of {title}", words(was[key]), words(is_[key]), why)
    versions_then, versions_now = (
        sorted({row["describes_version"] for row in side["evidence"] if row["describes_version"]})
        for side in (old, new)
    )
    fresh = [version for version in versions_now if version not in versions_then]
    if versions_then and fresh:
        why = "Another version than the one that was judged."
        yield Fact(FactKind.EVIDENCE, slug, label, "Version described", ", ".join(versions_then), ", ".join(fresh), why)


# ------------------------------------------------------------------ permissions and debts


def _waivers(then: Document, now: Document) -> Iterator[Fact]:
    for _, old, new in _pairs(then["waivers"], now["waivers"], "id"):
        row = _either(old, new)
        for key, what in (("state", "Waiver"), ("expires_on", "Expiry")):
            before, after = (words(side[key]) if side else "" for side in (old, new))
            if before != after and (key == "state" or (old and new)):
                ended = key == "state" and before == "approved"
                why = "A waiver that the decision used has ended." if ended else ""
                yield Fact(FactKind.WAIVER, row["criterion"], row["criterion_text"], what, before, after, why)


def _conditions(then: Document, now: Document) -> Iterator[Fact]:
    for _, old, new in _pairs(then["conditions"], now["conditions"], "id"):
        row = _either(old, new)
        for key, what in (("standing", "Condition"), ("due_date", "Due date"), ("text", "Text")):
            before, after = (words(side[key]) if side else "" for side in (old, new))
            if before != after and (key == "standing" or (old and new)):
                missed = key == "standing" and after in ("overdue", "lapsed")
                why = "A condition of the decision was missed." if missed else ""
                yield Fact(FactKind.CONDITION, str(row["id"]), row["text"], what, before, after, why)


def _risks(then: Document, now: Document) -> Iterator[Fact]:
    limits = then["tolerance"], now["tolerance"]
    if limits[0] != limits[1]:
        why = "Limits moved after the decision."
        yield Fact(FactKind.LIMIT, "tolerance", "Risk tolerance", "Tolerance", words(limits[0]), words(limits[1]), why)
    for slug, old, new in _pairs(then["risks"], now["risks"], "slug"):
        label = _either(old, new)["event"]
        if old is None or new is None:
            why = "A risk above tolerance is new." if new is not None and new["above_tolerance"] else ""
            yield Fact(FactKind.RISK, slug, label, "Risk", _scored(old), _scored(new), why)
            continue
        if old["score"] != new["score"]:
            why = "The risk grew after the decision." if new["score"] > old["score"] else ""
            yield Fact(FactKind.RISK, slug, label, "Score", _scored(old), _scored(new), why)
        for key, what in (("response", "Response"), ("closed", "Closed")):
            if old[key] != new[key]:
                yield Fact(FactKind.RISK, slug, label, what, words(old[key]), words(new[key]))
        if _accepted(old) != _accepted(new):
            why = "A signed acceptance has ended." if _accepted(old) and not _accepted(new) else ""
            yield Fact(FactKind.RISK, slug, label, "Acceptance", _accepted(old), _accepted(new), why)
        if _who(old["owner"]) != _who(new["owner"]):
            yield Fact(FactKind.OWNER, slug, label, "Risk owner", _name(old["owner"]), _name(new["owner"]))


def _limits(then: Document, now: Document) -> Iterator[Fact]:
    for slug, old, new in _pairs(then["metrics"], now["metrics"], "slug"):
        name = _either(old, new)["name"]
        if old is None or new is None:
            why = "A limit was taken away." if new is None else ""
            yield Fact(FactKind.LIMIT, slug, name, "Metric", _there(old), _there(new), why)
            continue
        for key in ("target", "warning", "critical"):
            if old[key] != new[key]:
                why = "Limits moved after the decision."
                yield Fact(FactKind.LIMIT, slug, name, key.capitalize(), words(old[key]), words(new[key]), why)


# ------------------------------------------------------------------ people, dates, frame


def _roles(then: Document, now: Document) -> Iterator[Fact]:
    areas = {row["role"] for row in (*then["areas"], *now["areas"])}
    for slug, old, new in _pairs(then["roles"], now["roles"], "slug"):
        name = _either(old, new)["name"]
        for key, what in (("holder", "Holder"), ("deputy", "Deputy")):
            before, after = (side[key] if side else None for side in (old, new))
            if _who(before) != _who(after):
                owns = key == "holder" and name in areas
                why = "Whoever owns it after go-live is somebody else." if owns else ""
                yield Fact(FactKind.ROLE, slug, name, what, _name(before), _name(after), why)
    for slug, old, new in _pairs(then["areas"], now["areas"], "slug"):
        before, after = (side["accepted_by"] if side else None for side in (old, new))
        if _who(before) != _who(after):
            why = "An acceptance of ownership has ended." if before and not after else ""
            yield Fact(FactKind.ROLE, slug, _either(old, new)["name"], "Accepted by", _name(before), _name(after), why)


def _dates(then: Document, now: Document) -> Iterator[Fact]:
    for slug, old, new in _pairs(then["events"], now["events"], "slug"):
        if old is None or new is None:
            yield Fact(FactKind.DATE, slug, _either(old, new)["name"], "Gate", _there(old), _there(new))
            continue
        yield from _moved(slug, old["name"], old, new)
        if (old["state"], old["outcome"]) != (new["state"], new["outcome"]):
            before, after = (words(side["outcome"] or side["state"]) for side in (old, new))
            yield Fact(FactKind.FRAME, slug, old["name"], "Outcome", before, after)
    for slug, old, new in _pairs(then["criteria"], now["criteria"], "slug"):
        if old is not None and new is not None:
            yield from _moved(slug, old["text"], old, new)


def _moved(slug: str, label: str, old: Row, new: Row) -> Iterator[Fact]:
    for key, what in (("due", "Agreed date"), ("forecast", "Forecast")):
        if old[key] != new[key]:
            yield Fact(FactKind.DATE, slug, label, what, words(old[key]), words(new[key]))


def _frame(then: Document, now: Document) -> Iterator[Fact]:
    frame = "The frame of the decision changed: purpose, tier, playbook or formula."
    for key, what in (("tier", "Tier"), ("playbook", "Playbook"), ("state", "State"), ("small_team", "Small team")):
        before, after = words(then["program"][key]), words(now["program"][key])
        if before != after:
            why = frame if key in ("tier", "playbook") else ""
            yield Fact(FactKind.FRAME, "program", then["program"]["name"], what, before, after, why)
    for key, value in sorted({**then["program"]["profile"], **now["program"]["profile"]}.items()):
        before, after = (words(side["program"]["profile"].get(key, "")) for side in (then, now))
        if before != after:
            what = f"Profile: {words(key)}"
            yield Fact(FactKind.FRAME, "program", then["program"]["name"], what, before, after, frame if value else "")
    versions = then["readiness"]["version"], now["readiness"]["version"]
    if versions[0] != versions[1]:
        before, after = words(versions[0]), words(versions[1])
        yield Fact(FactKind.FRAME, "formula", "Readiness", "Formula version", before, after, frame)
    for key in ("measure", "unit", "baseline", "target", "target_date", "guardrail"):
        before, after = (words((side["outcome"] or {}).get(key, "")) for side in (then, now))
        if before != after:
            yield Fact(FactKind.FRAME, "outcome", "Outcome statement", words(key).capitalize(), before, after, frame)


# ------------------------------------------------------------------ words and pairs


def words(value: object) -> str:
    """Return a value of a document as printed: yes and no, dashes and underscores as spaces, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {words(item)}" for key, item in sorted(value.items()))
    text = str(value)
    return text.replace("_", " ") if text.replace("_", "").isalpha() and text.islower() else text


def _pairs(then: list[Row], now: list[Row], key: str) -> Iterator[tuple[str, Row | None, Row | None]]:
    before, after = ({str(row[key]): row for row in side} for side in (then, now))
    for name in [*before, *(name for name in after if name not in before)]:
        yield name, before.get(name), after.get(name)


def _either(old: Row | None, new: Row | None) -> Row:
    found = new if new is not None else old
    if found is None:
        raise ValueError("a pair has at least one side")
    return found


def _there(row: Row | None) -> str:
    return "" if row is None else "there"


def _who(person: Row | None) -> object:
    return person["id"] if person else None


def _name(person: Row | None) -> str:
    return str(person["name"]) if person else "nobody"


def _scored(row: Row | None) -> str:
    return "" if row is None else f"{row['score']} ({row['band']})"


def _accepted(row: Row) -> str:
    signed = row["acceptance"]
    return f"{_name(signed['by'])} for {signed['score']} until {signed['expires_on']}" if signed else ""


_LOOKS: tuple[Callable[[Document, Document], Iterator[Fact]], ...] = (
    _criteria, _waivers, _conditions, _risks, _limits, _roles, _dates, _frame,
)  # fmt: skip
