"""Rows of several tables by one statement are what each table's own query gives, on both databases."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from core import clock
from core.gathering import Prepared, PreparedRows, gather, hung, link, prefetched
from gates.models import Closure, Decision, MiniGate
from gates.selectors import ledger_rows
from phases.models import Criterion, Event, Evidence
from programs.models import Program, Role
from reminders.models import Mail
from reminders.selectors import rows
from risks.models import MitigationAction, Risk
from tests import factories
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World, decided, open_round, stop

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> World:
    """A program with a decision that carries decimals, dates, instants and JSON."""
    made = build.world()
    build.prove(made, "accuracy")
    build.risk(made, dated=True)
    with build.on(GATE_DAY):
        open_round(made)
        decided(made, stop())
    return made


def values(row: models.Model) -> dict[str, Any]:
    """Every column as the object holds it, with the type of the value."""
    return {f.attname: (type(v := row.__dict__[f.attname]), v) for f in row._meta.concrete_fields}


@pytest.mark.parametrize("model", [Closure, Decision, Event, Criterion, Evidence, Risk, MitigationAction, User])
def test_a_gathered_row_is_what_its_own_query_gives(w: World, model: type[models.Model]) -> None:
    (found,) = gather([model._default_manager.all()])
    assert {row.pk: values(row) for row in found} == {row.pk: values(row) for row in model._default_manager.all()}
    assert found


def test_decimals_dates_instants_and_json_keep_their_kind(w: World) -> None:
    (closure,), (decision,) = gather([Closure.objects.all(), Decision.objects.all()])
    assert closure.cost_avoided_amount == Decimal("120000.00")
    assert decision.decided_at == dt.datetime(2026, 2, 3, 10, tzinfo=dt.UTC)
    assert [view["view"] for view in decision.opinions] == ["support"] * 3


def test_each_set_comes_back_in_its_place_with_one_query(
    w: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        risks, nothing, criteria = gather(
            [Risk.objects.all(), Event.objects.filter(day=999), Criterion.objects.filter(slug="accuracy")]
        )
    assert [r.slug for r in risks] == ["drift"]
    assert nothing == []
    assert [c.slug for c in criteria] == ["accuracy"]


@pytest.mark.parametrize("model", [Decision, Event, Criterion, Risk])
def test_kept_rows_are_what_their_own_query_gives(w: World, model: type[models.Model]) -> None:
    kept = PreparedRows(lambda pk: model._default_manager.filter(program=pk).order_by("-pk"))
    own_pk = w.program.pk
    for pk in (own_pk, own_pk, own_pk + 1):
        own = model._default_manager.filter(program=pk).order_by("-pk")
        assert [values(row) for row in kept.rows(pk)] == [values(row) for row in own]
    assert kept.rows(own_pk)


def test_kept_values_take_counts_and_leave_out_what_is_deferred(
    w: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by_state = PreparedRows(
        lambda pk: (
            Criterion.objects.filter(program=pk)
            .values("state")
            .annotate(number=models.Count("pk"))
            .order_by("state")
            .values_list("state", "number")
        )
    )
    pk = w.program.pk
    own = Criterion.objects.filter(program=pk).order_by().values("state").annotate(number=models.Count("pk"))
    with django_assert_num_queries(1):
        found = by_state.values(pk)
    assert dict(found) == {row["state"]: row["number"] for row in own}
    (risk,) = PreparedRows(lambda pk: Risk.objects.filter(program=pk).defer("event")).rows(pk)
    with django_assert_num_queries(1):
        assert risk.event == "The drift comes true"


def test_kept_rows_bring_joined_objects_annotations_and_take_words(
    w: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def build(program: int, slug: str) -> models.QuerySet[Role]:
        rows = Role.objects.filter(program=program, slug=slug).select_related("holder", "deputy", "program__portfolio")
        return rows.annotate(chairs=models.Count("gates_kept"))

    kept, pk = PreparedRows(build), w.program.pk
    for slug in ("sponsor", "model-owner", "monitoring-owner", "nobody", str(-7_320_507_019)):
        own = build(pk, slug).first()
        with django_assert_num_queries(1):
            role = kept.first(pk, slug)
        if role is None or own is None:
            assert role is own
            continue
        with django_assert_num_queries(0):
            assert values(role) == values(own)
            assert (role.chairs, role.holder, role.deputy) == (own.chairs, own.holder, own.deputy)  # type: ignore[attr-defined]
            assert values(role.program.portfolio) == values(own.program.portfolio)
            assert role.holder is None or values(role.holder) == values(own.holder)


def test_a_kept_statement_takes_several_ids(w: World) -> None:
    kept = Prepared(lambda *pks: [User.objects.filter(pk__in=pks)])
    people = list(User.objects.order_by("pk")[:3])
    for asked in ([people[0]], people[1:], people[1:] * 2, [people[2]]):
        (found,) = kept.gather(*(person.pk for person in asked))
        assert {row.pk for row in found} == {person.pk for person in asked}


def test_only_leaves_the_other_columns_in_the_database(
    w: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ((risk,),) = gather([Risk.objects.only("slug")])
    with django_assert_num_queries(0):
        assert (risk.pk is not None, risk.slug) == (True, "drift")
    with django_assert_num_queries(1):
        assert risk.event == "The drift comes true"


def test_links_and_reverse_relations_ask_nothing(w: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    risks, actions = gather([Risk.objects.all(), MitigationAction.objects.all()])
    link(risks, "program", {w.program.pk: w.program})
    prefetched(risks[0], "actions", actions)
    with django_assert_num_queries(0):
        assert risks[0].program.slug == w.built.program.slug
        assert [a.text for a in risks[0].actions.all()] == ["Watch it"]
    link(risks, "owner_role", {})  # nobody known: it loads when asked for
    with django_assert_num_queries(1):
        assert risks[0].owner_role.slug == "model-owner"


def test_a_reverse_one_to_one_is_there_or_known_to_be_missing(
    w: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    (events,) = gather([Event.objects.all()])
    hung(events, "mini_gate", {events[0].pk: MiniGate(trigger="New model")})
    with django_assert_num_queries(0):
        assert events[0].mini_gate.trigger == "New model"
        assert [getattr(event, "mini_gate", None) for event in events[1:]] == [None] * (len(events) - 1)
    assert len(events) > 1


def test_a_gathered_row_saves_as_any_other(w: World) -> None:
    ((risk,),) = gather([Risk.objects.all()])
    risk.current_impact = 2
    risk.save(update_fields=["current_impact"])
    assert Risk.objects.get(pk=risk.pk).current_impact == 2


def test_bytes_are_refused_and_not_mangled(w: World) -> None:
    with pytest.raises(TypeError, match="mime"):
        gather([Mail.objects.all()])


def test_a_prepared_statement_answers_for_any_id_as_gather_does():
    one, other = factories.program("one"), factories.program("other")
    prepared = Prepared(lambda pk: [Role.objects.filter(program=pk), Program.objects.filter(pk=pk)])
    for built in (one, other):
        roles, programs = prepared.gather(built.program.pk)
        plain = gather([Role.objects.filter(program=built.program), Program.objects.filter(pk=built.program.pk)])
        assert [roles, programs] == plain
        assert [values(row) for row in programs] == [values(row) for row in plain[1]]
        assert {role.program_id for role in roles} == {built.program.pk}


@pytest.mark.parametrize("wanted", [lambda: list(rows.wanted(-7).values()), lambda: ledger_rows.wanted([-7])])
def test_what_is_prepared_depends_on_the_id_alone(wanted):
    """A statement made once would keep a date or a setting that its querysets read."""
    made = []
    for year in (2026, 2031):
        with clock.frozen(dt.datetime(year, 3, 1, tzinfo=dt.UTC)):
            made.append([queryset.query.sql_with_params() for queryset in wanted()])
    assert made[0] == made[1]
    assert all(any(value == -7 for value in parameters) for _, parameters in made[0])
