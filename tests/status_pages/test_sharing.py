"""Share links: what they show, what they never show, and how they die (security.md section 4, P15)."""

import datetime as dt
import logging
import re
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.redaction import redact
from activity.models import Entry
from activity.selectors import last_at
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from status_pages.domain.public import public, without_keys
from status_pages.models import ShareLink
from status_pages.selectors.live import live_text, read, version_of
from status_pages.services import opening
from status_pages.services.sharing import LinkInput, Made, make_link, revoke_link, rotate_link
from status_pages.services.snapshots import keep_updates, keep_weekly
from tests import factories
from tests.factories import sign_in
from tests.gates.world import World, prove, risk
from tests.status_pages.conftest import NOW
from tests.updates.test_posting import post

BOARD = LinkInput("The board")


def made(w: World, **changes: Any) -> Made:
    wanted = LinkInput(**{"label": "The board", **changes})
    return make_link(actor=w.person("pat"), program=w.program, wanted=wanted)


def enter(token: str | None, client: Client | None = None) -> Any:
    return (client or Client()).get(f"/s/{token}/", follow=True)


def guarded(response: Any) -> dict[str, str]:
    return {name: response[name] for name in ("Referrer-Policy", "X-Robots-Tag", "Cache-Control")}


GUARDS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
}


def test_the_token_is_exchanged_for_a_visit_and_leaves_the_address(w: World) -> None:
    found = made(w)
    client = Client()
    first = client.get(f"/s/{found.token}/")
    assert (first.status_code, first["Location"]) == (303, f"/status/{found.link.public_id}/")
    assert str(found.token) not in first["Location"]
    page = client.get(first["Location"])
    assert page.status_code == 200
    assert str(found.token) not in page.content.decode()
    assert guarded(first) == guarded(page) == GUARDS


def test_only_a_keyed_hash_is_kept(w: World) -> None:
    found = made(w, passcode="open sesame")
    row = ShareLink.objects.values().get()
    assert str(found.token) not in str(row)
    assert "open sesame" not in str(row)
    assert len(row["token_hash"]) == 64


