"""Any order of changes, passes, failures, deaths and time (P2, P3, P4, P6, P7, P9, P11): told once, or why not.

Hypothesis drives the real services and the real engine on the database. `expected` says from bare rows what ought to
have been told; `post` is the only truth about what left. REMINDER_MACHINE=deep looks longer (`make faults`).
"""

import datetime as dt
import math
import os
from collections import defaultdict
from contextlib import suppress

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from accounts import services as accounts
from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import ServiceError
from phases import services as phases
from phases.models import Criterion, Event, Task
from programs import services as programs
from programs.models import Role
from reminders.models import Delivery, EngineState, Mail, ProgramPlan
from reminders.services import composing, copy_default_rules, planning, ticking
from reminders.services.claiming import claim
from reminders.services.freezing import freeze, make
from reminders.services.outcomes import SendCount, record
from reminders.services.planning import plan_program
from reminders.services.sending import _Pass, _send_all
from reminders.services.turns import begin
from tests import factories
from tests.reminders.machine.checks import Checked
from tests.reminders.machine.expected import days_of
from tests.reminders.machine.post import ANSWERS, POINTS, Death, Post, mortal, tick
from tests.reminders.quiet import without_updates

DEEP = os.environ.get("REMINDER_MACHINE") == "deep"
START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
"""Monday of week 4. New York changes its clocks on 8 March, Berlin on the 29th, Kolkata never."""
PHASES = (Phase.generate, Phase.shrink) if DEEP else (Phase.generate,)
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


class Engine(Checked):
    """The rules: what people, time, servers and crashes do to the reminders of one small program."""

    admin: User

    def __init__(self) -> None:
        super().__init__()
        self.kept = transaction.atomic()
        self.kept.__enter__()
        self.post = Post(self.arrived)
        self.engine = mortal(self.post)
        self.engine.__enter__()
        self.asleep: list = []
        self.travelled = False
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
        mia, self.travelled = self.person("mia"), True
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
        self._to_the_next_hour()
        self.run()

    @rule()
    def compose_only(self) -> None:
        """The same, but the engine stops before it sends: what happens next, happens to finished mails."""
        self._compose()

    @rule()
    def help(self) -> None:
        """A further worker sends what is there, without planning."""
        with suppress(Death):
            ticking.send_due()

    def _compose(self) -> None:
        self._to_the_next_hour()
        planning.plan_due(clock.now())
        composing.expire(clock.now())
        composing.compose(clock.now())

    def _to_the_next_hour(self) -> None:
        now = clock.now()
        rows = Delivery.objects.filter(state="queued", mail=None, not_before__gt=now)
        mails = Mail.objects.filter(state="queued", not_before__gt=now)
        ahead = [at for found in (rows, mails) for at in found.order_by("not_before").values_list("not_before")[:1]]
        clock.move(min((at for (at,) in ahead), default=now + dt.timedelta(hours=7)), speed=0)

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

    @rule(answer=st.sampled_from(["ok", "later", "cut after"]))
    def doze(self, answer: str) -> None:
        """A worker hands a mail over and stops, as on a suspended machine, with more mails claimed."""
        self._compose()
        now = clock.now()
        ready = freeze(claim(now, 25), now, SendCount()) if not self.post.down else []
        made = make(ready[0], now, SendCount()) if ready else None
        if made and (attempt := begin(made, now)):
            first = made.mail
            self.post.answers[first.address].insert(0, answer)
            reply = self.post.send(bytes(first.mime or b""), "app@example.org", first.address)
            self.post.windows[first.message_id] += answer == "ok"
            self.asleep.append((ready, attempt, reply))

    @rule(answer=st.sampled_from(["ok", "later", "cut after"]))
    def relieve(self, answer: str) -> None:
        """It sleeps past its lease, another takes over, and then it writes down what it was told."""
        self.doze(answer)
        clock.move(clock.now() + dt.timedelta(minutes=6), speed=0)
        tick()
        if self.asleep:
            self.wake()
        clock.move(clock.now() + dt.timedelta(minutes=6), speed=0)
        tick()

    @rule(data=st.data())
    def overtake(self, data: st.DataObject) -> None:
        """P11: something is finished while a mail about it waits to be sent, and no planner runs before it is."""
        self._compose()
        about = Delivery.objects.filter(
            state="queued", mail__isnull=False, item_kind__in=["task", "criterion", "event"]
        )
        slugs = sorted(set(about.values_list("item_slug", flat=True)) - {"alerts"})
        if slugs:
            slug = data.draw(st.sampled_from(slugs))
            self.finish(slug, True) if slug in ("train", "dashboards") else self.settle(slug)
            self.help()

    @precondition(lambda self: self.asleep)
    @rule()
    def wake(self) -> None:
        """It goes on where it stopped, however much later that is."""
        (first, *rest), attempt, reply = self.asleep.pop(0)
        record(first, attempt, reply, clock.now(), SendCount())
        _send_all(rest, _Pass(self.post, clock.now(), SendCount(), 0.0, math.inf))

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
