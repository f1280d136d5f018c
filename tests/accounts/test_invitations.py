"""Invitations: one use, 14 days, one answer for every bad token, nothing changed by opening (P12, P14)."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import services
from accounts.models import Invitation, User
from accounts.selectors import open_invitation, usable_invitation
from activity.models import Entry
from core import clock
from core.decisions import ALLOWED, refused
from core.errors import Conflict, Invalid, NotAllowed
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

LinkInMail = Callable[[], str]
ANSWERS = {"name": "Ben Okoro", "password": PASSWORD, "time_zone": "Africa/Lagos"}


@pytest.fixture
def invited(admin: User, django_capture_on_commit_callbacks: Callable[..., object], link_in_mail: LinkInMail) -> str:
    """The path of a fresh invitation for ben@example.org."""
    with django_capture_on_commit_callbacks(execute=True):
        services.invite(
            actor=admin, email="Ben@Example.org", name="Ben", program_name="Claims triage", role_name="Model owner"
        )
    return link_in_mail()


def test_the_mail_is_plain_and_html_and_says_who_invites_to_what(admin: User, invited: str) -> None:
    (message,) = mail.outbox
    assert message.to == ["ben@example.org"]
    assert message.subject == "Ada invites you to Claims triage"
    assert 'the program "Claims triage" as Model owner' in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert f'href="http://127.0.0.1:8000{invited}"' in html


def test_the_token_is_random_and_only_its_hash_is_kept(invited: str) -> None:
    token = invited.strip("/").split("/")[-1]
    assert len(token) == 43  # 32 bytes in base 64
    (invitation,) = Invitation.objects.all()
    assert token not in {str(value) for value in vars(invitation).values()}
    assert len(invitation.token_hash) == 64


def test_the_page_names_inviter_program_and_role_and_opening_it_changes_nothing(invited: str, client: Client) -> None:
    before = list(Invitation.objects.values()), list(User.objects.values()), Entry.objects.count()
    for _ in range(2):
        page = client.get(invited)
        assert page.status_code == 200
        assert "Ada invites you to Claims triage as Model owner." in page.content.decode()
    assert client.head(invited).status_code == 200
    assert (list(Invitation.objects.values()), list(User.objects.values()), Entry.objects.count()) == before
    assert "_auth_user_id" not in client.session


def test_accepting_sets_name_password_zone_and_signs_in(invited: str, client: Client) -> None:
    answer = client.post(invited, ANSWERS)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    ben = User.objects.get(email="ben@example.org")
    assert (ben.name, ben.time_zone, ben.check_password(PASSWORD)) == ("Ben Okoro", "Africa/Lagos", True)
    assert client.session["_auth_user_id"] == str(ben.pk)
    assert EmailAddress.objects.get(user=ben).verified is True
    assert list(Entry.objects.values_list("verb", "actor_id", "subject_id")) == [
        ("user.invited", User.objects.get(email="ada@example.org").pk, ben.pk),
        ("user.joined", ben.pk, ben.pk),
    ]


def test_the_same_answer_for_used_expired_revoked_and_forged_tokens(
    admin: User, invited: str, client: Client, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    def answers(path: str) -> list[tuple[int, bytes]]:
        fresh = Client()
        pages = fresh.get(path), fresh.post(path, ANSWERS)
        return [(page.status_code, re.sub(rb'"X-CSRFToken": "\w+"', b"", page.content)) for page in pages]

    forged = answers("/invitations/" + "A" * 43 + "/")
    assert [status for status, _ in forged] == [404, 404]
    assert b"This link does not work" in forged[0][1]
    assert answers("/invitations/" + "A" * 5000 + "/") == forged
    assert answers("/invitations/%F0%9F%92%A3%ED%A0%80/") == forged

    with clock.frozen(clock.now() + dt.timedelta(days=14)):
        assert answers(invited) == forged

    client.post(invited, ANSWERS)
    assert answers(invited) == forged

    with django_capture_on_commit_callbacks(execute=True):
        cleo = services.invite(actor=admin, email="cleo@example.org").invitation.user
    path = "/invitations/" + mail.outbox[-1].body.split("/invitations/")[1].split()[0]
    assert Client().get(path).status_code == 200
    services.revoke_invitation(actor=admin, user=cleo)
    assert answers(path) == forged


def test_it_works_until_the_last_second_of_14_days(invited: str, client: Client) -> None:
    with clock.frozen(Invitation.objects.get().expires_at - dt.timedelta(seconds=1)):
        assert client.get(invited).status_code == 200


def test_bad_input_keeps_what_was_typed_and_the_token_stays_good(invited: str, client: Client) -> None:
    page = client.post(invited, {"name": "Ben <b>", "password": "short", "time_zone": "Africa/Lagos"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "This password is too short. It must contain at least 10 characters." in text
    assert 'value="Ben &lt;b&gt;"' in text
    assert '<option value="Africa/Lagos" selected>' in text
    assert "short" not in text.split('type="password"')[1].split(">")[0]
    assert client.post(invited, ANSWERS).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", " \t ", "This field is required."),
        ("name", "\u202e\u2066", "Enter the name others will see."),
        ("time_zone", "Mars/Olympus", "Choose a time zone such as Europe/Berlin."),
        ("time_zone", "../../etc/passwd", "Choose a time zone such as Europe/Berlin."),
        ("password", "", "This field is required."),
        ("password", "1234567890", "This password is too common."),
        ("password", "ben@example.org", "The password is too similar to the email."),
    ],
)
def test_the_message_stands_at_the_field(invited: str, client: Client, field: str, value: str, message: str) -> None:
    page = client.post(invited, {**ANSWERS, field: value})
    assert page.status_code == 422
    assert message in " ".join(page.context["form"].errors[field])
    assert not User.objects.get(email="ben@example.org").has_usable_password()


def test_control_and_bidi_characters_are_stripped_from_names(
    admin: User, invited: str, client: Client, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    client.post(invited, {**ANSWERS, "name": "Ben\u202e\r\nBcc: x@example.org\x07"})
    ben = User.objects.get(email="ben@example.org")
    assert ben.name == "Ben Bcc: x@example.org"
    ben.name = "Ben\r\nBcc: evil@example.org"  # as if an old row held it: rendering cleans again
    with django_capture_on_commit_callbacks(execute=True):
        services.invite(actor=ben, email="dee@example.org", program_name="A\nB\u202e", decision=ALLOWED)
    assert mail.outbox[-1].subject == "Ben Bcc: evil@example.org invites you to A B"
    assert mail.outbox[-1].message()["Bcc"] is None


def test_resend_makes_a_new_token_and_kills_the_old(
    admin: User, invited: str, client: Client, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    ben = User.objects.get(email="ben@example.org")
    with clock.frozen(clock.now() + dt.timedelta(days=20)):
        with django_capture_on_commit_callbacks(execute=True):
            services.resend_invitation(actor=admin, user=ben)
        new = "/invitations/" + mail.outbox[-1].body.split("/invitations/")[1].split()[0]
        assert new != invited
        assert client.get(invited).status_code == 404
        assert client.get(new).status_code == 200
    assert Invitation.objects.count() == 1


def test_revoking_closes_every_way_in_and_inviting_again_opens_one(
    admin: User, invited: str, client: Client, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    ben = User.objects.get(email="ben@example.org")
    services.revoke_invitation(actor=admin, user=ben)
    ben.refresh_from_db()
    assert (ben.is_active, open_invitation(ben)) == (False, None)
    with pytest.raises(Conflict, match="no open invitation"):
        services.revoke_invitation(actor=admin, user=ben)
    with pytest.raises(Conflict, match="no open invitation"):
        services.resend_invitation(actor=admin, user=ben)
    with django_capture_on_commit_callbacks(execute=True):
        services.invite(actor=admin, email="ben@example.org")
    ben.refresh_from_db()
    assert ben.is_active
    assert open_invitation(ben) is not None


def test_somebody_with_an_account_is_not_invited_again(admin: User, member: User) -> None:
    with pytest.raises(Invalid, match="already has an account") as caught:
        services.invite(actor=admin, email="MIA@example.org")
    assert caught.value.field == "email"
    assert (Invitation.objects.count(), Entry.objects.count(), mail.outbox) == (0, 0, [])


def test_who_may_invite(admin: User, member: User) -> None:
    with pytest.raises(NotAllowed, match="Only administrators invite people"):
        services.invite(actor=member, email="x@example.org")
    with pytest.raises(NotAllowed, match="no role free"):
        services.invite(actor=admin, email="x@example.org", decision=refused("There is no role free."))
    assert services.invite(actor=member, email="x@example.org", decision=ALLOWED).invitation.invited_by == member
    assert not User.objects.filter(email="x@example.org", is_administrator=True).exists()


def test_a_refused_mail_is_told_and_the_invitation_stays(
    as_admin: Client,
    settings: object,
    django_capture_on_commit_callbacks: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(self: object, messages: object) -> int:
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        invited = services.invite(actor=User.objects.get(), email="ben@example.org")
    assert "Connection refused" in invited.delivery.error
    assert open_invitation(invited.invitation.user) is not None


def test_the_page_tells_that_the_mail_could_not_be_sent(as_admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object, messages: object) -> int:
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    monkeypatch.setattr("django.db.transaction.on_commit", lambda send: send())  # a test never really commits
    page = as_admin.post("/people/invite/", {"email": "ben@example.org", "name": "", "time_zone": ""}, follow=True)
    assert "Saved, but the mail could not be sent: [Errno 111] Connection refused" in page.content.decode()
    assert Invitation.objects.get().user.email == "ben@example.org"


def test_no_mail_leaves_when_the_transaction_fails(
    admin: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a mail template is broken")

    monkeypatch.setattr("accounts.services.invitations.record_person", fail)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError, match="broken"):
        services.invite(actor=admin, email="ben@example.org")
    assert mail.outbox == []
    assert not User.objects.filter(email="ben@example.org").exists()


def test_tokens_do_not_reach_the_log(invited: str, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.post(invited, {**ANSWERS, "password": "short"})  # 422, which Django logs with the address
    client.post(invited, ANSWERS)
    client.get(invited)
    assert [record.getMessage() for record in caplog.records] == [
        "Unprocessable Entity: /invitations/[token]/",
        "Not Found: /invitations/[token]/",
    ]


def test_two_at_once_with_one_token_make_one_account(invited: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token = invited.split("/")[2]
    both_read = usable_invitation(token, clock.now())
    monkeypatch.setattr("accounts.services.invitations.usable_invitation", lambda token, now: both_read)
    services.accept_invitation(token=token, **ANSWERS)
    with pytest.raises(Invalid, match="cannot be used any more"):
        services.accept_invitation(token=token, **{**ANSWERS, "name": "Somebody Else"})
    assert User.objects.get(email="ben@example.org").name == "Ben Okoro"
    assert Entry.objects.filter(verb="user.joined").count() == 1


def test_naming_the_same_person_twice_at_once_makes_one(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first = services.ensure_person(actor=admin, email="twin@example.org")
    monkeypatch.setattr("django.db.models.query.QuerySet.first", lambda self: None)  # read before the other wrote
    assert services.ensure_person(actor=admin, email="twin@example.org") == first