def test_no_session_bleeds_in_and_none_is_set(w: World) -> None:
    found = made(w)
    outside = enter(found.token)
    inside = enter(found.token, sign_in(w.person("pat")))
    assert outside.content.decode() == inside.content.decode()
    client = Client()
    enter(found.token, client)
    assert list(client.cookies) == [f"status-{found.link.public_id}"]
    cookie = client.cookies[f"status-{found.link.public_id}"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def leaky(w: World) -> list[str]:
    """Put something that must not leave into every place it could leave from; return what would give it away."""
    drift = risk(w, "secret-slug")
    drift.event = "Drift goes unseen"
    drift.save()
    prove(w, "accuracy")
    post(w, verdict="Late, says Mia.Program.")
    other = factories.program("rival-program")
    User.objects.filter(pk=w.person("mia").pk).update(name="Mia Meyer")
    addresses = list(User.objects.values_list("email", flat=True))
    return [
        *addresses,
        "Mia Meyer",
        "secret-slug",
        other.program.slug,
        other.program.name,
        f"/programs/{w.program.slug}",
        "csrf",
        "<!--",
        "updates/",
        "hx-post",
        "/accounts/",
    ]


def test_p15_a_link_shows_no_address_name_id_edit_link_token_or_other_program(w: World) -> None:
    secrets = leaky(w)
    page = enter(made(w).token).content.decode()
    assert "Late, says" in page
    assert [text for text in secrets if text in page] == []


def test_p15_the_leak_test_has_something_to_leak(w: World) -> None:
    """The member's page does show what the shared one must not: the test above is not blind."""
    secrets = leaky(w)
    page = sign_in(w.executive).get(reverse("status", args=[w.program.slug])).content.decode()
    assert {"Mia Meyer", "secret-slug", f"/programs/{w.program.slug}", "csrf", "updates/"} <= {
        text for text in secrets if text in page
    }


def test_names_are_shown_only_when_chosen(w: World) -> None:
    post(w)
    pat = w.person("pat").name
    assert pat not in enter(made(w).token).content.decode()
    assert pat in enter(made(w, names=True, label="With names").token).content.decode()


def test_names_are_taken_out_of_what_people_wrote_as_well(w: World) -> None:
    post(w, verdict=f"{w.person('mia').name} is ill.")
    doc = read(live_text(w.program, version_of(w.program)))
    hidden = str(public(doc, names=False))
    assert w.person("mia").name in str(public(doc, names=True))
    assert w.person("mia").name not in hidden


def test_the_shared_document_is_an_allow_list(w: World) -> None:
    doc = read(live_text(w.program, version_of(w.program)))
    doc["internal"] = "never"
    doc["program"]["budget_code"] = "never"
    doc["coming"].append({"key": "condition-1", "on": "2026-02-01", "title": "never", "kind": "condition", "path": "x"})
    shared = public(doc, names=True)
    assert "never" not in str(shared)
    assert "'key'" not in str(without_keys(shared))
    assert "'path'" not in str(shared)


def test_p15_every_refusal_is_the_same_answer(w: World) -> None:
    revoked, old, coded, live = (made(w, label=str(n), passcode="open sesame" if n == 2 else "") for n in range(4))
    renewed = made(w, label="renewed")
    rotate_link(actor=w.person("pat"), link=renewed.link)
    revoke_link(actor=w.person("pat"), link=revoked.link)
    ShareLink.objects.filter(pk=old.link.pk).update(expires_at=NOW)
    client = Client()
    client.get(f"/s/{coded.token}/")
    answers = [
        Client().get(f"/s/{revoked.token}/"),
        Client().get(f"/s/{old.token}/"),
        Client().get(f"/s/{renewed.token}/"),
        Client().get("/s/guessed/"),
        Client().get(f"/s/{'x' * 5000}/"),
        Client().get("/s/%F0%9F%94%91/"),
        Client().get(f"/status/{live.link.public_id}/"),
        Client().get("/status/guessed/"),
        client.post(f"/status/{coded.link.public_id}/", {"passcode": "wrong"}),
        Client().post("/status/guessed/", {"passcode": "wrong"}),
        Client().get(f"/s/{live.token}/badge.svg"),
    ]
    assert {(a.status_code, a.content, str(guarded(a))) for a in answers} == {(404, answers[0].content, str(GUARDS))}


def test_p15_a_refusal_takes_the_same_work(w: World, django_assert_num_queries: Any, monkeypatch: Any) -> None:
    revoked, coded = made(w), made(w, label="coded", passcode="open sesame")
    revoke_link(actor=w.person("pat"), link=revoked.link)
    for token in (revoked.token, "guessed"):
        with django_assert_num_queries(1):
            Client().get(f"/s/{token}/")
    client = Client()
    client.get(f"/s/{coded.token}/")
    hashed: list[str] = []
    plain = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, word, salt: hashed.append(word) or plain(self, word, salt)
    )
    client.post(f"/status/{coded.link.public_id}/", {"passcode": "wrong"})
    Client().post("/status/guessed/", {"passcode": "wrong"})
    assert hashed == ["wrong", "wrong"]


def test_p15_revoked_and_renewed_links_die_on_the_next_request(w: World) -> None:
    for end in (revoke_link, rotate_link):
        found, client = made(w, label=end.__name__), Client()
        assert enter(found.token, client).status_code == 200
        end(actor=w.person("pat"), link=found.link)
        assert client.get(f"/status/{found.link.public_id}/").status_code == 404


def test_a_renewed_link_opens_with_its_new_token(w: World) -> None:
    found = made(w)
    again = rotate_link(actor=w.person("pat"), link=found.link)
    assert enter(again.token).status_code == 200
    revoke_link(actor=w.person("pat"), link=found.link)
    with pytest.raises(Conflict):
        rotate_link(actor=w.person("pat"), link=found.link)


