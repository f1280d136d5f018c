"""The engine as a whole on the test database: plan, compose, send, and what every change does to what waits."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction

from accounts.models import Absence
from activity import services as activity
from activity.enums import Verb
from phases import services as phases
from phases.models import Event, Task
from programs import services as programs
from programs.models import OwnershipArea, Program
from reminders.defaults import limits
from reminders.domain.gone import EXAMPLE
from reminders.enums import State
from reminders.models import Delivery, EngineState, Mail, Preference, ProgramPlan
from reminders.services import copy_default_rules, planning, tick
from reminders.services.lookups import Lookups
from reminders.services.planning import plan_program
from reminders.services.sending import SendCount
from tests import factories
from tests.reminders.quiet import without_updates

# In the small program: task `train` is due on day 20, Sat 24 Jan, so on Mon 26 Jan; criterion `accuracy` on day 26,
# Fri 30 Jan; gate 30 on day 30, Tue 3 Feb.
DAY_BEFORE = "2026-01-23 08:00"
DUE_DAY = "2026-01-26 08:00"


def rows(**where):
    return list(Delivery.objects.filter(**where).order_by("planned_for", "key"))


def open_rows(**where):
    return rows(state=State.QUEUED, **where)


def test_p3_planning_twice_changes_nothing(built, at):
    now = at("2026-01-22 10:00")
    first = plan_program(built.program.pk, now)
    before = [(row.key, row.not_before) for row in rows()]
    ProgramPlan.objects.update(dirty=True)
    second = plan_program(built.program.pk, now)
    assert first.planned == len(before) > 0
    assert second.planned == 0
    assert [(row.key, row.not_before) for row in rows()] == before


def test_a_reminder_leaves_once_at_the_recipients_hour(built, at, sink):
    at("2026-01-22 10:00")
    tick()
    at("2026-01-23 07:59")
    assert tick().sent == 0
    at(DAY_BEFORE)
    assert tick().sent == 1
    assert tick().sent == 0
    assert [mail["To"] for mail in sink.mails] == ["mia.claims@example.org"]
    assert sink.subjects == ["Due Mon 26 Jan: Do the train and 1 more"]


def test_p11_work_done_a_moment_ago_is_not_mailed(built, at, sink):
    at("2026-01-22 10:00")
    tick()
    phases.complete_task(actor=built.owner, task=built.tasks["train"])
    assert {(row.state, row.reason) for row in rows(item_kind="task")} == {(State.CANCELLED, "Done")}
    at(DAY_BEFORE)
    tick()
    assert "train" not in "".join(sink.texts())


def test_p11_done_between_composing_and_sending(built, at, sink, monkeypatch):
    at(DUE_DAY)
    tick_until_composed(monkeypatch)
    assert Mail.objects.get(user=built.owner).state == State.QUEUED
    phases.complete_task(actor=built.owner, task=built.tasks["train"])
    tick()
    assert sink.subjects == []
    assert Mail.objects.get(user=built.owner).reason == "Nothing in it had a cause any more"


def tick_until_composed(monkeypatch):
    """Run a pass whose sending finds nothing, as if the process had died right after composing."""
    with monkeypatch.context() as patch:
        patch.setattr("reminders.services.ticking.send_claimed", lambda now: SendCount())
        tick()


def test_p11_an_area_that_got_its_owner_a_moment_ago_is_not_told_as_vacant(built, at):
    now = at("2026-01-22 10:00")
    role = built.roles["monitoring-owner"]
    OwnershipArea.objects.create(program=built.program, role=role, slug="monitoring", name="Monitoring")
    plan_program(built.program.pk, now)
    row = rows(rule="area-vacant")[-1]
    assert Lookups([row]).why_not(row, now) == ""
    programs.fill_role(actor=built.manager, role=role, person=built.people["max"])
    assert Lookups([row]).why_not(row, now) == "The area has an owner again"


def test_rule_3_a_moved_date_cancels_and_plans_anew_and_back_again(built, at, sink):
    at("2026-01-22 10:00")
    tick()
    task = built.tasks["train"]
    key = f"task:{task.pk}|item-due|T-1|2026-01-26|u{built.owner.pk}"
    phases.redate(actor=built.manager, item=task, new_date=dt.date(2026, 2, 20), reason="the data is late")
    assert Delivery.objects.get(key=key).state == State.CANCELLED
    assert Delivery.objects.get(key=key).reason == "The date moved to 2026-02-20"
    tick()
    phases.redate(actor=built.manager, item=task, new_date=dt.date(2026, 1, 26), reason="it came after all")
    tick()
    assert Delivery.objects.get(key=key).state == State.QUEUED
    at(DAY_BEFORE)
    tick()
    assert Delivery.objects.get(key=key).state == State.SENT
    phases.redate(actor=built.manager, item=task, new_date=dt.date(2026, 1, 27), reason="one more day")
    phases.redate(actor=built.manager, item=task, new_date=dt.date(2026, 1, 26), reason="no, it stays")
    tick()
    assert len(sink.mails) == 1


def test_reassigned_work_moves_what_was_not_delivered(built, at, sink):
    at("2026-01-22 10:00")
    tick()
    task = built.tasks["train"]
    phases.reassign(actor=built.manager, item=task, person=built.people["max"], reason="holiday cover")
    tick()
    waiting = open_rows(item_kind="task", item_id=task.pk)
    assert {row.user_id for row in waiting} == {built.people["max"].pk}
    at(DAY_BEFORE)
    tick()
    assert sorted(mail["To"] for mail in sink.mails) == ["max.claims@example.org", "mia.claims@example.org"]


def test_a_paused_program_is_silent_and_comes_back(built, at, sink):
    at("2026-01-22 10:00")
    tick()
    programs.pause_program(actor=built.manager, program=built.program, reason="budget freeze")
    assert {row.state for row in rows()} == {State.CANCELLED}
    at(DAY_BEFORE)
    assert tick().sent == 0
    programs.resume_program(actor=built.manager, program=built.program, reason="money is back")
    at("2026-01-23 09:00")
    assert tick().sent == 1


def test_a_vacated_role_hands_its_items_to_the_manager(built, at, sink):
    at("2026-01-22 10:00")
    tick()
    programs.vacate_role(actor=built.manager, role=built.roles["model-owner"])
    at(DAY_BEFORE)
    tick()
    assert [mail["To"] for mail in sink.mails] == ["pat.claims@example.org"]
    assert "Gap: Nobody owns this: Model owner is vacant" in sink.texts()[0]


def test_a_deactivated_person_gets_nothing_more(built, at, sink):
    at("2026-01-22 10:00")
    tick()
    built.owner.is_active = False
    built.owner.save()
    record_person(built, Verb.USER_DEACTIVATED)
    assert open_rows(user=built.owner) == []
    at(DAY_BEFORE)
    tick()
    assert [mail["To"] for mail in sink.mails] == ["pat.claims@example.org"]


def test_an_absent_owner_is_replaced_by_the_deputy(built, at, sink):
    at("2026-01-22 10:00")
    tick()
    Absence.objects.create(user=built.owner, start=dt.date(2026, 1, 23), end=dt.date(2026, 1, 23))
    record_person(built, Verb.ABSENCE_CHANGED)
    at(DAY_BEFORE)
    tick()
    assert [mail["To"] for mail in sink.mails] == ["max.claims@example.org"]


def record_person(built, verb):
    with transaction.atomic():
        activity.record(actor_id=None, verb=verb, subject_kind="user", subject_id=built.owner.pk)


def test_handed_in_work_asks_the_verifier_from_then_on(built, at, sink):
    at("2026-01-29 10:00")
    tick()
    criterion = built.criteria["accuracy"]
    phases.add_evidence(
        actor=built.owner,
        criterion=criterion,
        kind="note",
        title="Report",
        note="0.93",
        effective_date=dt.date(2026, 1, 29),
    )
    criterion.refresh_from_db()
    phases.hand_in(actor=built.owner, criterion=criterion)
    at("2026-01-30 08:00")
    tick()
    about = [row.user_id for row in rows(item_kind="criterion", occurrence="T0", state=State.SENT)]
    assert about == [built.verifier.pk]


def test_p6_three_days_down_is_one_collapsed_mail_per_person_and_item(built, at, sink):
    at("2026-01-23 09:00")
    tick()
    at("2026-01-29 09:30")
    tick()
    tick()
    to_owner = [text for mail, text in zip(sink.mails, sink.texts(), strict=True) if mail["To"].startswith("mia")]
    assert len(to_owner) == 2  # Friday's, and one for everything missed
    assert to_owner[1].count("Do the train") == 1
    assert "Overdue by 3 working days: Do the train" in to_owner[1]
    skipped = Delivery.objects.filter(item_kind="task", occurrence__in=["T0", "+1"])
    assert [row.state for row in skipped if row.item_slug == "train"] == [State.EXPIRED]


def test_a_missed_lead_is_visible_and_never_sent_later(built, at, sink):
    at("2026-01-21 09:00")
    tick()
    at("2026-01-26 07:00")
    tick()
    missed = Delivery.objects.get(item_kind="task", item_slug="train", occurrence="T-1")
    assert missed.state == State.EXPIRED
    assert missed.reason
    at(DUE_DAY)
    tick()
    assert "Due today: Do the train" in sink.texts()[-1]


def test_rule_5_late_mail_waits_for_a_decent_hour(built, at, sink):
    at("2026-01-25 12:00")
    tick()
    at("2026-01-26 21:00")
    assert tick().sent == 0
    at("2026-01-27 07:00")
    assert tick().sent == 0
    at("2026-01-27 08:00")
    tick()
    assert sorted(mail["To"][:3] for mail in sink.mails) == ["mia", "pat", "sam"]


def test_rule_4_later_reminders_wait_but_an_escalation_goes_alone(built, at, sink):
    at(DUE_DAY)
    tick()
    sent = Mail.objects.get(user=built.owner)
    row = Delivery.objects.get(mail=sent, item_kind="task")
    row.pk, row.key, row.mail, row.state, row.item_id = None, "late", None, State.QUEUED, row.item_id
    row.expires_at += dt.timedelta(days=3)
    row.save()
    Delivery.objects.filter(pk=row.pk).update(alone=False)
    ProgramPlan.objects.update(dirty=False)
    at("2026-01-26 09:00")
    tick()
    row.refresh_from_db()
    assert (row.state, row.not_before.isoformat()) == (State.QUEUED, "2026-01-27T07:00:00+00:00")
    Delivery.objects.filter(pk=row.pk).update(alone=True, not_before=row.planned_for)
    tick()
    row.refresh_from_db()
    assert row.state == State.SENT
    assert row.mail.key == "alone|late"


def test_rule_4_a_gate_moved_near_is_told_in_a_second_mail_of_the_day(built, at, sink):
    """Its "1 before" has no other day: waiting for tomorrow's mail would lose it."""
    at(DUE_DAY)
    tick()
    told = [mail["To"] for mail in sink.mails]
    assert any(to.startswith("mia") for to in told)
    at("2026-01-26 15:00")
    Event.objects.filter(program=built.program, slug="gate-30").update(
        due_date="2026-01-27", forecast_date="2026-01-27"
    )
    # An item that comes near in the same hour can wait.
    Task.objects.filter(program=built.program, slug="dashboards").update(due_date="2026-01-27", assignee=built.owner)
    ProgramPlan.objects.update(dirty=True)
    tick()
    second = sink.mails[len(told) :]
    assert {mail["Subject"].split(":")[0] for mail in second} == {"Gate tomorrow"}
    assert "mia.claims@example.org" in [mail["To"] for mail in second]
    assert len({mail["To"] for mail in second}) == len(second) > 2
    assert not rows(item_kind="event", occurrence="T-1", state=State.EXPIRED)


