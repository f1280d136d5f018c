"""The number of queries of each page is a literal, the same with one row and with three, one program and three."""

import pytest
from django.core.cache import cache
from pytest_django.fixtures import DjangoAssertNumQueries

from core import clock
from dashboard.models import Standing
from ownership.models import Nomination
from phases.models import Criterion, Task
from programs.models import Program
from programs.selectors import cast_of
from risks.models import MitigationAction
from tests import factories
from tests.dashboard.conftest import DAY_24
from tests.dashboard.test_work import act, ask
from tests.factories import sign_in

pytestmark = pytest.mark.django_db

COUNTS = [
    ("/", 7),
    ("/work/", 12),
    ("/programs/claims/", 11),
    ("/programs/claims/owners/", 12),
    ("/programs/claims/activity/", 5),
]


def grow(built: factories.Built) -> None:
    """Turn one of everything into three: programs, criteria, tasks, all owned by the same people."""
    for number in (1, 2):
        more = factories.program(f"more-{number}").program
        more.roles.filter(slug="model-owner").update(holder=built.owner)
    for model in (Criterion, Task, MitigationAction, Nomination):
        within = "risk__program" if model is MitigationAction else "program"
        for row in list(model.objects.filter(**{within: built.program})):
            for number in (1, 2):
                row.pk = None
                if isinstance(row, Nomination):
                    row.person = factories.user()  # one person is asked once
                elif not isinstance(row, MitigationAction):
                    row.slug = f"{row.slug}-{number}"
                row.save(force_insert=True)


@pytest.mark.parametrize(("path", "queries"), COUNTS)
def test_one_row_and_three_rows_cost_the_same(
    built: factories.Built, path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    handed_in = {"state": "handed_in", "handed_in_by": built.owner, "handed_in_at": DAY_24}
    Criterion.objects.filter(slug="alerts").update(**handed_in)  # so that no query of my work finds nothing to ask
    act(built, "model-owner", DAY_24.date())
    ask(built, "mia", "monitoring-owner")
    browser = sign_in(built.owner)
    browser.get(path)  # the first look computes lines and starts a visit; that is measured below
    for size in (1, 3):
        if size == 3:
            grow(built)
            browser.get("/")
        cache.clear()  # the header's number is asked for anew
        with django_assert_num_queries(queries):
            assert browser.get(path).status_code == 200
    assert Program.objects.count() == 3


def test_computing_lines_anew_costs_the_same_for_one_program_and_three(
    built: factories.Built, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = sign_in(factories.user("ada", is_administrator=True))
    with django_assert_num_queries(16):
        browser.get("/")
    grow(built)
    Standing.objects.all().delete()
    cache.clear()
    with django_assert_num_queries(16):
        browser.get("/")
    assert Standing.objects.count() == 3


@pytest.mark.parametrize(
    ("path", "queries"),
    [("", 10), ("gates/gate-30/", 12), ("risks/", 11), ("metrics/", 7), ("reminders/", 10), ("updates/", 15)],
)
def test_a_whole_program_costs_what_a_small_one_does(
    db: None, path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Everything of the playbook at once: a column that was left in the database would be asked for row by row."""
    whole = factories.launched(now=DAY_24)
    with clock.frozen(DAY_24):
        browser = sign_in(cast_of(whole).manager)
        browser.get(f"/programs/{whole.slug}/{path}")
        with django_assert_num_queries(queries):
            browser.get(f"/programs/{whole.slug}/{path}")
