"""Who gets which answer on every page about people: anonymous, a member, the administrator, a deactivated person (P14).

A stranger to all programs is a member here: these pages belong to the installation, not to a program.
"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Absence, User
from accounts.urls import urlpatterns

pytestmark = pytest.mark.django_db

LOGIN = "login"  # redirected to the sign-in page

# name -> method -> answer for (anonymous, member, administrator); the subject is somebody else
TABLE: dict[str, dict[str, tuple[int | str, int, int]]] = {
    "people": {"get": (LOGIN, 403, 200), "post": (LOGIN, 405, 405)},
    "invite": {"get": (LOGIN, 403, 200), "post": (LOGIN, 403, 422)},
    "person": {"get": (LOGIN, 403, 200), "post": (LOGIN, 405, 405)},
    "deactivate_user": {"get": (LOGIN, 405, 405), "post": (LOGIN, 403, 302)},
    "reactivate_user": {"get": (LOGIN, 405, 405), "post": (LOGIN, 403, 403)},  # the subject is active
    "set_administrator": {"get": (LOGIN, 405, 405), "post": (LOGIN, 403, 302)},
    "set_executive_viewer": {"get": (LOGIN, 405, 405), "post": (LOGIN, 403, 302)},
    "resend_invitation": {"get": (LOGIN, 405, 405), "post": (LOGIN, 403, 302)},
    "revoke_invitation": {"get": (LOGIN, 405, 405), "post": (LOGIN, 403, 302)},
    "profile": {"get": (LOGIN, 200, 200), "post": (LOGIN, 422, 422)},
    "add_absence": {"get": (LOGIN, 405, 405), "post": (LOGIN, 422, 422)},
    "remove_absence": {"get": (LOGIN, 405, 405), "post": (LOGIN, 404, 404)},  # somebody else's
    "end_other_sessions": {"get": (LOGIN, 405, 405), "post": (LOGIN, 302, 302)},
    "invitation": {"get": (404, 404, 404), "post": (404, 404, 404)},  # a forged token
    "sign_in_link": {"get": (404, 404, 404), "post": (404, 404, 404)},
}


@pytest.fixture
def arguments(make_user: Callable[..., User], admin: User) -> dict[str, dict[str, object]]:
    """What each address needs: an invited person with an absence, and a token nobody made."""
    subject = services.invite(actor=admin, email="sub@example.org").invitation.user
    absence = Absence.objects.create(user=subject, start="2030-01-01", end="2030-01-02")
    found: dict[str, dict[str, object]] = {name: {"user_id": subject.pk} for name in TABLE}
    for name in ("people", "invite", "profile", "add_absence", "end_other_sessions"):
        found[name] = {}
    found["remove_absence"] = {"absence_id": absence.pk}
    found["invitation"] = found["sign_in_link"] = {"token": "forged"}
    return found


def test_every_address_of_this_app_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(TABLE)


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(("name", "method"), [(name, method) for name, row in TABLE.items() for method in row])
def test_the_table(
    name: str, method: str, htmx: bool, arguments: dict[str, dict[str, object]], as_admin: Client, as_member: Client
) -> None:
    path = reverse(name, kwargs=arguments[name])
    headers = {"HX-Request": "true"} if htmx else {}
    expected_anonymous, *expected = TABLE[name][method]
    answer = getattr(Client(), method)(path, headers=headers)
    if expected_anonymous == LOGIN:
        location = answer["HX-Redirect" if htmx else "Location"]
        back = path if method == "get" else "/"  # what a form sends to is no place to come back to
        assert (answer.status_code, location) == (204 if htmx else 302, f"/accounts/login/?next={back}")
        assert answer.content == b""
    else:
        assert answer.status_code == expected_anonymous
    for client, status in zip((as_member, as_admin), expected, strict=True):
        wanted = 204 if htmx and status == 302 else status
        assert getattr(client, method)(path, headers=headers).status_code == wanted


def test_a_refusal_gives_the_reason(as_member: Client) -> None:
    page = as_member.get("/people/")
    assert page.status_code == 403
    assert "Only administrators manage people." in page.content.decode()


def test_ids_tell_nothing_to_members(as_member: Client, admin: User) -> None:
    known, unknown = as_member.get(f"/people/{admin.pk}/"), as_member.get("/people/999999/")
    assert (known.status_code, unknown.status_code) == (403, 403)


def test_unknown_people_are_404_for_the_administrator(as_admin: Client) -> None:
    assert as_admin.get("/people/999999/").status_code == 404
    assert as_admin.post("/people/999999/deactivate/").status_code == 404


def test_no_get_changes_anything(as_admin: Client, arguments: dict[str, dict[str, object]]) -> None:
    before = list(User.objects.order_by("pk").values()), list(Absence.objects.values())
    for name in TABLE:
        as_admin.get(reverse(name, kwargs=arguments[name]))
        as_admin.head(reverse(name, kwargs=arguments[name]))
    assert as_admin.get("/accounts/logout/").status_code == 200
    assert (list(User.objects.order_by("pk").values()), list(Absence.objects.values())) == before
    assert as_admin.get("/profile/").status_code == 200  # still signed in
