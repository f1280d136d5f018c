"""The way a program starts, in a browser: sign in, launch from a file, hand in, verify; the owner may not verify (G2).

Once as usual, once with JavaScript off: every step is a link or a form of its own.
"""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.services import create_administrator, sign_in_link
from core import clock
from phases.models import Criterion
from programs.models import Program
from tests import factories
from tests.browser.conftest import Visit

PROOF = "Recall 0.93 on 2,000 held-out claims of September."
DAY_2 = dt.datetime(2026, 10, 13, 9, tzinfo=dt.UTC)


def person(email: str) -> User:
    """Return somebody named in the launched file."""
    return User.objects.get(email=email)


def launch_from_file(page: Page) -> None:
    """On the page for files: hand one in, look at the preview, launch."""
    page.locator('input[type="file"]').set_input_files(factories.EXAMPLES / "claims-triage.yaml")
    page.get_by_role("button", name="Preview the dates").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Claims triage assistant")
    expect(page.get_by_text("preview, nothing saved")).to_be_visible()
    assert not Program.objects.exists()
    page.get_by_role("button", name=re.compile("^Launch")).click()
    expect(page.locator("#day-strip")).to_be_visible()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_sign_in_to_a_verified_criterion(visit: Visit, live_server: object, scripts: bool) -> None:
    with clock.frozen(DAY_2):
        link = sign_in_link(create_administrator("ada@example.org"))
        ada = visit(scripts=scripts)
        ada.open(re.sub(r"^https?://[^/]+", "", link))
        ada.page.get_by_role("button", name=re.compile("^Sign in")).click()
        expect(ada.page.get_by_role("heading", level=1)).to_be_visible()
        ada.open("/programs/new/file/")
        launch_from_file(ada.page)
        expect(ada.page.locator("#needs-attention")).to_be_visible()
        expect(ada.page.locator("#readiness")).to_be_visible()

        program = Program.objects.get()
        criterion = (
            Criterion.objects.filter(program=program, owner_role__slug="model-owner", applicable=True)
            .exclude(verifier_role__slug="model-owner")
            .earliest("due_day", "pk")
        )
        address = criterion.get_absolute_url()
        owner = visit(person("priya.raman@example.com"), scripts=scripts, allowed=("403",))
        owner.open(address)
        owner.page.get_by_label("Note").fill(PROOF)
        owner.page.get_by_role("button", name="Add evidence").click()
        expect(owner.page.locator("p.said")).to_have_text(PROOF)
        owner.page.get_by_role("button", name="Hand in", exact=True).click()
        expect(owner.page.locator("p.lede")).to_contain_text("handed this in")

        # The owner has no way to verify, and one made by hand is refused with the reason.
        expect(owner.page.get_by_role("button", name="Verify")).to_be_disabled()
        cookie = next(c["value"] for c in owner.page.context.cookies() if c.get("name") == "csrf")
        criterion.refresh_from_db()
        refused = owner.page.request.post(
            f"{owner.base}{address}verify/",
            form={"version": str(criterion.version), "csrfmiddlewaretoken": cookie},
            headers={"Referer": f"{owner.base}{address}"},
        )
        assert refused.status == 403
        assert "somebody else has to verify it (G2)" in refused.text()

        verifier = program.roles.get(slug=criterion.verifier_role.slug).holder
        other = visit(verifier, scripts=scripts)
        other.open(address)
        other.page.get_by_role("button", name="Verify", exact=True).click()
        expect(other.page.locator("p.lede")).to_have_text(f"{verifier} verified this.")
        criterion.refresh_from_db()
        assert (criterion.state, criterion.verified_by) == ("verified", verifier)


@pytest.mark.django_db(transaction=True)
def test_a_stranger_is_told_nothing(visit: Visit) -> None:
    program = factories.launched("claims-triage")
    stranger = visit(factories.user("olga"), allowed=("404",))
    answer = stranger.page.goto(f"{stranger.base}{program.get_absolute_url()}")
    assert answer is not None
    assert answer.status == 404
    assert "Claims triage" not in stranger.page.content()
