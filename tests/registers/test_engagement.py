"""When security and privacy began to work with the program (S39)."""

import datetime as dt

from core import clock
from phases.models import Criterion, Evidence
from registers.selectors import first_engaged
from tests.registers.world import NOW, TODAY, World


def security(w: World) -> Criterion:
    criterion: Criterion = w.criteria["accuracy"]
    criterion.slug, criterion.due_day = "g30-security-engaged", 15
    criterion.save()
    return criterion


def proof(w: World, criterion: Criterion, day: dt.date, **more: object) -> None:
    Evidence.objects.create(
        criterion=criterion,
        kind="note",
        title="Review opened",
        effective_date=day,
        added_by=w.owner,
        added_at=NOW,
        **more,
    )


def test_s39_the_first_proof_is_the_first_engaged_day(w: World) -> None:
    criterion = security(w)
    proof(w, criterion, w.program.start_date + dt.timedelta(days=11))
    proof(w, criterion, w.program.start_date + dt.timedelta(days=13))
    (found,) = first_engaged(w.program, today=TODAY)
    assert (found.function, found.first_day, found.due_day, found.is_late) == ("Security", 12, 15, False)


def test_s39_after_its_day_an_unengaged_function_is_late(w: World) -> None:
    criterion = security(w)
    assert [one.is_late for one in first_engaged(w.program, today=TODAY)] == [True]  # day 16
    assert [one.is_late for one in first_engaged(w.program, today=TODAY - dt.timedelta(days=1))] == [False]
    proof(w, criterion, TODAY)
    assert [(one.first_day, one.is_late) for one in first_engaged(w.program, today=TODAY)] == [(16, True)]


def test_s39_withdrawn_proof_counts_for_nothing(w: World) -> None:
    proof(w, security(w), w.program.start_date, withdrawn_at=clock.now())
    assert [one.first_day for one in first_engaged(w.program, today=TODAY)] == [None]


def test_s39_a_program_without_these_criteria_has_no_line(w: World) -> None:
    assert first_engaged(w.program, today=TODAY) == []
