"""A whole gate in a browser with nothing but the keyboard, once with scripts and once without.

From the hand-in of a proof over acceptance in place, review, the gatekeepers' views and a Conditional Go with its
second look to a condition that is proven by its owner and closed by somebody else (issue 3; G2, G3, G15, G22).
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from gates.models import Condition, Decision, Opinion, Snapshot
from phases.enums import CriterionState
from tests.browser.conftest import Visit, Visitor
from tests.gates import world as build
from tests.gates.world import GATE_DAY

MOST_STOPS = 250
KEEPERS = ("rita", "ben", "fay")


class Hands:
    """A person who has a keyboard and no mouse. Going to an address is typing it into the address bar."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    @property
    def page(self) -> Page:
        return self.visitor.page

    def reach(self, target: Locator) -> None:
        """Press Tab until `target` has the focus, as somebody without a mouse does."""
        expect(target).to_be_visible()
        for _ in range(MOST_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with the keyboard")

    def press(self, name: str, role: str = "button") -> None:
        """Reach a button (or what else `role` says) by what it is called, and press it."""
        self.reach(self.page.locator("#main").get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]  # a role
        self.page.keyboard.press("Enter")

    def unfold(self, words: str) -> None:
        """Open what is folded behind a summary."""
        self.reach(self.page.locator("#main summary", has_text=words).first)
        self.page.keyboard.press("Enter")

    def write(self, label: str, text: str) -> None:
        """Reach a field by its label and type; in a list the typed words choose."""
        called = re.compile(rf"^\s*{re.escape(label)}( \(optional\))?\s*$")
        self.reach(self.page.locator("#main").get_by_label(called).locator("visible=true").first)
        self.page.keyboard.type(text)

    def choose(self, first: Locator, wanted: Locator) -> None:
        """Reach a group of radio buttons and go down with the arrow key until the wanted one is chosen."""
        self.reach(first)
        self.page.keyboard.press("Space")
        for _ in range(6):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{wanted} cannot be chosen with the keyboard")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_whole_gate_with_the_keyboard_alone(visit: Visit, scripts: bool) -> None:
    w = build.world()
    gate = w.event("gate-30").get_absolute_url()

    def person(name: str, path: str = gate) -> Hands:
        hands = Hands(visit(w.person(name), scripts=scripts))
        hands.visitor.open(path)
        return hands

    with build.on(GATE_DAY):
        _hand_in(person("mia", w.criterion("accuracy").get_absolute_url()))
        _accept(person("ivy", f"{gate}?show=mine"))
        assert w.criterion("accuracy").state == CriterionState.VERIFIED
        manager = person("pat")
        manager.unfold("Hand in to review")
        manager.write("Note to the gatekeepers", "Ready for your look")
        manager.press("Hand in to review")
        expect(manager.page.get_by_text("Round 1 is in review")).to_be_visible()
        for name in KEEPERS:
            _support(person(name))
        assert Opinion.objects.count() == len(KEEPERS)
        _decide(person("sam"))
        assert Decision.objects.get().word == "conditional-go"
        assert Snapshot.objects.filter(event=w.event("gate-30")).count() == 2
        _prove_condition(person("mia"))
        _close_condition(person("ivy"))
    made = Condition.objects.get()
    assert (made.state, made.closed_by_id) == ("closed", w.person("ivy").pk)


def _hand_in(owner: Hands) -> None:
    owner.write("Result", "1.6 points")
    owner.write("Limit", "at most 2.0 points")
    owner.write("Note", "Bias test of 24 January on 4,180 cases")
    owner.press("Add evidence")
    expect(owner.page.locator("dl.meas")).to_contain_text("1.6 points")
    owner.press("Hand in")
    expect(owner.page.locator("p.lede")).to_contain_text("handed this in")


def _accept(verifier: Hands) -> None:
    """In place, on the gate page, with the number against its limit in sight."""
    row = verifier.page.locator("li.seen").first
    expect(row.locator("dl.meas")).to_contain_text("at most 2.0 points")
    verifier.reach(row.get_by_role("button", name="Accept"))
    verifier.page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Accept")).to_have_count(0)


def _support(keeper: Hands) -> None:
    keeper.unfold("Give a view")
    first = keeper.page.get_by_role("radio", name="Support", exact=True)
    keeper.choose(first, first)
    keeper.press("Record the view")
    expect(keeper.page.locator("summary", has_text="Change the view")).to_be_visible()


def _decide(sponsor: Hands) -> None:
    page = sponsor.page
    options = page.locator("form.decide .opts")
    sponsor.choose(options.get_by_role("radio", name="Go Ready;"), options.get_by_role("radio", name="Conditional go"))
    sponsor.write("Reason, shown on the status page", "Proven, with one debt")
    sponsor.write("Explanation", "The bias test has to be repeated on large claims")
    sponsor.write("Trade-off between performance, cost, security and time", "Speed over cost")
    sponsor.write("Who owns the next phase", "Mia")
    sponsor.write("Its budget", "120 k")
    sponsor.write("It starts", "04022026")
    sponsor.write("It ends", "05032026")
    sponsor.write("Condition", "Repeat the bias test")
    sponsor.write("Owner", "Model owner")
    sponsor.write("Verified by", "Independent reviewer")
    sponsor.write("Exit test", "No group worse than 2 points")
    sponsor.write("If it is missed", "Exposure is halved")
    sponsor.press("Look at it once more")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Record Conditional go?")
    assert not Decision.objects.exists()
    sponsor.press("Record Conditional go")
    expect(page.locator("#outcome-h + *, #conditions-h").first).to_be_visible()
    expect(page.get_by_text("Exit test: No group worse than 2 points")).to_be_visible()


def _prove_condition(owner: Hands) -> None:
    owner.unfold("Show that it is met")
    owner.write("What shows that the exit test is met", "Worst group 1.4 points, report of 3 February")
    owner.press("Hand in")
    expect(owner.page.get_by_text("Waiting for its verifier")).to_be_visible()


def _close_condition(verifier: Hands) -> None:
    verifier.reach(verifier.page.get_by_role("button", name="Close it"))
    verifier.page.keyboard.press("Enter")
    debts = verifier.page.locator("section", has=verifier.page.locator("#conditions-h"))
    expect(debts.get_by_text("Closed", exact=True)).to_be_visible()
