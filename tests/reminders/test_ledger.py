"""The ledger: filters that combine, one reminder explained, and the file (rule 8)."""

import csv
import datetime as dt
import io

import pytest

from core import clock
from reminders.domain.explaining import KINDS, kind_name, reckoning
from reminders.domain.rule_words import TITLES as RULE_TITLES
from reminders.domain.rule_words import sentence
from reminders.domain.rules import parse_rule
from reminders.enums import Kind, RuleSlug, State
from reminders.models import Attempt, Delivery, Mail
from reminders.selectors.told import CLOSED
from tests import factories
from tests.factories import sign_in
from tests.reminders.facts import CALENDAR
from tests.reminders.facts import RULES as TABLE

PAGE = "/programs/claims/reminders/"
FILE = f"{PAGE}ledger.csv"


def row(built, key="k", **fields):
    """A reminder of the small program about its criterion, to its owner."""
    day = fields.pop("day", dt.date(2026, 1, 20))
    at = dt.datetime.combine(day, dt.time(7), dt.UTC)
    values = {
        "program": built.program, "user": built.owner, "item_kind": "criterion", "item_id": 1, "item_slug": "a",
        "item_label": "The accuracy is shown", "rule": "item-due", "occurrence": "T-1",
        "due_date": dt.date(2026, 1, 21),
        "part": "responsible", "role_slug": "model-owner", "urgency": 400, "planned_on": day, "planned_for": at,
        "not_before": at, "expires_at": at, "state": State.SENT, "created_at": at,
    }  # fmt: skip
    return Delivery.objects.create(key=key, **{**values, **fields})


@pytest.fixture
def four(built, at):
    """Four reminders that differ in everything the ledger can be narrowed by."""
    at("2026-01-27 10:00")
    row(built, "a")
    row(built, "b", state=State.DEAD, day=dt.date(2026, 1, 21), reason="550 no such user")
    row(
        built,
        "c",
        user=built.manager,
        item_kind="event",
        rule="gate-ahead",
        item_label="Gate 1",
        day=dt.date(2026, 1, 22),
    )
    row(built, "d", state=State.CANCELLED, item_label="=1+1 & more", day=dt.date(2026, 1, 23))
    return built


QUERIES = [
    ({}, "dcba"),
    ({"state": "sent"}, "ca"),
    ({"person": "owner"}, "dba"),
    ({"rule": "gate-ahead"}, "c"),
    ({"kind": "criterion", "state": "dead"}, "b"),
    ({"since": "2026-01-21", "until": "2026-01-22"}, "cb"),
    ({"q": "ACCURACY", "person": "owner", "until": "2026-01-20"}, "a"),
    ({"q": "accuracy", "person": "manager"}, ""),
    ({"state": "nonsense", "person": "0", "since": "0001-01-01", "until": "yesterday"}, "dcba"),
]
TITLES = {"a": "The accuracy is shown", "b": "The accuracy is shown", "c": "Gate 1", "d": "'=1+1 & more"}


def test_rule_8_filters_combine_and_are_the_same_in_the_file(four):
    person = {"owner": str(four.owner.pk), "manager": str(four.manager.pk)}
    client = sign_in(four.manager)
    for asked, keys in QUERIES:
        query = {name: person.get(value, value) for name, value in asked.items()}
        page = client.get(PAGE, query, headers={"HX-Request": "true"})
        assert "".join(entry["row"].key for entry in page.context["entries"]) == keys, asked
        assert page.context["page"].paginator.count == len(keys)
        lines = list(csv.DictReader(io.StringIO(client.get(FILE, query).getvalue().decode("utf-8-sig"))))
        assert [line["item"] for line in lines] == [TITLES[key] for key in keys], asked


