"""Sign-in, reset, verification, the operator's link: nothing to learn, one use, sessions end at once (P22)."""

import datetime as dt
import re
from collections.abc import Callable
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client

from accounts import services
from accounts.models import SignInLink, User
from activity.models import Entry
from core import clock
from core.errors import Invalid
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
Commits = Callable[..., object]


def sign_in(client: Client, email: str, password: str = PASSWORD, **headers: str) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email, "password": password}, **headers)


def bare(page: HttpResponse) -> str:
    """The page without what differs on every visit."""
    text = re.sub(r'("X-CSRFToken": "|csrfmiddlewaretoken" value=")\w+', "", page.content.decode())
    return re.sub(r'value="[^"]*@example.org"', "", text)


def test_signing_in_by_address_whatever_its_case(client: Client, member: User) -> None:
    answer = sign_in(client, "MIA@Example.org")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(member.pk)
    assert client.session.get_expire_at_browser_close()


def test_keep_me_signed_in_lasts_14_days(client: Client, member: User) -> None:
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD, "remember": "on"})
    assert client.session.get_expiry_age() == 14 * 24 * 3600


def test_next_leads_back_inside_only(client: Client, member: User) -> None:
    form = {"login": member.email, "password": PASSWORD}
    assert client.post("/accounts/login/", {**form, "next": "/profile/"})["Location"] == "/profile/"
    assert Client().post("/accounts/login/", {**form, "next": "https://evil.example/"})["Location"] == "/"


def test_wrong_unknown_deactivated_and_invited_get_the_same_answer(admin: User, member: User) -> None:
    services.invite(actor=admin, email="invited@example.org")
    gone = services.ensure_person(actor=admin, email="gone@example.org")
    gone.set_password(PASSWORD)
    gone.is_active = False
    gone.save()
    pages = [
        sign_in(Client(), "mia@example.org", "not the password"),
        sign_in(Client(), "nobody@example.org"),
        sign_in(Client(), "gone@example.org"),
        sign_in(Client(), "invited@example.org"),
    ]
    assert {page.status_code for page in pages} == {200}
    assert len({bare(page) for page in pages}) == 1
    assert "do not belong to an active account" in bare(pages[0])


def test_reset_answers_alike_and_mails_a_link_only_to_people_who_can_come_in(
    admin: User, member: User, django_capture_on_commit_callbacks: Commits
) -> None:
    services.invite(actor=admin, email="invited@example.org")
    answers = []
    with django_capture_on_commit_callbacks(execute=True):
        for email in ("mia@example.org", "nobody@example.org", "invited@example.org"):
            answer = Client().post("/accounts/password/reset/", {"email": email})
            answers.append((answer.status_code, answer["Location"], answer.content))
    assert set(answers) == {(302, "/accounts/password/reset/done/", b"")}
    found = {message.to[0]: "/accounts/password/reset/key/" in message.body for message in mail.outbox}
    assert found == {"mia@example.org": True, "nobody@example.org": False, "invited@example.org": False}