def test_p15_a_link_dies_with_its_makers_right_or_account(w: World) -> None:
    found, client = made(w), Client()
    assert enter(found.token, client).status_code == 200
    role = w.role("program-manager")
    role.holder = w.person("ivy")
    role.save()
    assert client.get(f"/status/{found.link.public_id}/").status_code == 404
    role.holder = w.person("pat")
    role.save()
    assert client.get(f"/status/{found.link.public_id}/").status_code == 200
    User.objects.filter(pk=w.person("pat").pk).update(is_active=False)
    assert client.get(f"/status/{found.link.public_id}/").status_code == 404


def test_a_visit_of_one_link_opens_no_other(w: World) -> None:
    first, second = made(w), made(w, label="second")
    client = Client()
    enter(first.token, client)
    client.cookies[f"status-{second.link.public_id}"] = client.cookies[f"status-{first.link.public_id}"].value
    assert client.get(f"/status/{second.link.public_id}/").status_code == 404


def test_a_passcode_is_asked_for_and_its_tries_are_few(w: World) -> None:
    found, client = made(w, passcode="open sesame"), Client()
    page = enter(found.token, client)
    assert "This status is protected" in page.content.decode()
    address = f"/status/{found.link.public_id}/"
    for _ in range(opening.PASSCODE_TRIES):
        assert client.post(address, {"passcode": "wrong"}).status_code == 404
    assert client.post(address, {"passcode": "open sesame"}).status_code == 404  # right, and too late


def test_the_right_passcode_opens(w: World) -> None:
    found, client = made(w, passcode="open sesame"), Client()
    enter(found.token, client)
    answer = client.post(f"/status/{found.link.public_id}/", {"passcode": "open sesame"})
    assert answer.status_code == 303
    assert "Where it stands" in client.get(answer["Location"]).content.decode()


def test_guesses_from_one_address_are_slowed_down(w: World) -> None:
    found = made(w)
    for number in range(opening.GUESSES + 1):
        Client().get(f"/s/guess-{number}/")
    assert Client().get(f"/s/{found.token}/").status_code == 404
    assert Client(REMOTE_ADDR="192.0.2.7").get(f"/s/{found.token}/").status_code == 303


def test_published_only_shows_the_last_update_and_nothing_before_one(w: World) -> None:
    found, client = made(w, live=False), Client()
    assert "Nothing is published yet" in enter(found.token, client).content.decode()
    post(w, verdict="As published.")
    keep_updates()
    risk(w, "later")
    page = client.get(f"/status/{found.link.public_id}/").content.decode()
    assert "As published." in page
    assert "The later comes true" not in page


def test_views_are_counted_recorded_and_no_update_of_the_program(w: World) -> None:
    found, before = made(w), last_at(w.program.pk)
    client = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) Mobile"})
    enter(found.token, client)
    client.head(f"/status/{found.link.public_id}/")
    link = ShareLink.objects.get()
    assert (link.views, link.last_seen_at) == (1, NOW)
    entry = Entry.objects.get(verb="share_link.viewed")
    assert (entry.program_id, entry.data["program"], entry.data["client"]) == (None, w.program.pk, "phone")
    assert "127.0.0.1" not in str(entry.data)
    assert last_at(w.program.pk) == before


def test_a_poll_that_finds_nothing_new_is_no_view(w: World) -> None:
    found, client = made(w), Client()
    version = enter(found.token, client).context["version"]
    answer = client.get(f"/status/{found.link.public_id}/?v={version}", headers={"HX-Request": "true"})
    assert (answer.status_code, ShareLink.objects.get().views) == (204, 1)
    post(w)
    answer = client.get(f"/status/{found.link.public_id}/?v={version}", headers={"HX-Request": "true"})
    assert answer.status_code == 200


def test_since_the_link_last_looked(w: World) -> None:
    found, client = made(w), Client()
    assert "This is the first look" in enter(found.token, client).content.decode()
    with clock.frozen(NOW + dt.timedelta(hours=2)):
        page = client.get(f"/status/{found.link.public_id}/").content.decode()
    assert "Nothing has changed" in page


