"""A program specification: what a program manager hands in, as a file or through the form, checked and typed.

Every fault is told at once with its place. Must not know the database: whether a person already has an account is the
launch service's business.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from accounts.domain.zones import known_zone
from playbooks.domain.crosschecks import REQUIRED_ROLES
from playbooks.domain.faults import Fault, FileFaultsError, place_of
from playbooks.domain.playbook import Playbook
from playbooks.domain.profile import Profile
from playbooks.domain.shapes import Frozen, Note, Slug, faults_of, known, show
from playbooks.domain.yamltree import Tree, read_tree
from programs.domain.calendar import WorkCalendar, known_country

EARLIEST_START = date(2000, 1, 1)
LATEST_START = date(2099, 12, 31)
MAX_PEOPLE = 200
MAX_DAYS_OFF = 400

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62}\Z")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _real_date(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DATE.match(value.strip()):
        raise ValueError(f"must be a date like 2026-10-12, not {show(value)}")
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"{show(value)} is not a real date") from None


def _start_in_range(value: Any) -> Any:
    on = _real_date(value)
    if not EARLIEST_START <= on <= LATEST_START:
        raise ValueError(f"must lie between {EARLIEST_START} and {LATEST_START}, not {on}")
    return on


def _zone(value: Any) -> Any:
    if not isinstance(value, str) or not known_zone(value.strip()):
        raise ValueError(f"{show(value)} is not a time zone; write one like Europe/Berlin or UTC")
    return value


def _country(value: Any) -> Any:
    if not isinstance(value, str) or not known_country(value.strip()) or not value.strip():
        raise ValueError(f"{show(value)} is not a country with known public holidays; write its code, like DE or US")
    return value


def _weekend_day(value: Any) -> Any:
    name = value.strip().lower()[:3] if isinstance(value, str) else None
    if name not in WEEKDAYS:
        raise ValueError(f"{show(value)} is not a weekday; write {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(name)


def _email(value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > 254 or not _EMAIL.match(text) or ".." in text or text.split("@")[0].strip(".") != text.split("@")[0]:
        raise ValueError(f"{show(value)} is not an e-mail address")
    return text


def _seen_text(value: Any) -> Any:
    if isinstance(value, str) and _UNSEEN.search(value.strip()):
        raise ValueError("holds a control or text-direction character; it must be one line of plain text")
    return value


RealDate = Annotated[date, BeforeValidator(_real_date)]
Email = Annotated[str, BeforeValidator(_email)]
Zone = Annotated[str, BeforeValidator(_zone)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=120), BeforeValidator(_seen_text)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Measure = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]


class CalendarSpec(Frozen):
    """Which days the program works."""

    country: Annotated[str, BeforeValidator(_country)]
    subdivision: Annotated[str, StringConstraints(max_length=20)] | None = None
    weekend: tuple[Annotated[int, BeforeValidator(_weekend_day)], ...] = Field(default=(5, 6), max_length=6)
    extra_days_off: tuple[RealDate, ...] = Field(default=(), max_length=MAX_DAYS_OFF)

    def work_calendar(self) -> WorkCalendar:
        """The calendar these settings describe."""
        return WorkCalendar.build(
            country=self.country,
            subdivision=self.subdivision,
            weekend=self.weekend,
            extra_days_off=self.extra_days_off,
        )


class CostCeiling(Frozen):
    """What running the system may cost a year, in one currency."""

    amount: Amount
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class ProgramSpec(Frozen):
    """The program itself."""

    name: Title
    portfolio: Title
    playbook: Slug
    start_date: Annotated[date, BeforeValidator(_start_in_range)]
    time_zone: Zone
    calendar: CalendarSpec
    profile: Profile
    strategic_priority: Annotated[str, StringConstraints(max_length=400)] = ""
    cost_ceiling: CostCeiling | None = None


class OutcomeSpec(Frozen):
    """What shall change, from where to where, by when."""

    problem: Note = ""
    affected: Note = ""
    measure: Annotated[str, StringConstraints(max_length=300)] = ""
    unit: Annotated[str, StringConstraints(max_length=60)] = ""
    baseline: Measure | None = None
    target: Measure | None = None
    target_date: RealDate | None = None
    guardrail: Note = ""


class PersonSpec(Frozen):
    """Somebody who takes part; without a time zone of their own they get the program's."""

    name: Title
    email: Email
    time_zone: Zone | None = None
    reminder_hour: Annotated[int, Field(strict=True, ge=0, le=23)] = 8


