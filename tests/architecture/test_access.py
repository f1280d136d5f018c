"""Every address against the access table: nothing unlisted, and each person gets exactly the promised answer (P14)."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from accounts.models import Absence, User
from calendars.enums import FeedKind
from calendars.services.feeds import make_feed
from channels.models import Channel, ChannelPost
from escalation.models import Escalation
from gates.domain.canonical import canonical
from gates.enums import SnapshotKind
from gates.models import (
    ApplicabilityRequest,
    Condition,
    Decision,
    DeclaredStatus,
    ExceptionNote,
    LaunchStep,
    Recheck,
    RecheckRound,
    TailoringChange,
    Waiver,
)
from gates.services import snapshots
from metrics.models import Alert, ApiToken, Metric, Reading, ReadingImport
from ownership.models import Nomination
from phases import files, services
from phases.enums import CriterionState, EvidenceKind
from phases.models import Criterion, Event
from programs.models import RaciAssignment, Role
from reminders.models import Delivery, MailboxMessage
from risks.models import MitigationAction, Risk, RiskIndicator
from status_pages.domain.document import document
from status_pages.models import StatusSnapshot
from status_pages.selectors.facts import status_facts
from status_pages.services.sharing import LinkInput, make_link
from tests import factories
from tests.architecture.access import ALLOWED_UNLISTED, LOGIN, ROUTES, Route
from tests.charter.world import around as around_charter
from tests.governance import world as governance
from tests.metrics.world import around as with_metrics
from tests.registers.world import around
from updates.models import StatusUpdate

NOW = dt.datetime(2026, 1, 6, 9, tzinfo=dt.UTC)
Answers = dict[str, tuple[int, int, str | None]]
METHODS = ("get", "post", "put", "patch", "delete")


def named(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Walk the URL conf and yield the name of every view."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns)
        else:
            yield pattern.name or f"without a name: {pattern.pattern}"


def missing(names: set[str]) -> set[str]:
    """Return the views that are neither in the table nor on the reasoned list."""
    return names - {route.name for route in ROUTES} - set(ALLOWED_UNLISTED)


@pytest.fixture
def people(db: None) -> dict[str, User | None]:
    """The cast of the table, around the program `alpha` with evidence, a mail, an absence and a closed account."""
    built = factories.program("alpha")
    registers = around(built)
    registers.assumption(), registers.issue(), registers.scope(), registers.decision()
    charter = around_charter(built, viewer=registers.viewer, admin=registers.admin, stranger=registers.stranger)
    charter.outcome(), charter.measured(), charter.problem(), charter.brief()
    charter.gap(charter.source()), charter.dependency()
    governance.around(built)
    with_metrics(built)
    found: dict[str, User | None] = {**built.people, "anonymous": None}
    found["stranger"] = factories.user("stranger")
    found["ada"] = factories.user("ada", is_administrator=True)
    found["closed"] = factories.user("closed", is_active=False)
    return found


@pytest.fixture
def ids(people: dict[str, User | None]) -> dict[str, object]:
    """What the words in the table's addresses stand for."""
    mia, pat = people["mia"], people["pat"]
    assert mia is not None
    assert pat is not None
    accuracy = Criterion.objects.get(slug="accuracy")
    proof = SimpleUploadedFile("report.txt", b"Recall 0.93 on 2,000 claims.", "text/plain")
    with files.kept(proof, program_id=accuracy.program_id) as stored:
        made = services.add_evidence(
            actor=mia,
            criterion=accuracy,
            kind=EvidenceKind.FILE,
            title="Report",
            effective_date=NOW.date(),
            file=stored,
        )
    StatusUpdate.objects.create(
        program=accuracy.program, number=1, colour="green", computed="green", verdict="v", posted_by=pat, posted_at=NOW
    )
    page = StatusSnapshot.objects.create(
        program=accuracy.program, trigger="weekly", reference="2026-01-05", colour="grey", schema_version=1,
        document=canonical(document(status_facts(accuracy.program))), sha256="0" * 64, taken_at=NOW,
    )  # fmt: skip
    link = make_link(actor=pat, program=accuracy.program, wanted=LinkInput("Board")).link
    mail = MailboxMessage.objects.create(
        recipient=pat.email, sender="roadmap90@localhost", subject="Gate 1", message_id="<1@localhost>",
        raw=b"Subject: Gate 1\n\nText", received_at=NOW,
    )  # fmt: skip
    frozen = snapshots.take(event=accuracy.event, kind=SnapshotKind.REVIEW, actor=None)
    absence = Absence.objects.create(user=pat, start=NOW.date(), end=NOW.date())
    persons = {name: person.pk for name, person in people.items() if person is not None}
    return {
        **persons,
        **between_gates(people, accuracy),
        **asked(people, accuracy),
        "nominated": nominated(people, accuracy),
        **chats(people, accuracy),
        "file": made.pk,
        "reminder": reminder(mia, accuracy).pk,
        **measured(),
        "frozen": frozen.pk,
        "page": page.pk,
        "shared": link.pk,
        "feed": make_feed(actor=mia, kind=FeedKind.PROGRAM, label="Phone", program=accuracy.program).feed.pk,
        "wrong": "wrong",  # the public id of a link that does not exist
        "to pat": mail.pk,
        "of pat": absence.pk,
        "alpha": accuracy.program_id,
    }


