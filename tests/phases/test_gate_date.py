"""The agreed date of a gate is moved on its own page; and no form of the plan is taken without its token."""

from django.test import Client

from phases.models import Task
from tests.factories import Built, sign_in

T = "/programs/claims/tasks/train/"
G = "/programs/claims/gates/gate-30/"


def test_the_manager_moves_a_gate(built: Built) -> None:
    sent = {"new_date": "2026-02-09", "reason": "The sponsor is away.", "version": 1}
    response = sign_in(built.manager).post(G + "redate/", sent, follow=True)
    assert response.redirect_chain == [(G, 302)]
    assert "The sponsor is away." in response.content.decode()


def test_csrf_is_asked_for(built: Built) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(built.owner)
    assert browser.post(T + "done/", {"version": 1}).status_code == 403
    assert Task.objects.get(slug="train").state == "open"
