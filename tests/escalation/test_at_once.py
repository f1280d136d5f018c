"""Two at once, and a crash in between: a rung is reached once and mailed once (P2, P3, P4). Real transactions.

The suite runs on SQLite and on PostgreSQL; both have to hold.
"""

from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from activity.models import Entry
from core import clock
from core.errors import Conflict
from escalation import services
from escalation.models import Escalation, EscalationRung
from escalation.services import advancing
from escalation.services.advancing import advance_one
from reminders.enums import State
from reminders.models import Delivery, Mail
from reminders.services import tick
from tests.escalation.world import MONDAY, Escalating, at, breach, build
from tests.gates.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def e() -> Escalating:
    return build()


def test_p4_two_ticks_at_once_reach_and_mail_each_rung_once(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        at_once(tick, tick)
        tick()  # whoever found the plan locked leaves the rest to the next pass
    with at(MONDAY, hours=1):
        at_once(tick, tick)
        tick()
    assert list(EscalationRung.objects.values_list("position", flat=True)) == [1, 2]
    assert Entry.objects.filter(verb="escalation.rung_reached").count() == 2
    assert Delivery.objects.filter(item_kind="escalation", state=State.SENT).count() == 2
    mails = Counter(
        Mail.objects.filter(state=State.SENT, subject__startswith="Escalated").values_list("user", flat=True)
    )
    assert set(mails.values()) == {1}
    assert len(mails) == 2


def test_p3_a_crash_before_the_rung_is_kept_leaves_it_to_the_next_pass(
    e: Escalating, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = advancing.base.record

    def dies(*args: object, **data: object) -> None:
        real(*args, **data)  # type: ignore[arg-type]  # handed on as it came
        raise KeyboardInterrupt

    with at(MONDAY):
        breach(e)
        monkeypatch.setattr(advancing.base, "record", dies)
        with pytest.raises(KeyboardInterrupt):
            tick()
        assert not EscalationRung.objects.exists()
        monkeypatch.setattr(advancing.base, "record", real)
        tick()
        tick()
    assert EscalationRung.objects.count() == 1
    assert Delivery.objects.filter(item_kind="escalation", state=State.SENT).count() == 1


def test_p3_a_crash_after_the_rung_and_before_the_mail_mails_it_once(
    e: Escalating, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(now: object) -> None:
        raise KeyboardInterrupt

    with at(MONDAY):
        breach(e)
        with monkeypatch.context() as patch:
            patch.setattr("reminders.services.ticking.plan_due", dies)
            with pytest.raises(KeyboardInterrupt):
                tick()
        assert EscalationRung.objects.count() == 1
        assert not Delivery.objects.filter(item_kind="escalation").exists()
        tick()
        tick()
    assert Delivery.objects.filter(item_kind="escalation", state=State.SENT).count() == 1
    assert Mail.objects.filter(state=State.SENT, subject__startswith="Escalated").count() == 1


def test_p11_acknowledging_while_the_next_rung_is_told_leaves_no_clock_and_no_mail_waiting(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        tick()
        row = e.only()
    with at(MONDAY, hours=1):
        at_once(
            lambda: advance_one(row.pk, clock.now()),
            lambda: services.acknowledge(actor=e.person("mia"), escalation=row, note="On it"),
        )
        tick()
    assert e.only().next_at is None
    assert not Delivery.objects.filter(item_kind="escalation", state=State.QUEUED).exists()
    assert not Mail.objects.filter(user=e.person("pat"), state=State.SENT, subject__startswith="Escalated").exists()


def test_p16_two_who_acknowledge_at_once_are_one(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        row = e.only()
        results = at_once(
            lambda: services.acknowledge(actor=e.person("mia"), escalation=row, note="Mia is on it"),
            lambda: services.acknowledge(actor=e.person("pat"), escalation=row, note="Pat is on it"),
        )
    assert not any(isinstance(result, Conflict) for result in results)
    assert Entry.objects.filter(verb="escalation.acknowledged").count() == 1
    assert Entry.objects.filter(verb="metric.acknowledged").count() == 1


def test_the_database_itself_refuses_a_second_running_path_about_one_thing(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        row = Escalation.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
