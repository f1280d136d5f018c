"""Paths in mails are put together from one pattern per kind of page; they must be those the router gives."""

import pytest
from django.urls import NoReverseMatch
from django.urls import reverse as asked_for

from reminders.services.addresses import reverse


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
