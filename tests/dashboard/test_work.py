"""My work: the database condition agrees with the rule of who answers; sections, buttons, the header's number."""

import datetime as dt
from dataclasses import dataclass
from itertools import product

import pytest

from core import clock
from dashboard.selectors import work
from ownership.models import Nomination
from phases import services
from phases.enums import EvidenceKind
from phases.selectors import responsible_for
from programs.models import Program
from programs.selectors import cast_of
from risks.models import MitigationAction, Risk
from tests import factories
from tests.dashboard.conftest import DAY_24
from tests.factories import sign_in
from tests.gates import world as gates

pytestmark = pytest.mark.django_db


def hand_in(built: factories.Built) -> None:
    """Hand in `accuracy` as its owner."""
    criterion = built.criteria["accuracy"]
    services.add_evidence(
        actor=built.owner,
        criterion=criterion,
        kind=EvidenceKind.NOTE,
        title="Note",
        note="It works.",
        effective_date=clock.today("Europe/Berlin"),
    )
    services.hand_in(actor=built.owner, criterion=criterion)


@pytest.mark.parametrize(
    ("assigned", "assignee_active", "held", "holder_active", "managed"),
    list(product([True, False], repeat=5)),
)
def test_the_condition_in_the_database_is_the_rule_of_who_answers(
    built: factories.Built, assigned: bool, assignee_active: bool, held: bool, holder_active: bool, managed: bool
) -> None:
    criterion, role = built.criteria["accuracy"], built.roles["model-owner"]
    other = factories.user("other", is_active=assignee_active)
    criterion.assignee = other if assigned else None
    criterion.save()
    built.owner.is_active = holder_active
    built.owner.save()
    if not held:
        role.holder, role.vacant_since = None, dt.date(2026, 1, 5)
        role.save()
    if not managed:
        manager = built.roles["program-manager"]
        manager.holder, manager.vacant_since = None, dt.date(2026, 1, 5)
        manager.save()
    cast = cast_of(built.program)
    criterion.refresh_from_db()
    expected = responsible_for(criterion, cast).addressee
    for person in (other, built.owner, built.manager, built.sponsor):
        if person.is_active:
            criteria, _ = work.owed(work.mine_of(person))
            assert (criterion in criteria) is (person.pk == expected), person
            in_header = work.open_count(person, criterion.due_date) - work.open_count(person, dt.date(2026, 1, 22))
            assert in_header == (person.pk == expected), person


def test_an_owner_sees_what_is_late_and_due_with_one_button_each(built: factories.Built) -> None:
    page = sign_in(built.owner).get("/work/").content.decode()
    assert "Good morning, Mia.Claims" in page
    assert "2 items within a week" in page
    assert '<span class="due late">2 days late</span>' in page
    assert 'action="/programs/claims/tasks/train/done/"' in page
    assert 'href="/programs/claims/criteria/accuracy/">Add evidence' in page


def test_the_work_of_a_vacant_role_goes_to_the_program_manager(built: factories.Built) -> None:
    with clock.frozen(DAY_24 + dt.timedelta(days=20)):
        assert "Do the dashboards" in sign_in(built.manager).get("/work/").content.decode()
        assert "Do the dashboards" not in sign_in(built.owner).get("/work/").content.decode()


def test_what_was_handed_in_waits_with_a_name_and_is_asked_of_the_verifier(built: factories.Built) -> None:
    hand_in(built)
    own = sign_in(built.owner).get("/work/").content.decode()
    assert 'id="waiting"' in own
    assert "with Ivy.Claims since Wed 28 Jan" in own
    theirs = sign_in(built.verifier).get("/work/").content.decode()
    assert 'id="to-review"' in theirs
    assert ">Review<" in theirs
    assert "The accuracy is shown" not in sign_in(built.sponsor).get("/work/").content.decode()


def test_a_criterion_that_nobody_may_verify_says_so(built: factories.Built) -> None:
    for slug in ("independent-reviewer", "program-manager", "sponsor"):
        role = built.roles[slug]
        role.holder, role.deputy, role.vacant_since = None, None, dt.date(2026, 1, 5)
        role.save()
    hand_in(built)
    assert "with nobody: the role is empty" in sign_in(built.owner).get("/work/").content.decode()


def test_what_was_sent_back_shows_the_reason(built: factories.Built) -> None:
    hand_in(built)
    services.send_back(actor=built.verifier, criterion=built.criteria["accuracy"], reason="The sample is too small.")
    page = sign_in(built.owner).get("/work/").content.decode()
    assert "Sent back: “The sample is too small.”" in page
    assert "Mend it" in page


def test_a_gate_without_a_decision_is_the_sponsors(built: factories.Built) -> None:
    with clock.frozen(DAY_24 + dt.timedelta(days=8)):
        assert "Record the decision: Gate 1" in sign_in(built.sponsor).get("/work/").content.decode()
        assert "Record the decision: Gate 1" not in sign_in(built.owner).get("/work/").content.decode()


