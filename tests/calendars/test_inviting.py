"""Invitations through the reminder engine: planned in the writer's transaction, sent by the same worker (rule 9)."""

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.services import deactivate_user
from calendars.models import Invitation, ProgramInvitations
from calendars.selectors.meetings import load_plans
from calendars.services.choosing import TimeInput, choose_invitations, set_time, switch_invitations
from calendars.services.inviting import bring_into_line, foresee_switch
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from phases.services import redate_event
from programs.services import fill_role, pause_program, resume_program
from reminders.domain.bounces import Cause
from reminders.domain.preferences import Preferences
from reminders.models import Attempt, Delivery, Mail
from reminders.services import tick
from reminders.services.preferences import change_preferences
from reminders.services.reach import suppress, try_again
from tests.factories import Built, sign_in


def deliveries(built: Built, **where: Any) -> list[tuple[str, str, str, str]]:
    """Person, event, occurrence and state of every invitation, in order."""
    rows = Delivery.objects.filter(rule="invitation", **where).select_related("user").order_by("pk")
    return [(row.user.name.split(".")[0].lower(), row.item_slug, row.occurrence, row.state) for row in rows]


def mails() -> list[EmailMessage]:
    rows = Mail.objects.filter(state="sent", key__contains="invite|").order_by("pk")
    return [cast(EmailMessage, message_from_bytes(bytes(row.mime or b""), policy=policy.default)) for row in rows]


def calendar(mail: EmailMessage) -> Any:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return vobject.readOne(part.get_content())


def move(built: Built, slug: str, day: str) -> None:
    event = built.events[slug]
    redate_event(actor=built.manager, event=event, new_date=dt.date.fromisoformat(day), reason="The sample is late.")


def test_off_unless_switched_on(built: Built) -> None:
    assert bring_into_line(built.program.pk) == 0
    move(built, "gate-30", "2026-02-09")
    assert deliveries(built) == []
    with pytest.raises(NotAllowed):
        switch_invitations(actor=built.owner, program=built.program, on=True)


def test_switching_on_asks_those_who_are_expected_and_twice_changes_nothing(built: Built) -> None:
    switch_invitations(actor=built.manager, program=built.program, on=True)
    first = deliveries(built)
    assert sorted(first) == sorted(
        [
            ("mia", "checkpoint-15", "request-0", "queued"),  # something of hers is due by it
            ("pat", "checkpoint-15", "request-0", "queued"),
            ("pat", "gate-30", "request-0", "queued"),
            ("pat", "gate-60", "request-0", "queued"),
            ("sam", "gate-30", "request-0", "queued"),
            ("sam", "gate-60", "request-0", "queued"),
        ]
    )
    assert bring_into_line(built.program.pk) == 0
    switch_invitations(actor=built.manager, program=built.program, on=True)
    assert deliveries(built) == first
    # The planner of the reminders neither knows nor cancels them; each goes alone, at once on a working day.
    assert tick().sent >= 6
    assert {state for *_, state in deliveries(built)} == {"sent"}
    assert tick().sent == 0


def foreseen(built: Built) -> tuple[int, int, int, int]:
    program, switch = built.program, ProgramInvitations.objects.filter(pk=built.program.pk).first()
    found = foresee_switch(load_plans([program])[0], switch)
    return found.invitations, found.cancellations, found.people, found.withdrawn


