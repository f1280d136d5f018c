"""Any order of changes, passes, failures, deaths and time (P2, P3, P4, P6, P7, P9, P11): told once, or why not.

Hypothesis drives the real services and the real engine on the database. `expected` says from bare rows what ought to
have been told; `post` is the only truth about what left. REMINDER_MACHINE=deep looks longer (`make faults`).
"""

import datetime as dt
import os
from collections import defaultdict
from contextlib import suppress

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts import services as accounts
from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import ServiceError
from phases import services as phases
from phases.models import Criterion, Event, Task
from programs import services as programs
from programs.models import Program, Role
from reminders.models import Delivery, EngineState, Mail, ProgramPlan
from reminders.services import copy_default_rules
from reminders.services.claiming import claim
from reminders.services.freezing import freeze, still_whole
from reminders.services.outcomes import SendCount, record, start
from reminders.services.planning import plan_program
from reminders.services.sending import _Pass, _send_one
from tests import factories
from tests.reminders.machine.expected import days_of, due_now, in_hours, may_get_mail, people
from tests.reminders.machine.post import ANSWERS, POINTS, Letter, Post, mortal, tick, under_lease
from tests.reminders.quiet import without_updates

DEEP = os.environ.get("REMINDER_MACHINE") == "deep"
START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
"""Monday of week 4. New York changes its clocks on 8 March, Berlin on the 29th, Kolkata never."""
PHASES = (Phase.generate, Phase.shrink) if DEEP else (Phase.generate,)
OPEN = ("queued", "leased", "held")
ITEMS = ("train", "dashboards", "accuracy", "alerts")
EVENTS = ("check-40", "gate-30", "gate-60")
PEOPLE = ("mia", "max", "ivy", "dee")
LONG = [dt.timedelta(minutes=n) for n in (1, 6, 61)] + [dt.timedelta(hours=n) for n in (5, 13, 24, 24 * 4)]


def small_program() -> factories.Built:
    """Two gates, a checkpoint, two criteria, two tasks; three zones."""
    built = factories.program("claims", start_date=dt.date(2026, 2, 9))
    zones = {"mia": "America/New_York", "pat": "Asia/Kolkata"}
    for name, person in built.people.items():
        User.objects.filter(pk=person.pk).update(time_zone=zones.get(name, "Europe/Berlin"))
    built.events["check-40"] = Event.objects.create(
        program=built.program, phase=built.events["gate-60"].phase, slug="check-40", kind="checkpoint", name="Look",
        day=40, due_date=dt.date(2026, 3, 20), baseline_date=dt.date(2026, 3, 20),
    )  # fmt: skip
    copy_default_rules(built.program)
    without_updates(built.program)
    EngineState.objects.create(pk=1)
    return built