def test_nothing_waiting_says_what_comes_next(built: factories.Built) -> None:
    with clock.frozen(dt.datetime(2026, 1, 6, 9, tzinfo=dt.UTC)):
        page = sign_in(built.owner).get("/work/").content.decode()
    assert "Nothing is waiting for you" in page
    assert "Next: Do the train, Mon 26 Jan." in page


def test_the_header_counts_a_week_and_follows_the_persons_own_changes(
    built: factories.Built, django_capture_on_commit_callbacks: object
) -> None:
    browser = sign_in(built.owner)
    number = '<span class="count" id="open-work">{}<span class="vh"> open</span></span>'
    assert number.format(2) in browser.get("/programs/claims/activity/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture of pytest-django
        services.complete_task(actor=built.owner, task=built.tasks["train"])
    assert number.format(1) in browser.get("/programs/claims/activity/").content.decode()


def test_a_paused_program_asks_nothing_of_anybody(built: factories.Built) -> None:
    type(built.program).objects.filter(pk=built.program.pk).update(state="paused")
    assert "Nothing is waiting for you" in sign_in(built.owner).get("/work/").content.decode()


@dataclass
class Wrapped:
    """The small program as the gates' helper asks for it."""

    built: factories.Built

    @property
    def program(self) -> Program:
        """The program."""
        return self.built.program


def act(built: factories.Built, role: str, due: dt.date | None, **fields: object) -> MitigationAction:
    """An action against a risk of the model owner, owed by a role."""
    risk = Risk.objects.filter(program=built.program).first() or gates.risk(Wrapped(built), "drift")  # type: ignore[arg-type]  # what it asks for
    return MitigationAction.objects.create(
        risk=risk, position=9, text=f"Act by {role}", owner_role=built.roles[role], due_date=due, **fields
    )


def ask(built: factories.Built, person: str, role: str, seat: str = "owner") -> Nomination:
    """An open nomination."""
    return Nomination.objects.create(
        program=built.program, role=built.roles[role], seat=seat, person=built.people[person],
        effective_from=DAY_24.date(), nominated_at=DAY_24, nominated_on=DAY_24.date(),
    )  # fmt: skip


def test_s58_actions_against_risks_stand_where_their_day_is_for_who_answers(built: factories.Built) -> None:
    act(built, "model-owner", DAY_24.date() - dt.timedelta(days=2))
    act(built, "monitoring-owner", DAY_24.date() + dt.timedelta(days=5))  # vacant: the program manager answers
    own = sign_in(built.owner).get("/work/").content.decode()
    soon = own.split('id="due-soon"')[1].split("</section>")[0]
    assert "Act by model-owner" in soon
    assert f'href="/programs/{built.program.slug}/risks/drift/">Finish it' in soon
    assert "against the risk “The drift comes true”" in soon
    assert "Act by monitoring-owner" not in own
    theirs = sign_in(built.manager).get("/work/").content.decode()
    assert "Act by monitoring-owner" in theirs.split('id="this-week"')[1].split("</section>")[0]
    assert "Act by model-owner" not in theirs


def test_what_is_done_undated_or_against_a_closed_risk_is_not_work(built: factories.Built) -> None:
    act(built, "model-owner", None)
    act(built, "model-owner", DAY_24.date(), done_at=DAY_24)
    assert work.actions(work.mine_of(built.owner)) == []
    act(built, "model-owner", DAY_24.date())
    assert len(work.actions(work.mine_of(built.owner))) == 1
    Risk.objects.update(closed_at=DAY_24)
    assert work.actions(work.mine_of(built.owner)) == []


def test_s60_a_seat_waits_for_the_nominees_own_answer_alone(built: factories.Built) -> None:
    ask(built, "ivy", "monitoring-owner")
    ask(built, "ivy", "model-owner", "deputy")
    page = sign_in(built.verifier).get("/work/").content.decode()
    assert "Accept or decline: Monitoring and operations owner" in page
    assert "Accept or decline: Deputy for Model owner" in page
    assert 'href="/programs/claims/ownership/roles/monitoring-owner/?seat=owner">Answer' in page
    assert "2 items within a week" in page
    assert "Accept or decline" not in sign_in(built.manager).get("/work/").content.decode()
    Nomination.objects.update(answer="declined", answered_at=DAY_24)
    assert "Accept or decline" not in sign_in(built.verifier).get("/work/").content.decode()


def test_the_headers_number_is_the_pages_with_actions_and_seats(built: factories.Built) -> None:
    for days, role in ((-1, "model-owner"), (7, "model-owner"), (8, "model-owner"), (1, "monitoring-owner")):
        act(built, role, DAY_24.date() + dt.timedelta(days=days))
    ask(built, "mia", "monitoring-owner")
    for person, more in ((built.owner, 3), (built.manager, 1)):
        page = sign_in(person).get("/work/").content.decode()
        number = work.open_count(person, DAY_24.date())
        assert f"<span>{number} item" in page
        assert number - _plain(person) == more


def _plain(person: object) -> int:
    """What the person owes besides actions and seats."""
    criteria, tasks = work.owed(work.mine_of(person))  # type: ignore[arg-type]  # a user
    return sum((row.due_date - DAY_24.date()).days <= work.AHEAD for row in [*criteria, *tasks])
