"""Who may open the dashboard's pages: anonymous, stranger, member, the one in charge."""

import pytest
from django.test import Client

from tests import factories
from tests.factories import sign_in

PAGES = ["/programs/claims/", "/programs/claims/owners/", "/programs/claims/activity/"]
ROLE = "/programs/claims/owners/monitoring-owner/"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/work/", *PAGES, ROLE])
def test_anonymous_is_sent_to_sign_in(built: factories.Built, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", [*PAGES, ROLE])
def test_a_stranger_cannot_tell_that_the_program_exists(built: factories.Built, path: str) -> None:
    response = sign_in(factories.user("stranger")).get(path)
    assert response.status_code == 404
    assert "Claims" not in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_member_reads_every_page(built: factories.Built, path: str) -> None:
    response = sign_in(built.owner).get(path)
    assert response.status_code == 200
    assert "<h1>Claims" in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_member_gets_403_with_the_reason_for_naming_people(built: factories.Built, method: str) -> None:
    response = getattr(sign_in(built.owner), method)(ROLE, {"holder": built.owner.pk, "version": 1})
    assert response.status_code == 403
    assert "Only the program manager (Pat.Claims)" in response.content.decode()
    built.roles["monitoring-owner"].refresh_from_db()
    assert built.roles["monitoring-owner"].holder_id is None


def test_the_manager_may_name_people(built: factories.Built) -> None:
    assert sign_in(built.manager).get(ROLE).status_code == 200


def test_an_executive_viewer_reads_and_changes_nothing(built: factories.Built) -> None:
    viewer = sign_in(factories.user("eva", is_executive_viewer=True))
    assert viewer.get(PAGES[0]).status_code == 200
    assert viewer.get(ROLE).status_code == 403


def test_the_portfolio_shows_only_programs_of_the_actor(built: factories.Built) -> None:
    other = factories.program("secret-thing")
    page = sign_in(built.owner).get("/").content.decode()
    assert 'href="/programs/claims/"' in page
    assert other.program.name not in page
    assert "1 program:" in page


def test_the_portfolio_of_a_stranger_says_how_to_get_in(built: factories.Built) -> None:
    page = sign_in(factories.user("stranger")).get("/").content.decode()
    assert "No programs yet" in page
    assert "as soon as somebody gives you a role" in page


def test_an_unknown_role_is_not_found(built: factories.Built) -> None:
    assert sign_in(built.manager).get("/programs/claims/owners/pope/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/work/", *PAGES])
def test_reading_pages_refuse_writes(built: factories.Built, path: str) -> None:
    assert sign_in(built.manager).post(path).status_code == 405
