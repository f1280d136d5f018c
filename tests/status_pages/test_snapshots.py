"""Snapshots: weekly, at each decision, with each update; kept once, never changed, made good after a crash."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from core import clock
from gates.domain.canonical import digest
from gates.models import Decision
from programs.enums import ProgramState
from status_pages.enums import Trigger
from status_pages.models import StatusSnapshot
from status_pages.selectors.snapshots import stored
from status_pages.services import snapshots
from tests.gates.world import World
from tests.status_pages.conftest import NOW
from tests.updates.test_posting import post


def kept(w: World) -> list[tuple[str, str]]:
    rows = StatusSnapshot.objects.filter(program=w.program).order_by("id")
    return list(rows.values_list("trigger", "reference"))


def test_a_published_update_is_frozen_once_it_is_committed(w: World, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = post(w)
    assert kept(w) == [("update", str(made.pk))]
    found = StatusSnapshot.objects.get()
    assert made.verdict in found.document
    assert digest(found.document) == found.sha256


def test_what_a_crash_left_out_is_made_good_once(w: World) -> None:
    made = post(w)
    decided = Decision.objects.create(
        program=w.program, event=w.event("gate-30"), number=1, word="go", reason="r", decided_at=NOW
    )
    assert kept(w) == []
    assert (snapshots.keep_updates(), snapshots.keep_decisions()) == (1, 1)
    assert (snapshots.keep_updates(), snapshots.keep_decisions()) == (0, 0)
    assert kept(w) == [("update", str(made.pk)), ("gate", str(decided.pk))]


def test_what_is_days_old_is_not_made_good(w: World) -> None:
    post(w)
    with clock.frozen(NOW + dt.timedelta(days=snapshots.MADE_GOOD_DAYS, hours=1)):
        assert snapshots.keep_updates() == 0


@pytest.mark.parametrize(
    ("instant", "reference"),
    [
        (dt.datetime(2026, 1, 26, 7, 59, tzinfo=dt.UTC), "2026-01-19"),  # 08:59 in Berlin
        (dt.datetime(2026, 1, 26, 8, 0, tzinfo=dt.UTC), "2026-01-26"),
        (dt.datetime(2026, 1, 29, 23, 0, tzinfo=dt.UTC), "2026-01-26"),  # slept through Monday
        (dt.datetime(2026, 3, 30, 7, 0, tzinfo=dt.UTC), "2026-03-30"),  # 09:00 of the first Monday of summer time
    ],
)
def test_weekly_from_monday_nine_local_time(w: World, instant: dt.datetime, reference: str) -> None:
    with clock.frozen(instant):
        assert (snapshots.keep_weekly(), snapshots.keep_weekly()) == (1, 0)
    assert kept(w) == [("weekly", reference)]


def test_neither_before_the_start_nor_after_the_end(w: World) -> None:
    with clock.frozen(dt.datetime(2026, 1, 4, 12, tzinfo=dt.UTC)):
        assert snapshots.keep_weekly() == 0
    program = w.program
    program.state = ProgramState.STOPPED
    program.save()
    assert snapshots.keep_weekly() == 0


@pytest.mark.parametrize("change", ["UPDATE {t} SET colour = 'green'", "DELETE FROM {t}"])
def test_p17_the_database_refuses_to_change_a_snapshot(w: World, change: str) -> None:
    snapshots.keep(w.program, Trigger.WEEKLY, "2026-01-26", "")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(t="status_pages_statussnapshot"))


def test_a_text_that_was_tampered_with_is_said(w: World) -> None:

    made = snapshots.keep(w.program, Trigger.WEEKLY, "2026-01-26", "")
    assert made is not None
    assert stored(made, w.program).intact
    made.document = made.document.replace("Gate", "Date", 1)
    assert not stored(made, w.program).intact
