"""The list of people and what administrators do there; the last administrator stays (S60, P14)."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import policies, services
from accounts.models import User
from accounts.selectors import Standing, has_joined, open_invitation, people, rows
from activity.models import Entry
from core import clock
from core.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
Make = Callable[..., User]


@pytest.mark.parametrize("others", [0, 2])
def test_the_list_takes_the_same_queries_for_1_and_3_people(
    others: int, as_admin: Client, admin: User, make_user: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(others):
        services.invite(actor=admin, email=f"p{number}@example.org")
    with django_assert_num_queries(6):  # session, user, count, page, invitations, open work in the header
        page = as_admin.get("/people/")
    assert len(page.context["rows"]) == 1 + others


def test_the_list_says_where_everybody_stands(as_admin: Client, admin: User, make_user: Make, member: User) -> None:
    invited = services.invite(actor=admin, email="in@example.org").invitation
    expired = services.invite(actor=admin, email="ex@example.org").invitation
    expired.expires_at = clock.now()
    expired.save()
    services.ensure_person(actor=admin, email="wait@example.org")
    services.deactivate_user(actor=admin, user=member)
    found = {row.user.email: row.standing for row in rows(people(), clock.now())}
    assert found == {
        "ada@example.org": Standing.ACTIVE,
        "in@example.org": Standing.INVITED,
        "ex@example.org": Standing.EXPIRED,
        "wait@example.org": Standing.WAITING,
        "mia@example.org": Standing.DEACTIVATED,
    }
    text = as_admin.get("/people/").content.decode()
    for word in ("Active", "Invited", "Invitation expired", "Not invited yet", "Deactivated", "administrator"):
        assert word in text
    assert invited.user.email in text


def test_search_finds_by_name_and_address_and_says_when_nobody_matches(as_admin: Client, member: User) -> None:
    assert [row.user for row in as_admin.get("/people/?q=MIA").context["rows"]] == [member]
    assert [row.user for row in as_admin.get("/people/?q=mia@").context["rows"]] == [member]
    text = as_admin.get("/people/?q=<script>").content.decode()
    assert "Nobody matches “&lt;script&gt;”" in text
    assert "<script>”" not in text


def test_long_lists_have_pages(as_admin: Client) -> None:
    User.objects.bulk_create(User(email=f"u{n}@example.org", password="!") for n in range(60))
    first, last = as_admin.get("/people/?q=u"), as_admin.get("/people/?q=u&page=99")
    assert (len(first.context["rows"]), len(last.context["rows"])) == (50, 10)
    assert "Page 1 of 2" in first.content.decode()


def test_inviting_by_the_form(as_admin: Client, django_capture_on_commit_callbacks: Callable[..., object]) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page = as_admin.post(
            "/people/invite/", {"email": "ben@example.org", "name": "Ben", "time_zone": "Asia/Tokyo"}, follow=True
        )
    assert page.redirect_chain == [("/people/", 302)]
    assert "Invitation sent to ben@example.org." in page.content.decode()
    assert User.objects.get(email="ben@example.org").time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"email": "no-address"}, "email", "Enter a valid email address."),
        ({"email": ""}, "email", "This field is required."),
        ({"email": "ADA@example.org"}, "email", "ada@example.org already has an account."),
        ({"email": "b@example.org", "time_zone": "Berlin"}, "time_zone", "Choose a time zone such as Europe/Berlin."),
        ({"email": "b@example.org", "name": "x" * 121}, "name", "Ensure this value has at most 120 characters"),
    ],
)
def test_bad_invitations_keep_what_was_typed(as_admin: Client, typed: dict[str, str], field: str, message: str) -> None:
    page = as_admin.post("/people/invite/", {"name": "Typed Name", **typed})
    assert page.status_code == 422
    assert message in " ".join(page.context["form"].errors[field])
    assert typed.get("name", "Typed Name") in page.content.decode()
    assert User.objects.count() == 1


def test_an_invitation_that_is_gone_answers_409(as_admin: Client, member: User) -> None:
    for action in ("resend", "revoke"):
        page = as_admin.post(f"/people/{member.pk}/{action}/")
        assert page.status_code == 409
        assert "There is no open invitation for this person any more." in page.content.decode()


def test_deactivating_ends_rights_links_and_invitations_and_is_recorded(admin: User, make_user: Make) -> None:
    boss = make_user("boss@example.org", is_administrator=True, is_executive_viewer=True)
    services.sign_in_link(boss)
    services.deactivate_user(actor=admin, user=boss)
    boss.refresh_from_db()
    assert (boss.is_active, boss.is_administrator, boss.is_executive_viewer) == (False, False, False)
    assert boss.sign_in_links.count() == 0
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor_id, entry.subject_kind, entry.subject_id) == (
        "user.deactivated",
        admin.pk,
        "user",
        boss.pk,
    )
    assert "boss" not in entry.subject_label  # ids in the record, names where they are shown


def test_reactivating_brings_the_account_back_without_rights(admin: User, make_user: Make) -> None:
    boss = make_user("boss@example.org", is_administrator=True)
    services.deactivate_user(actor=admin, user=boss)
    services.reactivate_user(actor=admin, user=boss)
    boss.refresh_from_db()
    assert (boss.is_active, boss.is_administrator) == (True, False)
    assert Entry.objects.values_list("verb", flat=True).last() == "user.reactivated"
    with pytest.raises(NotAllowed, match="already active"):
        services.reactivate_user(actor=admin, user=boss)


def test_the_last_administrator_cannot_be_removed_in_any_way(admin: User, make_user: Make, as_admin: Client) -> None:
    other = make_user("other@example.org", is_administrator=True)
    services.set_administrator(actor=admin, user=other, on=False)
    with pytest.raises(NotAllowed, match="last administrator"):
        services.set_administrator(actor=admin, user=admin, on=False)
    with pytest.raises(NotAllowed, match="cannot deactivate your own"):
        services.deactivate_user(actor=admin, user=admin)
    page = as_admin.post(f"/people/{admin.pk}/administrator/", {"on": "0"})
    assert page.status_code == 403
    assert "make somebody else administrator first" in page.content.decode()
    admin.refresh_from_db()
    assert (admin.is_active, admin.is_administrator) == (True, True)


def test_two_administrators_cannot_remove_each_other_with_stale_facts(admin: User, make_user: Make) -> None:
    other = make_user("other@example.org", is_administrator=True)
    stale = User.objects.get(pk=admin.pk)  # read while both were administrators
    services.set_administrator(actor=admin, user=admin, on=False)
    with pytest.raises(NotAllowed, match="last administrator"):
        services.set_administrator(actor=other, user=other, on=False)
    with pytest.raises(NotAllowed, match="Only administrators"):
        services.deactivate_user(actor=User.objects.get(pk=stale.pk), user=other)


def test_rights_are_given_and_taken_and_recorded(as_admin: Client, member: User) -> None:
    as_admin.post(f"/people/{member.pk}/administrator/", {"on": "1"})
    as_admin.post(f"/people/{member.pk}/executive-viewer/", {"on": "1"})
    as_admin.post(f"/people/{member.pk}/executive-viewer/", {"on": "1"})  # twice changes nothing
    as_admin.post(f"/people/{member.pk}/administrator/", {"on": "0"})
    member.refresh_from_db()
    assert (member.is_administrator, member.is_executive_viewer) == (False, True)
    assert [entry.data["changes"] for entry in Entry.objects.order_by("id")] == [
        {"is_administrator": [False, True]},
        {"is_executive_viewer": [False, True]},
        {"is_administrator": [True, False]},
    ]


def test_deactivated_people_cannot_be_given_rights(admin: User, member: User) -> None:
    services.deactivate_user(actor=admin, user=member)
    for call in (services.set_administrator, services.set_executive_viewer):
        with pytest.raises(NotAllowed, match="cannot hold rights"):
            call(actor=admin, user=member, on=True)


def test_buttons_shown_are_buttons_that_work(as_admin: Client, admin: User, member: User) -> None:
    own, other = (as_admin.get(f"/people/{user.pk}/").content.decode() for user in (admin, member))
    assert "/deactivate/" in other
    assert "/deactivate/" not in own
    assert f"/people/{admin.pk}/administrator/" not in own
    assert policies.LAST_ADMINISTRATOR in own
    assert "You cannot deactivate your own account" in own


def test_policies_give_reasons(admin: User, member: User) -> None:
    assert policies.may_manage_people(member).reasons == ("Only administrators manage people.",)
    assert policies.may_deactivate(member, admin).reasons == ("Only administrators manage people.",)
    assert policies.may_change_profile(member, admin).reasons == ("Only the person or an administrator changes this.",)
    assert policies.may_change_profile(admin, member)
    admin.is_active = False
    assert not policies.may_manage_people(admin)


def test_ensure_person_makes_somebody_known_who_cannot_come_in_yet(admin: User, member: User) -> None:
    new = services.ensure_person(actor=admin, email=" New@Example.org ", name="N\u202eew\n", time_zone="Asia/Tokyo")
    assert (new.email, new.name, new.time_zone, has_joined(new)) == ("new@example.org", "New", "Asia/Tokyo", False)
    assert open_invitation(new) is None
    assert services.ensure_person(actor=None, email="MIA@example.org", name="Other") == member
    member.refresh_from_db()
    assert member.name == "Mia"
    with pytest.raises(Invalid, match="Enter an e-mail address") as caught:
        services.ensure_person(actor=admin, email="a@b\r\nBcc: x@example.org")
    assert caught.value.field == "email"
