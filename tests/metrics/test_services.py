"""Definitions, readings, files and keys: who may, what is refused, and that sending twice is once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity.models import Entry
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from metrics import services
from metrics.domain.limits import Bounds, Limits
from metrics.enums import Direction, Frequency
from metrics.models import ApiToken, Metric, Reading, ReadingImport
from metrics.selectors.categories import missing_categories
from metrics.services import Definition, Faulty
from tests.metrics.world import NOW, World, metric, world

LIMITS = Limits(Direction.LOWER, Bounds(high=Decimal(1)), Bounds(high=Decimal(2)), Bounds(high=Decimal(3)))


def definition(w: World, **changes: Any) -> Definition:
    values: dict[str, Any] = {
        "name": "Failed requests",
        "category": "reliability",
        "unit": "%",
        "frequency": Frequency.DAILY,
        "source": "logs",
        "owner_role": w.roles["model-owner"],
        "why": "Do users see failures?",
    }
    return Definition(**{**values, **changes})


# ---------------------------------------------------------------- definitions


def test_s51_the_manager_adds_a_metric_that_its_owner_confirms(w: World) -> None:
    made = services.add_metric(actor=w.manager, program=w.program, what=definition(w), limits=LIMITS, key="k")
    assert (made.slug, made.confirmed, made.position) == ("m-failed-requests", False, 2)
    again = services.add_metric(actor=w.manager, program=w.program, what=definition(w), limits=LIMITS, key="k")
    assert again.pk == made.pk
    other = services.add_metric(actor=w.manager, program=w.program, what=definition(w), limits=LIMITS, key="l")
    assert other.slug == "m-failed-requests-2"
    with pytest.raises(NotAllowed, match="owner"):
        services.confirm_metric(actor=w.manager, metric=made)
    done = services.confirm_metric(actor=w.owner, metric=made)
    assert (done.confirmed, done.confirmed_by, done.confirmed_at) == (True, w.owner, NOW)


def test_s54_a_metric_without_numbers_cannot_be_confirmed(w: World) -> None:
    made = services.add_metric(
        actor=w.manager, program=w.program, what=definition(w), limits=Limits(Direction.LOWER, Bounds(high=Decimal(1)))
    )
    with pytest.raises(Invalid, match="warning limit and the critical limit"):
        services.confirm_metric(actor=w.owner, metric=made)


@pytest.mark.parametrize("who", ["owner", "sponsor", "verifier", "viewer", "stranger"])
def test_only_the_manager_adds_metrics(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.add_metric(actor=getattr(w, who), program=w.program, what=definition(w), limits=LIMITS)


def test_a_changed_unit_takes_the_confirmation_away_and_a_name_does_not(w: World) -> None:
    services.confirm_metric(actor=w.owner, metric=w.recall)
    same = definition(w, name="Recall on claims", unit="%")
    assert services.change_metric(actor=w.owner, metric=w.recall, what=same).confirmed
    assert not services.change_metric(actor=w.owner, metric=w.recall, what=definition(w, unit="points")).confirmed
    entry = Entry.objects.filter(verb="metric.changed").latest("id")
    assert entry.data["changed"]["unit"] == ["%", "points"]


def test_a_role_of_another_program_is_refused(w: World) -> None:
    beta = world("beta")
    with pytest.raises(Invalid) as refused:
        services.change_metric(actor=w.owner, metric=w.recall, what=definition(w, owner_role=beta.roles["model-owner"]))
    assert refused.value.field == "owner_role"


def test_p16_two_people_change_a_definition(w: World) -> None:
    services.change_metric(actor=w.owner, metric=w.recall, what=definition(w), version=1)
    services.change_metric(actor=w.owner, metric=w.recall, what=definition(w), version=1)  # pressed twice
    with pytest.raises(Conflict):
        services.change_metric(actor=w.manager, metric=w.recall, what=definition(w, name="Other"), version=1)


# ---------------------------------------------------------------- readings


def test_a_reading_sent_twice_is_one_and_another_value_is_refused(w: World) -> None:
    first, again = w.read("70"), w.read("70")
    assert first.pk == again.pk
    with pytest.raises(Invalid) as refused:
        w.read("71")
    assert refused.value.field == "measured_at"
    assert Reading.objects.count() == 1


def test_a_reading_of_the_future_is_refused(w: World) -> None:
    w.read("70", hours_ago=-0.05)  # another clock may run a little ahead
    with pytest.raises(Invalid, match="future"):
        w.read("70", hours_ago=-1)


@pytest.mark.parametrize("who", ["sponsor", "verifier", "viewer", "stranger"])
def test_others_do_not_measure(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.add_reading(actor=getattr(w, who), metric=w.recall, measured_at=NOW, value=Decimal(1))


@pytest.mark.parametrize(
    ("state", "takes"), [("active", True), ("running", True), ("paused", False), ("stopped", False)]
)
def test_readings_go_on_after_day_90_and_stop_with_the_program(w: World, state: str, takes: bool) -> None:
    w.program.state = state
    w.program.save()
    if takes:
        assert w.read("70").value == Decimal(70)
    else:
        with pytest.raises(NotAllowed, match=state):
            w.read("70")


def test_a_correction_is_made_once_and_never_without_a_reason(w: World) -> None:
    row = w.read("70")
    with pytest.raises(Invalid) as silent:
        services.correct_reading(actor=w.owner, reading=row, value=Decimal(71), why=" ")
    assert silent.value.field == "reason"
    with pytest.raises(Invalid, match="stored"):
        services.correct_reading(actor=w.owner, reading=row, value=Decimal(70), why="x")
    one = services.correct_reading(actor=w.owner, reading=row, value=Decimal(71), why="Typo.")
    assert services.correct_reading(actor=w.owner, reading=row, value=Decimal(71), why="Typo.").pk == one.pk
    with pytest.raises(Conflict):
        services.correct_reading(actor=w.manager, reading=row, value=Decimal(72), why="No.")
    assert list(Reading.objects.filter(current=True)) == [one]


def test_after_a_correction_the_old_value_is_refused_and_the_new_one_is_known(w: World) -> None:
    services.correct_reading(actor=w.owner, reading=w.read("70", hours_ago=1), value=Decimal(71), why="Typo.")
    assert w.send((1, "71")).unchanged == 1
    with pytest.raises(Faulty):
        w.send((1, "70"))


def test_a_batch_is_all_or_nothing(w: World) -> None:
    w.send((1, "70"))
    with pytest.raises(Faulty) as refused:
        w.send((3, "50"), (1, "71"), (2, "60"))
    assert [(f.row, f.column) for f in refused.value.faults] == [(2, "value")]
    assert Reading.objects.count() == 1


def test_the_queries_of_a_batch_do_not_grow_with_it(w: World) -> None:
    counts = []
    for start, size in ((1, 1), (2, 3), (10, 90)):
        with CaptureQueriesContext(connection) as queries:
            w.send(*((start + n / 1000, "70") for n in range(size)))
        counts.append(len(queries))
    # The first one is the first ever and is recorded as such.
    assert counts[1] == counts[2]


def test_a_few_late_readings_among_many_are_found_one_by_one(w: World) -> None:
    w.send(*((1 + n / 10, "70") for n in range(150)))
    assert w.send((1, "70"), (15.9, "70"), (8.05, "71")).unchanged == 2
    with pytest.raises(Faulty) as refused:
        w.send((1, "70"), (15.9, "71"))
    assert [f.row for f in refused.value.faults] == [2]
    assert Reading.objects.count() == 151


def test_the_first_reading_and_the_first_after_silence_are_news_the_others_are_not(w: World) -> None:
    w.send((2, "70"))
    w.send((1, "70"))
    assert Entry.objects.filter(verb="metric.reported").count() == 1
    with clock.frozen(NOW + dt.timedelta(days=10)):
        w.send((-239, "70"))
    assert Entry.objects.filter(verb="metric.reported").count() == 2


# ---------------------------------------------------------------- files


CSV = b"metric,measured_at,value,unit\nm-recall,2026-01-18,70,%\nm-recall,2026-01-19,71,%\n"


def stage(w: World, data: bytes = CSV, **changes: Any) -> ReadingImport:
    return services.stage_import(**{"actor": w.owner, "program": w.program, "name": "r.csv", "data": data, **changes})


def test_a_dry_run_stores_nothing_and_the_second_press_imports_once(w: World) -> None:
    staged = stage(w)
    assert (staged.summary["fresh"], staged.summary["metrics"], Reading.objects.count()) == (2, {"m-recall": 2}, 0)
    done = services.finish_import(actor=w.owner, staged=staged)
    assert (done.saved, done.text, Reading.objects.count()) == (2, "", 2)
    assert services.finish_import(actor=w.owner, staged=staged).saved == 2
    assert Reading.objects.count() == 2
    assert Entry.objects.get(verb="metric.readings_imported").data["saved"] == 2
    assert stage(w).summary["unchanged"] == 2


def test_one_fault_and_nothing_of_the_file_is_kept(w: World) -> None:
    with pytest.raises(Faulty) as refused:
        stage(w, CSV + b"m-recall,2026-01-18,70,%\n")
    assert [(f.row, f.column) for f in refused.value.faults] == [(4, "measured_at")]
    assert (ReadingImport.objects.count(), Reading.objects.count()) == (0, 0)


def test_what_changed_since_the_dry_run_is_noticed(w: World) -> None:
    staged = stage(w)
    at = dt.datetime(2026, 1, 17, 23, tzinfo=dt.UTC)
    services.add_reading(actor=w.owner, metric=w.recall, measured_at=at, value=Decimal(10))
    with pytest.raises(Faulty) as refused:
        services.finish_import(actor=w.owner, staged=staged)
    assert [(f.row, f.column) for f in refused.value.faults] == [(2, "value")]
    assert Reading.objects.count() == 1


def test_an_owner_imports_only_their_own_metrics_and_the_manager_all(w: World) -> None:
    both = CSV + b"m-override,2026-01-19,10,%\n"
    with pytest.raises(Faulty) as refused:
        stage(w, both)
    assert [(f.row, f.column) for f in refused.value.faults] == [(4, "metric")]
    assert stage(w, both, actor=w.manager).summary["fresh"] == 3
    with pytest.raises(NotAllowed):
        stage(w, actor=w.sponsor)


def test_files_that_wait_since_yesterday_are_dropped(w: World) -> None:
    stage(w)
    with clock.frozen(NOW + dt.timedelta(days=2)):
        kept = stage(w)
    assert list(ReadingImport.objects.all()) == [kept]


# ---------------------------------------------------------------- keys


def test_a_key_is_shown_once_and_kept_as_a_hash(w: World) -> None:
    made = services.create_token(actor=w.manager, program=w.program, name="Grafana", key="k")
    assert made.secret not in str(ApiToken.objects.values())
    found = services.authenticate(made.secret)
    assert found is not None
    assert (found.pk, found.program) == (made.token.pk, w.program)
    again = services.create_token(actor=w.manager, program=w.program, name="Grafana", key="k")
    assert (again.token.pk, again.secret) == (made.token.pk, "")
    assert all(made.secret not in str(entry.data) for entry in Entry.objects.all())


def test_a_revoked_key_counts_for_nothing_at_once(w: World) -> None:
    made = services.create_token(actor=w.manager, program=w.program, name="Grafana")
    for _ in range(2):
        services.revoke_token(actor=w.manager, token=made.token)
    assert services.authenticate(made.secret) is None
    assert Entry.objects.filter(verb="metric.token_revoked").count() == 1


@pytest.mark.parametrize("secret", ["", "r90m_", "r90m_" + "x" * 43, "x" * 500])
def test_other_texts_are_no_key(w: World, secret: str) -> None:
    services.create_token(actor=w.manager, program=w.program, name="Grafana")
    assert services.authenticate(secret) is None


@pytest.mark.parametrize("who", ["owner", "sponsor", "viewer", "stranger"])
def test_only_the_manager_makes_and_revokes_keys(w: World, who: str) -> None:
    token = services.create_token(actor=w.manager, program=w.program, name="Grafana").token
    with pytest.raises(NotAllowed):
        services.create_token(actor=getattr(w, who), program=w.program, name="Mine")
    with pytest.raises(NotAllowed):
        services.revoke_token(actor=getattr(w, who), token=token)


def test_keys_have_a_number_and_a_name(w: World) -> None:
    with pytest.raises(Invalid) as nameless:
        services.create_token(actor=w.manager, program=w.program, name=" ")
    assert nameless.value.field == "name"
    for number in range(20):
        services.create_token(actor=w.manager, program=w.program, name=f"System {number}")
    with pytest.raises(Invalid, match="at most 20"):
        services.create_token(actor=w.manager, program=w.program, name="One more")


# ---------------------------------------------------------------- categories


def test_s53_the_program_lacks_what_no_confirmed_metric_covers(w: World) -> None:
    assert missing_categories(w.program.pk) == (
        "reliability", "response time", "cost", "adoption", "quality", "outcome",
    )  # fmt: skip
    for category in ("reliability", "latency", "cost", "adoption", "outcome"):
        metric(w.built, f"m-{category}", category=category, confirmed=True)
    assert missing_categories(w.program.pk) == ("quality",)
    Metric.objects.filter(pk=w.recall.pk).update(confirmed=True)
    assert missing_categories(w.program.pk) == ()
