"""The agreed date of a gate is moved by the program manager, on the gate's own page."""

from tests.factories import Built, sign_in

G = "/programs/claims/gates/gate-30/"


def test_the_manager_moves_a_gate(built: Built) -> None:
    sent = {"new_date": "2026-02-09", "reason": "The sponsor is away.", "version": 1}
    response = sign_in(built.manager).post(G + "redate/", sent, follow=True)
    assert response.redirect_chain == [(G, 302)]
    assert "The sponsor is away." in response.content.decode()