def test_a_press_of_the_switch_says_before_what_it_mails_and_mails_that(built: Built) -> None:
    """Rule 8: true numbers beside the button, both ways, and the same question twice writes nothing."""
    page, here = sign_in(built.manager), reverse("program_calendars", args=[built.program.slug])
    choose_invitations(actor=built.sponsor, declines=True)
    assert foreseen(built) == foreseen(built) == (4, 0, 2, 0)
    assert "If you press this now, 2 people get 4 invitations by mail." in page.get(here).content.decode()
    assert "If you press" not in sign_in(built.owner).get(here).content.decode()
    switch_invitations(actor=built.manager, program=built.program, on=True)
    assert [state for *_, state in deliveries(built)] == ["queued"] * 4
    # Nothing has left, so nothing has to be called off.
    assert foreseen(built) == (0, 0, 0, 4)
    shown = page.get(here).content.decode()
    assert "If you press this now, nobody is mailed. 4 mails that wait do not leave." in shown
    tick()
    assert foreseen(built) == (0, 4, 2, 0)
    with CaptureQueriesContext(connection) as queries:
        assert "If you press this now, 2 people get 4 cancellations by mail." in page.get(here).content.decode()
    assert len(queries) <= 15
    switch_invitations(actor=built.manager, program=built.program, on=False)
    assert sorted(deliveries(built, state="queued")) == [
        ("mia", "checkpoint-15", "leave-1", "queued"),
        ("pat", "checkpoint-15", "leave-1", "queued"),
        ("pat", "gate-30", "leave-1", "queued"),
        ("pat", "gate-60", "leave-1", "queued"),
    ]


def test_the_mail_is_laid_out_as_calendars_want_it(inviting: Built) -> None:
    built = inviting
    event = built.events["gate-30"]
    event.name = "Gate 30\r\nBcc: x@evil.example, \u202ewith; 🚦"
    event.save(update_fields=["name"])
    bring_into_line(built.program.pk)
    tick()
    mail = next(mail for mail in mails() if mail["To"].startswith("sam.") and "Gate 30" in mail["Subject"])
    shape = [part.get_content_type() for part in mail.walk()]
    assert shape == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    part = list(mail.walk())[4]
    assert (part.get_param("method"), part.get_content_charset()) == ("REQUEST", "utf-8")
    assert str(part["Content-Type"]).count("charset") == 1
    made = calendar(mail)
    assert made.method.value == "REQUEST"
    sender = mail["From"].addresses[0].addr_spec
    assert made.vevent.organizer.value == f"mailto:{sender}"
    assert made.vevent.attendee.value == f"mailto:{built.sponsor.email}"
    assert made.vevent.dtstart.value == event.due_date
    assert made.vevent.summary.value == "Gate 30 Bcc: x@evil.example, with; 🚦, Claims"
    assert mail["Bcc"] is None
    attached = list(mail.walk())[5]
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content().replace(b"\r\n", b"\n") == part.get_content().replace("\r\n", "\n").encode()
    assert "Tue 3 Feb" in mail["Subject"]
    assert "program sends invitations" in list(mail.walk())[2].get_content()
    keys = set(Mail.objects.filter(key__contains="invite|").values_list("key", flat=True))
    assert f"alone|invite|{event.pk}|0|{built.sponsor.pk}" in keys


def chain(built: Built, person: str) -> list[tuple[str, int, Any]]:
    """What one person was sent about gate 30: method, SEQUENCE, day; all under one UID."""
    found = [calendar(mail) for mail in mails() if mail["To"].startswith(f"{person}.")]
    own = [made for made in found if made.vevent.summary.value.startswith("Gate 1")]
    assert len({made.vevent.uid.value for made in own}) == 1
    return [(m.method.value, int(m.vevent.sequence.value), m.vevent.dtstart.value) for m in own]


