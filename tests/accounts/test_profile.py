"""One's own profile: zone, hour, absences, sessions (P9, S60)."""

import datetime as dt

import pytest
from django.test import Client

from accounts import services
from accounts.domain import absences, zones
from accounts.models import Absence, User
from activity.models import Entry
from core import clock
from core.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
TYPED = {"name": "Mia Weber", "time_zone": "America/New_York", "reminder_hour": "9"}
DAY = dt.date(2026, 11, 23)


def test_saving_changes_name_zone_and_hour_and_records_what_the_planner_needs(as_member: Client, member: User) -> None:
    page = as_member.post("/profile/", TYPED, follow=True)
    assert "Your profile is saved." in page.content.decode()
    member.refresh_from_db()
    assert (member.name, member.time_zone, member.reminder_hour) == ("Mia Weber", "America/New_York", 9)
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_id) == ("user.changed", member.pk)
    assert entry.data == {
        "changes": {"name": [], "time_zone": ["Europe/Berlin", "America/New_York"], "reminder_hour": [8, 9]}
    }


def test_saving_without_a_change_records_nothing(as_member: Client) -> None:
    as_member.post("/profile/", {"name": "Mia", "time_zone": "Europe/Berlin", "reminder_hour": "8"})
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("time_zone", "Europe/Atlantis", "Choose a time zone such as Europe/Berlin."),
        ("time_zone", "", "Choose a time zone such as Europe/Berlin."),
        ("time_zone", "/etc/localtime", "Choose a time zone such as Europe/Berlin."),
        ("reminder_hour", "24", "Select a valid choice."),
        ("reminder_hour", "-1", "Select a valid choice."),
        ("name", "", "This field is required."),
        ("name", "\u200e\u202a", "Enter the name others will see."),
    ],
)
def test_bad_input_keeps_what_was_typed_with_the_message_at_the_field(
    as_member: Client, member: User, field: str, value: str, message: str
) -> None:
    page = as_member.post("/profile/", {**TYPED, field: value})
    assert page.status_code == 422
    assert message in " ".join(page.context["form"].errors[field])
    kept = {name: page.context["form"][name].value() for name in TYPED}
    assert kept == {**TYPED, field: value}
    member.refresh_from_db()
    assert (member.name, member.time_zone) == ("Mia", "Europe/Berlin")


def test_a_zone_that_is_an_alias_stays_choosable(as_member: Client, member: User) -> None:
    User.objects.filter(pk=member.pk).update(time_zone="US/Eastern")
    assert '<option value="US/Eastern" selected>' in as_member.get("/profile/").content.decode()
    assert as_member.post("/profile/", {**TYPED, "time_zone": "US/Eastern"}).status_code == 302


def test_zones_offered_are_zones_taken() -> None:
    offered = [name for _, names in zones.zone_groups() for name in names]
    assert len(offered) > 400
    assert len(offered) == len(set(offered))
    assert all(zones.known_zone(name) for name in offered)
    assert not any(zones.known_zone(name) for name in ("", "Factory", "localtime", "europe/berlin", "../UTC"))


def test_only_the_person_or_an_administrator_changes_a_profile(admin: User, member: User) -> None:
    with pytest.raises(NotAllowed, match="Only the person or an administrator"):
        services.change_profile(actor=member, user=admin, name="X", time_zone="UTC", reminder_hour=8)
    services.change_profile(actor=admin, user=member, name="X", time_zone="UTC", reminder_hour=8)
    with pytest.raises(Invalid, match="from 0 to 23"):
        services.change_profile(actor=admin, user=member, name="X", time_zone="UTC", reminder_hour=24)


def test_absences_are_added_listed_and_removed_and_recorded(as_member: Client, member: User) -> None:
    today = clock.today("Europe/Berlin")
    first, last = today + dt.timedelta(days=3), today + dt.timedelta(days=7)
    page = as_member.post("/profile/absences/", {"start": str(first), "end": str(last)}, follow=True)
    assert "Your absence is noted." in page.content.decode()
    absence = member.absences.get()
    assert (absence.start, absence.end) == (first, last)
    as_member.post(f"/profile/absences/{absence.pk}/remove/")
    assert not member.absences.exists()
    assert [(entry.verb, entry.data) for entry in Entry.objects.order_by("id")] == [
        ("absence.changed", {"change": change, "start": str(first), "end": str(last)})
        for change in ("added", "removed")
    ]


def test_one_day_is_an_absence() -> None:
    assert absences.fault(DAY, DAY, [], DAY) is None


@pytest.mark.parametrize(
    ("start", "end", "field", "message"),
    [
        (DAY, DAY - dt.timedelta(days=1), "end", "The last day is before the first (23 Nov 2026)."),
        (DAY - dt.timedelta(days=9), DAY - dt.timedelta(days=1), "end", "These days are already over."),
        (DAY, DAY + dt.timedelta(days=366), "end", "One absence lasts at most 366 days"),
        (DAY, dt.date(2026, 12, 1), "start", "You already have an absence from 1 Dec 2026 to 2 Dec 2026."),
        (dt.date(2026, 12, 2), dt.date(2026, 12, 9), "start", "You already have an absence from 1 Dec 2026"),
    ],
)
def test_rules_for_days_away(start: dt.date, end: dt.date, field: str, message: str) -> None:
    found = absences.fault(start, end, [(dt.date(2026, 12, 1), dt.date(2026, 12, 2))], DAY)
    assert found is not None
    assert found[0] == field
    assert message in found[1]


def test_touching_absences_do_not_overlap() -> None:
    taken = [(dt.date(2026, 12, 1), dt.date(2026, 12, 2))]
    assert absences.fault(dt.date(2026, 12, 3), dt.date(2026, 12, 4), taken, DAY) is None
    assert absences.fault(dt.date(2026, 11, 29), dt.date(2026, 11, 30), taken, DAY) is None


def test_a_bad_absence_keeps_what_was_typed(as_member: Client, member: User) -> None:
    start = clock.today("Europe/Berlin") + dt.timedelta(days=5)
    page = as_member.post("/profile/absences/", {"start": str(start), "end": str(start - dt.timedelta(days=1))})
    text = page.content.decode()
    assert page.status_code == 422
    assert f'value="{start}"' in text
    assert "The last day is before the first" in text
    assert not Absence.objects.exists()
    assert as_member.post("/profile/absences/", {"start": "soon", "end": ""}).status_code == 422


def test_over_is_judged_where_the_person_is(member: User) -> None:
    with clock.frozen(dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)):  # already the 24th in Berlin
        with pytest.raises(Invalid, match="already over"):
            services.add_absence(actor=member, user=member, start=DAY, end=DAY)
        services.change_profile(actor=member, user=member, name="Mia", time_zone="UTC", reminder_hour=8)
        services.add_absence(actor=member, user=member, start=DAY, end=DAY)


def test_nobody_removes_the_absence_of_somebody_else(as_member: Client, admin: User, member: User) -> None:
    other = Absence.objects.create(user=admin, start=DAY, end=DAY)
    assert as_member.post(f"/profile/absences/{other.pk}/remove/").status_code == 404
    with pytest.raises(NotAllowed, match="Only the person or an administrator"):
        services.remove_absence(actor=member, absence=other)
    assert Absence.objects.count() == 1


def test_signing_out_elsewhere_keeps_this_session(as_member: Client, member: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(member)
    assert elsewhere.get("/profile/").status_code == 200
    assert as_member.post("/profile/other-sessions/").status_code == 302
    assert as_member.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