def test_a_reset_link_leads_to_site_url_not_to_a_forged_host(
    member: User, settings: object, django_capture_on_commit_callbacks: Commits
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/accounts/password/reset/", {"email": member.email}, headers={"Host": "evil.example"})
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in mail.outbox[-1].body
    assert "evil.example" not in mail.outbox[-1].body


def test_reset_from_mail_to_new_password_ends_other_sessions(
    as_member: Client, member: User, django_capture_on_commit_callbacks: Commits, link_in_mail: Callable[[], str]
) -> None:
    visitor = Client()
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post("/accounts/password/reset/", {"email": member.email})
    link = link_in_mail()
    page = visitor.get(link, follow=True)
    assert page.status_code == 200
    form_path = page.request["PATH_INFO"]
    assert link.split("-", 1)[1].strip("/") not in form_path  # the key left the address
    short = visitor.post(form_path, {"password1": "short", "password2": "short"})
    assert "too short" in short.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        done = visitor.post(form_path, {"password1": "a new pass phrase", "password2": "a new pass phrase"})
    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert mail.outbox[-1].subject == "Your password was changed"
    member.refresh_from_db()
    assert member.check_password("a new pass phrase")
    assert as_member.get("/profile/").status_code == 302
    assert "This link does not work" in Client().get(link, follow=True).content.decode()
    assert Entry.objects.filter(verb="user.changed", data={"changes": {"password": []}}).count() == 1


def test_nobody_signs_up(client: Client) -> None:
    for page in (
        client.get("/accounts/signup/"),
        client.post("/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD}),
    ):
        assert page.status_code == 200
        assert "By invitation only" in page.content.decode()
    assert not User.objects.exists()


def test_an_unproven_address_must_be_confirmed_by_a_press(
    client: Client, member: User, django_capture_on_commit_callbacks: Commits, link_in_mail: Callable[[], str]
) -> None:
    EmailAddress.objects.update(verified=False)
    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in(client, member.email)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert "_auth_user_id" not in client.session
    link = link_in_mail()
    assert "Is <b>mia@example.org</b> yours?" in client.get(link).content.decode()
    assert not EmailAddress.objects.get().verified  # opening confirms nothing
    client.post(link)
    assert EmailAddress.objects.get().verified
    assert sign_in(client, member.email)["Location"] == "/"


def test_changing_the_address_takes_the_password_and_a_press_in_the_new_mailbox(
    client: Client, member: User, django_capture_on_commit_callbacks: Commits
) -> None:
    sign_in(client, member.email)
    asked = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/email/"})
        client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    member.refresh_from_db()
    assert member.email == "mia@example.org"
    link = re.findall(r"http://[^/\s]+(/accounts/confirm-email/\S+)", mail.outbox[-1].body)[0]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(link)
    member.refresh_from_db()
    assert member.email == "new@example.org"
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (["mia@example.org"], "Your address was changed")
    assert Entry.objects.get(data={"changes": {"email": []}}).actor_id == member.pk


def test_a_deactivated_session_ends_at_once_and_stays_ended(as_member: Client, admin: User, member: User) -> None:
    assert as_member.get("/profile/").status_code == 200
    services.deactivate_user(actor=admin, user=member)
    assert as_member.get("/profile/")["Location"] == "/accounts/login/?next=/profile/"
    services.reactivate_user(actor=admin, user=member)
    assert as_member.get("/profile/").status_code == 302


def test_an_htmx_request_after_the_session_ended_is_sent_to_the_sign_in_page(
    as_member: Client, admin: User, member: User
) -> None:
    services.deactivate_user(actor=admin, user=member)
    answer = as_member.get("/profile/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (204, "/accounts/login/?next=/profile/", b"")


def test_the_way_back_is_the_page_one_looked_at_not_the_target_of_a_form(client: Client) -> None:
    def way_back(**headers: str) -> str:
        answer = client.post("/profile/absences/", headers=headers)
        return answer.get("HX-Redirect") or answer["Location"]

    assert way_back(referer="http://testserver/profile/?a=1&b=2") == "/accounts/login/?next=/profile/%3Fa%3D1%26b%3D2"
    assert way_back(referer="https://evil.example/profile/") == "/accounts/login/?next=/"
    assert way_back() == "/accounts/login/?next=/"
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/work/"}
    assert way_back(**htmx) == "/accounts/login/?next=/work/"
    answer = client.get("/profile/", headers=htmx)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/login/?next=/work/")


def test_a_refused_reset_mail_is_told_alike_for_known_and_unknown(
    member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, messages: object) -> int:
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    monkeypatch.setattr("django.db.transaction.on_commit", lambda send: send())  # a test never really commits
    pages = [
        bare(Client().post("/accounts/password/reset/", {"email": email}, follow=True))
        for email in (member.email, "nobody@example.org")
    ]
    assert pages[0] == pages[1]
    assert "The mail could not be sent: [Errno 111] Connection refused" in pages[0]


def test_signing_out_takes_a_press(as_member: Client) -> None:
    assert "Stay signed in" in as_member.get("/accounts/logout/").content.decode()
    assert as_member.get("/profile/").status_code == 200
    assert as_member.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert as_member.get("/profile/").status_code == 302


def test_guessing_is_slowed_per_account_without_locking_others_out(member: User, admin: User) -> None:
    for _ in range(5):
        assert "do not belong" in sign_in(Client(), member.email, "wrong", REMOTE_ADDR="192.0.2.1").content.decode()
    blocked = sign_in(Client(), member.email, PASSWORD, REMOTE_ADDR="192.0.2.2")
    assert "Too many failed attempts. Wait five minutes" in blocked.content.decode()
    assert sign_in(Client(), admin.email, REMOTE_ADDR="192.0.2.3").status_code == 302
    cache.clear()
    assert sign_in(Client(), member.email, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_guessing_is_slowed_per_address_and_a_forged_header_does_not_help(member: User, admin: User) -> None:
    for number in range(10):
        sign_in(
            Client(), f"u{number}@example.org", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}"
        )
    blocked = sign_in(Client(), admin.email, REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.99")
    assert "Too many failed attempts" in blocked.content.decode()
    assert sign_in(Client(), admin.email, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_behind_a_proxy_visitors_are_counted_one_by_one(member: User, settings: object) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    for number in range(10):
        sign_in(Client(), f"u{number}@example.org", HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.1")
    assert "Too many" in sign_in(Client(), member.email, HTTP_X_FORWARDED_FOR="203.0.113.8, 192.0.2.1").content.decode()
    assert sign_in(Client(), member.email, HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.2").status_code == 302


def test_floods_get_a_page_that_says_what_to_do(admin: User) -> None:
    for path, limit in (("/accounts/password/reset/", 5), ("/invitations/forged/", 20)):
        answers = [Client().post(path, {"email": "x@example.org"}) for _ in range(limit + 1)]
        assert [answer.status_code == 429 for answer in answers] == [False] * limit + [True]
        assert "Wait a minute" in answers[-1].content.decode()


def create_admin(email: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("create_admin", email, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_create_admin_prints_one_link_that_signs_in_once(client: Client) -> None:
    out, err = create_admin("Root@Example.org")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/[\w-]{43}/\n", out)
    assert "root@example.org is an administrator" in err
    path = out.strip().removeprefix("http://127.0.0.1:8000")
    for _ in range(2):
        assert "Sign in as root@example.org" in client.get(path).content.decode()
    assert "_auth_user_id" not in client.session
    answer = client.post(path)
    assert answer["Location"] == "/accounts/password/set/"
    root = User.objects.get()
    assert (root.is_administrator, client.session["_auth_user_id"]) == (True, str(root.pk))
    used = Client().get(path), Client().post(path), Client().get("/sign-in/forged/")
    assert {page.status_code for page in used} == {404}
    assert len({bare(page) for page in used}) == 1
    assert list(Entry.objects.order_by("id").values_list("verb", "actor_id")) == [
        ("user.changed", None),
        ("user.joined", root.pk),
    ]
    client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert sign_in(Client(), "root@example.org").status_code == 302


def test_create_admin_again_gives_a_new_link_and_ends_the_old(client: Client, member: User) -> None:
    first, second = create_admin(member.email)[0], create_admin(member.email)[0]
    assert first != second
    assert User.objects.get().is_administrator
    assert client.get(first.strip()).status_code == 404
    assert client.post(second.strip())["Location"] == "/"  # has a password already
    assert Entry.objects.filter(verb="user.changed").count() == 1


def test_create_admin_reopens_a_deactivated_account(admin: User, member: User) -> None:
    services.deactivate_user(actor=admin, user=member)
    create_admin(member.email)
    member.refresh_from_db()
    assert (member.is_active, member.is_administrator) == (True, True)


def test_create_admin_refuses_what_is_no_address() -> None:
    with pytest.raises(CommandError, match="EMAIL: Enter an e-mail address"):
        create_admin("not-an-address")
    assert not User.objects.exists()


def test_a_link_dies_after_24_hours_and_with_its_person(client: Client, admin: User, member: User) -> None:
    path = services.sign_in_link(member).removeprefix("http://127.0.0.1:8000")
    assert path.split("/")[2] not in str(SignInLink.objects.values())
    with clock.frozen(clock.now() + dt.timedelta(hours=24)):
        assert client.post(path).status_code == 404
    services.deactivate_user(actor=admin, user=member)
    assert client.post(path).status_code == 404
    with pytest.raises(Invalid, match="cannot be used any more"):
        services.use_sign_in_link(token="forged")


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-x/",
        "/accounts/confirm-email/",
        "/accounts/confirm-email/x/",
        "/accounts/signup/",
        "/accounts/inactive/",
    ],
)
def test_pages_for_visitors_are_ours(client: Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    text = page.content.decode()
    assert '<main class="solo" id="main"' in text
    assert "example.com" not in text


def test_pages_for_signed_in_people_are_ours(as_member: Client) -> None:
    for path in ("/accounts/password/change/", "/accounts/email/", "/accounts/logout/", "/accounts/reauthenticate/"):
        page = as_member.get(path)
        assert page.status_code == 200, path
        assert '<main class="solo" id="main"' in page.content.decode(), path
