"""Paths in mails are put together from one pattern per kind of page; they must be those the router gives."""

import pytest
from django.urls import NoReverseMatch, resolve
from django.urls import reverse as asked_for

from programs.models import Program
from reminders.enums import Kind
from reminders.models import Delivery
from reminders.services.addresses import address_of, reverse


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("my_work", ()),
        ("mission_control", ("claims-triage",)),
        ("task", ("claims", "t1")),
        ("task", ("stand-in-1", "stand-in-0")),  # as a stand-in is called
        ("charter_source", ("claims", 12)),
        ("reminder_delivery", ("claims", 7)),
        ("escalation", ("7320507001", 7_320_507_000)),
        ("reminder_answer", ("2.x_-Y",)),
        ("unsubscribe", ("2.4.DmlasrOx83d8",)),
    ],
)
def test_paths_are_those_of_the_router(name, args):
    assert reverse(name, *args) == asked_for(name, args=args)
    assert reverse(name, *args) == asked_for(name, args=args)  # also from memory


def test_a_page_that_does_not_exist_is_an_error():
    with pytest.raises(NoReverseMatch):
        reverse("no_such_page", "x")


PAGES = {
    Kind.CRITERION: "criterion", Kind.REVIEW: "criterion", Kind.WAIVER: "criterion", Kind.TASK: "task",
    Kind.EVENT: "gate", Kind.CONDITION: "gate", Kind.HOLD: "gate", Kind.VIEW: "gate", Kind.INVITATION: "gate",
    Kind.SIGNATURE: "charter_problem", Kind.BRIEF: "charter_brief", Kind.CONTACT: "charter_stakeholder",
    Kind.DATA_GAP: "charter_source", Kind.DEPENDENCY: "charter_dependency", Kind.NOMINATION: "ownership_answer",
    Kind.ACTION: "risk", Kind.RISK: "risk", Kind.ACCEPTANCE: "risk", Kind.ESCALATION: "escalation",
    Kind.AREA: "owners", Kind.GOVERNANCE: "governance_event", Kind.METRIC: "metric", Kind.ALERT: "metric",
    Kind.UPDATE: "updates", Kind.PUBLISHED: "update", Kind.WEEK: "my_work", Kind.STATUS: "mission_control",
}  # fmt: skip
NUMBERED = (Kind.DATA_GAP, Kind.DEPENDENCY, Kind.PUBLISHED)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_reminder_leads_to_its_page(kind, settings):
    """One that leads nowhere could not be put into a mail, and the mail would be given up."""
    slug = "12" if kind in NUMBERED else "a-thing"
    row = Delivery(program=Program(slug="claims"), item_kind=kind, item_id=7, item_slug=slug)
    found = resolve(address_of(row).removeprefix(settings.SITE_URL))
    assert found.view_name == PAGES[kind]
    assert set(map(str, found.kwargs.values())) <= {"claims", slug, "7"}
