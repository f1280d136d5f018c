"""No button that would answer 403 (security.md section 8): what a page offers, its reader may do.

A crawl over a launched program in the middle of everything, as those with the fewest rights. Every link and form of
every page is tried: pages by opening them, acts by an empty form, which is refused for what is missing (422) or done,
and then undone. Must not know which buttons there are.
"""

import datetime as dt
from collections import Counter, deque
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404

from accounts.models import User
from core import clock
from escalation.enums import Subject
from escalation.services.starting import About, start_by_hand
from gates.models import Waiver
from gates.services import reviews
from phases.domain.status import Colour
from phases.enums import CriterionState
from phases.models import Criterion, Event, Evidence
from programs.models import Program
from risks.models import EscalationPath
from tests import factories
from tests.architecture.test_links import DAY_37, Seen, kind_of
from updates.domain.rules import UpdateInput
from updates.services import post_update

OF_A_KIND = 3
MANAGING = "program-manager"
TUESDAY = DAY_37.date() + dt.timedelta(days=7)
NEVER = {"account_logout"}


def crowded() -> Program:
    """The claims program on day 37 with something open of every sort that offers a button."""
    program = factories.launched("claims-triage")
    pat, sam = (program.roles.get(slug=slug).holder for slug in (MANAGING, "sponsor"))
    assert isinstance(pat, User)
    assert isinstance(sam, User)
    back, waiting, stale, waived, asked = Criterion.objects.filter(program=program, event__slug="gate-30")[:5]
    ago = DAY_37 - dt.timedelta(days=20)
    for criterion, state in (
        (back, CriterionState.SENT_BACK),
        (waiting, CriterionState.HANDED_IN),
        (stale, CriterionState.VERIFIED),
    ):
        Evidence.objects.create(
            criterion=criterion, kind="note", title="Proof", note="Seen.", added_by=pat, added_at=ago,
            effective_date=dt.date(2025, 1, 1), describes_version="1",
        )  # fmt: skip
        changes = {"state": state, "state_reason": "Too old", "handed_in_by": pat, "handed_in_at": ago}
        if state is CriterionState.VERIFIED:
            changes |= {"verified_by": sam, "verified_at": ago}
        Criterion.objects.filter(pk=criterion.pk).update(**changes)
    for criterion, state in ((waived, "approved"), (asked, "requested")):
        Waiver.objects.create(
            program=program, criterion=criterion, reason="r", control="c", control_evidence="e", requested_by=pat,
            requested_at=ago, expires_on=DAY_37.date() + dt.timedelta(days=3), state=state,
            answered_by=sam if state == "approved" else None, answered_at=ago if state == "approved" else None,
        )  # fmt: skip
    reviews.open_review(actor=pat, event=Event.objects.get(program=program, slug="gate-30"))
    way = {"way_back": "Second labeller", "way_back_owner": pat.pk, "way_back_on": DAY_37.date()}
    wanted = UpdateInput(Colour.GREEN, "All is well.", reason="It comes.", expires_on=TUESDAY, **way)  # type: ignore[arg-type]
    post_update(actor=pat, program=program, wanted=wanted, key="")
    path = EscalationPath.objects.filter(program=program).first()
    assert path is not None
    start_by_hand(actor=pat, path=path, about=About(Subject.MATTER, 0, "Strike"), reason="It spreads.")
    return program


def refused(client: Client, start: list[str]) -> tuple[list[str], Counter[str]]:
    """Open pages from `start` on and try what they offer; return what was refused and how often what was tried."""
    waiting, known, kinds, found = deque(start), set(start), Counter[str](), list[str]()
    tried: Counter[str] = Counter()
    while waiting:
        path = waiting.popleft()
        try:
            kind = kind_of(urlsplit(path).path)
        except Resolver404:
            continue  # tests/architecture/test_links.py
        if kinds[kind] >= OF_A_KIND or kind in NEVER:
            continue
        kinds[kind] += 1
        answer = client.get(path)
        if answer.status_code == 403:
            found.append(f"GET {path}")
        if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
            answer.close()
            continue
        seen = Seen()
        seen.feed(answer.content.decode())
        for target in {urljoin(path, to) for to in seen.posts}:
            act = f"{kind}: {kind_of(urlsplit(target).path)}"
            if tried[act] >= OF_A_KIND or act.split(": ")[1] in NEVER:
                continue
            tried[act] += 1
            with transaction.atomic():
                if client.post(target).status_code == 403:
                    found.append(f"POST {act} {target}")
                transaction.set_rollback(True)
        here = [urljoin(path, link).split("#")[0] for link in seen.links if not link.startswith(("http", "mailto:"))]
        waiting.extend(link for link in dict.fromkeys(here) if link not in known and link.startswith("/"))
        known.update(here)
    return found, tried + kinds


@pytest.mark.django_db
def test_no_page_offers_what_its_reader_may_not_do() -> None:
    with clock.frozen(DAY_37):
        program = crowded()
        owner = program.roles.get(slug="model-owner").holder
        assert isinstance(owner, User)
        own = Criterion.objects.filter(program=program, owner_role__slug="model-owner", state="open")[0]
        start = [
            own.get_absolute_url(),
            "/",
            "/status/",
            "/work/",
            program.get_absolute_url(),
            f"{program.get_absolute_url()}status/",
        ]
        offered = []
        for person in (factories.user("exa", is_executive_viewer=True), owner):
            found, tried = refused(factories.sign_in(person), start)
            assert found == []
            assert {"mission_control", "gate", "criterion", "status", "risk", "metric", "updates"} <= set(tried)
            offered.append({act for act in tried if ": " in act})
        assert "criterion: criterion_evidence_add" in offered[1] - offered[0]  # owners are offered more: no blind crawl
