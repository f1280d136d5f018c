"""Bounces, complaints and refusals: what they say of an address (P7), and the provider's hook (P20)."""

import datetime as dt
import json
from base64 import b64encode
from dataclasses import replace

import pytest
from django.db import transaction

from accounts.services import note_email_changed
from activity.enums import Verb
from activity.models import Entry
from core import clock
from core.errors import Invalid, NotAllowed
from reminders.domain.bounces import SOFT_SPAN, Cause, Weight, is_refused, of_event, says_soft, too_often
from reminders.domain.people import asked_for_item, asked_in_role
from reminders.enums import Part, State
from reminders.models import Delivery, MailEvent, Suppression
from reminders.providers import VIEWS
from reminders.selectors import load_facts
from reminders.services import tick
from reminders.services.reach import judge, lift, suppress, take, try_again
from roadmap_site.env import MAIL_PROVIDERS
from tests import factories
from tests.factories import sign_in
from tests.reminders import facts

SECRET = "hook:" + "s" * 20
HOOK = "/hooks/mail/postmark/"
SINCE = dt.date(2026, 11, 2)
UNHEARD = "No mail reaches Priya since 2 Nov 2026"


@pytest.mark.parametrize(
    ("text", "at_recipient", "is_address"),
    [
        ("550 no such user", True, True),
        ("550 5.1.1 The email account does not exist", True, True),
        ("550 5.1.1 user unknown", False, True),  # said after DATA, and still about the address
        ("550 5.4.1 Recipient address rejected: Access denied", True, True),
        ("553 UnicodeError: not an address", True, True),
        ("550 5.2.1 mailbox disabled", True, True),
        ("550 5.7.1 Message rejected as spam", True, False),
        ("550 5.7.26 not authenticated", False, False),
        ("550 Relay access denied", True, False),
        ("550 blocked by our policy", True, False),
        ("552 5.2.2 mailbox full", True, False),
        ("554 5.3.4 too large", False, False),
        ("553 5.1.8 sender address rejected", True, False),
        ("554 transaction failed", True, False),
        ("550 no such user", False, False),  # the sender or the text was refused, not the recipient
        ("451 4.1.1 later", True, False),
        ("nonsense", True, False),
    ],
)
def test_p7_only_a_refusal_of_the_address_counts_against_it(text: str, at_recipient: bool, is_address: bool) -> None:
    assert is_refused(text, at_recipient=at_recipient) is is_address


@pytest.mark.parametrize(
    ("kind", "reason", "soft", "weight", "cause"),
    [
        ("bounced", "bounced", False, Weight.HARD, Cause.BOUNCED),
        ("bounced", "invalid", False, Weight.HARD, Cause.BOUNCED),
        ("bounced", "bounced", True, Weight.SOFT, None),
        ("bounced", "timed_out", False, Weight.SOFT, None),
        ("bounced", "blocked", False, Weight.SOFT, None),
        ("complained", "spam", False, Weight.HARD, Cause.COMPLAINED),
        ("unsubscribed", "", False, Weight.HARD, Cause.UNSUBSCRIBED),
        ("rejected", "bounced", False, Weight.HARD, Cause.BOUNCED),
        ("rejected", "blocked", False, Weight.NONE, None),
        ("autoresponded", "", False, Weight.NONE, None),  # out of office is no bounce
        ("deferred", "", False, Weight.NONE, None),
        ("opened", "", False, Weight.NONE, None),
        ("delivered", "", False, Weight.ARRIVED, None),
    ],
)
def test_p7_what_an_event_weighs(kind: str, reason: str, soft: bool, weight: Weight, cause: Cause | None) -> None:
    verdict = of_event(kind, reason, soft=soft)
    assert (verdict.weight, verdict.cause) == (weight, cause)


@pytest.mark.parametrize(
    ("raw", "words", "soft"),
    [
        ({"event": "soft_bounce"}, "", True),
        ({"Type": "SoftBounce"}, "", True),
        ({"Type": "HardBounce"}, "", False),
        ({"type": "activity.hard_bounced", "data": {"type": "soft_bounced"}}, "", True),
        ({"msys": {"bounce_class": "22"}}, "", True),
        ({"event": "hard_bounce"}, "550 5.1.1 unknown", False),
        ({}, "452 4.2.2 over quota", True),
        ({}, "552 5.2.2 full", True),
        ({}, "delivered to 10.4.5.1 first", False),
    ],
)
def test_p7_providers_say_for_now_in_their_own_ways(raw: dict, words: str, soft: bool) -> None:
    assert says_soft(raw, words) is soft


