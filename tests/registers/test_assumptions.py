"""The assumption log: who writes, places, tests, explanations (S15, S30)."""

import datetime as dt

import pytest

from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from registers import selectors, services
from registers.enums import Result
from registers.models import Assumption
from tests.registers.world import TODAY, World, world


def last() -> Entry:
    return Entry.objects.latest("id")


def test_s30_a_member_writes_an_assumption_down(w: World) -> None:
    row = w.assumption(w.people["max"])
    assert (row.number, row.rank, row.is_tested, row.version) == (1, None, False, 1)
    assert (last().verb, last().subject_kind, last().subject_id) == ("assumption.added", "assumption", row.pk)
    assert w.assumption(text="Adjusters will use it.").number == 2


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_s30_who_has_no_role_writes_nothing(w: World, who: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        w.assumption(getattr(w, who))
    assert "role in this program" in str(refusal.value) or "Executive viewers" in str(refusal.value)
    assert not Assumption.objects.exists()


def test_a_paused_program_takes_nothing(w: World) -> None:
    w.program.state = "paused"
    w.program.save()
    with pytest.raises(NotAllowed, match="paused"):
        w.assumption()


@pytest.mark.parametrize(
    ("field", "value"), [("text", "  "), ("text", "x" * 401), ("consequence", ""), ("test", "x" * 4001)]
)
def test_s30_each_needs_words_and_a_consequence(w: World, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        w.assumption(**{field: value})
    assert refusal.value.field == field


def test_the_owner_is_a_role_of_the_same_program(w: World) -> None:
    with pytest.raises(Invalid) as refusal:
        w.assumption(owner_role=world("beta").roles["sponsor"])
    assert refusal.value.field == "owner_role"


def test_p16_a_form_sent_twice_makes_one_row(w: World) -> None:
    assert w.assumption(key="k1").pk == w.assumption(key="k1").pk
    assert Assumption.objects.count() == Entry.objects.filter(verb="assumption.added").count() == 1


def test_p16_a_key_of_another_person_makes_no_twin(w: World) -> None:
    w.assumption(w.people["max"], key="k1")
    assert not Assumption.objects.filter(logged_by=w.owner).exists()


def change(w: World, row: Assumption, **changes: object) -> Assumption:
    values = {
        "text": row.text,
        "consequence": row.consequence,
        "theme": row.theme,
        "owner_role": row.owner_role,
        "test": row.test,
    }
    actor = changes.pop("actor", w.owner)
    return services.change_assumption(actor=actor, assumption=row, **{**values, **changes})  # type: ignore[arg-type]


def test_both_values_of_a_change_are_on_record(w: World) -> None:
    row = change(w, w.assumption(), test="Ask two adjusters.", version=1)
    assert row.version == 2
    assert last().data["changed"] == {"test": ["Label 200 claims twice and compare.", "Ask two adjusters."]}


def test_a_change_of_nothing_is_no_change(w: World) -> None:
    row = change(w, w.assumption())
    assert row.version == 1
    assert last().verb == "assumption.added"


def test_p16_who_is_slower_gets_a_conflict_with_what_is_there_now(w: World) -> None:
    row = w.assumption()
    change(w, row, test="Ask two adjusters.", version=1)
    with pytest.raises(Conflict) as lost:
        change(w, row, test="Ask three.", version=1)
    assert "Ask two adjusters." in lost.value.current


def test_p16_the_same_change_sent_twice_is_one(w: World) -> None:
    row = w.assumption()
    change(w, row, test="Ask two adjusters.", version=1)
    assert change(w, row, test="Ask two adjusters.", version=1).version == 2


def test_only_author_owner_and_manager_reword(w: World) -> None:
    row = w.assumption(w.people["max"])
    with pytest.raises(NotAllowed, match="Model owner"):
        change(w, row, actor=w.verifier, test="x")
    assert change(w, row, actor=w.manager, test="x").test == "x"


def try_out(w: World, row: Assumption, **changes: object) -> Assumption:
    values = {"result": Result.HOLDS, "note": "96 % agree.", "tested_on": TODAY, "actor": w.owner}
    return services.record_test(assumption=row, **{**values, **changes})  # type: ignore[arg-type]


def test_s30_a_test_has_result_consequence_day_and_person(w: World) -> None:
    row = try_out(w, w.assumption(), result=Result.BROKEN, version=1)
    assert (row.result, row.tested_on, row.tested_by, row.version) == ("broken", TODAY, w.owner, 2)
    assert (last().verb, last().data["result"], last().data["note"]) == ("assumption.tested", "broken", "96 % agree.")


def test_s30_a_result_needs_a_test_that_was_written_down(w: World) -> None:
    with pytest.raises(Invalid) as refusal:
        try_out(w, w.assumption(test=""))
    assert refusal.value.field == "result"


@pytest.mark.parametrize(
    ("field", "value"), [("note", ""), ("tested_on", TODAY + dt.timedelta(days=1))], ids=["no words", "lies ahead"]
)
def test_s30_a_result_needs_words_and_a_day_that_has_come(w: World, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refusal:
        try_out(w, w.assumption(), **{field: value})
    assert refusal.value.field == field


def test_s30_only_owner_deputy_and_manager_record_a_result(w: World) -> None:
    row = w.assumption(w.verifier)
    with pytest.raises(NotAllowed):
        try_out(w, row, actor=w.verifier)
    assert try_out(w, row, actor=w.people["max"]).tested_by == w.people["max"]


def test_s30_a_tested_one_keeps_its_words(w: World) -> None:
    row = try_out(w, w.assumption())
    with pytest.raises(Invalid) as refusal:
        change(w, row, text="Something else.")
    assert refusal.value.field == "text"
    assert change(w, row, consequence="Eight weeks.").consequence == "Eight weeks."


def rank(w: World, row: Assumption, place: int | None, **more: object) -> Assumption:
    return services.rank_assumption(actor=w.manager, assumption=row, rank=place, **more)  # type: ignore[arg-type]


def test_s15_the_manager_ranks_and_the_sixth_falls_out(w: World) -> None:
    rows = [w.assumption(text=f"Belief {n}.") for n in range(6)]
    for row in rows:
        rank(w, row, 1)
    ranked = Assumption.objects.filter(rank__isnull=False).order_by("rank").values_list("text", flat=True)
    assert list(ranked) == ["Belief 5.", "Belief 4.", "Belief 3.", "Belief 2.", "Belief 1."]
    assert last().data["pushed_out"] == [1]


def test_s15_taking_the_place_away(w: World) -> None:
    row = rank(w, w.assumption(), 1)
    assert rank(w, row, None).rank is None
    assert not Assumption.objects.filter(rank__isnull=False).exists()


@pytest.mark.parametrize("place", [0, 6])
def test_s15_there_is_no_sixth_place(w: World, place: int) -> None:
    with pytest.raises(Invalid) as refusal:
        rank(w, w.assumption(), place)
    assert refusal.value.field == "rank"


def test_s15_only_the_manager_ranks(w: World) -> None:
    with pytest.raises(NotAllowed, match="program manager"):
        services.rank_assumption(actor=w.owner, assumption=w.assumption(w.owner), rank=1)


def test_p16_two_people_ranking_at_once(w: World) -> None:
    row = w.assumption()
    rank(w, row, 1, version=1)
    with pytest.raises(Conflict):
        rank(w, row, None, version=1)


def test_s15_untested_top_ones_keep_a_checkpoint_open(w: World) -> None:
    first, second, third = (w.assumption(text=f"Belief {n}.") for n in range(3))
    rank(w, first, 1)
    rank(w, second, 2)
    try_out(w, second)
    assert list(selectors.untested_top_assumptions(w.program)) == [first]
    assert third not in selectors.untested_top_assumptions(w.program)


def test_s15_an_explanation_counts_for_its_event_alone(w: World) -> None:
    row = rank(w, w.assumption(), 1)
    gate_30, gate_60 = w.events["gate-30"], w.events["gate-60"]
    services.explain_untested(actor=w.owner, assumption=row, event=gate_30, reason="Data comes on day 20.")
    assert not selectors.untested_top_assumptions(w.program, gate_30).exists()
    assert list(selectors.untested_top_assumptions(w.program, gate_60)) == [row]
    assert list(selectors.untested_top_assumptions(w.program)) == [row]
    assert (last().verb, last().data["event"]) == ("assumption.explained", "gate-30")


def test_s15_a_later_explanation_replaces_the_words_and_both_are_on_record(w: World) -> None:
    row = rank(w, w.assumption(), 1)
    for reason in ("Data is late.", "Data comes on day 40.", "Data comes on day 40."):
        services.explain_untested(actor=w.owner, assumption=row, event=w.events["gate-30"], reason=reason)
    assert [told.reason for told in row.explanations.all()] == ["Data comes on day 40."]
    assert Entry.objects.filter(verb="assumption.explained").count() == 2


def test_s15_nothing_is_explained_without_a_reason_a_place_or_need(w: World) -> None:
    row = w.assumption()
    gate = w.events["gate-30"]
    with pytest.raises(Invalid, match="top five"):
        services.explain_untested(actor=w.owner, assumption=row, event=gate, reason="Later.")
    row = rank(w, row, 1)
    with pytest.raises(Invalid) as refusal:
        services.explain_untested(actor=w.owner, assumption=row, event=gate, reason=" ")
    assert refusal.value.field == "reason"
    with pytest.raises(Invalid, match="this program"):
        services.explain_untested(actor=w.owner, assumption=row, event=world("beta").events["gate-30"], reason="Later.")
    with pytest.raises(NotAllowed):
        services.explain_untested(actor=w.verifier, assumption=row, event=gate, reason="Later.")
    row = try_out(w, row)
    with pytest.raises(Invalid, match="tested"):
        services.explain_untested(actor=w.owner, assumption=row, event=gate, reason="Later.")
