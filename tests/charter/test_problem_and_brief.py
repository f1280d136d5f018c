"""Problem statement and program brief: versions, two signatures, acknowledgements, asked anew (S27-S29, S42, S43)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from activity.models import Entry
from charter import services
from charter.domain.problem import FIELDS
from charter.enums import Seat
from charter.models import BriefAcknowledgement, BriefVersion, ProblemSignature, ProblemStatement
from charter.selectors import unsigned_after_day
from charter.selectors.problem import unsigned
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from programs.domain.calendar import date_of_day
from tests.charter.world import NOW, World


def last() -> Entry:
    return Entry.objects.latest("id")


def sign(w: World, who: str, seat: Seat, number: int = 1) -> ProblemSignature:
    return services.sign_problem(actor=w.people[who], program=w.program, seat=seat, number=number)


# ---------------------------------------------------------------- problem


@pytest.mark.parametrize("field", FIELDS)
def test_s27_no_field_may_be_empty(w: World, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        w.problem(**{field: " "})
    assert refusal.value.field == field
    assert not ProblemStatement.objects.exists()


@pytest.mark.parametrize("who", ["owner", "sponsor", "viewer", "stranger"])
def test_s27_business_owner_and_manager_write_it(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        w.problem(getattr(w, who))
    assert w.problem(w.manager).number == 1


def test_s28_two_people_sign(w: World) -> None:
    w.problem()
    assert unsigned(w.program) == [Seat.BUSINESS_OWNER, Seat.SPONSOR]
    sign(w, "bea", Seat.BUSINESS_OWNER)
    assert unsigned(w.program) == [Seat.SPONSOR]
    sign(w, "sam", Seat.SPONSOR)
    assert unsigned(w.program) == []
    assert (last().verb, last().data["seat"]) == ("problem.signed", "sponsor")


def test_s28_one_person_in_both_roles_signs_once(w: World) -> None:
    w.roles["sponsor"].deputy = w.bea
    w.roles["sponsor"].save()
    w.problem()
    sign(w, "bea", Seat.BUSINESS_OWNER)
    with pytest.raises(NotAllowed, match="another person"):
        sign(w, "bea", Seat.SPONSOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProblemSignature.objects.update(signed_by=w.bea, signed_at=NOW)


@pytest.mark.parametrize(("who", "seat"), [("pat", Seat.SPONSOR), ("sam", Seat.BUSINESS_OWNER), ("mia", Seat.SPONSOR)])
def test_s28_only_the_role_signs_in_its_seat(w: World, who: str, seat: Seat) -> None:
    w.problem()
    with pytest.raises(NotAllowed, match="signs here"):
        sign(w, who, seat)


def test_s28_a_new_version_asks_both_again(w: World) -> None:
    w.problem()
    sign(w, "bea", Seat.BUSINESS_OWNER)
    sign(w, "sam", Seat.SPONSOR)
    w.problem(reason="The costs are known now.", cost_today="Five people", base=1)
    assert unsigned(w.program) == [Seat.BUSINESS_OWNER, Seat.SPONSOR]
    assert ProblemSignature.objects.filter(statement__number=1, signed_by__isnull=False).count() == 2


def test_s28_what_is_signed_is_what_was_read(w: World) -> None:
    w.problem()
    w.problem(reason="New.", cost_today="Five people")
    with pytest.raises(Conflict, match="newer version"):
        sign(w, "bea", Seat.BUSINESS_OWNER, 1)


def test_p16_signing_twice_is_once_and_a_version_sent_twice_is_one(w: World) -> None:
    assert w.problem(key="k").pk == w.problem(key="k").pk
    sign(w, "bea", Seat.BUSINESS_OWNER)
    sign(w, "bob", Seat.BUSINESS_OWNER)
    assert ProblemSignature.objects.get(signed_by__isnull=False).signed_by == w.bea
    assert Entry.objects.filter(verb="problem.signed").count() == 1


def test_a_later_version_has_a_reason_and_something_new(w: World) -> None:
    w.problem()
    with pytest.raises(Invalid, match="Nothing differs"):
        w.problem(reason="Again.")
    with pytest.raises(Invalid) as refusal:
        w.problem(target="Half a day")
    assert refusal.value.field == "reason"
    with pytest.raises(Conflict):
        w.problem(target="Half a day", reason="New.", base=0)
    with pytest.raises(Invalid, match="no problem statement"):
        services.sign_problem(actor=w.sponsor, program=_empty(w), seat=Seat.SPONSOR, number=1)


def _empty(w: World) -> object:
    ProblemStatement.objects.all().delete()
    return w.program


def test_s29_day_11_without_both_signatures(w: World) -> None:
    day_10, day_11 = (date_of_day(w.program.start_date, day) for day in (10, 11))
    assert not unsigned_after_day(w.program, day_10)
    assert unsigned_after_day(w.program, day_11)
    w.problem()
    sign(w, "bea", Seat.BUSINESS_OWNER)
    assert unsigned_after_day(w.program, day_11)
    sign(w, "sam", Seat.SPONSOR)
    assert not unsigned_after_day(w.program, day_11)


# ---------------------------------------------------------------- brief


def acknowledge(w: World, who: str, slug: str, number: int = 1) -> BriefAcknowledgement:
    return services.acknowledge(actor=w.people[who], program=w.program, group=w.groups[slug], number=number)


def waiting() -> set[str]:
    newest = BriefVersion.objects.filter(published_at__isnull=False).latest("number")
    return set(newest.acknowledgements.filter(by=None).values_list("group__slug", flat=True))


@pytest.mark.parametrize("section", ["scope", "limits", "risks", "timelines"])
def test_s43_a_brief_with_an_empty_section_does_not_publish(w: World, section: str) -> None:
    with pytest.raises(Invalid, match=section):
        w.brief(**{section: " "})
    with pytest.raises(IntegrityError), transaction.atomic():
        BriefVersion.objects.update(published_at=NOW, published_by=w.manager)


def test_s42_publishing_asks_each_group_that_acknowledges_and_whose_phase_has_begun(w: World) -> None:
    row = w.brief()
    assert waiting() == {"sg-exec", "sg-ds", "sg-ops"}
    assert (last().verb, last().data["asked"]) == ("brief.published", ["sg-exec", "sg-ds", "sg-ops"])
    with clock.frozen(NOW + dt.timedelta(days=30)):
        w.brief(reason="Phase 2.", scope="All claims.")
        assert waiting() == {"sg-exec", "sg-ds", "sg-ops", "sg-later"}
    assert row.number == 1


def test_s42_who_keeps_the_group_acknowledges_and_the_sponsor_for_the_managers_and_empty_roles(w: World) -> None:
    w.brief()
    for slug, right, wrong in (("sg-ds", "mia", "sam"), ("sg-exec", "sam", "pat"), ("sg-ops", "sam", "mia")):
        with pytest.raises(NotAllowed, match="acknowledges for"):
            acknowledge(w, wrong, slug)
        assert acknowledge(w, right, slug).by == w.people[right]
    assert waiting() == set()


def test_s42_a_new_version_asks_again_and_an_old_one_takes_nothing(w: World) -> None:
    w.brief()
    acknowledge(w, "max", "sg-ds")
    w.brief(reason="Scope is smaller.", scope="Glass claims.")
    assert "sg-ds" in waiting()
    with pytest.raises(Conflict, match="newer version"):
        acknowledge(w, "mia", "sg-ds", 1)
    acknowledge(w, "mia", "sg-ds", 2)
    acknowledge(w, "max", "sg-ds", 2)
    assert Entry.objects.filter(verb="brief.acknowledged").count() == 2


def test_s42_only_asked_groups_acknowledge_and_only_something_published(w: World) -> None:
    with pytest.raises(Invalid, match="not published"):
        acknowledge(w, "mia", "sg-ds")
    w.brief()
    with pytest.raises(Invalid, match="not asked"):
        acknowledge(w, "ivy", "sg-audit")


def test_a_published_version_does_not_change_and_the_next_says_what_is_new(w: World) -> None:
    first = w.brief()
    with pytest.raises(Invalid) as refusal:
        w.brief(scope="All claims.")
    assert refusal.value.field == "reason"
    assert w.draft(scope="Some claims.", reason="Less.").number == 2
    first.refresh_from_db()
    assert first.scope == "Motor claims."


def test_p16_two_people_at_the_draft(w: World) -> None:
    row = w.draft()
    words = {"scope": "Mine", "limits": "", "risks": "", "timelines": ""}
    save = {"actor": w.manager, "program": w.program, "number": 1}
    services.save_brief(words=words, version=row.version, **save)
    assert services.save_brief(words=words, version=row.version, **save).version == 2
    with pytest.raises(Conflict) as lost:
        services.save_brief(words={**words, "scope": "Theirs"}, version=row.version, **save)
    assert "Mine" in lost.value.current
    with pytest.raises(Conflict):
        services.publish_brief(actor=w.manager, program=w.program, number=1, version=1)


def test_publishing_twice_is_once_and_a_draft_saved_after_it_is_a_conflict(w: World) -> None:
    row = w.brief()
    again = services.publish_brief(actor=w.manager, program=w.program, number=1, version=1)
    assert again.published_at == row.published_at
    with pytest.raises(Conflict, match="published"):
        services.save_brief(actor=w.manager, program=w.program, words={}, version=1, number=1)
    with pytest.raises(Invalid, match="no draft"):
        services.publish_brief(actor=w.manager, program=w.program, number=7, version=1)


@pytest.mark.parametrize("who", ["sponsor", "owner", "viewer", "stranger"])
def test_only_the_manager_writes_the_brief(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.save_brief(actor=getattr(w, who), program=w.program, words={})
    with pytest.raises(NotAllowed):
        services.publish_brief(actor=getattr(w, who), program=w.program, number=1, version=1)
