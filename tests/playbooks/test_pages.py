"""The launch form and the way from a file: preview, launch, faults kept in place, with and without htmx."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from programs.models import Program, Role
from tests import factories
from tests.playbooks.conftest import EXAMPLES
from tests.playbooks.test_launching import row_counts

pytestmark = pytest.mark.django_db
FORM, FILE = "/programs/new/", "/programs/new/file/"
GOOD = {
    "name": "Contract search",
    "portfolio": "Corporate services",
    "start_date": "2026-11-27",
    "country": "US",
    "time_zone": "America/New_York",
    "weekend": ["5", "6"],
    "sponsor_email": "ada.osei@example.com",
    "program-manager_email": "luis.ortega@example.com",
    "program-manager_name": "Luis Ortega",
    "system_kind": "retrieval",
    "third_party": "on",
}


@pytest.fixture
def admin() -> Client:
    return factories.sign_in(factories.user("root", is_administrator=True, time_zone="Europe/Berlin"))


def hidden(html: str) -> dict[str, Any]:
    """What the preview carries on to the launch."""
    fields = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', html, re.S)
    data: dict[str, Any] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value.replace("&quot;", '"').replace("&amp;", "&").replace("&#x27;", "'"))
    key = re.search(r'name="launch_key" value="([0-9a-f]{32})"', html)
    return {**data, "launch_key": key[1] if key else ""}


@pytest.mark.parametrize("url", [FORM, FILE])
@pytest.mark.parametrize(
    ("who", "status"), [("anonymous", 302), ("stranger", 403), ("member", 403), ("manager", 200), ("admin", 200)]
)
def test_who_sees_the_pages(url: str, who: str, status: int) -> None:
    built = factories.program("alpha")
    people = {
        "anonymous": None,
        "stranger": factories.user("sid"),
        "member": built.owner,
        "manager": built.manager,
        "admin": factories.user("root", is_administrator=True),
    }
    answer = factories.sign_in(people[who]).get(url)
    assert answer.status_code == status
    if status == 302:
        assert answer["Location"] == f"/accounts/login/?next={url}"
    if status == 403:
        assert "Only an administrator, or somebody who manages a program already" in answer.content.decode()


def test_a_stranger_cannot_launch_by_posting(admin: Client) -> None:
    answer = factories.sign_in(factories.user("sid")).post(FORM, {**GOOD, "action": "launch"})
    assert answer.status_code == 403
    assert Program.objects.count() == 0


def test_the_form_fills_in_what_it_can(admin: Client) -> None:
    html = admin.get(FORM).content.decode()
    assert '<option value="DE" selected>' in html
    assert '<option value="Europe/Berlin" selected>' in html
    assert 'value="root@example.org"' in html
    assert "Tier 3, low" in html


def test_S1_the_preview_shows_dates_and_what_moved_and_saves_nothing(admin: Client) -> None:
    before = row_counts()
    html = admin.post(FORM, {**GOOD, "action": "preview"}).content.decode()
    assert "preview, nothing saved" in html
    assert "Sat 26 Dec is a day off: Saturday" in html
    assert "12 roles have nobody" in html
    assert "Invite 2 new people by mail: Ada Osei, Luis Ortega" in html
    assert row_counts() == before


def test_launch_from_the_preview_makes_the_program(admin: Client) -> None:
    carried = hidden(admin.post(FORM, {**GOOD, "action": "preview"}).content.decode())
    answer = admin.post(FORM, {**carried, "action": "launch"})
    program = Program.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/programs/{program.slug}/")
    assert (program.name, program.tier, program.weekend) == ("Contract search", 3, [5, 6])
    assert {role.slug: str(role.holder) for role in Role.objects.filter(holder__isnull=False)} == {
        "sponsor": "Ada Osei", "program-manager": "Luis Ortega",
    }  # fmt: skip


def test_a_double_submit_makes_one_program(admin: Client) -> None:
    carried = hidden(admin.post(FORM, {**GOOD, "action": "preview"}).content.decode())
    answers = [admin.post(FORM, {**carried, "action": "launch"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Program.objects.count() == 1


def test_every_preview_has_a_key_of_its_own(admin: Client) -> None:
    keys = {hidden(admin.post(FORM, {**GOOD}).content.decode())["launch_key"] for _ in range(2)}
    assert len(keys) == 2


def test_back_to_the_form_keeps_everything(admin: Client) -> None:
    answer = admin.post(FORM, {**GOOD, "action": "edit"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Contract search"' in html
    assert re.search(r'name="third_party"[^>]*checked', html)
    assert 'value="2026-11-27"' in html


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Give the program a name."),
        ("start_date", "2026-02-30", "Enter a valid date."),
        ("start_date", "1990-01-01", "Must lie between 2000-01-01 and 2099-12-31"),
        ("country", "XX", "Select a valid choice."),
        ("time_zone", "Mars/Olympus", "Choose a time zone such as Europe/Berlin."),
        ("subdivision", "ZZZ", "is not a part of US"),
        ("extra_days_off", "2026-12-24, tomorrow", "is not"),
        ("sponsor_email", "not-an-address", "is not an e-mail address"),
        ("sponsor_email", "", "Give the e-mail address of the executive sponsor."),
        ("model-owner_email", "x@", "is not an e-mail address"),
        ("system_kind", "", "Choose the kind of system."),
    ],
)
def test_a_fault_is_shown_at_its_field_and_keeps_what_was_typed(
    admin: Client, field: str, value: str, said: str
) -> None:
    before = row_counts()
    answer = admin.post(FORM, {**GOOD, field: value, "action": "launch"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said.replace("'", "&#x27;") in html or said in html
    assert 'value="luis.ortega@example.com"' in html
    assert re.search(rf'id="id_{field}_err"', html)
    assert row_counts() == before


def test_one_person_may_hold_several_roles(admin: Client) -> None:
    data = {**GOOD, "business-owner_email": "ADA.osei@example.com", "action": "launch"}
    assert admin.post(FORM, data).status_code == 302
    assert User.objects.filter(email__iexact="ada.osei@example.com").count() == 1
    assert Role.objects.get(slug="business-owner").holder == Role.objects.get(slug="sponsor").holder


def test_a_deactivated_person_is_told_at_the_field(admin: Client) -> None:
    factories.user("ada", email="ada.osei@example.com", is_active=False)
    answer = admin.post(FORM, {**GOOD, "action": "launch"})
    assert answer.status_code == 422
    assert 'id="id_sponsor_email_err"' in answer.content.decode()


@pytest.mark.parametrize(
    ("ticked", "tier"),
    [({}, "Tier 3, low"), ({"affects_people": "on"}, "Tier 2, medium"), ({"critical_service": "on"}, "Tier 1, high")],
)
def test_S96_htmx_gets_the_tier_as_it_stands_and_nothing_else(admin: Client, ticked: dict[str, str], tier: str) -> None:
    before = row_counts()
    answer = admin.post(FORM, {"name": "", **ticked, "action": "launch"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.lstrip().startswith('<section class="card" id="tier"')
    assert tier in html
    assert "HX-Request" in answer["Vary"]
    assert row_counts() == before


def test_the_form_works_as_a_form_first(admin: Client) -> None:
    html = admin.get(FORM).content.decode()
    form = re.search(r"<form[^>]+hx-post[^>]+>", html)
    assert form is not None
    assert 'action="/programs/new/" method="post"' in form[0]
    assert 'hx-post="/programs/new/"' in form[0]


def test_only_administrators_are_offered_everybody() -> None:
    built, stranger = factories.program("alpha"), factories.user("sid")
    offered = factories.sign_in(built.manager).get(FORM).content.decode()
    assert f'<option value="{built.owner.email}">' in offered
    assert stranger.email not in offered
    root = factories.user("root", is_administrator=True)
    assert f'<option value="{stranger.email}">' in factories.sign_in(root).get(FORM).content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_the_number_of_queries_does_not_grow_with_people(people: int, django_assert_num_queries: Any) -> None:
    root = factories.user("root", is_administrator=True)
    for _ in range(people):
        factories.user()
    client = factories.sign_in(root)
    with django_assert_num_queries(6):  # session, user, newest program, people, portfolios, open work in the header
        client.get(FORM)


def test_a_file_is_previewed_then_launched(admin: Client) -> None:
    with (EXAMPLES / "claims-triage.yaml").open("rb") as file:
        html = admin.post(FILE, {"file": file, "action": "preview"}).content.decode()
    assert "Claims triage assistant" in html
    assert "54 must-meet, 15 should-meet, 1 not applicable" in html
    assert Program.objects.count() == 0
    answer = admin.post(FILE, {**hidden(html), "action": "launch"})
    assert answer["Location"] == "/programs/claims-triage-assistant/"
    assert Program.objects.get().roles.filter(holder__isnull=True).count() == 1


def test_a_broken_file_names_every_fault_and_comes_back_to_be_mended(admin: Client) -> None:
    before, text = row_counts(), (EXAMPLES / "broken.yaml").read_text(encoding="utf-8")
    answer = admin.post(FILE, {"file": BytesIO(text.encode()), "action": "launch"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count('<li><a href="#id_text">') == 19
    assert "people[0].email" in html
    assert "emperor: {person: bob@example.com}" in html
    assert row_counts() == before


def test_mended_text_goes_through(admin: Client) -> None:
    text = (EXAMPLES / "contract-search.yaml").read_text(encoding="utf-8")
    assert admin.post(FILE, {"text": text.replace("US", "XX"), "action": "preview"}).status_code == 422
    assert "Contract search" in admin.post(FILE, {"text": text, "action": "preview"}).content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a file, or paste its text below."),
        ({"text": "   "}, "Choose a file, or paste its text below."),
        ({"text": "- a\n- b\n"}, "must hold keys and values at its top level"),
        ({"file": b""}, "is empty"),
        ({"file": b"\xff\xfe"}, "is not UTF-8 text"),
        ({"file": b"a" * 1_000_001}, "the limit is 1,000,000 bytes (1 MB)"),
    ],
)
def test_what_is_no_specification_is_told_plainly(admin: Client, data: dict[str, Any], said: str) -> None:
    sent = {name: BytesIO(value) if isinstance(value, bytes) else value for name, value in data.items()}
    answer = admin.post(FILE, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_text_from_outside_is_escaped(admin: Client) -> None:
    text = (EXAMPLES / "contract-search.yaml").read_text(encoding="utf-8")
    hostile = text.replace("name: Contract search", 'name: "<script>alert(1)</script></textarea>"')
    html = admin.post(FILE, {"text": hostile}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
