"""Two people at the same second: one decision, and the other one sees both (P16). Real threads, real transactions.

The suite runs on SQLite and on PostgreSQL; both have to hold.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from core.errors import ServiceError
from gates.enums import RequestState
from gates.models import Decision, Waiver
from gates.services import deciding, waivers
from gates.services.deciding import DecidedAlready
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World, world


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; return each one's result or the error it met."""
    ready = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            return act()
        except ServiceError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def in_review() -> World:
    w = world()
    w.built.roles["sponsor"].deputy = w.person("max")
    w.built.roles["sponsor"].save()
    build.prove(w, "accuracy")
    build.open_round(w)
    return w


@pytest.mark.django_db(transaction=True)
def test_p16_two_deciders_at_the_same_second_make_one_decision() -> None:
    with build.on(GATE_DAY):
        w = in_review()
        event = w.event("gate-30")
        results = at_once(
            lambda: deciding.decide(actor=w.person("sam"), event=event, wanted=build.go(), number=1, key="a"),
            lambda: deciding.decide(actor=w.person("max"), event=event, wanted=build.hold(), number=1, key="b"),
        )
    made = [result for result in results if isinstance(result, Decision)]
    lost = [result for result in results if isinstance(result, DecidedAlready)]
    assert (len(made), len(lost), Decision.objects.count()) == (1, 1, 1)
    assert lost[0].theirs.pk == made[0].pk
    assert made[0].get_word_display() in lost[0].current
    assert lost[0].yours.reason in lost[0].current
    assert w.event("gate-30").outcome == made[0].word


@pytest.mark.django_db(transaction=True)
def test_p16_one_form_sent_five_times_at_once_is_one_decision() -> None:
    with build.on(GATE_DAY):
        w = in_review()
        event = w.event("gate-30")

        def send() -> Decision:
            return deciding.decide(actor=w.person("sam"), event=event, wanted=build.go(), number=1, key="same")

        results = at_once(*[send] * 5)
    assert {result.pk for result in results} == {Decision.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_p16_two_answers_to_one_waiver_make_one() -> None:
    with build.on(GATE_DAY):
        w = world()
        asked = waivers.request_waiver(
            actor=w.person("mia"),
            criterion=w.criterion("accuracy"),
            reason="Late",
            control="Check",
            control_evidence="Log",
            expires_on=GATE_DAY.replace(day=20),
        )
        results = at_once(
            lambda: waivers.approve_waiver(actor=w.person("rita"), waiver=asked),
            lambda: waivers.refuse_waiver(actor=w.person("rob"), waiver=asked, words="No"),
        )
    assert sum(isinstance(result, Waiver) for result in results) == 1
    assert sum(isinstance(result, ServiceError) for result in results) == 1
    assert Waiver.objects.get().state in (RequestState.APPROVED, RequestState.REFUSED)