def test_p13_a_program_with_too_much_at_once_is_held(built, at, sink, monkeypatch):
    tight = planning.limits().__class__(**{**planning.limits().__dict__, "storm_rows": 1})
    monkeypatch.setattr(planning, "limits", lambda: tight)
    at("2026-01-27 08:00")
    result = tick()
    assert result.held > 1
    assert result.sent == 0
    assert {row.state for row in rows(planned_for__lte="2026-01-27T07:00:00Z")} == {State.HELD}


def test_p8_a_program_that_cannot_be_planned_holds_up_nobody(built, at, sink):
    other = factories.program("broken", start_date=dt.date(2026, 1, 5))
    Program.objects.filter(pk=other.program.pk).update(weekend=[0, 1, 2, 3, 4, 5, 6])
    copy_default_rules(other.program)
    at(DUE_DAY)
    assert tick().failed == 1
    assert len(sink.mails) > 0
    assert "NoWorkingDay" in ProgramPlan.objects.get(program=other.program).error


def test_p8_a_reminder_whose_program_cannot_be_read_any_more_holds_up_nobody(built, at, sink, monkeypatch):
    other = factories.program("broken", start_date=dt.date(2026, 1, 5))
    copy_default_rules(other.program)
    without_updates(other.program)
    Preference.objects.create(user=other.owner, week=True, version=1)
    at("2026-01-25 10:00")
    tick()
    at("2026-01-26 09:00")
    tick_until_composed(monkeypatch)
    Program.objects.filter(pk=other.program.pk).update(weekend=[0, 1, 2, 3, 4, 5, 6])
    tick()
    assert [mail["To"].split("@")[0] for mail in sink.mails] == ["mia.claims"]
    (week,) = rows(rule="my-week")
    assert (week.state, week.reason) == (
        State.CANCELLED,
        "It could not be looked at before it left: NoWorkingDayError",
    )