def reminder(mia: User, accuracy: Criterion) -> Delivery:
    """A reminder that was sent."""
    today = NOW.date()
    return Delivery.objects.create(
        key="k", program=accuracy.program, user=mia, item_kind="criterion", item_id=accuracy.pk, item_slug="accuracy",
        item_label="l", rule="item-due", occurrence="T-1", due_date=today, part="responsible", role_slug="model-owner",
        urgency=1, planned_on=today, planned_for=NOW, not_before=NOW, expires_at=NOW, state="sent", created_at=NOW,
    )  # fmt: skip


def measured() -> dict[str, object]:
    """A reading that breached, its alert, a file that waits and a key, written directly."""
    metric = Metric.objects.get(slug="m-recall")
    own = {"program": metric.program}
    mia = User.objects.get(email__startswith="mia.")
    reading = Reading.objects.create(
        metric=metric, measured_at=NOW, value=10, source="form", entered_by=mia, received_at=NOW
    )
    alert = Alert.objects.create(
        **own, metric=metric, level="critical", value=10, measured_at=NOW, opened_at=NOW, acknowledge_by=NOW
    )
    token = ApiToken.objects.create(**own, name="n", start="r90m_", digest="d", created_by=mia, created_at=NOW)
    staged = ReadingImport.objects.create(
        **own, name="f", text="metric,measured_at,value\nm-recall,2026-01-05,60\n", sha256="s", uploaded_by=mia,
        uploaded_at=NOW, summary={"fresh": 1, "unchanged": 0, "metrics": {"m-recall": 1}},
    )  # fmt: skip
    return {"reading": reading.pk, "alert": alert.pk, "token": token.pk, "import": staged.pk}