def test_rule_8_counts_follow_the_other_filters_and_chips_take_one_away(four):
    client = sign_in(four.manager)
    page = client.get(PAGE, {"state": "sent", "person": four.owner.pk, "q": "accuracy"}, headers={"HX-Request": "true"})
    assert page.context["total"] == 2
    assert [(value, number) for value, _, number, _ in page.context["states"]] == [("sent", 1), ("dead", 1)]
    (to, who, without), (_, said, _) = page.context["chips"]
    assert (to, who, said) == ("To", "Mia.Claims", "accuracy")
    assert without == f"{PAGE}?state=sent&q=accuracy#ledger"
    wrong = client.get(PAGE, {"since": "yesterday"}).content.decode()
    assert "That is no day; write it as 2026-11-23." in wrong


def test_rule_8_counts_are_the_same_whether_they_are_asked_for_or_summed_up(four):
    """Days and words ask the database for the counts; the other filters sum up what is known already."""
    client = sign_in(four.manager)
    row(four, "criterion:1|item-due|T-1|2026-01-21|u1|resend-1", occurrence="resend-1")
    own = {"person": four.owner.pk}
    for asked in ({}, own, {"rule": "gate-ahead"}, {"kind": "criterion"}, {"state": "sent", **own}):
        summed, counted = (
            client.get(PAGE, {**asked, **more}, headers={"HX-Request": "true"}).context
            for more in ({}, {"since": "2000-01-02"})
        )
        assert [line[:3] for line in summed["states"]] == [line[:3] for line in counted["states"]]
        assert (summed["total"], summed["again"]) == (counted["total"], counted["again"])
    assert (summed["total"], summed["again"]) == (4, 1)


def test_rule_8_filters_survive_paging(four, monkeypatch):
    monkeypatch.setattr("reminders.views.program.PER_PAGE", 1)
    page = sign_in(four.manager).get(PAGE, {"person": four.owner.pk, "page": 2}, headers={"HX-Request": "true"})
    assert [entry["row"].key for entry in page.context["entries"]] == ["b"]
    assert page.context["older"] == f"{PAGE}?person={four.owner.pk}&page=3#ledger"


def test_rule_8_the_file_is_named_and_harmless(four):
    response = sign_in(four.owner).get(FILE)
    assert response["Content-Disposition"] == 'attachment; filename="claims-reminders-2026-01-27.csv"'
    assert response.streaming
    text = response.getvalue().decode()
    assert "550 no such user" in text
    assert text.startswith("\ufeff")  # for Excel, which else garbles names
    assert "Due tomorrow" in text
    assert sign_in(factories.user("stranger")).get(FILE).status_code == 404


def mailed(built, *rows, others=()):
    """A mail that carried these rows, refused once and then taken."""
    at = clock.now()
    text = "Hello\r\n  http://localhost:8000/programs/claims/plan/\r\n  http://localhost:8000/act/Zx9:key/\r\n"
    mail = Mail.objects.create(
        key="m", message_id="<m@localhost>", user=built.owner, address=built.owner.email, local_date=at.date(),
        state=State.SENT, not_before=at, created_at=at, sent_at=at, subject="Due tomorrow", reply="250 kept",
        mime=b"Subject: Due tomorrow\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode(),
    )  # fmt: skip
    Attempt.objects.create(mail=mail, number=1, started_at=at, outcome="temporary", reply="451 busy")
    Attempt.objects.create(mail=mail, number=2, started_at=at, outcome="accepted", reply="250 kept")
    for one in (*rows, *others):
        one.mail = mail
        one.save()