def test_rule_4_nothing_is_composed_while_a_launched_program_was_never_planned(built, at, sink, monkeypatch):
    at("2026-01-22 10:00")
    tick()
    for slug in ("second", "third"):
        copy_default_rules(factories.program(slug, start_date=dt.date(2026, 1, 5)).program)
    at(DAY_BEFORE)
    with monkeypatch.context() as patch:
        # A mass launch: this pass gets to one program, so at least one of the new ones is not planned yet.
        patch.setattr(planning, "limits", lambda: replace(limits(), programs_per_tick=1))
        assert (tick().composed, sink.mails) == (0, [])
    assert tick().composed == 1
    assert [mail["To"].split("@")[0] for mail in sink.mails] == ["mia.claims"]


def test_a_clock_set_back_does_not_stop_the_planning(built, at, sink):
    at("2027-01-26 08:00")
    tick()
    at(DAY_BEFORE)
    tick()
    assert sink.subjects[-1].startswith("Due Mon 26 Jan: Do the train")


def test_a_paused_engine_does_nothing_but_says_it_lives(built, at, sink):
    EngineState.objects.create(pk=1, paused=True)
    now = at(DUE_DAY)
    assert tick().sent == 0
    assert EngineState.objects.get().last_tick == now


@pytest.mark.parametrize("hour", [0, 6, 23])
def test_an_unusual_hour_is_honoured(built, at, sink, hour):
    built.owner.reminder_hour = hour
    built.owner.save()
    at("2026-01-22 12:00")
    tick()
    at(f"2026-01-23 {hour:02d}:00")
    tick()
    assert [mail["To"] for mail in sink.mails] == ["mia.claims@example.org"]


@pytest.mark.parametrize(("embedded", "mails"), [(True, 1), (False, 0)])
def test_an_example_mails_nobody_once_a_mail_server_is_set(built, at, sink, settings, embedded, mails):
    settings.MAIL_EMBEDDED = embedded
    Program.objects.filter(pk=built.program.pk).update(is_example=True)
    at("2026-01-22 10:00")
    tick()
    at(DAY_BEFORE)
    assert tick().sent == mails


def test_an_example_planned_before_the_mail_server_came_is_cancelled_with_the_reason(built, at, sink, settings):
    settings.MAIL_EMBEDDED = True
    Program.objects.filter(pk=built.program.pk).update(is_example=True)
    at("2026-01-22 10:00")
    tick()
    settings.MAIL_EMBEDDED = False
    at(DAY_BEFORE)
    assert tick().sent == 0
    assert {row.reason for row in rows(state=State.CANCELLED)} == {EXAMPLE}