def test_move_hold_resume_and_stop_are_told_under_one_name_with_a_growing_number(inviting: Built) -> None:
    built = inviting
    bring_into_line(built.program.pk)
    tick()
    move(built, "gate-30", "2026-02-09")
    move(built, "gate-30", "2026-02-03")
    assert tick().sent == 0, "moved and moved back before anybody heard"
    move(built, "gate-30", "2026-02-10")
    tick()
    pause_program(actor=built.manager, program=built.program, reason="Waiting for the budget.")
    tick()
    built.program.refresh_from_db()
    resume_program(actor=built.manager, program=built.program, reason="It is there.")
    tick()
    set_time(
        actor=built.manager,
        event=built.events["gate-30"],
        wanted=TimeInput(dt.time(9), 90, "Room\n4"),
        version=0,
    )
    tick()
    first, again = dt.date(2026, 2, 3), dt.date(2026, 2, 10)
    told = chain(built, "sam")
    assert [(method, day) for method, _, day in told] == [
        ("REQUEST", first),
        ("REQUEST", again),
        ("CANCEL", again),
        ("REQUEST", again),
        ("REQUEST", dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)),
    ]
    numbers = [number for _, number, _ in told]
    assert numbers == sorted(set(numbers))
    assert chain(built, "pat")[-1][2] == told[-1][2]
    subjects = [mail["Subject"] for mail in mails() if mail["To"].startswith("sam.") and "Gate 1" in mail["Subject"]]
    assert subjects[2] == "Called off, was Tue 10 Feb: Gate 1"
    assert subjects[4] == "Changed, now Tue 10 Feb: Gate 1 at 09:00, Room 4"


def test_who_leaves_is_told_and_who_comes_is_asked(inviting: Built) -> None:
    built = inviting
    bring_into_line(built.program.pk)
    tick()
    fill_role(actor=built.manager, role=built.roles["sponsor"], person=built.people["max"])
    assert {d for d in deliveries(built, state="queued")} == {
        ("sam", "gate-30", "leave-1", "queued"),
        ("sam", "gate-60", "leave-1", "queued"),
        ("max", "gate-30", "request-0", "queued"),
        ("max", "gate-60", "request-0", "queued"),
    }
    # Back before the tick: nobody hears anything.
    built.roles["sponsor"].refresh_from_db()
    fill_role(actor=built.manager, role=built.roles["sponsor"], person=built.sponsor)
    assert deliveries(built, state="queued") == []
    choose_invitations(actor=built.sponsor, declines=True)
    assert [(p, o) for p, _, o, _ in deliveries(built, state="queued")] == [("sam", "leave-2")] * 2
    tick()
    assert chain(built, "sam")[-1][:2] == ("CANCEL", 2)
    choose_invitations(actor=built.sponsor, declines=False)
    tick()
    assert chain(built, "sam")[-1][:2] == ("REQUEST", 3)


def test_a_closed_account_hears_nothing_and_an_unsent_mail_is_not_sent(inviting: Built) -> None:
    built = inviting
    bring_into_line(built.program.pk)
    built.owner.is_administrator = True
    built.owner.save(update_fields=["is_administrator"])
    deactivate_user(actor=built.owner, user=built.sponsor)
    tick()
    assert {mail["To"].split(".")[0] for mail in mails()} == {"pat", "mia"}
    assert {state for person, *_, state in deliveries(built) if person == "sam"} <= {"cancelled"}


def test_not_on_a_day_off_and_never_after_its_day(inviting: Built) -> None:
    built = inviting
    with clock.frozen(dt.datetime(2026, 1, 24, 9, tzinfo=dt.UTC)):  # a Saturday
        bring_into_line(built.program.pk)
        assert tick().sent == 0
    with clock.frozen(dt.datetime(2026, 1, 26, 8, 0, tzinfo=dt.UTC)):
        assert tick().sent > 0
        assert len(mails()) == 6
    with clock.frozen(dt.datetime(2026, 2, 4, 9, tzinfo=dt.UTC)):
        pause_program(actor=built.manager, program=built.program, reason="No budget.")
        assert {(slug, word) for _, slug, word, _ in deliveries(built, state="queued")} == {("gate-60", "cancel-1")}


def test_rule_5_an_invitation_waits_for_a_decent_hour_and_a_day_without_quiet(inviting: Built) -> None:
    """Only the mail of a gate's own day knows no hour (reminders.md rule 5)."""
    built = inviting
    change_preferences(actor=built.sponsor, user=built.sponsor, wanted=Preferences(quiet=frozenset({1})), version=0)
    with clock.frozen(dt.datetime(2026, 1, 27, 2, tzinfo=dt.UTC)):  # a Tuesday, 03:00 in Berlin
        bring_into_line(built.program.pk)
        assert tick().sent == 0
    with clock.frozen(dt.datetime(2026, 1, 27, 9, tzinfo=dt.UTC)):
        assert tick().sent > 0
        assert "sam" not in {mail["To"].split(".")[0] for mail in mails()}
    with clock.frozen(dt.datetime(2026, 1, 28, 9, tzinfo=dt.UTC)):
        assert tick().sent > 0
        assert "sam" in {mail["To"].split(".")[0] for mail in mails()}


