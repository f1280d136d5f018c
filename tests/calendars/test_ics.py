"""Calendar files against an independent reader (vobject): properties, folding, escaping, hours over both changes."""

import datetime as dt
from typing import Any

import pytest
import vobject

from calendars.domain.ics import Item, Mailbox, feed, instant, invitation, uid
from calendars.enums import Method

STAMP = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)
ORGANIZER = Mailbox("Roadmap 90", "roadmap90@example.org")
GUEST = Mailbox('Zoë "Z", von; Ж', "zoe@example.org")
NASTY = (
    "Gate 1: yes, no; maybe\\ \u202egnp.exe\u202c 🚦\r\nBEGIN:VALARM\r\nATTENDEE:mailto:x@evil.example\x00" + "ü🚦" * 60
)


def item(**changes: Any) -> Item:
    return Item(
        **{
            "uid": uid("event", 1, "example.org"),
            "sequence": 2,
            "summary": "Gate 1",
            "on": dt.date(2026, 2, 3),
            **changes,
        }
    )


def lines(data: bytes) -> list[bytes]:
    """The physical lines; every one ends in CR LF and holds 75 octets at most, none is cut inside a character."""
    assert data.endswith(b"\r\n")
    found = data.split(b"\r\n")[:-1]
    assert all(b"\n" not in line and b"\r" not in line for line in found)
    assert max(map(len, found)) <= 75
    for line in found:
        line.decode()
    return found


def read(data: bytes) -> Any:
    lines(data)
    return vobject.readOne(data.decode())


@pytest.mark.parametrize("method", list(Method))
def test_an_invitation_has_what_calendars_want(method: Method) -> None:
    made = read(
        invitation(item(cancelled=method is Method.CANCEL, url="https://r.example/g"), method, ORGANIZER, GUEST, STAMP)
    )
    event = made.vevent
    assert (made.method.value, made.version.value) == (method.value.upper(), "2.0")
    assert made.prodid.value
    assert event.uid.value == uid("event", 1, "example.org")
    assert event.sequence.value == "2"
    assert event.status.value == ("CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    assert event.dtstamp.value == STAMP
    assert (event.dtstart.value, event.dtend.value) == (dt.date(2026, 2, 3), dt.date(2026, 2, 4))
    assert event.dtstart.params["VALUE"] == ["DATE"]
    assert event.organizer.value == "mailto:roadmap90@example.org"
    assert [guest.value for guest in event.attendee_list] == ["mailto:zoe@example.org"]
    assert event.attendee.params.get("RSVP") == (["TRUE"] if method is Method.REQUEST else None)


def test_what_people_typed_can_neither_break_nor_add_a_line() -> None:
    hostile = Mailbox("A\r\nATTENDEE:mailto:x@evil.example", "a\r\n b@example.org")
    data = invitation(
        item(summary=NASTY, place=NASTY, note=NASTY, url="https://r.example/\r\nX:y"),
        Method.REQUEST,
        hostile,
        hostile,
        STAMP,
    )
    event = read(data).vevent
    names = [line.split(b":")[0].split(b";")[0] for line in lines(data) if not line.startswith(b" ")]
    assert names.count(b"ATTENDEE") == names.count(b"ORGANIZER") == names.count(b"BEGIN") - 1 == 1
    assert b"X" not in names
    assert event.summary.value.startswith("Gate 1: yes, no; maybe\\ gnp.exe 🚦 BEGIN:VALARM ATTENDEE")
    assert event.location.value == event.summary.value
    assert "\u202e" not in data.decode()
    assert event.attendee.value == "mailto:ab@example.org"
    assert len(event.summary.value) <= 200


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("Europe/Berlin", "2026-03-28", "09:00", "08:00"),
        ("Europe/Berlin", "2026-03-29", "09:00", "07:00"),
        ("Europe/Berlin", "2026-10-24", "09:00", "07:00"),
        ("Europe/Berlin", "2026-10-25", "09:00", "08:00"),
        ("America/New_York", "2026-03-08", "09:00", "13:00"),
        ("America/New_York", "2026-11-01", "09:30", "14:30"),
        ("Asia/Kolkata", "2026-03-29", "09:00", "03:30"),
    ],
)
def test_nine_stays_nine_over_both_changes_of_the_clocks(zone: str, day: str, at: str, utc: str) -> None:
    on = dt.date.fromisoformat(day)
    begins = instant(on, dt.time.fromisoformat(at), zone)
    event = read(feed("x", [item(on=on, at=begins, minutes=90)], STAMP)).vevent
    assert event.dtstart.value == dt.datetime.combine(on, dt.time.fromisoformat(utc), dt.UTC)
    assert event.dtend.value - event.dtstart.value == dt.timedelta(minutes=90)
    assert b"Z\r\n" in event.dtstart.serialize().encode() or event.dtstart.value.tzinfo is not None


def test_a_feed_says_its_name_and_when_to_come_again() -> None:
    data = feed("Claims all", [item(), item(uid=uid("event", 2, "example.org"), cancelled=True, sequence=5)], STAMP)
    made = read(data)
    assert made.contents["x-wr-calname"][0].value == "Claims all"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in data
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in data
    assert "method" not in made.contents
    assert b"ORGANIZER" not in data
    assert [(e.sequence.value, e.status.value) for e in made.vevent_list] == [("2", "CONFIRMED"), ("5", "CANCELLED")]
    assert len({e.uid.value for e in made.vevent_list}) == 2
    assert read(feed("Empty", [], STAMP)).version.value == "2.0"
