"""Between gates: declared status, replanning, what a small team may relax (G2, honesty rules 1 and 7)."""

import datetime as dt
from typing import Any

import pytest

from activity.enums import Verb
from activity.models import Entry
from core.errors import Conflict, NotAllowed
from gates.enums import Cause
from gates.models import Replan
from gates.selectors.reading import read_program
from gates.selectors.replanning import lost_days, preview_of
from gates.services import between, declaring, replanning, waivers
from gates.services.base import Incomplete
from gates.services.expiry import expire_due
from phases.domain.status import Colour
from phases.selectors import load_plan
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World


def day(count: int) -> dt.date:
    return GATE_DAY + dt.timedelta(days=count)


def reading(w: World, on: dt.date) -> Any:
    now = dt.datetime.combine(on, dt.time(8), dt.UTC)
    return read_program(load_plan(w.program), today=on, last_update=now)


def test_declared_better_needs_the_sponsor_and_ends(w: World) -> None:
    with build.on(GATE_DAY):
        with pytest.raises(Incomplete):
            declaring.declare_status(actor=w.person("pat"), program=w.program, colour=Colour.GREEN, reason="Soon")
        made = declaring.declare_status(
            actor=w.person("pat"), program=w.program, colour=Colour.GREEN, reason="Soon", expires_on=day(5)
        )
        assert reading(w, GATE_DAY).declared is None
        with pytest.raises(NotAllowed):
            declaring.agree_status(actor=w.person("pat"), declared=made)
        declaring.agree_status(actor=w.person("sam"), declared=made)
    found = reading(w, day(5))
    assert (found.declared.colour, found.computed.colour) == ("green", found.status.colour)
    assert found.status.colour is not Colour.GREEN
    assert reading(w, day(6)).declared is None
    with build.on(day(6)):
        assert expire_due(w.program, day(6)) == 1


def test_replanning_moves_what_the_preview_showed_and_keeps_the_baseline(w: World) -> None:
    with build.on(dt.date(2026, 1, 20)):
        event, new = w.event("gate-30"), dt.date(2026, 2, 10)
        shown = preview_of(event, new, load_plan(w.program), dt.date(2026, 1, 20))
        made = replanning.replan(
            actor=w.person("pat"), event=event, new_date=new, cause=Cause.VENDOR, reason="Late data", key="r1",
            version=event.version,
        )  # fmt: skip
        again = replanning.replan(
            actor=w.person("pat"), event=event, new_date=new, cause=Cause.VENDOR, reason="Late data", key="r1",
            version=event.version,
        )  # fmt: skip
        with pytest.raises(Conflict):
            replanning.replan(
                actor=w.person("pat"), event=event, new_date=dt.date(2026, 2, 12), cause=Cause.DATA, reason="x",
                version=event.version,
            )  # fmt: skip
    assert again.pk == made.pk
    assert (made.working_days, made.moved) == (5, len(shown.moves))
    for move in shown.moves:
        row = {"event": w.built.events, "criterion": w.built.criteria, "task": w.built.tasks}[move.kind]
        item = next(one for one in row.values() if one.pk == move.id)
        item.refresh_from_db()
        assert (item.due_date, item.baseline_date) == (move.new, move.old)
    assert lost_days(w.program) == {Cause.VENDOR: 5}
    assert Replan.objects.count() == 1


def test_g02_a_small_team_on_record_may_verify_and_approve_itself(w: World) -> None:
    with build.on(GATE_DAY):
        asked = waivers.request_waiver(
            actor=w.person("pat"), criterion=w.criterion("accuracy"), reason="Late", control="c",
            control_evidence="e", expires_on=day(9),
        )  # fmt: skip
        w.role("risk-governance-lead")
        w.built.roles["risk-governance-lead"].deputy = w.person("pat")
        w.built.roles["risk-governance-lead"].save()
        with pytest.raises(NotAllowed, match="G2"):
            waivers.approve_waiver(actor=w.person("pat"), waiver=asked)
        between.set_small_team(actor=w.person("sam"), program=w.program, small=True, reason="Four people")
        assert waivers.approve_waiver(actor=w.person("pat"), waiver=asked).state == "approved"
    assert Entry.objects.filter(verb=Verb.PROGRAM_TEAM_SET).count() == 1