def between_gates(people: dict[str, User | None], accuracy: Criterion) -> dict[str, object]:
    """A decision with a condition on gate 60, and one of everything that steering needs, written directly."""
    program, pat = accuracy.program, people["pat"]
    own = {"program": program}
    gate_60 = Event.objects.get(program=program, slug="gate-60")
    decision = Decision.objects.create(
        **own, event=gate_60, number=1, word="conditional-go", reason="r", decided_at=NOW
    )
    debt = Condition.objects.create(
        **own, decision=decision, position=1, text="t", owner_role=accuracy.owner_role, due_date=NOW.date(),
        verifier_role=accuracy.verifier_role, exit_test="e", consequence="c",
    )  # fmt: skip
    declared = DeclaredStatus.objects.create(
        **own, colour="green", computed="amber", better=True, reason="r", declared_by=pat, declared_at=NOW,
        expires_on=dt.date(2099, 1, 1),
    )  # fmt: skip
    note = ExceptionNote.objects.create(
        **own, tolerance="t", cause="c", effect="e", options="o", recommendation="carry-on", forecast_on=NOW.date(),
        raised_by=pat, raised_at=NOW, early=True,
    )  # fmt: skip
    step = LaunchStep.objects.create(
        **own, position=1, name="n", exposure="e", planned_date=NOW.date(), entry_test="x", exit_test="y",
        state="entered",
    )  # fmt: skip
    round_ = RecheckRound.objects.create(
        **own, event=gate_60, seed="s", share="1/10", minimum=2, population=["accuracy"], drawn_by=people["ivy"],
        drawn_at=NOW,
    )  # fmt: skip
    drawn = Recheck.objects.create(round=round_, criterion=accuracy)
    rows = {"decided": decision, "debt": debt, "declared": declared, "note": note, "step": step, "drawn": drawn}
    return {word: row.pk for word, row in rows.items()}


def asked(people: dict[str, User | None], accuracy: Criterion) -> dict[str, object]:
    """One of each request about `accuracy`, a critical risk of its owner with an action, and Dee as risk lead."""
    own = {"program": accuracy.program}
    Role.objects.create(**own, slug="risk-governance-lead", name="Risk lead", position=99, holder=people["dee"])
    drift = Risk.objects.get(**own, slug="r-drift")
    drift.current_likelihood = drift.current_impact = 5
    drift.owner_role = accuracy.owner_role
    drift.save()
    action = MitigationAction.objects.create(risk=drift, position=9, text="a", owner_role=accuracy.owner_role)
    mias = {**own, "criterion": accuracy, "reason": "r", "requested_by": people["mia"], "requested_at": NOW}
    waiver = Waiver.objects.create(
        **mias, control="c", control_evidence="e", risk=drift, expires_on=dt.date(2099, 1, 1)
    )
    left_out = ApplicabilityRequest.objects.create(**mias)
    weaker = TailoringChange.objects.create(**{**mias, "requested_by": people["pat"]}, kind="remove")
    sign = RiskIndicator.objects.create(risk=drift, position=9, text="s")
    running = Escalation.objects.create(
        **own,
        path=drift.path,
        subject_kind="risk",
        subject_id=drift.pk,
        subject_label="l",
        cause="hand",
        started_at=NOW,
    )
    running.risks.add(drift)
    rows = {
        "waiver": waiver,
        "left out": left_out,
        "weaker": weaker,
        "action": action,
        "sign": sign,
        "running": running,
    }
    return {word: row.pk for word, row in rows.items()}


def nominated(people: dict[str, User | None], accuracy: Criterion) -> int:
    """Max is asked to own the model; a row of responsibilities for the page that changes it."""
    own = {"program": accuracy.program, "role": accuracy.owner_role}
    RaciAssignment.objects.create(**own, activity="Model change", position=1, letters="A/R")
    row = Nomination.objects.create(
        **own, seat="owner", person=people["max"], effective_from=NOW.date(), nominated_at=NOW, nominated_on=NOW.date()
    )
    return row.pk


def chats(people: dict[str, User | None], accuracy: Criterion) -> dict[str, object]:
    """A signed webhook and a post that waits for it."""
    chat = Channel.objects.create(
        program=accuracy.program, name="n", kind="signed", url="https://example.org/x", topics=["test"],
        added_by=people["pat"], added_at=NOW,
    )  # fmt: skip
    facts = {"topic": "test", "program": "p", "title": "t", "lines": [], "url": "u"}
    post = ChannelPost.objects.create(
        key="k", number="n", channel=chat, topic="test", facts=facts, not_before=NOW, expires_at=NOW, created_at=NOW
    )
    return {"chat": chat.pk, "posted": post.pk}