def test_badge_and_json_give_the_published_status_alone(w: World) -> None:
    found = made(w)
    assert Client().get(f"/s/{found.token}/status.json").status_code == 404
    post(w, verdict="As published.")
    keep_updates()
    document = Client().get(f"/s/{found.token}/status.json").json()
    assert document["verdict"]["sentence"] == "As published."
    badge = Client().get(f"/s/{found.token}/badge.svg")
    assert badge["Content-Type"] == "image/svg+xml"
    assert f"{document['status']['word']}, day {document['program']['day']}" in badge.content.decode()
    assert guarded(badge) == GUARDS


def test_a_badge_of_a_link_with_a_passcode_is_refused(w: World) -> None:
    found = made(w, passcode="open sesame")
    post(w)
    keep_updates()
    assert Client().get(f"/s/{found.token}/badge.svg").status_code == 404


@pytest.mark.parametrize("who", ["mia", "ivy"])
def test_only_those_in_charge_share(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        make_link(actor=w.person(who), program=w.program, wanted=BOARD)
    assert make_link(actor=w.person("sam"), program=w.program, wanted=BOARD).token


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("label", LinkInput("  ")),
        ("days", LinkInput("x", days=0)),
        ("days", LinkInput("x", days=site.SHARE_LINK_MAX_DAYS + 1)),
        ("passcode", LinkInput("x", passcode="short")),
    ],
)
def test_a_link_outside_the_limits_is_refused(w: World, field: str, wanted: LinkInput) -> None:
    with pytest.raises(Invalid) as refusal:
        make_link(actor=w.person("pat"), program=w.program, wanted=wanted)
    assert refusal.value.field == field


def test_the_page_shows_the_address_once_and_a_double_press_makes_one(w: World) -> None:
    pat, address = sign_in(w.person("pat")), reverse("status_links", args=[w.program.slug])
    sent = {"key": "k1", "label": "Board", "days": 30, "live": "1"}
    shown = re.findall(r"/s/([\w-]{43})/", pat.post(address, sent).content.decode())
    assert len(shown) == 1
    assert enter(shown[0]).status_code == 200
    again = pat.post(address, sent).content.decode()
    assert "was made already" in again
    assert ShareLink.objects.count() == 1
    assert shown[0] not in pat.get(address).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_one_link_and_three(
    w: World, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        made(w, label=str(number))
    pat, address = sign_in(w.person("pat")), reverse("status_links", args=[w.program.slug])
    pat.get(address)
    with django_assert_num_queries(5):
        pat.get(address)


def test_tokens_never_reach_the_log(w: World, caplog: pytest.LogCaptureFixture) -> None:
    token = "secret-token-of-43-characters"
    assert token not in redact(f"GET /s/{token}/badge.svg HTTP/1.1")
    assert redact("GET /static/s.css") == "GET /static/s.css"
    with caplog.at_level(logging.DEBUG):
        Client().get(f"/s/{token}/")
    assert token not in caplog.text


def test_over_https_the_visit_is_bound_to_the_host(w: World, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    found, client = made(w), Client()
    client.get(f"/s/{found.token}/")
    cookie = client.cookies[f"__Host-status-{found.link.public_id}"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_a_links_first_look_is_compared_only_with_what_it_may_show(w: World) -> None:
    keep_weekly()
    live, published = made(w), made(w, live=False, label="Papers")
    post(w, verdict="First.")
    keep_updates()
    assert "Since 27 Jan" in enter(live.token).content.decode()
    assert "This is the first look" in enter(published.token).content.decode()  # the weekly page was never published
    with clock.frozen(NOW + dt.timedelta(hours=3)):
        post(w, verdict="Second.")
        keep_updates()
        later = made(w, live=False, label="Later")
        assert "the update before" in enter(later.token).content.decode()
        assert "Since this link was last opened" in enter(live.token).content.decode()
