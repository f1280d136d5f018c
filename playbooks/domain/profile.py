"""From the nine intake answers to tier, tags, level and applicability (G14, S96).

Effort in proportion to risk: a program starts at tier 3 and the answers raise it. Must not know a particular playbook.

The tier, exactly:

- a critical service is tier 1;
- outputs that affect people's rights, money, work, health or access make it tier 2, and tier 1 when the use is
  regulated as well (decisions about people in a high-risk class);
- acting without a person in between raises the tier by one, and so does serving customers or the public;
- tier 1 is the highest.

The tags: `generative` for generative, retrieval and agent systems; `personal-data`, `third-party` and `regulated` as
answered. "Configured only" changes nothing in the plan: it is kept in the profile as a note for whoever judges
reproducible training.
"""

from enum import StrEnum

from playbooks.domain.plan_parts import Applies
from playbooks.domain.shapes import Frozen

LOWEST_TIER = 3
HIGHEST_TIER = 1


class SystemKind(StrEnum):
    """What kind of system the program brings into production."""

    PREDICTIVE = "predictive"
    GENERATIVE = "generative"
    RETRIEVAL = "retrieval"
    AGENT = "agent"
    OPTIMISER = "optimiser"
    VENDOR_FEATURE = "vendor-feature"


class Level(StrEnum):
    """How binding a criterion is at a program's tier."""

    MUST = "must"
    SHOULD = "should"


class Profile(Frozen):
    """The nine answers."""

    system_kind: SystemKind
    affects_people: bool
    personal_data: bool
    third_party: bool
    regulated: bool
    acts_without_person: bool
    public_users: bool
    trained_by_us: bool
    critical_service: bool


QUESTIONS: dict[str, str] = {
    "system_kind": "What kind of system is it?",
    "affects_people": "Do outputs affect people's rights, money, work, health or access?",
    "personal_data": "Is personal data used?",
    "third_party": "Is a third-party model, data or service used?",
    "regulated": "Is the use regulated (AI Act high-risk or transparency duty, sector rule, contract duty)?",
    "acts_without_person": "Does the system act without a person in between?",
    "public_users": "Do customers or the public use it?",
    "trained_by_us": "Is it trained by us (rather than configured only)?",
    "critical_service": "Could failure stop an important service?",
}
"""The nine questions as they are asked, by answer name, in order."""

_GENERATIVE_KINDS = (SystemKind.GENERATIVE, SystemKind.RETRIEVAL, SystemKind.AGENT)
_MUST_AT = {"M": (1, 2, 3), "M12": (1, 2), "M1": (1,), "S": ()}
_WITHOUT = {
    Applies.GENERATIVE: "profile: not a generative system",
    Applies.PERSONAL_DATA: "profile: no personal data",
    Applies.REGULATED: "profile: not a regulated use",
    Applies.THIRD_PARTY: "profile: no third-party model, data or service",
}


def tier_of(profile: Profile) -> int:
    """The tier the answers lead to: 1 high, 2 medium, 3 low (rule in the module docstring, G14)."""
    if profile.critical_service:
        return HIGHEST_TIER
    tier = LOWEST_TIER
    if profile.affects_people:
        tier -= 2 if profile.regulated else 1
    tier -= profile.acts_without_person + profile.public_users
    return max(HIGHEST_TIER, tier)


def why_tier(profile: Profile) -> tuple[str, ...]:
    """The answers that raised the tier, in words, for the page that shows it; empty at the default tier."""
    reasons = []
    if profile.critical_service:
        reasons.append("failure could stop an important service")
    if profile.affects_people:
        reasons.append("outputs affect people" + (" in a regulated use" if profile.regulated else ""))
    if profile.acts_without_person:
        reasons.append("it acts without a person in between")
    if profile.public_users:
        reasons.append("customers or the public use it")
    return tuple(reasons)


def tags_of(profile: Profile) -> frozenset[Applies]:
    """The tags that load conditional criteria and risks; `all` is always among them."""
    tags = {Applies.ALL}
    if profile.system_kind in _GENERATIVE_KINDS:
        tags.add(Applies.GENERATIVE)
    if profile.personal_data:
        tags.add(Applies.PERSONAL_DATA)
    if profile.third_party:
        tags.add(Applies.THIRD_PARTY)
    if profile.regulated:
        tags.add(Applies.REGULATED)
    return frozenset(tags)


def level_at(level_code: str, tier: int) -> Level:
    """Must-meet or should-meet at `tier`, from the class code M, M12, M1 or S."""
    return Level.MUST if tier in _MUST_AT[level_code] else Level.SHOULD


def not_applicable_reason(applies: Applies, profile: Profile) -> str:
    """Why something does not apply to this profile, ready to store; empty when it does (G13)."""
    return "" if applies in tags_of(profile) else _WITHOUT[applies]