def test_p7_five_soft_bounces_in_fourteen_days_are_too_many() -> None:
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    near = [now - dt.timedelta(days=n) for n in range(5)]
    assert too_often(near, now)
    assert not too_often(near[1:], now)
    assert not too_often([*near[1:], now - SOFT_SPAN], now)


def test_p7_who_cannot_be_reached_is_asked_through_the_deputy_else_a_stand_in_with_the_gap_in_words() -> None:
    owner = replace(facts.PEOPLE[facts.OWNER], no_mail_since=SINCE)
    due = facts.item(dt.date(2026, 11, 18))
    program = facts.program(due, people={facts.OWNER: owner})
    asked = asked_for_item(program, due, due.due)
    assert asked is not None
    assert (asked.user_id, asked.part, asked.gaps) == (facts.DEPUTY, Part.DEPUTY, (UNHEARD,))
    deputy = replace(facts.PEOPLE[facts.DEPUTY], no_mail_since=SINCE)
    program = facts.program(due, people={facts.OWNER: owner, facts.DEPUTY: deputy})
    asked = asked_for_item(program, due, due.due)
    assert asked is not None
    assert (asked.user_id, asked.part) == (facts.MANAGER, Part.STAND_IN)
    words = f"{UNHEARD}; No mail reaches Sven since 2 Nov 2026, who is deputy for Model owner"
    assert asked.gaps == (words,)
    everybody = {pk: replace(person, no_mail_since=SINCE) for pk, person in facts.PEOPLE.items()}
    last = asked_in_role(facts.program(due, people=everybody), "model-owner", due.due)
    assert last is not None  # the row is there and says why it did not leave


def test_the_providers_named_in_the_settings_are_those_that_are_understood() -> None:
    assert set(MAIL_PROVIDERS) == set(VIEWS)


# ------------------------------------------------------------------------------------------------ with a database


def test_p7_a_refused_address_goes_quiet_and_its_items_go_to_the_deputy(built, at, sink):
    at("2026-01-26 08:00")
    sink.handler.rcpt["mia.claims@example.org"] = ["550 5.1.1 no such user"]
    assert tick().failed == 1
    built.owner.refresh_from_db()
    assert built.owner.no_mail_since == clock.now()
    kept = Suppression.objects.get()
    assert (kept.cause, kept.words) == (Cause.REFUSED, "550 5.1.1 no such user")
    entry = Entry.objects.get(verb=Verb.MAIL_UNREACHABLE)
    assert (entry.subject_id, "mia" in str(entry.data).lower()) == (built.owner.pk, False)
    at("2026-01-26 08:01")
    tick()
    task = built.tasks["train"]
    taken = Delivery.objects.get(item_kind="task", item_id=task.pk, user=built.people["max"], state=State.SENT)
    assert taken.gaps == ["No mail reaches Mia.Claims since 26 Jan 2026"]
    assert not Delivery.objects.filter(user=built.owner, state__in=[State.QUEUED, State.HELD]).exists()
    assert [mail["To"] for mail in sink.mails].count("max.claims@example.org") == 1
    # Seen by the program manager on three pages, by the person on every page, by an administrator on hers.
    manager = sign_in(built.manager)
    for page in ("", "owners/", "reminders/"):
        assert "No mail reaches Mia.Claims" in manager.get(f"/programs/claims/{page}").content.decode(), page
    mia, ada = sign_in(built.owner), sign_in(factories.user("ada", is_administrator=True))
    assert "Mail to you comes back since" in mia.get("/").content.decode()
    assert "550 5.1.1 no such user" in mia.get("/profile/mail/").content.decode()
    assert "550 5.1.1 no such user" in ada.get(f"/people/{built.owner.pk}/").content.decode()
    # The person asks for a new try; the next planning asks her again.
    mia.post("/profile/mail/again/")
    tick()
    assert load_facts(built.program).people[built.owner.pk].no_mail_since is None
    assert "Mail to you comes back" not in mia.get("/").content.decode()
    suppress(address=built.owner.email, cause=Cause.BOUNCED, words="", at=clock.now())
    built.owner.refresh_from_db()
    with pytest.raises(Invalid, match="less than a day ago"):
        try_again(actor=built.owner)
    assert ada.post(f"/people/{built.owner.pk}/mail/").status_code == 302
    lifted = Suppression.objects.order_by("-pk").first()
    assert lifted is not None
    assert lifted.lifted_because == "An administrator lifted it"


def test_p7_a_policy_of_the_server_is_not_the_addresses_fault(built, at, sink):
    at("2026-01-26 08:00")
    sink.handler.rcpt["mia.claims@example.org"] = ["550 5.7.1 blocked by policy"]
    assert tick().failed == 1
    assert not Suppression.objects.exists()


