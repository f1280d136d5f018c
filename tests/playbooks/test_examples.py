"""The example portfolio: three programs with a past, loaded once, removed in one go; and the bulk generator."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from accounts.models import User
from activity.models import Entry
from core import clock
from gates.models import Condition, Decision, ReadingDay, Snapshot
from metrics.models import Metric, Reading
from phases.models import Criterion, Event, Task
from playbooks.services import load_examples, remove_examples
from playbooks.services.bulk import generate
from playbooks.services.examples import EXAMPLE_DOMAIN
from playbooks.services.measuring import PILOT
from programs.domain.calendar import day_of
from programs.models import Program, Role
from tests import factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def example(slug: str) -> factories.Built:
    """A small program marked as an example; cheaper than the real ones where only the mark matters."""
    return factories.program(slug, is_example=True)


def test_the_example_portfolio_has_a_true_past_and_goes_in_one_click() -> None:
    """One load for all that is read from it: it takes seconds."""
    out = io.StringIO()
    with clock.frozen(NOW):
        examples = load_examples(now=NOW)
        entries = Entry.objects.count()
        call_command("load_example", stdout=out)
    assert out.getvalue() == "The example portfolio is there already.\n"
    assert Entry.objects.count() == entries
    _stands_on_its_days(examples)
    _has_a_past(examples)
    _is_alive(examples)
    _owes_a_condition(examples)
    _was_verified_by_others()
    real = factories.program("real")
    answer = factories.sign_in(factories.user("root", is_administrator=True)).post("/examples/remove/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert list(Program.objects.all()) == [real.program]
    assert Entry.objects.count() == entries + 3
    left = User.objects.filter(email__endswith=EXAMPLE_DOMAIN)
    assert {str(person) for person in left} == {"Karim Benali", "Peter Zhou"}  # both are in the decision log
    assert not left.filter(is_active=True).exists()


def _stands_on_its_days(examples: list[Program]) -> None:
    assert {(p.name, day_of(p.start_date, NOW.date())) for p in examples} == {
        ("Claims triage assistant", 37), ("Contract search", 12), ("Invoice reader", 58),
    }  # fmt: skip
    assert all(program.is_example for program in examples)
    assert all(email.endswith(EXAMPLE_DOMAIN) for email in User.objects.values_list("email", flat=True))
    assert EXAMPLE_DOMAIN.endswith(".example.com")  # reserved by RFC 2606, no mail server answers for it


def _has_a_past(examples: list[Program]) -> None:
    claims = next(program for program in examples if program.name.startswith("Claims"))
    gate = Event.objects.get(program=claims, slug="gate-30")
    assert (gate.outcome, str(gate.decided_by)) == ("go", "Ines Okafor")
    unmet = Criterion.objects.filter(program=claims, event=gate, level="must", applicable=True)
    assert not unmet.exclude(state="verified").exists()
    assert Snapshot.objects.filter(event=gate, kind="decision").count() == 1
    assert {o["view"] for o in Decision.objects.get(event=gate).opinions} == {"support"}
    assert ReadingDay.objects.filter(program=claims).count() == 12  # a week of days, before that one a week
    assert Role.objects.get(program=claims, slug="monitoring-owner").holder is None
    assert Criterion.objects.get(program=claims, slug="g30-value-case").state == "sent_back"
    assert not Entry.objects.filter(program_id=claims.pk, at__gt=NOW).exists()


def _is_alive(examples: list[Program]) -> None:
    invoice = next(program for program in examples if program.name == "Invoice reader")
    late = Criterion.objects.filter(program=invoice, applicable=True, due_date__lt=NOW.date()).exclude(state="verified")
    assert late.count() >= 5
    assert Task.objects.filter(program=invoice, state="open", due_date__lt=NOW.date()).count() >= 3
    assert Role.objects.filter(program__in=examples, holder=None).count() >= 3


def _owes_a_condition(examples: list[Program]) -> None:
    """G15: Conditional Go leaves a debt with a date, which is not over."""
    condition = Condition.objects.get(program__in=examples)
    assert (condition.program.name, condition.state) == ("Invoice reader", "open")
    assert condition.due_date >= NOW.date()
    gate = Event.objects.get(program=condition.program, slug="gate-30")
    assert gate.outcome == "conditional-go"


def _was_verified_by_others() -> None:
    """G2."""
    for row in Criterion.objects.filter(state="verified").select_related("owner_role"):
        assert row.verified_by_id not in (row.owner_role.holder_id, row.handed_in_by_id)


@pytest.mark.slow
@pytest.mark.parametrize(
    "now",
    [
        dt.datetime(2026, 1, 1, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 27, 23, tzinfo=dt.UTC),
        dt.datetime(2028, 2, 29, 5, tzinfo=dt.UTC),
    ],
)
def test_the_examples_load_on_any_day_at_any_hour(now: dt.datetime) -> None:
    assert len(load_examples(now=now)) == 3
    assert not clock.moved()


@pytest.mark.parametrize(("who", "left"), [("admin", []), ("manager", ["beta"]), ("executive", None)])
def test_who_removes_which_examples(who: str, left: list[str] | None) -> None:
    alpha, _, real = example("alpha"), example("beta"), factories.program("real")
    actor = {
        "admin": factories.user("root", is_administrator=True),
        "manager": alpha.manager,
        "executive": factories.user("eve", is_executive_viewer=True),
    }[who]
    answer = factories.sign_in(actor).post("/examples/remove/")
    assert answer.status_code == (403 if left is None else 302)
    expected = ["alpha", "beta"] if left is None else left
    assert sorted(Program.objects.filter(is_example=True).values_list("slug", flat=True)) == expected
    assert Program.objects.filter(pk=real.program.pk).exists()
    removed = Entry.objects.filter(verb="program.removed")
    assert sorted(removed.values_list("actor_id", flat=True)) == [actor.pk] * (2 - len(expected))


@pytest.mark.parametrize("who", ["stranger", "member", "anonymous"])
def test_others_cannot_remove_the_examples(who: str) -> None:
    alpha = example("alpha")
    person = {"stranger": factories.user("sid"), "member": alpha.owner, "anonymous": None}[who]
    assert factories.sign_in(person).post("/examples/remove/").status_code == (302 if person is None else 403)
    assert Program.objects.count() == 1


def test_removal_is_a_post() -> None:
    root = factories.user("root", is_administrator=True)
    assert factories.sign_in(root).get("/examples/remove/").status_code == 405


def test_removing_nothing_is_no_fault() -> None:
    assert remove_examples(actor=factories.user("sid")) == 0


def test_an_example_person_with_a_real_role_stays() -> None:
    example("alpha")
    real = factories.program("real")
    mara = factories.user("mara", email=f"mara{EXAMPLE_DOMAIN}")
    Role.objects.filter(pk=real.roles["monitoring-owner"].pk).update(holder=mara, vacant_since=None)
    assert remove_examples(actor=factories.user("root", is_administrator=True)) == 1
    assert User.objects.filter(pk=mara.pk, is_active=True).exists()


def test_an_example_person_who_got_mail_keeps_a_closed_account() -> None:
    example("alpha")
    mara = factories.user("mara", email=f"mara{EXAMPLE_DOMAIN}")
    other = factories.program("real")
    task = other.tasks["train"]
    task.assignee = mara  # holds on to the account like a mail does
    task.save(update_fields=["assignee"])
    remove_examples(actor=factories.user("root", is_administrator=True))
    assert list(User.objects.filter(pk=mara.pk).values_list("is_active", flat=True)) == [False]


def test_a_generated_portfolio_is_whole_and_the_same_for_a_seed() -> None:
    assert generate(programs=4, seed=7, now=NOW) == 4
    first = list(Program.objects.values_list("name", "start_date", "tier").order_by("pk"))
    states = list(Criterion.objects.values_list("slug", "state").order_by("pk"))
    assert {program.criteria.count() for program in Program.objects.all()} == {70}
    assert Entry.objects.filter(verb="program.launched").count() == 4
    shown = list(Reading.objects.values_list("metric__slug", "measured_at", "value").order_by("pk"))
    running = Program.objects.filter(start_date__lt=NOW.date() - dt.timedelta(days=2))
    assert {slug for slug, _, _ in shown} == set(PILOT)
    assert Metric.objects.filter(last_measured_at__isnull=False).count() == len(PILOT) * running.count() > 0
    assert all(
        m.last_measured_at == m.readings.first().measured_at for m in Metric.objects.filter(readings__isnull=False)
    )
    assert not Reading.objects.filter(measured_at__gt=NOW).exists()
    generate(programs=4, seed=7, now=NOW)
    assert (
        list(Reading.objects.values_list("metric__slug", "measured_at", "value").order_by("pk"))[len(shown) :] == shown
    )
    assert list(Program.objects.values_list("name", "start_date", "tier").order_by("pk"))[4:] == first
    assert list(Criterion.objects.values_list("slug", "state").order_by("pk"))[280:] == states
    assert Program.objects.values("slug").distinct().count() == 8