class Engine(RuleBasedStateMachine):
    """The rules: what people, time, servers and crashes do to the reminders of one small program."""

    built: factories.Built
    admin: User

    def __init__(self) -> None:
        super().__init__()
        self.kept = transaction.atomic()
        self.kept.__enter__()
        self.post = Post(self.arrived)
        self.engine = mortal(self.post)
        self.engine.__enter__()
        self.asleep: list = []
        self.before: dict[str, dt.date] = {}
        self.in_mail: dict[str, set[str]] = defaultdict(set)
        clock.move(START, speed=0)

    def teardown(self) -> None:
        """Let everything come to rest, look once more, and take it all back."""
        try:
            self.post.down, self.post.dies_at = False, ""
            self.post.answers.clear()
            for step in (dt.timedelta(minutes=6), dt.timedelta(hours=3), dt.timedelta(days=1)):
                clock.move(clock.now() + step, speed=0)
                tick()
            self.told_once()
            self.nothing_is_left_over()
        finally:
            self.engine.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.kept.__exit__(None, None, None)

    # What people do.

    def item(self, slug: str) -> Task | Criterion | Event:
        """The row of an item as it is now."""
        for model in (Task, Criterion, Event):
            if found := model.objects.filter(program=self.built.program, slug=slug).first():
                return found
        raise AssertionError(slug)

    def person(self, name: str) -> User:
        """The row of a person as it is now."""
        return User.objects.get(pk=self.built.people[name].pk)

    @property
    def program(self) -> Program:
        """The program as it is now."""
        return Program.objects.get(pk=self.built.program.pk)

    def do(self, act: object, **what: object) -> None:
        """Call a service; what the rules of the application refuse does not happen."""
        with suppress(ServiceError):
            act(**what)

    @rule(slug=st.sampled_from(ITEMS + EVENTS), ahead=st.integers(0, 12))
    def move(self, slug: str, ahead: int) -> None:
        """A date moves to a working day ahead."""
        item, days = self.item(slug), days_of(self.built.program)
        new = days.on_or_after(clock.today("Europe/Berlin") + dt.timedelta(days=ahead))
        self.before[slug] = item.due_date
        self._redate(item, new)

    @precondition(lambda self: self.before)
    @rule(data=st.data())
    def move_back(self, data: st.DataObject) -> None:
        """It moves back to where it was."""
        slug = data.draw(st.sampled_from(sorted(self.before)))
        self._redate(self.item(slug), self.before.pop(slug))

    def _redate(self, item: Task | Criterion | Event, new: dt.date) -> None:
        if isinstance(item, Event):
            self.do(phases.redate_event, actor=self.admin, event=item, new_date=new, reason="moved")
        else:
            self.do(phases.redate, actor=self.admin, item=item, new_date=new, reason="moved")

    @rule(slug=st.sampled_from(ITEMS), name=st.sampled_from([*PEOPLE, ""]))
    def reassign(self, slug: str, name: str) -> None:
        """Somebody else answers for an item, or its role again."""
        person = self.person(name) if name else None
        self.do(phases.reassign, actor=self.admin, item=self.item(slug), person=person, reason="cover")

    @rule(role=st.sampled_from(["model-owner", "monitoring-owner"]), name=st.sampled_from([*PEOPLE, ""]))
    def seat(self, role: str, name: str) -> None:
        """A role is filled or vacated."""
        row = Role.objects.get(program=self.built.program, slug=role)
        if name:
            self.do(programs.fill_role, actor=self.admin, role=row, person=self.person(name))
        else:
            self.do(programs.vacate_role, actor=self.admin, role=row)

    @rule(role=st.sampled_from(["model-owner", "program-manager"]), name=st.sampled_from([*PEOPLE, ""]))
    def deputise(self, role: str, name: str) -> None:
        """A deputy is named or taken back."""
        row = Role.objects.get(program=self.built.program, slug=role)
        self.do(programs.set_deputy, actor=self.admin, role=row, person=self.person(name) if name else None)

    @rule(slug=st.sampled_from(["train", "dashboards"]), done=st.booleans())
    def finish(self, slug: str, done: bool) -> None:
        """A task is finished, or taken up again."""
        self.do(phases.complete_task if done else phases.reopen_task, actor=self.admin, task=self.item(slug))

    @rule(slug=st.sampled_from(["accuracy", *EVENTS]))
    def settle(self, slug: str) -> None:
        """A criterion is verified or a gate decided: the row and the record, as their services leave them."""
        item, now = self.item(slug), clock.now()
        if isinstance(item, Event):
            Event.objects.filter(pk=item.pk).update(state="decided", outcome="go", decided_at=now)
            self._record(Verb.EVENT_DECIDED, "event", item.pk)
        else:
            done = {"state": "verified", "verified_at": now, "verified_by": self.admin}
            Criterion.objects.filter(pk=item.pk).update(**done)
            self._record(Verb.CRITERION_VERIFIED, "criterion", item.pk)

    def _record(self, verb: Verb, kind: str, pk: int) -> None:
        with transaction.atomic():
            activity.record(
                actor_id=None, verb=verb, subject_kind=kind, subject_id=pk, program_id=self.built.program.pk
            )

    @rule(on=st.booleans())
    def pause(self, on: bool) -> None:
        """The program is paused or goes on."""
        act = programs.pause_program if on else programs.resume_program
        self.do(act, actor=self.admin, program=self.program, reason="budget")

    @rule(name=st.sampled_from(["mia", "max"]), on=st.booleans())
    def account(self, name: str, on: bool) -> None:
        """An account is closed or opened again."""
        act = accounts.reactivate_user if on else accounts.deactivate_user
        self.do(act, actor=self.admin, user=self.person(name))

    @rule(name=st.sampled_from(["mia", "pat"]), begins=st.integers(0, 3), length=st.integers(0, 4))
    def absent(self, name: str, begins: int, length: int) -> None:
        """Somebody will be away."""
        person = self.person(name)
        first = clock.today(person.time_zone) + dt.timedelta(days=begins)
        self.do(accounts.add_absence, actor=person, user=person, start=first, end=first + dt.timedelta(days=length))

    @rule(zone=st.sampled_from(["America/New_York", "Pacific/Auckland"]), hour=st.sampled_from([6, 8, 22]))
    def travel(self, zone: str, hour: int) -> None:
        """Mia moves to another zone or hour."""
        mia = self.person("mia")
        self.do(accounts.change_profile, actor=mia, user=mia, name="Mia", time_zone=zone, reminder_hour=hour)

    # What machines do.

    @rule(step=st.sampled_from(LONG))
    def wait(self, step: dt.timedelta) -> None:
        """Time passes and nothing runs."""
        clock.move(clock.now() + step, speed=0)

    @rule()
    def run(self) -> None:
        """One pass now."""
        tick()
        self.all_that_is_due_was_told()
        self.nothing_is_left_over()

    @rule()
    def next_hour(self) -> None:
        """Time passes to the next instant at which something may leave, and the engine runs."""
        now = clock.now()
        rows = Delivery.objects.filter(state="queued", mail=None, not_before__gt=now)
        mails = Mail.objects.filter(state="queued", not_before__gt=now)
        ahead = [at for found in (rows, mails) for at in found.order_by("not_before").values_list("not_before")[:1]]
        clock.move(min((at for (at,) in ahead), default=now + dt.timedelta(hours=7)), speed=0)
        self.run()

    @rule(point=st.sampled_from([*POINTS, "freeze-open"]))
    def die(self, point: str) -> None:
        """The next worker that comes to this point dies there."""
        self.post.dies_at = point
        tick()
        self.post.dies_at = ""

    @rule(name=st.sampled_from(["mia", "pat", "sam", "max"]), answer=st.sampled_from(sorted(set(ANSWERS) - {"ok"})))
    def refuse(self, name: str, answer: str) -> None:
        """The server will not take the next mail to somebody, or not say so."""
        self.post.answers[f"{name}.claims@example.org"].append(answer)

    @rule(down=st.booleans())
    def outage(self, down: bool) -> None:
        """The server cannot be reached, or can again."""
        self.post.down = down

    @rule()
    def doze(self) -> None:
        """A worker hands a mail over and stops, as on a suspended machine, with more mails claimed."""
        now = clock.now()
        ready = freeze(claim(now, 25), now, SendCount()) if not self.post.down else []
        if ready and still_whole(ready[0]):
            first = ready[0].mail
            attempt = start(first, now)
            reply = self.post.send(bytes(first.mime or b""), "app@example.org", first.address)
            self.post.windows[first.message_id] += 1
            self.asleep.append((ready, attempt, reply))

    @precondition(lambda self: self.asleep)
    @rule()
    def wake(self) -> None:
        """It goes on where it stopped, however much later that is."""
        (first, *rest), attempt, reply = self.asleep.pop(0)
        record(first, attempt, reply, clock.now(), SendCount())
        for one in rest:
            _send_one(one, _Pass(self.post, clock.now(), SendCount(), 0.0))

    @rule()
    def plan_again(self) -> None:
        """P3: a second planner, and a third, change nothing."""
        plan_program(self.built.program.pk, clock.now())
        before = self._rows()
        ProgramPlan.objects.update(dirty=True)
        assert plan_program(self.built.program.pk, clock.now()).planned == 0
        assert self._rows() == before, "P3: planning twice changed something"

    def _rows(self) -> list:
        return list(Delivery.objects.order_by("pk").values_list("key", "state", "not_before", "mail_id"))

    # What must be true.

    def arrived(self, letter: Letter, rows: list[Delivery]) -> None:
        """Of every copy at the moment the server takes it."""
        assert rows, "a mail about nothing"
        (user,) = {row.user for row in rows}
        person, days = people()[user.pk], days_of(self.built.program)
        assert self.program.state == "active", "sent for a paused program"
        assert user.is_active, "sent to a closed account"
        assert in_hours(person, letter.at), f"sent at {person.local(letter.at)}"
        today = person.local(letter.at).date()
        for row in rows:
            if not may_get_mail(person, days, letter.at):
                assert (row.rule, row.occurrence, row.due_date) == ("gate-ahead", "T0", today), "sent on a day off"
            self._holds(row)
            self.in_mail[row.key].add(letter.message_id)
            assert len(self.in_mail[row.key]) == 1, f"P2: {row.key} in two mails"
        for ready, _, _ in self.asleep:
            mine = {one.mail.message_id: one.mail.lease_until for one in ready}
            if (
                letter.message_id in mine
                and Mail.objects.get(message_id=letter.message_id).claim != ready[0].mail.claim
            ):
                assert mine[letter.message_id] <= letter.at, "P4: taken from a worker whose lease stands"

    def _holds(self, row: Delivery) -> None:
        """P11: what it is about is open, and still due on that day."""
        if row.item_kind in ("area", "nomination"):
            return
        model = {"task": Task, "criterion": Criterion, "event": Event}[row.item_kind]
        item = model.objects.get(pk=row.item_id)
        assert item.state not in ("done", "verified", "decided"), f"{row.key}: told after it was done"
        assert item.due_date == row.due_date, f"{row.key}: told about a date that moved"

    def all_that_is_due_was_told(self) -> None:
        """After a pass: what `due_now` finds was sent, or the row says what it waits for."""
        now = clock.now()
        if self.post.down or self.program.state != "active" or EngineState.objects.get().circuit_until is not None:
            return
        rows = {row.key: row for row in Delivery.objects.select_related("mail")}
        for due in due_now(self.built.program, now):
            row = rows.get(due.key)
            if row is None or row.state == "cancelled":
                assert self._said_otherwise(due, rows.values()), f"{due.key} at {now}: {row and row.reason}"
            elif row.state == "queued" and row.mail is None:
                waits = row.not_before > now and self._had_mail(due.user, now)
                assert waits, f"{due.key} at {now}: not composed"
            elif row.state in ("queued", "leased"):
                waits = row.mail.state == "queued" and row.mail.not_before > now
                assert waits or under_lease(row.mail.message_id, now), f"{due.key} at {now}: not sent"
            elif row.state == "expired":
                assert self._had_mail(due.user, now), f"{due.key} at {now}: {row.reason}"

    def _said_otherwise(self, due: object, rows: object) -> bool:
        """A more urgent reminder says it that day, or this lead left for another date already (rule 3)."""
        about = [row for row in rows if (row.item_kind, row.item_id, row.user_id) == (due.kind, due.item, due.user)]
        urgent = any(row.planned_on == due.on and row.state != "cancelled" for row in about)
        same = [row for row in about if (row.rule, row.occurrence) == (due.rule, due.occurrence)]
        return urgent or any(row.state in ("sent", "dead") and row.due_date != due.due for row in same)

    def _had_mail(self, user: int, now: dt.datetime) -> bool:
        today = people()[user].local(now).date()
        return Mail.objects.filter(key=f"daily|u{user}|{today}").exclude(mime=None, state="queued").exists()

    def nothing_is_left_over(self) -> None:
        """After a pass: no row is open past its end, unless its mail waits for a later try or a lease."""
        now = clock.now()
        for row in Delivery.objects.filter(state__in=OPEN, expires_at__lte=now).select_related("mail"):
            waits = row.mail is not None and (row.mail.not_before > now or under_lease(row.mail.message_id, now))
            circuit = EngineState.objects.get().circuit_until
            assert waits or self.post.down or (circuit and circuit > now), f"{row.key} is open past {row.expires_at}"

    @invariant()
    def told_once(self) -> None:
        """P2: each mail once, and once more at most for each time a worker was lost after handing it over."""
        copies: dict[str, int] = defaultdict(int)
        for letter in self.post.taken:
            copies[letter.message_id] += 1
        for message_id, number in copies.items():
            assert number <= 1 + self.post.windows[message_id], f"P2: {message_id} left {number} times"
        silent = Delivery.objects.filter(state__in=["cancelled", "expired", "held"], reason="")
        assert not silent.exists(), f"{silent.first()}: no reason"


def test_any_order_of_changes_failures_and_deaths_tells_everything_once(db) -> None:
    """The machine, as often and as long as the profile says."""
    Engine.built = small_program()
    Engine.admin = factories.user("admin", is_administrator=True)
    depth = (
        settings(max_examples=400, stateful_step_count=60)
        if DEEP
        else settings(max_examples=14, stateful_step_count=30, derandomize=True)
    )
    run_state_machine_as_test(
        Engine,
        settings=settings(depth, deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=PHASES),
    )
    clock.reset()