def test_rule_8_one_reminder_is_explained(built, at, settings, django_assert_num_queries):
    at("2026-01-27 10:00")
    settings.SITE_URL = "http://localhost:8000"
    told = row(built, due_date=dt.date(2026, 1, 27), occurrence="T-5", gaps=["Max is away"])
    twin = row(built, "k2", item_label="Second thing")
    mailed(built, told, twin)
    row(built, "moved", state=State.CANCELLED, reason="The date moved to 2026-01-27", due_date=dt.date(2026, 2, 3))
    client = sign_in(built.manager)
    with django_assert_num_queries(10):
        page = client.get(f"{PAGE}{told.pk}/").content.decode()
    for words in (
        "Owner (Model owner)", "Max is away", "5 and 1 working days before and on the day; to its owner (the",
        "5 working days before it", "Sat 24 Jan (Saturday), Sun 25 Jan (Sunday)", "451 busy", "Refused for now",
        "250 kept", "&lt;m@localhost&gt;", "Second thing", "The date moved to 2026-01-27",
    ):  # fmt: skip
        assert words in page, words
    assert "/programs/claims/plan/\n" in page.replace("\r", "")
    assert "Zx9:key" not in page
    assert CLOSED in page
    assert "Zx9:key" in sign_in(built.owner).get(f"{PAGE}{told.pk}/").content.decode()
    other = sign_in(built.verifier).get(f"{PAGE}{told.pk}/").content.decode()
    assert "Hello" not in other
    assert "Only the recipient, the program manager" in other


def test_p14_a_mail_about_two_programs_tells_the_manager_of_one_only_of_that_one(built, at):
    at("2026-01-27 10:00")
    told = row(built)
    secret = row(factories.program("secret"), "other", item_label="Buy the competitor", user=built.owner)
    mailed(built, told, others=[secret])
    page = sign_in(built.manager).get(f"{PAGE}{told.pk}/").content.decode()
    assert "Buy the competitor" not in page
    assert "Hello" not in page
    assert "and 1 reminder of other programs" in page
    hers = sign_in(built.owner).get(f"{PAGE}{told.pk}/").content.decode()
    assert "Buy the competitor" in hers
    assert "Hello" in hers
    assert sign_in(built.manager).get(f"{PAGE}{secret.pk}/").status_code == 404


def test_every_rule_and_kind_has_a_name():
    assert set(RULE_TITLES) == set(RuleSlug)
    assert all(kind_name(kind) for kind in Kind)
    assert set(KINDS) <= set(Kind)


WORDS = {
    "gate-ahead": "10, 5, 2 and 1 working days before and on the day; to the sponsor, the gatekeepers, the program "
    "manager and owners of unmet criteria.",
    "item-overdue": "The next working day after, then every 2 working days, at most 5 times; to its owner (the deputy "
    "on days away).",
    "governance-ahead": "10 and 3 working days before and on the day; to its owner (the deputy on days away).",
    "path-rung": "To the roles of the escalation path.",
}


@pytest.mark.parametrize("slug", sorted(WORDS))
def test_rule_8_a_rule_in_words(slug):
    assert sentence(next(rule for rule in TABLE if rule.slug == slug)) == WORDS[slug]


def test_rule_8_one_lead_is_one_day():
    rule = parse_rule({"slug": "item-due", "leads": [1], "audience": ["verifier"]})
    assert sentence(rule) == "1 working day before; to its verifier."


DEC = {day: dt.date(2026, 12, day) for day in (18, 21, 22, 28)}
CHRISTMAS = ["extra day off", "Christmas Day", "Second Day of Christmas", "Sunday"]
RUNG = "step of the ladder: 2 working days after the step before it was really sent"


@pytest.mark.parametrize(
    ("step", "due", "planned", "words", "off"),
    [
        ("T-2", 28, 22, "2 working days before it", CHRISTMAS),
        ("T0", 28, 28, "on the day itself", []),
        ("+1", 18, 21, "1 working day after it", ["Saturday", "Sunday"]),
        ("deputy", 18, 21, RUNG, []),
        ("rung-2", 18, 21, "level 2 of the escalation path, at the moment its clock ran out", []),
    ],
)
def test_rule_8_the_arithmetic_of_a_day_names_what_was_not_counted(step, due, planned, words, off):
    rule = next(rule for rule in TABLE if rule.slug == "escalation")
    found = reckoning(rule, step, DEC[due], DEC[planned], CALENDAR)
    assert found.text == words
    assert [why for _, why in found.skipped] == off
