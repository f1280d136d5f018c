"""From nine answers to tier, tags, level and applicability (G14, S96)."""

import itertools

import pytest

from playbooks.domain.plan_parts import Applies
from playbooks.domain.profile import (
    QUESTIONS,
    Level,
    Profile,
    SystemKind,
    level_at,
    not_applicable_reason,
    tags_of,
    tier_of,
    why_tier,
)

NO = {slug: False for slug in QUESTIONS if slug != "system_kind"}


def profile(kind: str = "predictive", **yes: bool) -> Profile:
    return Profile.model_validate({"system_kind": kind, **NO, **yes})


@pytest.mark.parametrize(
    ("yes", "tier"),
    [
        ([], 3),
        (["personal_data"], 3),
        (["third_party"], 3),
        (["regulated"], 3),
        (["trained_by_us"], 3),
        (["affects_people"], 2),
        (["affects_people", "regulated"], 1),
        (["acts_without_person"], 2),
        (["public_users"], 2),
        (["acts_without_person", "public_users"], 1),
        (["affects_people", "public_users"], 1),
        (["affects_people", "acts_without_person"], 1),
        (["affects_people", "acts_without_person", "public_users", "regulated"], 1),
        (["critical_service"], 1),
    ],
)
def test_G14_the_answers_raise_the_tier(yes: list[str], tier: int) -> None:
    answers = profile(**dict.fromkeys(yes, True))
    assert tier_of(answers) == tier
    assert bool(why_tier(answers)) == (tier < 3)


def test_G14_an_answer_of_yes_never_lowers_the_tier() -> None:
    for values in itertools.product([False, True], repeat=len(NO)):
        answers = dict(zip(NO, values, strict=True))
        before = tier_of(profile(**answers))
        assert 1 <= before <= 3
        for slug in NO:
            assert tier_of(profile(**{**answers, slug: True})) <= before


@pytest.mark.parametrize("kind", list(SystemKind))
def test_generative_kinds_get_their_tag(kind: SystemKind) -> None:
    assert (Applies.GENERATIVE in tags_of(profile(kind))) == (kind in ("generative", "retrieval", "agent"))


def test_other_tags_follow_the_answers() -> None:
    assert tags_of(profile()) == {Applies.ALL}
    everything = profile("agent", personal_data=True, third_party=True, regulated=True)
    assert tags_of(everything) == set(Applies)


@pytest.mark.parametrize(
    ("code", "levels"),
    [("M", "mmm"), ("M12", "mms"), ("M1", "mss"), ("S", "sss")],
)
def test_G14_level_by_class_and_tier(code: str, levels: str) -> None:
    assert [level_at(code, tier) for tier in (1, 2, 3)] == [
        Level.MUST if each == "m" else Level.SHOULD for each in levels
    ]


def test_G13_what_does_not_apply_says_why() -> None:
    assert not_applicable_reason(Applies.ALL, profile()) == ""
    assert not_applicable_reason(Applies.PERSONAL_DATA, profile()) == "profile: no personal data"
    assert not_applicable_reason(Applies.PERSONAL_DATA, profile(personal_data=True)) == ""
    assert not_applicable_reason(Applies.THIRD_PARTY, profile()) == "profile: no third-party model, data or service"
    assert not_applicable_reason(Applies.REGULATED, profile()) == "profile: not a regulated use"
    assert not_applicable_reason(Applies.GENERATIVE, profile()) == "profile: not a generative system"