def test_a_mail_of_an_older_version_never_leaves_after_a_newer_one_was_planned(inviting: Built) -> None:
    built = inviting
    bring_into_line(built.program.pk)
    Invitation.objects.filter(user=built.sponsor).update(sequence=7)
    tick()
    rows = Delivery.objects.filter(rule="invitation", user=built.sponsor)
    assert {(row.state, row.reason) for row in rows} == {("cancelled", "A newer version of this invitation follows")}


@pytest.mark.parametrize(("begun", "newest"), [(False, "request-2"), (True, "request-0")])
def test_a_mail_under_a_lease_counts_as_told_once_a_server_was_spoken_to(
    inviting: Built, begun: bool, newest: str
) -> None:
    """Withdrawn before that it never leaves; counted as told, nobody would hear of a gate that moved and moved back."""
    built = inviting
    bring_into_line(built.program.pk)
    row = Delivery.objects.get(rule="invitation", user=built.sponsor, item_slug="gate-30")
    row.mail = Mail.objects.create(
        key="m", message_id="<m@x>", user=built.sponsor, address="sam@example.org", local_date=clock.now().date(),
        state="leased", claim="c", attempts=1, not_before=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    row.state = "leased"
    row.save()
    if begun:
        Attempt.objects.create(mail=row.mail, number=1, started_at=clock.now())
    move(built, "gate-30", "2026-02-10")
    move(built, "gate-30", "2026-02-03")
    own = {occurrence: state for *who, occurrence, state in deliveries(built) if who == ["sam", "gate-30"]}
    assert own.pop(newest) == ("cancelled" if begun else "queued")  # the answer of the server says that it left
    assert set(own.values()) == {"cancelled"}


def test_the_time_of_a_review_is_guarded(built: Built) -> None:
    gate, manager = built.events["gate-30"], built.manager
    made = set_time(actor=manager, event=gate, wanted=TimeInput(dt.time(9), 60, ""), version=0)
    assert made.version == 1
    with pytest.raises(Conflict):
        set_time(actor=manager, event=gate, wanted=TimeInput(None, 60, ""), version=0)
    with pytest.raises(Invalid):
        set_time(actor=manager, event=gate, wanted=TimeInput(None, 5, ""), version=1)
    with pytest.raises(NotAllowed):
        set_time(actor=built.owner, event=gate, wanted=TimeInput(None, 60, ""), version=1)


def test_p7_nobody_is_invited_at_an_address_whose_mail_comes_back_until_it_arrives_again(built: Built) -> None:
    switch_invitations(actor=built.manager, program=built.program, on=True)
    suppress(address=built.owner.email, cause=Cause.BOUNCED, words="550 no such user", at=clock.now())
    tick()
    hers = [row for row in deliveries(built) if row[0] == "mia"]
    assert hers == [("mia", "checkpoint-15", "request-0", "cancelled")]
    assert all("mia" not in str(mail["To"]) for mail in mails())
    move(built, "checkpoint-15", "2026-02-02")  # nothing is piled up for her meanwhile
    assert [row for row in deliveries(built) if row[0] == "mia"] == hers
    try_again(actor=built.owner)
    tick()
    assert [row for row in deliveries(built) if row[0] == "mia"] == [
        *hers,
        ("mia", "checkpoint-15", "request-1", "sent"),
    ]


def test_an_invitation_offers_no_snooze_which_its_page_would_refuse(built: Built) -> None:
    switch_invitations(actor=built.manager, program=built.program, on=True)
    tick()
    assert mails()
    assert all("Snooze" not in str(mail) for mail in mails())
