"""Readiness over time: days are kept, every move has its cause, late proof is told, some of it is looked at again."""

import datetime as dt
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import Conflict, Invalid, NotAllowed
from core.trend import Point, trend
from gates.domain.history import Because, Counted, moves, shifts
from gates.domain.honesty import Honesty, draw, late_flips, recheck_size
from gates.enums import RecheckResult
from gates.models import ReadingDay, Recheck
from gates.selectors.history import days_of, late_flips_of, rechecks_of, slips_of, why_moved
from gates.services.history import record_day, record_days
from gates.services.rechecks import draw_rechecks, record_recheck
from phases import services as phases
from phases.domain.readiness import Proof, Scoring
from phases.selectors import load_plan
from tests.factories import sign_in
from tests.gates.world import GATE_DAY, SCORING, World, add, on, prove

RULES = Honesty()
NOW = dt.datetime(2026, 2, 3, 10, tzinfo=dt.UTC)
DAY = dt.date(2026, 1, 28)


def hours(number: float) -> dt.datetime:
    """So many hours before now."""
    return NOW - dt.timedelta(hours=number)


# ------------------------------------------------------------------ honesty rule 5


@pytest.mark.parametrize(
    ("musts", "late", "alarm"),
    [
        ({}, 0, False),
        ({"a": None, "b": None}, 0, False),
        ({"a": hours(1), "b": None, "c": None}, 1, True),
        ({"a": hours(1), **{str(n): hours(90) for n in range(3)}}, 1, False),
        ({**{f"l{n}": hours(2) for n in range(3)}, **{f"o{n}": hours(99) for n in range(7)}}, 3, True),
        ({**{f"l{n}": hours(2) for n in range(29)}, **{f"o{n}": None for n in range(71)}}, 29, False),
        ({"a": hours(47.9)}, 1, True),
        ({"a": hours(48)}, 0, False),
        ({"a": hours(-1)}, 0, False),
    ],
)
def test_rule_5_late_flips(musts: dict[str, dt.datetime | None], late: int, alarm: bool) -> None:
    found = late_flips(musts, now=NOW, rules=RULES)
    assert (len(found.late), found.alarm, bool(found.sentence)) == (late, alarm, alarm)


def test_rule_5_numbers_come_from_the_program() -> None:
    rules = Honesty.from_data({"late_flip_hours": 24, "late_flip_share": 0.6, "recheck_share": "0.5", "recheck_min": 3})
    assert rules == Honesty(24, Fraction(3, 5), Fraction(1, 2), 3)
    assert Honesty.from_data({}) == RULES
    found = late_flips({"a": hours(30), "b": hours(1)}, now=NOW, rules=rules)
    assert (found.share, found.alarm) == (Fraction(1, 2), False)


def test_rule_5_gatekeepers_see_it_in_pack_and_selector(w: World) -> None:
    prove(w, "accuracy", on=GATE_DAY)
    with on(GATE_DAY, hour=20):
        assert late_flips_of(w.event("gate-30"), load_plan(w.program)).alarm
        shown = sign_in(w.person("sam")).get(reverse("gate_pack", args=[w.program.slug, "gate-30"])).content.decode()
    assert "Late flip: 1 of 1 must-meets turned met in the last 48 hours (100 %" in shown
    with on(GATE_DAY + dt.timedelta(days=3)):
        assert not late_flips_of(w.event("gate-30"), load_plan(w.program)).alarm


# ------------------------------------------------------------------ honesty rule 6


@pytest.mark.parametrize(
    ("verified", "size"), [(0, 0), (1, 1), (2, 2), (3, 2), (20, 2), (21, 3), (30, 3), (31, 4), (54, 6)]
)
def test_rule_6_ten_percent_at_least_two(verified: int, size: int) -> None:
    assert recheck_size(verified, RULES) == size
    assert len(draw((str(n) for n in range(verified)), seed="s", rules=RULES)) == size


def test_rule_6_a_draw_can_be_repeated_and_another_seed_draws_others() -> None:
    names = [f"c-{n}" for n in range(40)]
    one = draw(names, seed="one", rules=RULES)
    assert one == draw(reversed(names), seed="one", rules=RULES)
    assert set(one) <= set(names)
    assert {draw(names, seed=str(n), rules=RULES) for n in range(5)} != {one}
    drawn = [slug for n in range(300) for slug in draw(names, seed=str(n), rules=RULES)]
    assert set(drawn) == set(names)


def verified(w: World) -> None:
    """Six verified criteria at gate 30."""
    prove(w, "accuracy")
    for number in range(5):
        add(w, f"more-{number}", proven=True)


