"""Several people or presses at the same moment: one record, everybody else is told (P16). Real threads and locks."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from activity.models import Entry
from core.errors import ServiceError
from phases import services
from phases.enums import EvidenceKind
from phases.models import DateChange, Evidence
from tests.factories import Built
from tests.phases.steps import hand_in, prove

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def built(transactional_db: None, built: Built) -> Built:
    """The small program, committed, so that other connections see it."""
    return built


def all_at_once(act: Callable[[int], object]) -> Counter[str]:
    """Run `act(number)` in several threads with connections of their own; count how they ended."""

    def one(number: int) -> str:
        try:
            act(number)
        except ServiceError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def test_p16_one_form_pressed_many_times_is_one_hand_in(built: Built) -> None:
    prove(built)
    seen = built.criteria["accuracy"]
    seen.refresh_from_db()
    ends = all_at_once(lambda _: services.hand_in(actor=built.owner, criterion=seen, version=seen.version))
    assert ends == {"done": AT_ONCE}
    assert Entry.objects.filter(verb="criterion.handed_in").count() == 1


def test_p16_many_different_dates_at_once_leave_one_winner(built: Built) -> None:
    item = built.tasks["train"]
    ends = all_at_once(
        lambda number: services.redate(
            actor=built.manager,
            item=item,
            new_date=dt.date(2026, 2, 2) + dt.timedelta(days=number // 5 * 7 + number % 5),
            reason=f"Plan {number}",
            version=1,
        )
    )
    assert ends == {"done": 1, "Conflict": AT_ONCE - 1}
    item.refresh_from_db()
    assert (item.version, DateChange.objects.get().new_date) == (2, item.due_date)


def test_p16_accepting_and_sending_back_at_once_leaves_one_verdict(built: Built) -> None:
    seen = hand_in(built)

    def decide(number: int) -> None:
        if number % 2:
            services.verify(actor=built.verifier, criterion=seen, version=seen.version)
        else:
            services.send_back(actor=built.verifier, criterion=seen, reason="No.", version=seen.version)

    ends = all_at_once(decide)
    assert ends["done"] + ends["Conflict"] == AT_ONCE
    assert Entry.objects.filter(verb__in=["criterion.verified", "criterion.sent_back"]).count() == 1


def test_p16_the_same_proof_at_once_is_one_row(built: Built) -> None:
    ends = all_at_once(
        lambda _: services.add_evidence(
            actor=built.owner,
            criterion=built.criteria["accuracy"],
            kind=EvidenceKind.NOTE,
            title="Note",
            note="Seen.",
            effective_date=dt.date(2026, 1, 14),
        )
    )
    assert ends == {"done": AT_ONCE}
    assert Evidence.objects.count() == 1