class RoleSpec(Frozen):
    """Who holds a role and who stands in; both by e-mail, both may be absent (a gap)."""

    person: Email | None = None
    deputy: Email | None = None


class LaunchSpec(Frozen):
    """A whole specification, checked."""

    program: ProgramSpec
    outcome: OutcomeSpec | None = None
    people: tuple[PersonSpec, ...] = Field(default=(), max_length=MAX_PEOPLE)
    roles: dict[Slug, RoleSpec] = {}


def parse_spec(source: str | bytes, playbooks: Mapping[str, Playbook]) -> LaunchSpec:
    """The specification in `source`; `playbooks` holds the known ones by slug.

    Raises `FileFaultsError` with every fault found, each with its place and line.
    """
    return check_spec(read_tree(source), playbooks)


def check_spec(tree: Tree, playbooks: Mapping[str, Playbook]) -> LaunchSpec:
    """The same for data that is already plain lists and dicts (the launch form)."""
    faults = list(_cross_faults(tree, playbooks))
    spec = None
    try:
        spec = LaunchSpec.model_validate(tree.data)
    except ValidationError as error:
        taken = {fault.place for fault in faults}
        faults += [fault for fault in faults_of(error, tree, LaunchSpec) if fault.place not in taken]
    if spec is None or faults:
        raise FileFaultsError(faults)
    return spec


def _cross_faults(tree: Tree, playbooks: Mapping[str, Playbook]) -> Iterator[Fault]:
    program = _mapping(tree.data.get("program"))
    for path, message in (
        *_playbook_faults(program, playbooks),
        *_calendar_faults(_mapping(program.get("calendar"))),
        *_people_faults(tree.data),
        *_role_faults(tree.data, playbooks.get(str(program.get("playbook")))),
    ):
        yield Fault(tree.line_of(path), place_of(path), message)


_Found = Iterator[tuple[tuple[str | int, ...], str]]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) else None


def _playbook_faults(program: dict[str, Any], playbooks: Mapping[str, Playbook]) -> _Found:
    slug = _plain(program.get("playbook"))
    if slug and slug not in playbooks:
        yield ("program", "playbook"), f"{show(slug)} is not a known playbook; known: {known(playbooks)}"


def _calendar_faults(calendar: dict[str, Any]) -> _Found:
    country, subdivision = _plain(calendar.get("country")), _plain(calendar.get("subdivision"))
    if country and subdivision and known_country(country) and not known_country(country, subdivision):
        path = ("program", "calendar", "subdivision")
        yield path, f"{show(subdivision)} is not a part of {country} whose public holidays are known"


def _people_faults(data: dict[str, Any]) -> _Found:
    first: dict[str, int] = {}
    people = data.get("people")
    for at, person in enumerate(people if isinstance(people, list) else []):
        email = _plain(_mapping(person).get("email"))
        if email and first.setdefault(email.lower(), at) != at:
            yield ("people", at, "email"), f"{show(email)} is already people[{first[email.lower()]}]"


def _role_faults(data: dict[str, Any], playbook: Playbook | None) -> _Found:
    people = data.get("people")
    listed = people if isinstance(people, list) else []
    emails = {email.lower() for person in listed if (email := _plain(_mapping(person).get("email")))}
    roles = _mapping(data.get("roles"))
    for slug, filled in roles.items():
        if playbook is not None and slug not in playbook.role_slugs:
            allowed = ", ".join(playbook.role_slugs)
            yield ("roles", slug), f"{show(slug)} is not a role of this playbook; known: {allowed}"
        named = {key: _plain(_mapping(filled).get(key)) for key in ("person", "deputy")}
        for key, email in named.items():
            if email and _EMAIL.match(email) and email.lower() not in emails:
                yield ("roles", slug, key), f"{show(email)} is not listed under people"
        if named["person"] and named["deputy"] and named["person"].lower() == named["deputy"].lower():
            yield ("roles", slug, "deputy"), "the deputy is the same person as the holder"
    for slug in REQUIRED_ROLES:
        filled = roles.get(slug) or {}
        if isinstance(filled, dict) and not _plain(filled.get("person")):
            yield ("roles", slug), "is missing: a program cannot start without a person in this role"
