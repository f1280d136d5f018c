"""Status updates by mail: due, missed, published (issue 5)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accounts.models import Absence, User
from accounts.services import set_executive_viewer
from core import clock
from phases.domain.status import Colour
from programs.domain.calendar import WorkCalendar
from programs.services import vacate_role
from reminders.defaults import default_rules
from reminders.domain.facts import Person, ProgramFacts, RoleFacts
from reminders.domain.intents import Intent
from reminders.domain.planner import plan
from reminders.domain.rules import parse_rules
from reminders.domain.update_facts import PublishedFacts, UpdateFacts
from reminders.enums import Part, RuleSlug
from reminders.models import Delivery
from reminders.selectors.facts import load_facts
from reminders.services import copy_default_rules
from reminders.services.ticking import tick
from tests import factories
from tests.factories import Built
from updates.domain.rules import UpdateInput
from updates.enums import ByMail
from updates.models import StatusUpdate
from updates.services import post_update, subscribe

MONDAY = dt.date(2026, 1, 26)
"""The 26th of January; the program started three weeks before."""


def facts(**changes: Any) -> ProgramFacts:
    base = ProgramFacts(
        id=1,
        name="Claims",
        zone="UTC",
        calendar=WorkCalendar(country="DE"),
        since=dt.datetime(2026, 1, 5, tzinfo=dt.UTC),
        people={1: Person(1, "P1"), 2: Person(2, "P2"), 3: Person(3, "P3")},
        roles={
            "program-manager": RoleFacts("program-manager", "Program manager", 1),
            "sponsor": RoleFacts("sponsor", "Sponsor", 2),
            "user-representative": RoleFacts("user-representative", "User representative", 3),
        },
        updates=UpdateFacts(1, "claims", "Status update of Claims", due=(MONDAY,)),
    )
    return replace(base, **changes)


def planned(program: ProgramFacts) -> list[Intent]:
    start = dt.datetime(2026, 1, 25, tzinfo=dt.UTC)
    return list(plan(program, parse_rules(default_rules()), start, start + dt.timedelta(days=14)))


def told(intents: list[Intent]) -> list[tuple[str, str, int]]:
    return [(i.rule.value, i.planned_on.isoformat(), i.user_id) for i in intents]


def test_the_manager_on_the_day_then_the_sponsor_from_the_next_working_day() -> None:
    assert told(planned(facts())) == [
        ("update-due", "2026-01-26", 1),
        ("update-missed", "2026-01-27", 1),
        ("update-missed", "2026-01-27", 2),
        ("update-missed", "2026-01-29", 1),
        ("update-missed", "2026-01-29", 2),
    ]


def test_an_answered_week_asks_nobody() -> None:
    assert planned(facts(updates=UpdateFacts(1, "claims", "x"))) == []


def test_a_published_update_reaches_its_subscribers_and_only_at_once_goes_alone() -> None:
    news = (PublishedFacts(7, 4, "Late by a week.", MONDAY),)
    found = planned(facts(updates=UpdateFacts(1, "claims", "x", published=news, subscribers=((3, True), (2, False)))))
    assert [(i.user_id, i.part, i.occurrence, i.alone, i.item_slug) for i in found] == [
        (2, Part.SUBSCRIBER, "digest", False, "4"),
        (3, Part.SUBSCRIBER, "now", True, "4"),
    ]


def test_of_subscribers_without_a_role_only_who_sees_everything_reads_the_news() -> None:
    news = (PublishedFacts(7, 4, "Late by a week.", MONDAY),)
    about = UpdateFacts(1, "claims", "x", published=news, subscribers=((4, True), (5, True)))
    people = {4: Person(4, "P4"), 5: Person(5, "P5", sees_all=True)}
    assert [i.user_id for i in planned(facts(updates=about, people=people))] == [5]


def test_who_is_away_reads_the_newest_update_on_return_and_the_older_ones_not_at_all() -> None:
    older, newest = (
        PublishedFacts(7, 4, "Late.", MONDAY),
        PublishedFacts(8, 5, "On time.", MONDAY + dt.timedelta(days=3)),
    )
    back = MONDAY + dt.timedelta(days=7)  # a Monday, after a weekend that is off anyway

    def found(last: int, *news: PublishedFacts) -> list[tuple[int, str, dt.date]]:
        away = Person(3, "P3", absences=((MONDAY - dt.timedelta(days=1), MONDAY + dt.timedelta(days=last)),))
        people = {1: Person(1, "P1"), 2: Person(2, "P2"), 3: away}
        about = UpdateFacts(1, "claims", "x", published=news, subscribers=((3, True), (2, True)))
        return [(i.user_id, i.item_slug, i.expires_at.date()) for i in planned(facts(people=people, updates=about))]

    on_time = dt.date(2026, 1, 29)
    assert found(4, older) == [(2, "4", on_time), (3, "4", back + dt.timedelta(days=3))]
    assert {entry[:2] for entry in found(4, older, newest)} == {(2, "4"), (2, "5"), (3, "5")}
    # Back before the newer one came out: both.
    assert {entry[:2] for entry in found(0, older, newest)} == {(2, "4"), (2, "5"), (3, "4"), (3, "5")}
    # Ten days later it is no news any more.
    assert found(20, older) == [(2, "4", on_time)]


def test_old_news_is_no_news() -> None:
    news = (PublishedFacts(7, 4, "Late.", dt.date(2026, 1, 12)),)
    assert planned(facts(updates=UpdateFacts(1, "claims", "x", published=news, subscribers=((3, True),)))) == []


def post(built: Built) -> StatusUpdate:
    wanted = UpdateInput(
        Colour.GREY, "Nothing is due yet.", way_back="w", way_back_owner=built.owner.pk, way_back_on=dt.date(2026, 3, 1)
    )
    return post_update(actor=built.manager, program=built.program, wanted=replace(wanted, reason="as I see it"))


def test_posting_cancels_the_reminder_and_mails_the_subscribers(db: None, at: Callable[[str], dt.datetime]) -> None:
    at("2026-01-12 06:00")
    built = factories.program("alpha")
    copy_default_rules(built.program)
    subscribe(actor=built.sponsor, program=built.program, by_mail=ByMail.AT_ONCE)
    tick()
    waiting = Delivery.objects.get(rule=RuleSlug.UPDATE_DUE)
    assert waiting.user == built.manager
    made = post(built)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("cancelled", "Posted")
    tick()
    news = Delivery.objects.get(rule=RuleSlug.UPDATE_PUBLISHED)
    assert (news.user, news.item_slug, news.item_label) == (built.sponsor, str(made.number), made.verdict)
    assert not Delivery.objects.filter(rule=RuleSlug.UPDATE_DUE, state="queued").exists()


def test_an_update_waits_for_whoever_is_away(db: None, at: Callable[[str], dt.datetime], sink: Any) -> None:
    at("2026-01-12 10:00")
    built = factories.program("alpha")
    copy_default_rules(built.program)
    Absence.objects.create(user=built.sponsor, start=dt.date(2026, 1, 12), end=dt.date(2026, 1, 16))
    for person in (built.sponsor, built.verifier):
        subscribe(actor=person, program=built.program, by_mail=ByMail.AT_ONCE)
    post(built)
    tick()
    news = Delivery.objects.filter(rule=RuleSlug.UPDATE_PUBLISHED)
    assert {row.user: row.state for row in news} == {built.verifier: "sent", built.sponsor: "queued"}
    for day in (15, 16, 18):
        at(f"2026-01-{day} 10:00")
        tick()
        assert news.get(user=built.sponsor).state == "queued"
    at("2026-01-19 10:00")
    tick()
    assert news.get(user=built.sponsor).state == "sent"


def test_news_stay_in_the_program_when_a_subscriber_leaves_it(db: None, at: Callable[[str], dt.datetime]) -> None:
    at("2026-01-12 06:00")
    built = factories.program("alpha")
    copy_default_rules(built.program)
    board = factories.user("bo", is_executive_viewer=True)
    for person in (built.verifier, built.sponsor, board):
        subscribe(actor=person, program=built.program, by_mail=ByMail.AT_ONCE)
    vacate_role(actor=built.manager, role=built.roles["independent-reviewer"])
    post(built)
    tick()

    def waiting() -> set[User]:
        news = Delivery.objects.filter(rule=RuleSlug.UPDATE_PUBLISHED, state="queued").select_related("user")
        return {row.user for row in news}

    assert waiting() == {built.sponsor, board}
    boss = factories.user("boss", is_administrator=True)
    set_executive_viewer(actor=boss, user=board, on=False)
    tick()
    assert waiting() == {built.sponsor}


def test_subscribing_is_ones_own_and_no_update_of_the_program(db: None) -> None:
    with clock.frozen(dt.datetime(2026, 1, 12, 9, tzinfo=dt.UTC)):
        built = factories.program("alpha")
        subscribe(actor=built.owner, program=built.program, by_mail=ByMail.DIGEST)
        assert load_facts(built.program).updates == UpdateFacts(
            built.program.pk,
            "alpha",
            "Status update of Alpha",
            due=(
                dt.date(2026, 1, 12),
                dt.date(2026, 1, 19),
                dt.date(2026, 1, 26),
                dt.date(2026, 2, 2),
                dt.date(2026, 2, 9),
                dt.date(2026, 2, 16),
            ),
            subscribers=((built.owner.pk, False),),
        )
        subscribe(actor=built.owner, program=built.program, by_mail=ByMail.NO)
        found = load_facts(built.program).updates
        assert found is not None
        assert found.subscribers == ()