def test_rule_6_draw_keeps_seed_and_population_and_happens_once(w: World) -> None:
    verified(w)
    with on(GATE_DAY):
        first = draw_rechecks(actor=w.person("ivy"), event=w.event("gate-30"))
        again = draw_rechecks(actor=w.person("ivy"), event=w.event("gate-30"))
    assert first.pk == again.pk
    _, rows = rechecks_of(w.event("gate-30"))
    assert len(first.population) == 6
    assert {row.criterion.slug for row in rows} == set(draw(first.population, seed=first.seed, rules=RULES))
    assert len(first.seed) == 16


def test_rule_6_only_the_independent_reviewer_draws_and_only_what_is_verified(w: World) -> None:
    with on(GATE_DAY):
        with pytest.raises(Invalid, match="No criterion"):
            draw_rechecks(actor=w.person("ivy"), event=w.event("gate-30"))
        verified(w)
        for person in (w.person("pat"), w.person("sam"), w.person("mia"), w.administrator, w.stranger):
            with pytest.raises(NotAllowed):
                draw_rechecks(actor=person, event=w.event("gate-30"))
    assert not Recheck.objects.exists()


def test_rule_6_a_failure_reopens_the_criterion_and_is_shown(w: World) -> None:
    verified(w)
    ivy = w.person("ivy")
    with on(GATE_DAY):
        draw_rechecks(actor=ivy, event=w.event("gate-30"), seed="fixed")
        _, (one, two) = rechecks_of(w.event("gate-30"))
        with pytest.raises(Invalid, match="did not hold"):
            record_recheck(actor=ivy, recheck=one, result=RecheckResult.FAILED)
        with pytest.raises(NotAllowed):
            record_recheck(actor=w.person("pat"), recheck=one, result=RecheckResult.PASSED)
        record_recheck(actor=ivy, recheck=one, result=RecheckResult.FAILED, text="The sample is gone.")
        record_recheck(actor=ivy, recheck=two, result=RecheckResult.PASSED)
        record_recheck(actor=ivy, recheck=two, result=RecheckResult.PASSED)
        with pytest.raises(Conflict):
            record_recheck(actor=ivy, recheck=two, result=RecheckResult.FAILED, text="No.")
        shown = sign_in(ivy).get(reverse("gate_pack", args=[w.program.slug, "gate-30"])).content.decode()
    failed = w.criterion(one.criterion.slug)
    assert (failed.state, failed.state_reason) == ("sent_back", "Looked at again: The sample is gone.")
    assert w.criterion(two.criterion.slug).state == "verified"
    assert "with seed fixed" in shown
    assert "The sample is gone." in shown


# ------------------------------------------------------------------ kept days


def test_s23_a_day_is_kept_once_and_a_past_day_never_changes(w: World) -> None:
    with on(DAY):
        first = record_day(w.program, DAY)
        assert (first.points, first.weakest, first.formula_version) == (0, "Model assurance", 1)
        prove(w, "accuracy")
        assert record_day(w.program, DAY).pk == first.pk
    kept = ReadingDay.objects.get()
    assert (kept.points, kept.average, kept.verified_average) == (100, 100, 100)
    with on(DAY + dt.timedelta(days=1)):
        with pytest.raises(ValueError, match="only today"):
            record_day(w.program, DAY)
        assert record_days() == 1
        assert record_days() == 0
    assert [row.date for row in days_of(w.program)] == [DAY, DAY + dt.timedelta(days=1)]


def test_s23_a_stopped_program_is_not_recorded(w: World) -> None:
    w.built.program.state = "stopped"
    w.built.program.save()
    assert record_days() == 0


def test_number_of_queries_of_a_day_does_not_grow(w: World) -> None:
    def queries() -> int:
        with on(DAY), CaptureQueriesContext(connection) as found:
            record_day(w.program, DAY)
        return len(found)

    queries()
    small = queries()
    for number in range(3):
        add(w, f"more-{number}", proven=True)
    assert queries() == small


def test_s23_why_it_moved_names_who_did_what(w: World) -> None:
    with on(DAY):
        record_day(w.program, DAY)
    with on(DAY, hour=12):
        prove(w, "accuracy", on=DAY, verified=False)
        phases.verify(actor=w.person("ivy"), criterion=w.criterion("accuracy"))
    later = DAY + dt.timedelta(days=1)
    with on(later):
        record_day(w.program, later)
    newest, oldest = why_moved(w.program, days_of(w.program))
    assert oldest.moved == ()
    (moved,) = newest.moved
    assert (moved.dimension, moved.before, moved.after) == ("Model assurance", 0, 100)
    (line,) = moved.lines
    assert (line.words, line.who, line.did) == ("none became verified fresh", str(w.person("ivy")), "verified")