def address(route: Route, ids: dict[str, object]) -> str:
    """Return the path of a row; `*_id` words are looked up, everything else stands for itself."""
    kwargs = {name: ids[word] if name.endswith("_id") else word for name, word in route.where.items()}
    return reverse(route.name, kwargs=kwargs)


def test_every_view_is_in_the_table_or_on_the_reasoned_list() -> None:
    assert missing(set(named(get_resolver().url_patterns))) == set()


def test_a_view_nobody_listed_would_be_found() -> None:
    assert missing({"mission_control", "brand_new_page"}) == {"brand_new_page"}


def test_nothing_is_listed_that_does_not_exist_or_twice() -> None:
    known = set(named(get_resolver().url_patterns))
    assert {route.name for route in ROUTES} | set(ALLOWED_UNLISTED) <= known
    assert len({(route.name, route.method) for route in ROUTES}) == len(ROUTES)


def answers(routes: list[Route], people: dict[str, User | None], ids: dict[str, object], column: int) -> Answers:
    """Ask every route as the column's person, each from the same state; return what differs from the table."""
    wrong: Answers = {}
    for route in routes:
        who = people[("anonymous", "stranger", route.member, route.charge)[column]]
        client = factories.sign_in(who)
        with transaction.atomic():
            if route.name in {"criterion_verify", "criterion_send_back"}:
                Criterion.objects.update(state=CriterionState.HANDED_IN, handed_in_by=people["mia"], handed_in_at=NOW)
            response = getattr(client, route.method)(address(route, ids))
            if response.streaming:
                response.getvalue()  # a file that nobody reads stays open
            transaction.set_rollback(True)
        cache.clear()  # wrong tokens are counted and slowed down
        expected = route.expect[column]
        to_login = response.headers.get("Location", "").startswith("/accounts/login/?next=")
        must_sign_in = column == 0 and expected == LOGIN and route.name != "account_logout"
        if response.status_code != expected or (must_sign_in and not to_login):
            wrong[f"{route.method} {route.name}"] = (expected, response.status_code, response.headers.get("Location"))
    return wrong


@pytest.mark.parametrize("column", [0, 1, 2, 3], ids=["anonymous", "stranger", "member", "in charge"])
def test_p14_each_person_gets_exactly_the_promised_answer(
    column: int, people: dict[str, User | None], ids: dict[str, object]
) -> None:
    assert answers(ROUTES, people, ids, column) == {}


def test_p14_a_wrong_answer_would_be_found(people: dict[str, User | None], ids: dict[str, object]) -> None:
    """A table that promised strangers the page finds out that they do not get it."""
    generous = Route("mission_control", "get", (302, 200, 200, 200), where={"slug": "alpha"})
    assert answers([generous], people, ids, 1) == {"get mission_control": (200, 404, None)}


def test_every_other_method_is_refused(people: dict[str, User | None], ids: dict[str, object]) -> None:
    wrong = {}
    for name in sorted({route.name for route in ROUTES if not route.name.startswith("account_")}):
        rows = [route for route in ROUTES if route.name == name]
        client = factories.sign_in(people[rows[0].charge])
        for method in sorted(set(METHODS) - {route.method for route in rows}):
            status = getattr(client, method)(address(rows[0], ids)).status_code
            if status != 405:
                wrong[f"{method} {name}"] = status
    assert wrong == {}


@pytest.mark.parametrize("name", ["pat", "mia", "sam"])
def test_p14_a_role_in_another_program_opens_nothing(
    name: str, people: dict[str, User | None], ids: dict[str, object]
) -> None:
    """The manager, the owner and the sponsor of `beta` are strangers in `alpha` (IDOR)."""
    other = factories.program("beta").people[name]
    inside = [route for route in ROUTES if "alpha" in route.where.values()]
    assert answers(inside, {**people, "stranger": other}, ids, 1) == {}
