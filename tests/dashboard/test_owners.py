"""The ownership matrix and naming people: gaps first, one form, nothing half-saved."""

import pytest

from activity.models import Entry
from programs.models import Role
from tests import factories
from tests.factories import sign_in

MATRIX = "/programs/claims/owners/"
EMPTY = f"{MATRIX}monitoring-owner/"
MODEL = f"{MATRIX}model-owner/"

pytestmark = pytest.mark.django_db


def role(built: factories.Built, slug: str) -> Role:
    return built.program.roles.get(slug=slug)


def test_gaps_come_first_and_say_since_when(built: factories.Built) -> None:
    page = sign_in(built.manager).get(MATRIX).content.decode()
    assert page.index('id="role-monitoring-owner"') < page.index('id="role-sponsor"')
    assert "Empty for 23 days" in page
    assert "4 of 5 roles filled, 2 without a deputy" in page


def test_readers_see_why_there_is_no_button(built: factories.Built) -> None:
    page = sign_in(built.owner).get(MATRIX).content.decode()
    assert ">Assign<" not in page
    assert "Only the program manager (Pat.Claims), the deputy or an administrator may change this." in page


def test_naming_a_holder_ends_the_gap_and_is_recorded(built: factories.Built) -> None:
    ivy = built.people["ivy"]
    response = sign_in(built.manager).post(EMPTY, {"holder": ivy.pk, "deputy": "", "version": 1}, follow=True)
    assert "Monitoring and operations owner is saved." in response.content.decode()
    named = role(built, "monitoring-owner")
    assert (named.holder, named.vacant_since) == (ivy, None)
    assert Entry.objects.get().verb == "role.filled"


def test_holder_and_deputy_change_places_in_one_go(built: factories.Built) -> None:
    mia, max_ = built.people["mia"], built.people["max"]
    sign_in(built.manager).post(MODEL, {"holder": max_.pk, "deputy": mia.pk, "version": 1})
    assert (role(built, "model-owner").holder, role(built, "model-owner").deputy) == (max_, mia)


def test_emptying_a_role_makes_it_a_gap_from_today(built: factories.Built) -> None:
    sign_in(built.manager).post(MODEL, {"holder": "", "deputy": built.people["max"].pk, "version": 1})
    emptied = role(built, "model-owner")
    assert emptied.holder is None
    assert str(emptied.vacant_since) == "2026-01-28"


def test_one_person_cannot_be_both_and_what_was_chosen_stays(built: factories.Built) -> None:
    mia = built.people["mia"]
    response = sign_in(built.manager).post(MODEL, {"holder": mia.pk, "deputy": mia.pk, "version": 1})
    assert response.status_code == 422
    page = response.content.decode()
    assert "One person cannot be holder and deputy of the same role." in page
    assert page.count(f'<option value="{mia.pk}" selected>') == 2
    assert role(built, "model-owner").deputy == built.people["max"]


def test_a_deactivated_person_is_no_choice(built: factories.Built) -> None:
    gone = factories.user("gone", is_active=False)
    response = sign_in(built.manager).post(EMPTY, {"holder": gone.pk, "version": 1})
    assert response.status_code == 422
    assert "Select a valid choice" in response.content.decode()


def test_a_lost_race_is_409_with_what_is_there_now(built: factories.Built) -> None:
    browser = sign_in(built.manager)
    browser.post(EMPTY, {"holder": built.people["ivy"].pk, "version": 1})
    response = browser.post(EMPTY, {"holder": built.people["max"].pk, "version": 1})
    assert response.status_code == 409
    assert "holder Ivy.Claims, deputy nobody" in response.content.decode()
    assert role(built, "monitoring-owner").holder == built.people["ivy"]


def test_sending_the_same_again_changes_nothing(built: factories.Built) -> None:
    same = {"holder": built.people["mia"].pk, "deputy": built.people["max"].pk, "version": 1}
    assert sign_in(built.manager).post(MODEL, same).status_code == 302
    assert Entry.objects.count() == 0