def test_s23_what_time_did_is_named_as_well(w: World) -> None:
    prove(w, "accuracy", on=dt.date(2026, 1, 10))
    criterion = w.criterion("accuracy")
    criterion.max_age_days = 18
    criterion.save()
    for day in (DAY, DAY + dt.timedelta(days=1)):
        with on(day):
            record_day(w.program, day)
    newest, _ = why_moved(w.program, days_of(w.program))
    (line,) = newest.moved[0].lines
    assert (line.words, line.who) == ("verified fresh became stale", "")
    assert line.did.startswith("time")


def test_s23_every_change_of_a_score_has_a_line() -> None:
    scoring = Scoring.from_data(SCORING)
    before = {
        "a": Counted("a", "data", "must", Proof.NONE),
        "b": Counted("b", "data", "should", Proof.STALE),
        "c": Counted("c", "cost", "must", Proof.VERIFIED_FRESH),
    }
    after = {
        "a": Counted("a", "data", "must", Proof.VERIFIED_FRESH),
        "c": Counted("c", "cost", "should", Proof.VERIFIED_FRESH),
        "d": Counted("d", "cost", "must", Proof.WAIVED),
    }
    assert {move.slug: move.because for move in moves(before, after)} == {
        "a": Because.PROOF, "b": Because.LEFT, "c": Because.LEVEL, "d": Because.JOINED,
    }  # fmt: skip
    found = {row.dimension: (row.before, row.after) for row in shifts(before, after, scoring=scoring)}
    assert found == {"data": (13, 100), "cost": (100, 25)}
    assert shifts(before, before, scoring=scoring) == ()


# ------------------------------------------------------------------ page, drawing, slips


def test_history_page_keeps_today_and_is_for_those_who_see_the_program(w: World) -> None:
    url = reverse("readiness_history", args=[w.program.slug])
    assert sign_in().get(url).status_code == 302
    assert sign_in(w.stranger).get(url).status_code == 404
    assert ReadingDay.objects.count() == 0
    with on(DAY):
        assert sign_in(w.person("mia")).get(url).status_code == 200
        assert sign_in(w.executive).get(url).status_code == 200
    assert ReadingDay.objects.count() == 1
    with on(DAY + dt.timedelta(days=1)):
        shown = sign_in(w.person("mia")).get(url).content.decode()
    assert "Readiness from 0 on 28 Jan to 0 on 29 Jan" in shown
    assert "nothing moved" in shown


def test_number_of_queries_of_the_page_does_not_grow_with_the_days(w: World) -> None:
    client, url = sign_in(w.person("mia")), reverse("readiness_history", args=[w.program.slug])

    def queries(days: int) -> int:
        for number in range(days):
            with on(DAY + dt.timedelta(days=number)):
                record_day(w.program, DAY + dt.timedelta(days=number))
        with on(DAY + dt.timedelta(days=days - 1)), CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    queries(1)  # the first visit of a session asks more
    assert queries(2) == queries(5)


def test_rule_7_every_moved_date_stays_visible_and_twice_is_marked(w: World) -> None:
    event, pat = w.event("gate-60"), w.person("pat")
    with on(DAY):
        for day, reason in ((10, "Vendor late"), (12, "Vendor later")):
            phases.redate_event(
                actor=pat, event=w.event("gate-60"), new_date=dt.date(2026, 3, day), reason=reason, version=None
            )
        phases.redate(actor=pat, item=w.criterion("accuracy"), new_date=dt.date(2026, 2, 2), reason="Ill")
        shown = sign_in(pat).get(reverse("readiness_history", args=[w.program.slug])).content.decode()
    slips = slips_of(w.program)
    gate = next(slip for slip in slips if slip.kind == "event")
    assert ([change.reason for change in gate.changes], gate.days, gate.twice) == (
        ["Vendor late", "Vendor later"], (dt.date(2026, 3, 12) - event.baseline_date).days, True,
    )  # fmt: skip
    assert not next(slip for slip in slips if slip.kind == "criterion").twice
    assert "Vendor later" in shown
    assert "Moved twice or more" in shown


def test_trend_draws_lines_with_a_name_and_nothing_for_one_day() -> None:
    points = [Point(DAY + dt.timedelta(days=n), value, 60) for n, value in enumerate([0, None, 50, 100])]
    drawing = trend(points, label='Readiness <"up">')
    assert 'aria-label="Readiness &lt;&quot;up&quot;&gt;"' in drawing
    assert drawing.count('class="k-lead"') == 1
    assert 'class="k-beside"' in drawing
    assert trend(points[:1], label="x") == ""
