"""Writes iCalendar files (RFC 5545): an invitation to one person, and a feed of many dates. Pure.

Text that people typed is cleaned here once more: a line break in an address or a link would raise, and a mail that
cannot be made is never sent.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from calendars.enums import Method
from core.text import many_lines, one_line, shorten
from programs.domain.localtime import zone_of

PRODUCT = "-//Roadmap 90//Calendars//EN"
REFRESH = dt.timedelta(hours=6)
SUMMARY_LIMIT = 200


@dataclass(frozen=True)
class Item:
    """One date: a whole day, or an hour of it where `at` is an aware instant (then `minutes` long)."""

    uid: str
    sequence: int
    summary: str
    on: dt.date
    at: dt.datetime | None = None
    minutes: int = 60
    place: str = ""
    url: str = ""
    note: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class Mailbox:
    """A name and an address."""

    name: str
    address: str


def uid(kind: str, number: int, domain: str, day: dt.date | None = None) -> str:
    """The name of one thing in every calendar, for ever, which says nothing; `day` tells dates of one series apart."""
    name = hashlib.sha256(f"{kind}|{number}|{day or ''}".encode()).hexdigest()[:32]
    return f"{name}@{domain}"


def instant(on: dt.date, at: dt.time, zone: str) -> dt.datetime:
    """The UTC instant at which clocks in `zone` show `at` on that day; the first of two, after a gap if skipped."""
    wall: ZoneInfo = zone_of(zone)
    return dt.datetime.combine(on, at, tzinfo=wall).astimezone(dt.UTC)


def invitation(item: Item, method: Method, organizer: Mailbox, attendee: Mailbox, stamp: dt.datetime) -> bytes:
    """A file that asks one person to come, or calls it off. `organizer` must be the mailbox that sends it."""
    calendar = _calendar()
    calendar.add("method", method.value.upper())
    event = _event(item, stamp)
    event.add("organizer", _address(organizer), encode=False)
    guest = _address(attendee)
    guest.params["CUTYPE"] = vText("INDIVIDUAL")
    guest.params["ROLE"] = vText("REQ-PARTICIPANT")
    if method is Method.REQUEST:
        guest.params["PARTSTAT"] = vText("NEEDS-ACTION")
        guest.params["RSVP"] = vText("TRUE")
    event.add("attendee", guest, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def feed(name: str, items: Iterable[Item], stamp: dt.datetime) -> bytes:
    """A file to subscribe to. It names no METHOD: that would want an organizer, and a feed names nobody."""
    calendar = _calendar()
    name = _line(name)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for item in items:
        calendar.add_component(_event(item, stamp))
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(item: Item, stamp: dt.datetime) -> Event:
    event = Event()
    event.add("uid", item.uid)
    event.add("sequence", item.sequence)
    event.add("dtstamp", stamp)
    event.add("summary", _line(item.summary))
    if item.at is None:
        event.add("dtstart", item.on)
        event.add("dtend", item.on + dt.timedelta(days=1))
        # A day that is due blocks nobody's day.
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", item.at.astimezone(dt.UTC))
        event.add("dtend", item.at.astimezone(dt.UTC) + dt.timedelta(minutes=item.minutes))
        event.add("transp", "OPAQUE")
    event.add("status", "CANCELLED" if item.cancelled else "CONFIRMED")
    if place := _line(item.place):
        event.add("location", place)
    if note := many_lines(item.note):
        event.add("description", note)
    if item.url:
        event.add("url", one_line(item.url))
    return event


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{one_line(mailbox.address).replace(' ', '')}")
    address.params["CN"] = vText(_line(mailbox.name))
    return address


def _line(text: str) -> str:
    return shorten(one_line(text), SUMMARY_LIMIT)