def test_p7_what_waits_is_cancelled_with_the_reason_and_only_administrators_lift(built, at):
    at("2026-01-22 10:00")
    tick()
    assert Delivery.objects.filter(user=built.owner, state=State.QUEUED).exists()
    suppress(address=built.owner.email.upper(), cause=Cause.COMPLAINED, words="", at=clock.now())
    reasons = set(Delivery.objects.filter(user=built.owner).values_list("state", "reason"))
    assert reasons == {(State.CANCELLED, "No mail reaches Mia.Claims since 22 Jan 2026")}
    with pytest.raises(NotAllowed):
        lift(actor=built.manager, user=built.owner)
    with transaction.atomic():
        note_email_changed(actor=built.owner, user=built.owner)  # she confirmed the address by the link in a mail
    built.owner.refresh_from_db()
    assert built.owner.no_mail_since is None


def event(number: int, kind: str, at: dt.datetime, **more) -> MailEvent:
    own = {"provider": "postmark", "event_id": str(number), "kind": kind, "received_at": at, "happened_at": at}
    return MailEvent(**{**own, "raw": "{}", "address": "mia@example.org", **more})


def test_p7_soft_bounces_add_up_until_something_arrives(db):
    factories.user("mia")
    now = clock.now()
    days = [now - dt.timedelta(days=n) for n in range(9, 0, -1)]
    take([event(n, "bounced", at, reason="timed_out") for n, at in enumerate(days[:4])])
    # The same event twice in one report is one; PostgreSQL would refuse the statement.
    assert take([event(4, "delivered", days[4]), event(4, "delivered", days[4]), event(99, "opened", now)]) == 1
    take([event(n, "bounced", at, reason="timed_out") for n, at in enumerate(days[5:], 5)])
    assert judge(now) == 9
    assert not Suppression.objects.exists()
    take([event(9, "bounced", now, reason="timed_out")])
    judge(now)
    assert Suppression.objects.get().cause == Cause.REPEATED
    # An old report that comes late, after the suppression was lifted, changes nothing; a new one does.
    lift(actor=factories.user("ada", is_administrator=True), user=Suppression.objects.get().user)
    take([event(10, "bounced", now, reason="bounced")])
    judge(now)
    assert not Suppression.objects.filter(lifted_at=None).exists()
    take([event(11, "bounced", clock.now() + dt.timedelta(seconds=1), reason="bounced")])
    judge(clock.now())
    assert Suppression.objects.get(lifted_at=None).cause == Cause.BOUNCED


@pytest.fixture
def hook(db, settings, client):
    """Post a report to the hook of the configured provider."""
    settings.MAIL_WEBHOOK_PROVIDER, settings.MAIL_WEBHOOK_SECRET = "postmark", SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}

    def post(body, secret=SECRET, path=HOOK):
        text = body if isinstance(body, str) else json.dumps(body)
        basic = {"authorization": "Basic " + b64encode(secret.encode()).decode()} if secret else {}
        return client.post(path, text, content_type="application/json", headers=basic)

    return post


BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "ID": 42,
    "Email": "mia@example.org",
    "BouncedAt": "2026-01-26T08:00:00Z",
    "Description": "The address does not exist",
}


def test_p20_the_providers_hook_keeps_a_report_once_and_judges_it(hook):
    mia = factories.user("mia")
    assert hook(BOUNCE).status_code == 200
    assert hook(BOUNCE).status_code == 200
    assert MailEvent.objects.count() == 1
    mia.refresh_from_db()
    assert mia.no_mail_since is not None
    assert Suppression.objects.count() == 1


def test_p20_the_hook_answers_nobody_without_the_secret(hook, settings, client):
    assert [hook(BOUNCE, secret=wrong).status_code for wrong in ("", "hook:wrong", "x")] == [401, 401, 401]
    assert hook(BOUNCE, path="/hooks/mail/mailgun/").status_code == 404
    assert client.get(HOOK).status_code == 405
    assert hook("{" + "x" * (600 * 1024)).status_code == 413
    assert [hook(bad).status_code for bad in ("nonsense", "[]", '"x"', "{}")] == [422, 422, 422, 200]
    settings.MAIL_WEBHOOK_SECRET = ""
    assert hook(BOUNCE).status_code == 404
    assert not MailEvent.objects.exists()


def test_p20_a_signed_report_needs_its_signature(hook, settings):
    settings.MAIL_WEBHOOK_PROVIDER = "mailersend"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILERSEND_SIGNING_SECRET": "key"}
    assert hook({"type": "activity.hard_bounced", "data": {}}, path="/hooks/mail/mailersend/").status_code == 403
