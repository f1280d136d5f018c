"""Private feeds: what they hold, how they are asked for again, how they die (security.md section 4, issue 5)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.redaction import redact
from accounts.services import deactivate_user
from activity.models import Entry
from activity.selectors import last_at
from calendars.enums import FeedKind
from calendars.models import Feed
from calendars.selectors.feeds import programs_of
from calendars.selectors.items import items_of
from calendars.services import feeds
from calendars.services.choosing import TimeInput, set_time
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from phases.services import redate_event
from programs.services import fill_role, pause_program
from tests import factories
from tests.calendars.conftest import NOW
from tests.factories import Built, sign_in
from tests.governance import world as governance
from updates.models import StatusUpdate


def make(actor: User, kind: FeedKind = FeedKind.MINE, **of: Any) -> str:
    return str(feeds.make_feed(actor=actor, kind=kind, label="Phone", **of).token)


def fetch(token: str, method: str = "get", **headers: str) -> Any:
    return getattr(Client(headers=headers), method)(f"/calendar/{token}.ics")


def read(response: Any) -> Any:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    return vobject.readOne(response.content.decode())


def summaries(response: Any) -> list[str]:
    return [event.summary.value for event in read(response).contents.get("vevent", [])]


def test_mine_holds_what_i_owe_and_am_expected_at_in_every_program_and_nothing_else(built: Built) -> None:
    other = factories.program("other", start_date=dt.date(2026, 1, 12))
    role = other.roles["model-owner"]
    role.holder = built.owner
    role.save(update_fields=["holder"])
    assert sorted(summaries(fetch(make(built.owner)))) == [
        "Checkpoint, Claims",  # she owes something in that stretch; the gates are others'
        "Due: Do the train (Claims)",
        "Due: Do the train (Other)",
        "Due: The accuracy is shown on a held-out sample. (Claims)",
        "Due: The accuracy is shown on a held-out sample. (Other)",
    ]
    stranger = factories.user("stranger")
    assert summaries(fetch(make(stranger))) == []


def test_a_program_feed_holds_everything_dated_and_names_nobody(built: Built) -> None:
    governance.around(built)
    response = fetch(make(built.verifier, FeedKind.PROGRAM, program=built.program))
    made = read(response)
    found = {event.summary.value: event for event in made.vevent_list}
    assert {"Gate 1, Claims", "Gate 2, Claims", "Checkpoint, Claims", "Due: Do the train (Claims)"} <= set(found)
    audits = [event.dtstart.value for event in made.vevent_list if event.summary.value == "Gc access (Claims)"]
    assert audits == [dt.date(2026, month, 22) for month in (6, 9, 12)]
    assert len({event.uid.value for event in made.vevent_list}) == len(made.vevent_list)
    text = response.content.decode()
    assert not [person for person in built.people.values() if person.email in text or str(person) in text]
    assert "mailto" not in text.lower()
    gate = found["Gate 1, Claims"]
    assert (gate.dtstart.value, gate.status.value) == (dt.date(2026, 2, 3), "CONFIRMED")
    assert gate.url.value.endswith("/programs/claims/gates/gate-30/")
    assert made.contents["x-wr-calname"][0].value == "Claims"


def test_moved_timed_and_called_off_dates_carry_their_number_and_state(built: Built) -> None:
    token = make(built.manager, FeedKind.PROGRAM, program=built.program)

    def gate() -> Any:
        return next(e for e in read(fetch(token)).vevent_list if e.summary.value.startswith("Gate 1"))

    numbers = [int(gate().sequence.value)]
    uid = gate().uid.value
    event = redate_event(
        actor=built.manager, event=built.events["gate-30"], new_date=dt.date(2026, 3, 30), reason="The sample is late."
    )
    numbers.append(int(gate().sequence.value))
    set_time(actor=built.manager, event=event, wanted=TimeInput(dt.time(9), 90, "Room 4"), version=0)
    timed = gate()
    numbers.append(int(timed.sequence.value))
    # After the change of the clocks on 29 March nine o'clock in Berlin is seven.
    assert timed.dtstart.value == dt.datetime(2026, 3, 30, 7, tzinfo=dt.UTC)
    assert timed.location.value == "Room 4"
    pause_program(actor=built.manager, program=built.program, reason="No budget.")
    off = gate()
    numbers.append(int(off.sequence.value))
    assert (off.status.value, off.uid.value) == ("CANCELLED", uid)
    assert numbers == sorted(set(numbers))


def test_a_status_feed_is_made_by_who_may_share_and_shows_dates_and_updates_only(built: Built) -> None:
    StatusUpdate.objects.create(
        program=built.program, number=1, colour="green", computed="green", verdict="Sam is ill.", posted_at=NOW,
        posted_by=built.manager,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        make(built.owner, FeedKind.STATUS, program=built.program)
    of_program = fetch(make(built.sponsor, FeedKind.STATUS, program=built.program))
    expected = ["Status update 1, green: Claims", "Checkpoint, Claims", "Gate 1, Claims", "Gate 2, Claims"]
    assert summaries(of_program) == expected
    assert b"URL" not in of_program.content
    assert b"Sam" not in of_program.content
    with pytest.raises(NotAllowed):
        make(built.sponsor, FeedKind.STATUS, portfolio=built.program.portfolio)
    admin = factories.user("ada", is_administrator=True)
    assert summaries(fetch(make(admin, FeedKind.STATUS, portfolio=built.program.portfolio))) == expected


def test_asked_again_it_answers_304_without_making_the_file(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    token = make(built.manager, FeedKind.PROGRAM, program=built.program)
    with clock.frozen(NOW + dt.timedelta(hours=1)):
        first = fetch(token)
        etag, modified = first["ETag"], first["Last-Modified"]
        assert first["Cache-Control"] == "private, no-cache"
        head = fetch(token, "head")
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", etag)
        assert fetch(token).content == first.content
        monkeypatch.setattr("calendars.views.files.items_of", lambda *_: pytest.fail("the file was made"))
        for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}, {"If-None-Match": f"W/{etag}"}):
            again = fetch(token, **headers)
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        monkeypatch.undo()
        redate_event(
            actor=built.manager,
            event=built.events["gate-30"],
            new_date=dt.date(2026, 2, 9),
            reason="The sample is late.",
        )
        changed = fetch(token, **{"If-None-Match": etag})
        assert changed.status_code == 200
        # A second change in the same second could not be told apart by a date.
        assert "Last-Modified" not in changed
        assert changed["ETag"] != etag
    with clock.frozen(NOW + dt.timedelta(days=1)):
        assert fetch(token, **{"If-None-Match": changed["ETag"]}).status_code == 200, "another day, other dates"
    feed = Feed.objects.get()
    # Whose programs are whose is not dated, so such a feed is told apart by its ETag alone.
    assert "Last-Modified" not in fetch(make(built.manager))
    assert (feed.fetches, feed.fetched_at) == (7, NOW + dt.timedelta(days=1))


def test_a_new_day_where_the_program_is_makes_a_new_version(built: Built) -> None:
    """What counts from a day on (a risk of the phase that begins) begins at midnight there, not at that of UTC."""
    built.program.time_zone = "Australia/Sydney"
    built.program.save(update_fields=["time_zone"])
    token = make(built.manager, FeedKind.PROGRAM, program=built.program)
    with clock.frozen(dt.datetime(2026, 1, 20, 12, 59, tzinfo=dt.UTC)):
        before = fetch(token)
    with clock.frozen(dt.datetime(2026, 1, 20, 13, 1, tzinfo=dt.UTC)):
        for headers in ({"If-None-Match": before["ETag"]}, {"If-Modified-Since": before["Last-Modified"]}):
            assert fetch(token, **headers).status_code == 200


def test_every_dead_address_is_the_same_404(built: Built) -> None:
    alive = make(built.owner, FeedKind.PROGRAM, program=built.program)
    mine = make(built.owner)
    revoked = feeds.make_feed(actor=built.owner, kind=FeedKind.MINE, label="x")
    feeds.revoke_feed(actor=built.owner, feed=revoked.feed)
    renewed = feeds.make_feed(actor=built.owner, kind=FeedKind.MINE, label="y")
    fresh = feeds.rotate_feed(actor=built.owner, feed=renewed.feed)
    assert fetch(str(fresh.token)).status_code == 200
    assert fetch(alive).status_code == 200
    with pytest.raises(Conflict):
        feeds.rotate_feed(actor=built.owner, feed=revoked.feed)

    def answer(token: str | None) -> tuple[int, bytes, dict[str, str]]:
        response = fetch(str(token))
        return response.status_code, response.content, dict(response.items())

    wrong = answer("x" * 43)
    assert wrong[0] == 404
    assert answer(revoked.token) == answer(renewed.token) == answer("ü" * 500) == wrong
    fill_role(actor=built.manager, role=built.roles["model-owner"], person=built.verifier)
    assert answer(alive) == wrong, "its maker has left the program"
    assert fetch(mine).status_code == 200
    admin = factories.user("ada", is_administrator=True)
    deactivate_user(actor=admin, user=built.owner)
    assert answer(mine) == wrong


def test_only_a_keyed_hash_is_kept_and_no_log_line_tells_the_token(built: Built) -> None:
    token = make(built.manager)
    assert token not in str(Feed.objects.values().get())
    assert len(token) == 43
    assert redact(f'GET "/calendar/{token}.ics" 200') == 'GET "/calendar/[token] 200'
    entry = Entry.objects.get(verb="calendar_feed.made")
    assert token not in str(entry.data)
    assert last_at(built.program.pk) is None, "subscribing is no update of the program (G12)"


def test_a_feed_does_not_look_at_who_is_signed_in(built: Built) -> None:
    token = make(built.manager)
    inside = sign_in(built.owner).get(f"/calendar/{token}.ics")
    assert inside.content == fetch(token).content
    assert not fetch(token).cookies


def test_rights_limits_and_the_form_sent_twice(built: Built) -> None:
    first = feeds.make_feed(actor=built.owner, kind=FeedKind.PROGRAM, label="a", program=built.program, key="k")
    twice = feeds.make_feed(actor=built.owner, kind=FeedKind.PROGRAM, label="a", program=built.program, key="k")
    assert (twice.feed.pk, twice.token) == (first.feed.pk, None)
    with pytest.raises(Invalid):
        feeds.make_feed(actor=built.owner, kind=FeedKind.MINE, label=" \r\n ")
    with pytest.raises(NotAllowed):
        feeds.revoke_feed(actor=built.verifier, feed=first.feed)
    with pytest.raises(NotAllowed):
        feeds.rotate_feed(actor=built.manager, feed=first.feed)
    feeds.revoke_feed(actor=built.manager, feed=first.feed)
    for number in range(feeds.MOST):
        make(built.owner, FeedKind.MINE, key=f"n{number}")
    with pytest.raises(Invalid):
        make(built.owner)


def test_as_many_queries_for_three_programs_as_for_one(built: Built, count: Callable[[str], int]) -> None:
    token = make(built.manager)
    one = count(token)
    for name in ("two", "three"):
        more = factories.program(name)
        governance.around(more)
        role = more.roles["program-manager"]
        role.holder = built.manager
        role.save(update_fields=["holder"])
    assert count(token) == one == 15
    feed = Feed.objects.get()
    assert len({item.summary.rsplit(" ", 1)[-1] for item in items_of(feed, programs_of(feed))}) >= 3


@pytest.fixture
def count() -> Callable[[str], int]:
    """How many queries one fetch takes."""

    def of(token: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert fetch(token).status_code == 200
        return len(found)

    return of


def test_the_pages_show_an_address_once_and_work_without_javascript(inviting: Built) -> None:
    built = inviting
    page = sign_in(built.owner)
    shown = page.post(reverse("my_calendars"), {"label": "Phone", "key": "k"})
    address = f"/calendar/{shown.content.decode().split('/calendar/')[1].split('.ics')[0]}.ics"
    assert Client().get(address).status_code == 200
    assert "/calendar/" not in page.get(reverse("my_calendars")).content.decode()
    for text in ("Google about once a day", "Outlook every 3 to 24 hours"):
        assert text in shown.content.decode()
    assert page.post(reverse("my_calendars"), {"label": ""}).status_code == 422
    feed = Feed.objects.get()
    assert page.post(reverse("feed_rotate", args=[feed.pk])).status_code == 200
    assert Client().get(address).status_code == 404
    assert sign_in(built.manager).post(reverse("feed_revoke", args=[feed.pk])).status_code == 404, "not theirs to see"
    page.post(reverse("choose_invitations"), {"declines": "1"})
    assert "You get none" in page.get(reverse("my_calendars")).content.decode()
    here = reverse("program_calendars", args=[built.program.slug])
    member, manager = page.get(here).content.decode(), sign_in(built.manager).get(here).content.decode()
    assert "Send no more invitations" in manager
    assert "Send no more invitations" not in member
    assert "Set time" not in member
    at = reverse("review_time", args=[built.program.slug, "gate-30"])
    wanted = {"version": "0", "starts": "09:00", "minutes": "90", "place": "Room 4"}
    for said in ("pressed once", "pressed twice is once"):
        assert sign_in(built.manager).post(at, wanted).status_code == 302, said
    lost = sign_in(built.manager).post(at, wanted | {"starts": "10:00"})
    shown = lost.content.decode()
    assert (lost.status_code, 'value="10:00"' in shown, 'name="version" value="1"' in shown) == (409, True, True)
    assert "<p>09:00, 90 minutes, Room 4</p>" in shown
    assert "<p>10:00, 90 minutes, Room 4</p>" in shown
    assert "09:00, 90 minutes, Room 4" in page.get(here).content.decode()
    file = page.get(reverse("event_file", args=[built.program.slug, "gate-30"]))
    assert read(file).vevent.dtstart.value == dt.datetime(2026, 2, 3, 8, tzinfo=dt.UTC)
    assert page.get(reverse("event_file", args=[built.program.slug, "nothing"])).status_code == 404


def test_the_pages_take_the_same_queries_with_three_feeds(built: Built) -> None:
    page = sign_in(built.manager)
    here = reverse("program_calendars", args=[built.program.slug])
    counts = []
    for number in (1, 3):
        while Feed.objects.count() < number:
            make(built.manager, FeedKind.PROGRAM, program=built.program)
        page.get(here)
        with CaptureQueriesContext(connection) as found:
            page.get(here)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12
